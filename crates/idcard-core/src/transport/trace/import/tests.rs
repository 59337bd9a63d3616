//! Logs that real tools wrote become traces; damaged ones keep what is whole.

mod damaged;
mod hostile;
mod overlapping;

use super::*;
use crate::transport::trace::{Trace, Writer};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

/// What an import came to: the traces as they are written, parsed again, and the report.
pub(super) struct Imported {
    pub texts: Vec<String>,
    pub traces: Vec<Trace>,
    pub report: Report,
}

/// A sink that is looked into later.
#[derive(Default, Clone)]
struct Sheet(Rc<RefCell<Vec<u8>>>);

impl io::Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Default)]
struct Sheets(Vec<(Sheet, Writer<Sheet>)>);

impl Sheets {
    fn of(&mut self, trace: usize) -> io::Result<&mut Writer<Sheet>> {
        while self.0.len() <= trace {
            let sheet = Sheet::default();
            self.0.push((sheet.clone(), Writer::new(sheet)?));
        }
        Ok(&mut self.0[trace].1)
    }
}

impl Outlet for Sheets {
    fn step(&mut self, trace: usize, step: &Step) -> io::Result<()> {
        self.of(trace)?.step(step)
    }

    fn gap(&mut self, trace: usize, fault: &Fault) -> io::Result<()> {
        self.of(trace)?.comment(&fault.to_string())
    }
}

/// Imports, and checks what holds for every import: each trace is lawful, holds no secret, and is what the report says.
pub(super) fn imported_as(log: &[u8], format: LogFormat) -> Imported {
    let mut sheets = Sheets::default();
    let report = import(log, format, &mut sheets).unwrap();
    let texts: Vec<_> =
        sheets.0.iter().map(|(sheet, _)| String::from_utf8(sheet.0.borrow().clone()).unwrap()).collect();
    let traces: Vec<_> = texts.iter().map(|text| Trace::parse(text.as_bytes()).unwrap()).collect();
    assert_eq!(traces.len(), report.conversations.len());
    for (trace, told) in traces.iter().zip(&report.conversations) {
        assert!(!trace.unmasked_secrets());
        let count = |is: fn(&Step) -> bool| trace.entries().iter().filter(|entry| is(&entry.step)).count();
        assert_eq!(count(|step| matches!(step, Step::Answer { .. })), told.exchanges);
        assert_eq!(count(|step| matches!(step, Step::Command(_))), told.exchanges + told.failures);
        let balance = |step: &Step| i32::from(*step == Step::Begin) - i32::from(*step == Step::End);
        assert!(matches!(trace.entries().iter().map(|entry| balance(&entry.step)).sum(), 0 | 1));
    }
    Imported { texts, traces, report }
}

pub(super) fn imported(log: &str) -> Imported {
    imported_as(log.as_bytes(), LogFormat::detect(log.as_bytes()).unwrap())
}

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/logs").join(name)).unwrap()
}

/// The commands of a trace, each without blanks, masks as they are.
pub(super) fn commands(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix("> ")).map(|line| line.replace(' ', "")).collect()
}

type Log = (&'static str, LogFormat, &'static [(usize, usize)]);

/// Each log, what wrote it, and for each trace how many commands were answered and how many failed.
pub(super) const LOGS: &[Log] = &[
    ("pcscd-info.log", LogFormat::Pcscd, &[(2, 0)]),
    ("pcscd-visit.log", LogFormat::Pcscd, &[(16, 0)]),
    ("pcscd-journal.log", LogFormat::Pcscd, &[(16, 0)]),
    ("pcscd-debug.log", LogFormat::Pcscd, &[(3, 0), (4, 0)]),
    ("pcscd-colours.log", LogFormat::Pcscd, &[(3, 0), (4, 0)]),
    ("pcscd-removed.log", LogFormat::Pcscd, &[(2, 1), (2, 0)]),
    ("opensc-9.log", LogFormat::OpenSc, &[(5, 0)]),
    ("opensc-removed.log", LogFormat::OpenSc, &[(1, 1)]),
    ("opensc-tool.txt", LogFormat::OpenScTool, &[(9, 0)]),
    ("pcscspy.txt", LogFormat::PcscSpy, &[(11, 0)]),
    ("scriptor.txt", LogFormat::Scriptor, &[(8, 0)]),
    ("scriptor-removed.txt", LogFormat::Scriptor, &[(2, 0)]),
    ("toy-opensc-3.log", LogFormat::OpenSc, &[(6, 0)]),
    ("toy-opensc-9.log", LogFormat::OpenSc, &[(5, 0)]),
    ("toy-opensc-tool.txt", LogFormat::OpenScTool, &[(3, 0)]),
    ("toy-pcscd-debug.log", LogFormat::Pcscd, &[(7, 0)]),
    ("toy-pcscd-info.log", LogFormat::Pcscd, &[(53, 0)]),
    ("toy-pcscspy.txt", LogFormat::PcscSpy, &[(3, 0)]),
    ("toy-scriptor.txt", LogFormat::Scriptor, &[(2, 0)]),
];

