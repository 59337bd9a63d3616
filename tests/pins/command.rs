//! `idcard pin` from the outside: what it prints, how it ends, what it advises.

use super::{ID, PUK, SIGN};
use crate::desk::Desk;
use crate::program::{Done, idcard};

/// A run with the secrets on stdin, one a line.
pub(super) fn pin(card: &str, words: &[&str], secrets: &[&str]) -> Done {
    let mut arguments = vec!["--card", card, "pin"];
    arguments.extend(words);
    if !secrets.is_empty() {
        arguments.extend(["--pin-fd", "0"]);
    }
    idcard(arguments).with_stdin(&secrets.iter().map(|line| format!("{line}\n")).collect::<String>()).run()
}

/// The path of an image that is the specimen with another EF 0010, and with these values of its PIN objects.
pub(super) fn card(desk: &Desk, journal: &str, values: [(&str, &str, u8); 3]) -> String {
    let [ev, id, classic] = values.map(|(value, more, failed)| format!("value = \"{value}\", failed = {failed}{more}"));
    desk.write(
        "card.toml",
        format!(
            r#"name = "torn"
title = "the specimen in the midst of a change"
base = "specimen"
[[applet]]
name = "mpcos"
ef = [{{ path = "3F00/0010", hex = "{journal}", size = 32, update = true }}]
pin = [
    {{ name = "id-0200", references = ["00"], folder = "0200", {id}, tries = 3, digits = [4, 8], puk = "puk-0200" }},
    {{ name = "id-0500", references = ["00"], folder = "0500", {ev}, tries = 3, digits = [4, 8], puk = "puk-0500" }},
]
[[applet]]
name = "classic"
pin = [{{ name = "id-81", references = ["81"], {classic}, tries = 3, digits = [4, 8], puk = "puk-83" }}]
"#
        )
        .as_bytes(),
    );
    format!("sim:{}", desk.arg("card.toml"))
}

