//! Cards that lie, break off or are taken away (`reliability.md` 2 and E0): the run ends in order and shows nothing as whole
//! that is not.

use super::read;
use crate::program::{Done, idcard};
use idcard_sim::Fault;
use serde_json::Value;

fn faulty(fault: &str) -> Done {
    read(&format!("specimen+fault={fault}"), Some("1234"), &[])
}

/// The exits that a reading may have (`docs/cli.md`, sections 3 and 4).
const WITH_DOCUMENT: [i32; 4] = [0, 12, 13, 18];
const WITHOUT: [i32; 12] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 2];

#[test]
fn every_fault_of_the_catalogue_ends_in_order() {
    let whole = read("specimen", Some("1234"), &[]).document(0);
    for (name, what) in Fault::all() {
        let done = faulty(name);
        if done.stdout.is_empty() {
            assert!(WITHOUT.contains(&done.status), "{name} ({what}): {}", done.status);
            let text = done.stderr.rsplit_once("\n{\"apdus\"").map_or(done.stderr.as_str(), |(error, _)| error);
            let error: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{name}: {}", done.stderr));
            assert_eq!(error["error"]["exit"], done.status, "{name}");
            continue;
        }
        assert!(WITH_DOCUMENT.contains(&done.status), "{name} ({what}): {}", done.status);
        let document = done.document(done.status);
        for section in ["identity", "birth_certificate", "postal", "fingerprints", "dates"] {
            // A section that is called read is the whole one, or the fault lies in what the card means to say.
            let same = document[section] == whole[section];
            let told = document[section]["status"] != "read"
                || done.status == 18
                || document["security_object"]["status"] != "read"
                || section == "dates";
            assert!(same || told, "{name} ({what}): {section}\n{:#}", document[section]);
        }
    }
}

#[test]
fn a_link_that_fails_wins_over_everything() {
    for (fault, status, kind) in [
        ("removed@20", 5, "card_removed"),
        ("no-card@3", 5, "no_card"),
        ("busy@9", 6, "busy"),
        ("silence@12", 10, "timed_out"),
        ("cancelled@12", 10, "cancelled"),
        ("comm-error@25", 12, "link_lost"),
        ("changed@8", 12, "card_changed"),
        ("no-service", 3, "no_service"),
    ] {
        let source = format!("sim:specimen+fault={fault}");
        let done = idcard(["--card", &source, "read", "--json", "--pin-fd", "0"]).with_stdin("1234\n").run();
        let error = done.error(status);
        assert_eq!(error["kind"], kind, "{fault}: {error}");
    }
}

/// S-06: a minute is waited for on the clock of the virtual reader, and no command goes out beside.
#[test]
fn a_card_that_others_keep_for_a_minute_is_waited_for_as_long_as_asked() {
    for at in [0, 5] {
        let source = format!("sim:specimen+fault=busy@{at}");
        let done = idcard(["--card", &source, "--timeout", "60", "--stats", "info"]).run();
        assert_eq!(done.text(6), "");
        assert!(done.stderr.contains("another program holds the card; waited 60 s"), "{}", done.stderr);
        assert_eq!(done.stats()["apdus"], at + 1, "{}", done.stderr);
    }
}

/// One failure of the link at one exchange: the run fails in order, or the document is the whole one.
fn fails_in_order(fault: &str, whole: &Value) {
    let done = faulty(fault);
    assert!(done.status != 1 && done.status < 20, "{fault}: {} {}", done.status, done.stderr);
    if done.stdout.is_empty() {
        assert!(WITHOUT.contains(&done.status), "{fault}: {}", done.status);
    } else {
        let document = done.document(done.status);
        assert!(done.status != 0 || document == *whole, "{fault}");
    }
}

#[test]
fn every_failure_of_the_link_at_every_exchange_ends_in_order() {
    let first = read("specimen", Some("1234"), &[]);
    let whole = first.document(0);
    let exchanges = first.stats()["apdus"].as_u64().unwrap();
    let faults = Fault::all().filter(|(name, _)| name.starts_with(char::is_lowercase));
    let places: Vec<_> = faults.flat_map(|(name, _)| (0..exchanges).map(move |at| format!("{name}@{at}"))).collect();
    assert!(places.len() > 500);
    std::thread::scope(|scope| {
        for some in places.chunks(places.len().div_ceil(4)) {
            scope.spawn(|| some.iter().for_each(|fault| fails_in_order(fault, &whole)));
        }
    });
}

#[test]
fn one_bad_field_leaves_the_others_alone() {
    for (fault, section, key) in [
        ("C-61", "identity", "given_name"),
        ("C-63", "identity", "birth_date"),
        ("C-63f", "dates", "issued"),
        ("C-64b", "identity", "national_number"),
        ("C-65c", "postal", "postal_code"),
    ] {
        let done = faulty(fault);
        let document = done.document(if section == "dates" { 12 } else { 18 });
        assert_eq!(document[section]["status"], "malformed", "{fault}");
        assert!(document[section]["detail"].as_str().unwrap().contains(key), "{fault}: {}", document[section]);
        if section == "identity" {
            assert_eq!(document["identity"]["surname"], "شناسه\u{200C}پور", "{fault}");
        }
        assert_eq!(document["birth_certificate"]["number"], "1234");
    }
}

#[test]
fn text_of_a_card_never_steers_the_terminal() {
    let bidi = ("abc\u{202E}gpj.exe\u{2066}", "abc\u{FFFD}gpj.exe\u{FFFD}");
    for (fault, name) in [("C-61b", Some(("NE\0MUNEH", "NE\u{FFFD}MUNEH"))), ("C-61c", None), ("C-61d", Some(bidi))] {
        let source = format!("sim:specimen+fault={fault}");
        let done = idcard(["--card", &source, "read", "--pin-fd", "0"]).with_stdin("1234\n").run();
        let shown = String::from_utf8(done.stdout).unwrap() + &done.stderr;
        let steers =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        assert_eq!(shown.chars().find(|character| steers(*character)), None, "{fault}");
        let document = faulty(fault);
        let raw = String::from_utf8(document.stdout).unwrap();
        // It is seen that something was there; the document has the name as the card gives it.
        if let Some((given, seen)) = name {
            assert!(shown.contains(seen), "{fault}: {shown}");
            let document: Value = serde_json::from_str(&raw).unwrap();
            assert_eq!(document["identity"]["given_name"], given, "{fault}");
        }
        assert_eq!(raw.chars().find(|character| steers(*character)), None, "{fault}: escaped in documents");
    }
}
