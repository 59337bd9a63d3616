//! The program at a reader with a pin pad: what it says, what it records, what becomes of each answer of the holder.

use crate::desk::Desk;
use crate::read::pins::presentations;

/// `sign` and `auth` have no terminal here: the pad is enough.
const SIGN_LINE: &str = "Signature PIN: type it on the pin pad of the card reader (tries left: 3)\n";

fn trace(desk: &Desk) -> String {
    String::from_utf8(desk.bytes("trace.apdu")).unwrap()
}

#[test]
fn each_signature_is_asked_for_on_the_pad() {
    let desk = Desk::new();
    desk.write("second", b"2");
    let words = ["--card", "sim:specimen+pad", "--record", "trace.apdu", "sign", "contract", "second"];
    let done = desk.idcard(&words);
    done.text(0);
    assert!(done.stderr.contains(SIGN_LINE), "{}", done.stderr);
    assert!(done.stderr.contains("Signature PIN: type it on the pin pad of the card reader (once more, for second)\n"));
    assert_eq!(presentations(&desk.path("trace.apdu")), 2);
    for name in ["contract", "second"] {
        desk.idcard(&["verify", name, "--ca", "root.pem"]).text(0);
    }
}

#[test]
fn a_trace_never_holds_a_pin_from_a_pad() {
    let desk = Desk::new();
    desk.idcard(&["--card", "sim:specimen+pad", "--record", "trace.apdu", "sign", "contract", "--type", "raw"]).text(0);
    let recorded = trace(&desk);
    assert!(recorded.contains(&format!("> 00 20 00 82 10{}", " **".repeat(16))), "{recorded}");
    assert!(!recorded.contains("31 32 33 34"), "{recorded}");
    let wrong = desk.idcard(&["--card", "replay:trace.apdu", "sign", "contract", "--type", "raw", "--json"]).error(11);
    assert_eq!(wrong["kind"], "pin_not_tried", "a trace has no pad");
}

#[test]
fn the_words_follow_the_language_and_spare_programs() {
    let desk = Desk::new();
    let words = ["--card", "sim:specimen+pad", "--lang", "fa", "sign", "contract"];
    let persian = desk.idcard(&words).stderr;
    assert!(persian.contains("رمز امضا: آن را با صفحه‌کلید کارت‌خوان وارد کنید (تعداد دفعات باقی‌مانده: ۳)"), "{persian}");
    let done = desk.idcard(&["--card", "sim:specimen+pad", "sign", "contract", "--json"]);
    done.document(0);
    assert_eq!(done.stderr, "");
}

#[test]
fn the_holders_answers_have_their_exits() {
    for (holder, status, kind, sent) in
        [("=wrong", 8, "pin_wrong", 1), ("=cancel", 10, "cancelled", 0), ("=wait", 10, "timed_out", 0)]
    {
        let desk = Desk::new();
        let card = format!("sim:specimen+pad{holder}");
        let error =
            desk.idcard(&["--card", &card, "--record", "trace.apdu", "sign", "contract", "--json"]).error(status);
        assert_eq!(error["kind"], kind, "{holder}");
        assert!(!desk.path("contract.p7s").exists());
        // What the pad says by itself stands in the trace as the answer to the command it did not send.
        assert_eq!(presentations(&desk.path("trace.apdu")), 1, "{holder}");
        assert_eq!(trace(&desk).contains("< 63 C2"), sent == 1, "{holder}");
    }
}

#[test]
fn nobody_is_asked_for_a_pin_that_may_not_be_tried() {
    let desk = Desk::new();
    for (tries, status) in [(0, 9), (1, 11)] {
        let card = desk.card_with_tries(tries) + "+pad";
        let done = desk.idcard(&["--card", &card, "--record", "trace.apdu", "sign", "contract"]);
        done.text(status);
        assert!(!done.stderr.contains("pin pad"), "{tries}: {}", done.stderr);
        assert_eq!(presentations(&desk.path("trace.apdu")), 0);
    }
    let card = desk.card_with_tries(1) + "+pad";
    desk.idcard(&["--card", &card, "sign", "contract", "--last-try"]).text(0);
}

#[test]
fn a_given_pin_passes_the_pad_by() {
    let desk = Desk::new();
    let done = desk.sign("sim:specimen+pad=wrong", &["contract"]);
    done.text(0);
    assert!(!done.stderr.contains("pin pad"), "{}", done.stderr);
}

#[test]
fn a_challenge_is_answered_from_the_pad() {
    let desk = Desk::new();
    let challenge = ["--origin", "https://example.ir", "--challenge", &"n".repeat(44)];
    let words = [&["--card", "sim:specimen-p256+pad", "--record", "trace.apdu", "auth", "respond"][..], &challenge];
    let done = desk.idcard(&words.concat());
    assert!(done.text(0).contains("web-eid:1.0"));
    assert!(done.stderr.contains("Identity PIN: type it on the pin pad of the card reader (tries left: 3)\n"));
    assert!(trace(&desk).contains("> 00 20 00 81 10 **"));
}

/// `read` asks on a terminal only; without one it goes on without the PIN, pad or not.
#[test]
fn read_waits_at_no_pad_where_nobody_sits() {
    let desk = Desk::new();
    let words = ["--card", "sim:specimen+pad", "--record", "trace.apdu", "read", "--json", "--fields", "identity"];
    let document = desk.idcard(&words).document(13);
    assert_eq!(document["identity"]["status"], "pin_required");
    assert_eq!(presentations(&desk.path("trace.apdu")), 0);
}
