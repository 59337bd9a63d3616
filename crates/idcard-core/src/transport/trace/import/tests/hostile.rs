//! Logs that nobody wrote: no bytes make an import panic, none make it lose its bounds, and what comes out is lawful.

use super::super::{CONVERSATION_LIMIT, Damage, FAULT_LIMIT, LogFormat};
use super::{LOGS, fixture, imported_as};
use proptest::prelude::*;
use std::fmt::Write as _;

/// Lines like those of the logs, in any order.
fn any_line() -> impl Strategy<Value = String> {
    let hex = prop::collection::vec(any::<u8>(), 0..24)
        .prop_map(|bytes| bytes.iter().map(|byte| format!("{byte:02X} ")).collect::<String>());
    let small = 0..4_u32;
    prop_oneof![
        hex.clone().prop_map(|hex| format!("00000009 APDU: {hex}")),
        hex.clone().prop_map(|hex| format!("00000009 SW: {hex}")),
        (hex.clone(), small.clone()).prop_map(|(hex, thread)| format!("00000009 [{thread}] APDU: {hex}")),
        (hex.clone(), small.clone()).prop_map(|(hex, thread)| format!("00000009 [{thread}] SW: {hex}")),
        hex.clone().prop_map(|hex| format!("00000009 Card ATR: {hex}")),
        (small.clone(), "(TRANSMIT|CONNECT|BEGIN_TRANSACTION|END_TRANSACTION|DISCONNECT)")
            .prop_map(|(client, what)| format!("00000009 a.c:1:f() Received command: {what} from client {client}")),
        (small.clone(), "(TRANSMIT|BEGIN_TRANSACTION|END_TRANSACTION|DISCONNECT|RECONNECT)", "(S_SUCCESS|E_TIMEOUT|X)")
            .prop_map(|(client, what, code)| format!("00000009 a.c:1:f() {what} for client {client}, rv=SCARD_{code}")),
        small.clone().prop_map(|reader| format!("00000009 a.c:1:f() Card inserted into R{reader}")),
        small.clone().prop_map(|reader| format!("00000009 a.c:1:f() Card Removed From R{reader}")),
        small
            .clone()
            .prop_map(|reader| format!("00000009 a.c:1:f() Attempting Connect to R{reader} using protocol: 3")),
        small.clone().prop_map(|client| format!("00000009 a.c:1:f() Client die: {client}")),
        "00000009 a.c:1:f\\(\\) (Reset complete.|dwDisposition: 1|Card not transacted: 612|Active Protocol: T=[01])",
        small.clone().prop_map(|process| format!("P:{process}; T:0x1 09:54:30.602 [t] a.c:1:pcsc_transmit: ")),
        "P:[01]; T:0x1 09:54:30.602 \\[t\\] a.c:1:pcsc_connect: (called|card absent|unable to transmit|reader 'x')",
        (0..40_u32, "(Outgoing|Incoming)").prop_map(|(count, what)| format!("{what} APDU ({count} bytes):")),
        Just("00 B0 00 00 12 .....".to_owned()),
        Just("90 00 ..".to_owned()),
        (small.clone(), hex.clone()).prop_map(|(thread, hex)| format!("{thread}@{hex}")),
        (small.clone(), 0..6_u64).prop_map(|(thread, value)| format!("{thread}@0x{value:08X}")),
        (small.clone(), "SCard(Transmit|Connect|BeginTransaction|EndTransaction|Disconnect|Reconnect|Status)", "[<>]")
            .prop_map(|(thread, call, way)| format!("{thread}@{way}|1|2|{call}|x|0x00000000")),
        hex.clone().prop_map(|hex| format!("> {hex}")),
        hex.clone().prop_map(|hex| format!("< {hex}: words")),
        hex.clone().prop_map(|hex| format!("< OK: {hex}")),
        Just("> RESET".to_owned()),
        hex.clone().prop_map(|hex| format!("Sending: {hex}")),
        "Received \\(SW1=0x[0-9A-F]{2}, SW2=0x[0-9A-F]{2}\\):?",
        "[ -~]{0,40}",
    ]
}