#[test]
fn every_log_is_recognised_and_gives_its_exchanges() {
    for (name, format, traces) in LOGS {
        let log = fixture(name);
        assert_eq!(LogFormat::detect(log.as_slice()).unwrap(), *format, "{name}");
        let found = imported_as(&log, *format);
        let counts: Vec<_> = found.report.conversations.iter().map(|one| (one.exchanges, one.failures)).collect();
        assert_eq!(counts, *traces, "{name}");
    }
}

#[test]
fn no_pin_of_a_log_is_in_its_trace() {
    let mut logs_with_pins = 0;
    for (name, format, _) in LOGS {
        let log = String::from_utf8(fixture(name)).unwrap();
        let shown = |text: &str| text.replace(' ', "").contains("0020008110313233340");
        let found = imported_as(log.as_bytes(), *format);
        logs_with_pins += usize::from(shown(&log));
        assert_eq!(found.report.masked_secrets, usize::from(shown(&log)), "{name}");
        for text in &found.texts {
            assert!(!shown(text), "{name}");
            assert_eq!(text.contains("> 00 20 00 81 10 ** ** **"), shown(&log), "{name}");
        }
    }
    assert!(logs_with_pins >= 5, "{logs_with_pins}");
}

#[test]
fn a_journal_says_what_the_log_says() {
    let [plain, journal] =
        ["pcscd-visit.log", "pcscd-journal.log"].map(|name| imported_as(&fixture(name), LogFormat::Pcscd));
    assert_eq!(plain.texts, journal.texts);
    assert_eq!(plain.report.conversations[0].program, None);
    assert_eq!(journal.report.conversations[0].program.as_deref(), Some("pcscd[812]"));
    assert_eq!(journal.report.conversations[0].reader.as_deref(), Some("Virtual PCD 00 00"));
}

