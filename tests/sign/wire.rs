//! What a signature spends on the link, and when the PIN goes out.

use crate::desk::{Desk, SIGN_PIN};
use crate::read::pins::presentations;

/// The commands of a recorded trace, each by its instruction and the bytes around it.
fn commands(desk: &Desk) -> Vec<String> {
    let text = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
    text.lines().filter_map(|line| line.strip_prefix("> ")).map(str::to_owned).collect()
}

fn sign(desk: &Desk, card: &str, pin: &str, words: &[&str]) -> crate::program::Done {
    let words = [&["--card", card, "--record", "trace.apdu", "sign", "--pin-fd", "0"], words].concat();
    desk.prepare(&words).with_stdin(&format!("{pin}\n")).run()
}

#[test]
fn one_presentation_for_each_signature() {
    let desk = Desk::new();
    desk.write("second", b"2");
    desk.write("third", b"3");
    let made = sign(&desk, "sim:specimen", SIGN_PIN, &["contract", "second", "third", "--json"]).document(0);
    assert_eq!(presentations(&desk.path("trace.apdu")), 3);
    assert_eq!(made["files"].as_array().unwrap().len(), 3);
    let text = commands(&desk).join("\n");
    assert!(text.contains("00 20 00 82 10 ** **") && !text.contains("31 32 33"), "{text}");
    for name in ["contract", "second", "third"] {
        desk.idcard(&["verify", name, "--ca", "root.pem"]).text(0);
    }
}

#[test]
fn seven_exchanges_make_a_signature_and_two_tell_the_card() {
    for card in ["sim:specimen", "sim:specimen-p256", "sim:specimen-t0"] {
        let desk = Desk::new();
        sign(&desk, card, SIGN_PIN, &["contract"]).text(0);
        let commands = commands(&desk);
        let applet = "00 A4 04 0C 0C A0 00 00 00 18 0C 00 00 01 63 42 00";
        let last = commands.iter().rposition(|command| command.starts_with(applet)).unwrap();
        let after: Vec<&str> = commands[last..].iter().map(|command| command.get(..5).unwrap()).collect();
        // AID, DF, status, VERIFY, MSE, PSO HASH, PSO CDS (performance.md, G-07).
        assert_eq!(after, ["00 A4", "00 A4", "00 20", "00 20", "00 22", "00 2A", "00 2A"], "{card}");
        // The serial number is compared before: card manager, GET DATA.
        assert!(commands[last - 2].starts_with("00 A4 04"), "{card}: {}", commands[last - 2]);
        assert!(commands[last - 1].contains("CA 9F 7F"), "{card}: {}", commands[last - 1]);
    }
}

#[test]
fn a_wrong_pin_stops_at_once() {
    let desk = Desk::new();
    desk.write("second", b"2");
    let error = sign(&desk, "sim:specimen", "654321", &["contract", "second", "--json"]).error(8);
    assert_eq!((&error["kind"], &error["tries_left"], &error["sw"]), (&"pin_wrong".into(), &2.into(), &"63C2".into()));
    assert_eq!(presentations(&desk.path("trace.apdu")), 1);
    assert!(!desk.path("contract.p7s").exists());
}

#[test]
fn a_blocked_pin_and_a_last_try_are_not_sent() {
    let desk = Desk::new();
    for (tries, status, kind) in [(0, 9, "pin_blocked"), (1, 11, "pin_not_tried")] {
        let error = sign(&desk, &desk.card_with_tries(tries), SIGN_PIN, &["contract", "--json"]).error(status);
        assert_eq!((&error["kind"], &error["tries_left"]), (&kind.into(), &tries.into()));
        assert_eq!(presentations(&desk.path("trace.apdu")), 0);
        assert!(!desk.path("contract.p7s").exists());
    }
    sign(&desk, &desk.card_with_tries(1), SIGN_PIN, &["contract", "--last-try"]).text(0);
    assert_eq!(presentations(&desk.path("trace.apdu")), 1);
    sign(&desk, &desk.card_with_tries(0), SIGN_PIN, &["contract", "--last-try"]).text(9);
}

#[test]
fn a_pin_against_the_rules_goes_nowhere() {
    let desk = Desk::new();
    for pin in ["", "12345", "123456789", "12345a", "123 456"] {
        assert_eq!(sign(&desk, "sim:specimen", pin, &["contract", "--json"]).error(2)["kind"], "usage", "{pin}");
        let trace = desk.path("trace.apdu");
        assert!(!trace.exists() || presentations(&trace) == 0, "{pin}");
    }
    // Persian digits are the same PIN.
    sign(&desk, "sim:specimen", "۱۲۳۴۵۶", &["contract"]).text(0);
}

#[test]
fn without_a_pin_and_a_terminal_nothing_is_asked() {
    let desk = Desk::new();
    let words = ["--card", "sim:specimen", "--record", "trace.apdu", "sign", "contract", "--json"];
    assert_eq!(desk.idcard(&words).error(11)["kind"], "pin_not_tried");
    // The card is recognised, since its reader might have had a pin pad; that is all.
    assert_eq!(commands(&desk), ["00 A4 04 0C 0C A0 00 00 00 18 0C 00 00 01 63 42 00"]);
}

#[test]
fn a_signature_that_is_not_genuine_is_withheld() {
    let desk = Desk::new();
    desk.write("second", b"2");
    // C-70: another key signs. C-72: the card signs an older hash, which shows at the second document.
    for (fault, first) in [("C-70", false), ("C-72", true)] {
        let card = format!("sim:specimen+fault={fault}");
        let error = sign(&desk, &card, SIGN_PIN, &["contract", "second", "--json"]);
        assert_eq!(error.status, 18, "{fault}: {}", error.stderr);
        assert_eq!(desk.path("contract.p7s").exists(), first, "{fault}");
        assert!(!desk.path("second.p7s").exists(), "{fault}");
    }
}

#[test]
fn a_card_without_such_a_key_is_told_before_the_pin() {
    let desk = Desk::new();
    for (card, words, status) in [
        ("sim:mav2", &["contract"][..], 13),
        ("sim:specimen-p256", &["contract", "--scheme", "pss"], 2),
        ("sim:specimen-p256", &["contract", "--scheme", "pkcs1"], 2),
    ] {
        sign(&desk, card, SIGN_PIN, &[words, &["--json"]].concat()).error(status);
        assert_eq!(presentations(&desk.path("trace.apdu")), 0, "{card}");
    }
}

/// A bare signature of an RSA key has nothing new in it, so that its trace replays; the PIN is masked there.
#[test]
fn a_recorded_signature_replays() {
    let desk = Desk::new();
    let raw = ["contract", "--type", "raw"];
    sign(&desk, "sim:specimen", SIGN_PIN, &[&raw[..], &["-o", "first.sig"]].concat()).text(0);
    std::fs::rename(desk.path("trace.apdu"), desk.path("recorded.apdu")).unwrap();
    sign(&desk, "replay:recorded.apdu", "000000", &[&raw[..], &["-o", "second.sig"]].concat()).text(0);
    assert_eq!(desk.bytes("first.sig"), desk.bytes("second.sig"));
    // Another document asks for what was not recorded.
    desk.write("contract", b"another");
    let error = sign(&desk, "replay:recorded.apdu", "000000", &[&raw[..], &["-o", "third.sig", "--json"]].concat());
    assert_eq!(error.error(16)["kind"], "bad_file");
    assert!(!desk.path("third.sig").exists());
}