proptest! {
    #[test]
    fn any_lines_give_lawful_traces(lines in prop::collection::vec(any_line(), 0..60)) {
        let log = lines.join("\n");
        for format in LogFormat::ALL {
            imported_as(log.as_bytes(), format);
        }
        let _ = LogFormat::detect(log.as_bytes());
    }

    #[test]
    fn any_bytes_give_lawful_traces(log in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in LogFormat::ALL {
            imported_as(&log, format);
        }
        let _ = LogFormat::detect(log.as_slice());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn logs_that_were_changed_give_lawful_traces(
        which in 0..LOGS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        cut in any::<prop::sample::Index>(),
        gone in any::<prop::sample::Index>(),
    ) {
        let (name, format, _) = LOGS[which];
        let mut log = fixture(name);
        for (at, byte) in changes {
            let at = at.index(log.len());
            log[at] = byte;
        }
        let mut lines: Vec<&[u8]> = log.split(|byte| *byte == b'\n').collect();
        lines.remove(gone.index(lines.len()));
        let mut log = lines.join(&b'\n');
        log.truncate(log.len() - cut.index(log.len() / 4));
        imported_as(&log, format);
    }
}

#[test]
fn more_conversations_than_are_kept_are_counted() {
    let mut log = String::new();
    for client in 0..CONVERSATION_LIMIT + 44 {
        let _ = write!(
            log,
            "00000001 a.c:1:f() Received command: CONNECT from client {client}\n\
             00000001 a.c:1:f() Received command: TRANSMIT from client {client}\n\
             00000001 APDU: 00 84 00 00 08\n00000001 SW: 90 00\n\
             00000001 a.c:1:f() TRANSMIT for client {client}, rv=SCARD_S_SUCCESS\n\
             00000001 a.c:1:f() Client die: {client}\n"
        );
    }
    let found = imported_as(log.as_bytes(), LogFormat::Pcscd);
    assert_eq!(found.traces.len(), CONVERSATION_LIMIT);
    assert_eq!((found.report.faults_in_all, found.report.faults[0].what), (44, Damage::TooMany));
}

#[test]
fn faults_are_listed_up_to_a_bound_and_counted_beyond() {
    let log = "00000001 SW: 90 00\n".repeat(FAULT_LIMIT * 3);
    let found = imported_as(log.as_bytes(), LogFormat::Pcscd);
    assert_eq!((found.report.faults.len(), found.report.faults_in_all), (FAULT_LIMIT, FAULT_LIMIT * 3));
}

#[test]
fn a_full_trace_still_parses() {
    let log = "> 00 84 00 00 08\n< 90 00 : Normal processing.\n".repeat(crate::transport::trace::ENTRY_LIMIT / 2 + 10);
    let found = imported_as(log.as_bytes(), LogFormat::Scriptor);
    assert!(found.report.faults.iter().any(|fault| fault.what == Damage::Full));
    assert!(found.traces[0].entries().len() > crate::transport::trace::ENTRY_LIMIT - 20);
}

#[test]
fn pins_in_envelopes_behind_lengths_and_told_twice_are_masked() {
    let log = "\
> 00 C2 00 00 09 00 20 00 81 04 31 32 33 34
< 90 00 : Normal processing.
> 00 A4 00 0C 02 3F 00 00 35 36 37 38
< 90 00 : Normal processing.
> 20 00 81 04 39 38 37 36
< 6D 00 : Instruction code not supported.
> 80 D4 00 00 04 39 38 37 36
< 39 38 37 36 90 00 : Normal processing.
";
    let mut text = String::new();
    let report =
        super::super::import(log.as_bytes(), LogFormat::Scriptor, &mut |_, step: &crate::transport::trace::Step| {
            use crate::transport::trace::Step;
            if let Step::Command(bytes) | Step::Answer { bytes, .. } = step {
                text.push_str(&format!("{bytes}\n"));
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(report.masked_secrets, 4, "{text}");
    for pin in ["31 32 33 34", "35 36 37 38", "39 38 37 36"] {
        assert!(!text.contains(pin), "{text}");
    }
    assert!(text.contains("** ** ** ** 90 00"), "{text}");
}