/// Nothing of words 0 to 6, then the flags of words 2, 3 and 7 as given.
pub(super) fn journal(id: u8, classic: u8, ev: u8) -> String {
    let mut bytes = [0u8; 32];
    (bytes[8], bytes[12], bytes[29]) = (id, classic, ev);
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Where no PIN is known nobody can say that nothing was interrupted.
#[test]
fn a_card_whose_pins_are_unpublished_has_nothing_to_resume() {
    for (card, kind) in [("sim:pardis", "id"), ("sim:mav2", "sign")] {
        let error = pin(card, &["resume", "--pin-kind", kind, "--json"], &[ID, "80516"]).error(13);
        assert!(error["message"].as_str().unwrap().contains("not published"), "{card}: {error}");
    }
}

#[test]
fn every_operation_has_its_document() {
    for (words, secrets, kind, outcome, objects) in [
        (["verify", "id"], vec![ID], "id", "verified", 3),
        (["verify", "sign"], vec![SIGN], "sign", "verified", 1),
        (["change", "id"], vec![ID, "80516"], "id", "changed", 3),
        (["change", "sign"], vec![SIGN, "731946"], "sign", "changed", 1),
        (["unblock", "id"], vec![PUK, "80516"], "id", "unblocked", 3),
        (["unblock", "sign"], vec![PUK, "731946"], "sign", "unblocked", 1),
        (["resume", "id"], vec![ID, "80516"], "id", "nothing_to_finish", 3),
    ] {
        for card in ["sim:specimen", "sim:specimen-t0"] {
            let document = pin(card, &[words[0], "--pin-kind", words[1], "--json"], &secrets).document(0);
            assert_eq!(document["schema"], format!("idcard.pin_{}/1", words[0]));
            assert_eq!((&document["kind"], &document["outcome"]), (&kind.into(), &outcome.into()), "{words:?}");
            assert_eq!(document["objects"].as_array().unwrap().len(), objects, "{words:?}");
            assert_eq!(document["warnings"].as_array().unwrap().len(), 0, "{words:?}");
        }
    }
}

#[test]
fn status_tells_puks_and_the_journal() {
    let document = pin("sim:specimen", &["status", "--json"], &[]).document(0);
    for entry in document["pins"].as_array().unwrap() {
        assert_eq!((&entry["tries_left"], &entry["puk_tries_left"]), (&3.into(), &10.into()));
    }
    assert_eq!((&document["journal"]["interrupted"], &document["journal"]["in_step"]), (&false.into(), &true.into()));
    let sign = pin("sim:specimen", &["status", "--json", "--pin-kind", "sign"], &[]).document(0);
    assert!(sign["journal"].is_null());
}

#[test]
fn an_interrupted_change_is_recognised_and_finished() {
    let desk = Desk::new();
    // DF 0500 has the new PIN, DF 0200 nobody knows, 81 the old one.
    let torn = card(&desk, &journal(0x01, 0x00, 0x0F), [("80516", "", 0), ("80516", "", 0), (ID, "", 0)]);
    let status = pin(&torn, &["status", "--json"], &[]).document(0);
    assert_eq!((&status["journal"]["interrupted"], &status["journal"]["in_step"]), (&true.into(), &false.into()));
    let marks: Vec<_> = status["journal"]["objects"].as_array().unwrap().iter().map(|one| &one["change"]).collect();
    assert_eq!(marks, ["finished", "started", "idle"]);
    let told = pin(&torn, &["status"], &[]);
    assert!(told.text(0).contains("NOT in step") && told.text(0).contains("idcard pin resume"), "{}", told.text(0));

    for words in [["verify", "--pin-kind", "id", "--json"], ["change", "--pin-kind", "id", "--json"]] {
        let error = pin(&torn, &words, &[ID, "80516"]).error(11);
        assert_eq!(error["kind"], "pin_not_tried");
        assert!(error["hint"].as_str().unwrap().contains("pin resume"), "{error}");
    }
    let done = pin(&torn, &["resume"], &[ID, "80516"]);
    done.text(0);
    assert!(done.stderr.starts_with("idcard: id: which PIN it holds is not known"), "{}", done.stderr);
    assert_eq!(pin(&torn, &["resume", "--json"], &[ID, "80516"]).document(0)["outcome"], "finished");
    assert_eq!(pin(&torn, &["resume", "--puk", "--json"], &[PUK, "80516"]).document(0)["outcome"], "finished");
    assert_eq!(
        pin(&torn, &["unblock", "--pin-kind", "id", "--json"], &[PUK, "7319"]).document(0)["outcome"],
        "unblocked"
    );
    let wrong = pin(&torn, &["resume", "--json"], &[ID, "7319"]).error(8);
    assert_eq!(wrong["tries_left"], 2);
    assert_eq!(pin(&torn, &["resume", "--json"], &[]).error(11)["kind"], "pin_not_tried");
}

#[test]
fn what_only_has_to_be_cleared_needs_no_pin() {
    let desk = Desk::new();
    let torn = card(&desk, &journal(0x0F, 0x0F, 0x00), [("80516", "", 0); 3]);
    let status = pin(&torn, &["status", "--json"], &[]).document(0);
    assert_eq!((&status["journal"]["interrupted"], &status["journal"]["in_step"]), (&true.into(), &true.into()));
    assert_eq!(pin(&torn, &["resume", "--json"], &[]).document(0)["outcome"], "finished");
    // Other commands clear it on their way.
    pin(&torn, &["verify", "--pin-kind", "id"], &["80516"]).text(0);
}

#[test]
fn refusals_have_their_kinds_and_advice() {
    let desk = Desk::new();
    let wrong = pin("sim:specimen", &["change", "--pin-kind", "id", "--json"], &["4321", "80516"]).error(8);
    assert_eq!((&wrong["kind"], &wrong["tries_left"], &wrong["sw"]), (&"pin_wrong".into(), &2.into(), &"63C2".into()));
    let puk = pin("sim:specimen", &["unblock", "--pin-kind", "id", "--json"], &["12345678", "80516"]).error(8);
    assert_eq!((&puk["tries_left"], &puk["sw"]), (&9.into(), &"63C9".into()));

    let blocked = card(&desk, &journal(0, 0, 0), [(ID, "", 0), (ID, "", 3), (ID, "", 0)]);
    for lang in ["en", "fa"] {
        let done = pin(&blocked, &["verify", "--pin-kind", "id", "--lang", lang], &[ID]);
        assert_eq!(done.status, 9, "{}", done.stderr);
        let advice: &[&str] = match lang {
            "en" => &["pin unblock", "civil registration", "counter office", "birth certificate"],
            _ => &["pin unblock", "ثبت احوال", "دفتر پیشخوان", "شناسنامه"],
        };
        assert!(advice.iter().all(|part| done.stderr.contains(part)), "{}", done.stderr);
    }
    let last = card(&desk, &journal(0, 0, 0), [(ID, "", 0), (ID, "", 0), (ID, "", 2)]);
    let held = pin(&last, &["change", "--pin-kind", "id", "--json"], &[ID, "80516"]).error(11);
    assert_eq!((&held["kind"], &held["tries_left"]), (&"pin_not_tried".into(), &1.into()));
    pin(&last, &["change", "--pin-kind", "id", "--last-try"], &[ID, "80516"]).text(0);

    for (card, status) in [("sim:mav2", 13), ("sim:specimen-sealed", 13), ("sim:pardis", 13)] {
        assert_eq!(pin(card, &["verify", "--pin-kind", "id", "--json"], &[ID]).error(status)["kind"], "not_available");
    }
    for secrets in [["1234", "123"], ["1234", "12a4"], ["1234", "73190"], ["1234", "1234"], ["123", "7319"]] {
        let error = pin("sim:specimen", &["change", "--pin-kind", "id", "--json"], &secrets).error(2);
        assert_eq!(error["kind"], "usage", "{secrets:?}");
    }
    assert_eq!(pin("sim:specimen", &["change", "--pin-kind", "id", "--json"], &[ID]).error(2)["kind"], "usage");
    assert_eq!(pin("sim:specimen", &["change", "--pin-kind", "id", "--json"], &[]).error(11)["kind"], "pin_not_tried");
    assert_eq!(pin("sim:specimen", &["verify", "--json"], &[ID]).status, 2, "which PIN is always said");
}

#[test]
fn a_weak_pin_that_is_refused_is_not_warned_of() {
    // Too short, the old one, and behind a PIN that the card refuses.
    for (secrets, status) in [([ID, "111"], 2), ([ID, ID], 2), (["9999", "4321"], 8)] {
        let done = pin("sim:specimen", &["change", "--pin-kind", "id"], &secrets);
        assert!(done.status == status && !done.stderr.contains("Warning"), "{secrets:?}: {}", done.stderr);
    }
}

#[test]
fn a_wrong_puk_gets_advice_of_its_own() {
    let wrong = pin("sim:specimen", &["unblock", "--pin-kind", "sign", "--json"], &["00000000", "654321"]).error(8);
    assert_eq!(wrong["tries_left"], 9);
    let hint = wrong["hint"].as_str().unwrap();
    assert!(hint.contains("the PUK is blocked for good"), "{hint}");
}

#[test]
fn weak_pins_are_taken_with_a_warning() {
    let words = ["change", "--pin-kind", "sign", "--json"];
    assert_eq!(pin("sim:specimen", &words, &[SIGN, "654321"]).document(0)["warnings"][0], "common_pin");
    let told = pin("sim:specimen", &["unblock", "--pin-kind", "id"], &[PUK, ID]);
    told.text(0);
    assert!(told.stderr.contains("Warning: the new PIN is easy to guess"), "{}", told.stderr);
    // The other specimen's national number ends so that it can be a PIN.
    for (operation, first) in [("change", ID), ("unblock", PUK)] {
        let words = [operation, "--pin-kind", "id", "--json"];
        let document = pin("sim:specimen-2", &words, &[first, "6545"]).document(0);
        assert_eq!(document["warnings"][0], "national_number", "{operation}");
        let other = pin("sim:specimen-2", &words, &[first, "6546"]).document(0);
        assert_eq!(other["warnings"].as_array().unwrap().len(), 0, "{operation}");
    }
}

#[test]
fn a_change_that_breaks_off_says_how_to_go_on() {
    let mut seen = 0;
    for at in 25..70 {
        let card = format!("sim:specimen+fault=removed@{at}");
        let done = pin(&card, &["change", "--pin-kind", "id", "--json"], &[ID, "80516"]);
        if done.status == 0 {
            break;
        }
        let error = done.error(5);
        if error["message"].as_str().unwrap().starts_with("the change of the identity PIN did not end") {
            assert!(error["hint"].as_str().unwrap().contains("idcard pin resume"), "{error}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn with_the_keys_of_a_terminal_a_sealed_card_changes_its_pin() {
    let desk = Desk::new();
    desk.secret("keys", r#"{"kenc":"404142434445464748494A4B4C4D4E4F","kmac":"505152535455565758595A5B5C5D5E5F","sn_ifd":"AABBCCDD44668877","key_ref":1}"#);
    let keys = desk.arg("keys");
    for (operation, first) in [("verify", ID), ("change", ID), ("unblock", PUK)] {
        let words = [operation, "--pin-kind", "id", "--terminal-keys", &keys];
        pin("sim:specimen-sealed", &words, &[first, "80516"]).text(0);
    }
}

/// P-29: neither the log of the highest level nor the trace nor the link tells one wrong PIN from another.
#[test]
fn nothing_depends_on_the_digits() {
    let desk = Desk::new();
    for (words, digits) in [
        (&["read", "--pin-file", "wrong"][..], ["7319", "8052"]),
        (&["pin", "verify", "--pin-kind", "id", "--pin-file", "wrong"], ["7319", "8052"]),
        (&["sign", "contract", "--pin-file", "wrong"], ["731946", "805162"]),
    ] {
        let seen = digits.map(|digits| {
            desk.secret("wrong", digits);
            let begin = ["--card", "sim:specimen", "-vv", "--stats", "--record", "trace.apdu"];
            let done = desk.idcard(&[&begin[..], words].concat());
            assert_eq!(done.status, 8, "{}", done.stderr);
            (done.stdout, done.stderr, desk.bytes("trace.apdu"))
        });
        assert_eq!(seen[0], seen[1], "{words:?}");
    }
}