#[test]
fn a_log_through_syslog_has_all_but_the_times() {
    let plain = String::from_utf8(fixture("pcscd-visit.log")).unwrap();
    let syslog = |line: &str| format!("Nov 25 07:46:12 desk pcscd[812]: {}\n", line.split_once(' ').unwrap().1);
    let log: String = plain.lines().map(syslog).collect();
    let found = imported(&log);
    let bare = |text: &str| text.lines().map(|line| line.split(" @").next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(bare(&found.texts[0]), bare(&imported(&plain).texts[0]));
    assert!(!found.texts[0].contains('@'));
}

#[test]
fn older_spies_tell_no_protocols() {
    let log = "A@>|1|0|SCardTransmit\nA@0x1\nA@0x00000005\nA@00 84 00 00 08\nA@0x00000002\nA@6D 00 \n\
               A@<|1|90|SCardTransmit|Command successful.|0x00000000\n";
    assert!(imported(log).texts[0].contains("> 00 84 00 00 08\n< 6D 00 @0.09ms\n"));
}

#[test]
fn two_programs_at_two_cards_are_two_traces() {
    for name in ["pcscd-debug.log", "pcscd-colours.log"] {
        let mut found = imported_as(&fixture(name), LogFormat::Pcscd);
        let readers: Vec<_> = found.report.conversations.iter().map(|one| one.reader.clone().unwrap()).collect();
        if readers[0] == "Virtual PCD 00 00" {
            found.texts.reverse();
        }
        // The two runs of opensc-tool, as they were called.
        let select = "00A4040C0CA0000000180C000001634200";
        let second = ["00A404000EA00000000000000000000000FFFF", select, "00A4000C025000"];
        let first = [select, "00A4000C025100", "00A4020C025040", "00B0000010"];
        assert_eq!(commands(&found.texts[0]), second, "{name}");
        assert_eq!(commands(&found.texts[1]), first, "{name}");
    }
}

#[test]
fn what_a_log_tells_of_the_card_is_in_the_trace() {
    let atr = "atr 3B DB 96 00 81 31 FE 85 80 13 53 50 43 73 96 71 5B 91 30 3B\nprotocol T=1\n";
    for name in ["pcscd-info.log", "pcscd-debug.log", "opensc-9.log", "pcscspy.txt", "scriptor.txt"] {
        let log = fixture(name);
        let found = imported_as(&log, LogFormat::detect(log.as_slice()).unwrap());
        assert!(found.texts.iter().all(|text| text.contains(atr)), "{name}: {}", found.texts[0]);
    }
}

#[test]
fn transactions_and_times_are_kept_where_a_log_shows_them() {
    let debug = imported_as(&fixture("toy-pcscd-debug.log"), LogFormat::Pcscd);
    assert_eq!(debug.texts[0].matches("\nbegin\n").count(), 7);
    let info = imported_as(&fixture("toy-pcscd-info.log"), LogFormat::Pcscd);
    assert_eq!(info.texts[0].matches("\nbegin\n").count(), 0);
    assert!(info.texts[0].contains("> 00 B0 00 00 10\n< 69 86 @0.039ms\n"), "{}", info.texts[0]);
    let spy = imported_as(&fixture("toy-pcscspy.txt"), LogFormat::PcscSpy);
    assert!(
        spy.texts[0].contains("> 00 84 00 00 08\n< F3 5A 3E 0C CF 4D 1E 38 90 00 @0.082ms\nend\n"),
        "{}",
        spy.texts[0]
    );
}

#[test]
fn a_card_that_is_taken_out_is_a_failure_of_the_link() {
    let pcscd = imported_as(&fixture("pcscd-removed.log"), LogFormat::Pcscd);
    assert!(
        pcscd.texts[0].contains("> 00 A4 00 0C 02 3F 00\nerror NOT_TRANSACTED @0.011ms\nend\n"),
        "{}",
        pcscd.texts[0]
    );
    let opensc = imported_as(&fixture("opensc-removed.log"), LogFormat::OpenSc);
    assert!(opensc.texts[0].ends_with("> 00 B0 00 00 04\nerror NOT_TRANSACTED @70ms\n"), "{}", opensc.texts[0]);
}

#[test]
fn long_answers_are_whole() {
    // The same certificate, in the same pieces but for the way of asking.
    let [tool, scriptor, opensc] = ["opensc-tool.txt", "scriptor.txt", "opensc-9.log"].map(|name| {
        let log = fixture(name);
        let found = imported_as(&log, LogFormat::detect(log.as_slice()).unwrap());
        let longest = found.texts[0].lines().rev().filter(|line| line.starts_with("< ")).max_by_key(|line| line.len());
        longest.unwrap().split(" @").next().unwrap().to_owned()
    });
    let head = "< 30 82 05 73 30 82 05 19 A0 03 02 01 02 02 10 58 CC 54";
    assert!(tool.starts_with(head) && tool.split(' ').count() == 1 + 252 + 2, "{tool}");
    assert!(opensc.starts_with(head) && opensc.split(' ').count() == 1 + 256 + 2, "{opensc}");
    assert!(scriptor.split(' ').count() == 1 + 256 + 2, "{scriptor}");
}

#[test]
fn what_is_no_log_is_refused_for_its_reason() {
    let detect = |text: &str| LogFormat::detect(text.as_bytes()).unwrap_err();
    assert!(matches!(detect(""), ImportError::Unrecognised));
    assert!(matches!(detect("hello\nAPDU: 00 84 00 00 08\n"), ImportError::Unrecognised));
    assert!(matches!(detect("# idcard trace 1\n> 00 84 00 00 08\n< 90 00\n"), ImportError::AlreadyTrace));
    assert!(matches!(detect("SCardTransmit\n i bSendBuffer\n i  0000 00 A4\n"), ImportError::Decoded));
}
