//! Cards that give less: sealed ones, the real families, and cards that are none of ours.

use super::read;
use crate::program::idcard;
use serde_json::{Value, json};

fn statuses(document: &Value) -> Vec<(String, String)> {
    let sections = ["identity", "birth_certificate", "postal", "photo", "fingerprints", "dates", "security_object"];
    let status = |section: &&str| document[*section]["status"].as_str().unwrap().to_owned();
    sections.iter().map(|section| ((*section).to_owned(), status(section))).collect()
}

fn expect(document: &Value, expected: [&str; 7]) {
    let found: Vec<_> = statuses(document).into_iter().map(|(_, status)| status).collect();
    assert_eq!(found, expected, "{document:#}");
}

#[test]
fn without_a_pin_the_guarded_sections_say_so_and_the_others_are_there() {
    let document = read("specimen", None, &[]).document(13);
    let pin = "pin_required";
    expect(&document, [pin, pin, pin, pin, "read", "read", "read"]);
    assert_eq!(document["identity"]["source"], "certificate");
    assert_eq!(document["identity"]["given_name"], "نمونه");
    assert_eq!(document["identity"]["surname"], "شناسه\u{200C}پور");
    assert_eq!(document["identity"]["national_number"], Value::Null);
    let groups = json!({ "1": "not_read", "2": "not_read", "11": "not_read", "16": "match" });
    assert_eq!(document["security_object"]["groups"], groups);
}

#[test]
fn a_sealed_card_gets_no_pin_and_says_what_it_needs() {
    let sealed = "secure_channel_required";
    for pin in [None, Some("1234")] {
        let document = read("specimen-sealed", pin, &[]).document(13);
        expect(&document, [sealed, sealed, sealed, sealed, "read", "read", sealed]);
        assert_eq!(document["security_object"]["verdict"], "not_checked");
        assert_eq!(document["identity"]["source"], "certificate");
    }
    let document = read("specimen-sealed", None, &["--fields", "identity"]).document(13);
    assert_eq!(document["identity"]["status"], sealed, "a PIN would not open it");
}

#[cfg(unix)]
#[test]
fn the_keys_of_a_terminal_open_a_sealed_card() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let keys = r#"{"kenc":"404142434445464748494A4B4C4D4E4F","kmac":"505152535455565758595A5B5C5D5E5F","sn_ifd":"AABBCCDD44668877","key_ref":1}"#;
    let write = |text: &str, mode| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let path = file.to_str().unwrap();
    write(keys, 0o600);
    let open = read("specimen-sealed", Some("1234"), &["--terminal-keys", path]).document(0);
    let plain = read("specimen", Some("1234"), &[]).document(0);
    for section in ["identity", "birth_certificate", "postal", "photo", "fingerprints", "dates", "security_object"] {
        assert_eq!(open[section], plain[section], "{section}");
    }
    let command = format!("cat {path}");
    let open = read("specimen-sealed", None, &["--terminal-keys-from", &command]).document(13);
    assert_eq!(open["identity"]["status"], "pin_required", "the channel is open, the PIN is still due");
    assert_eq!(open["security_object"]["status"], "read");

    write(&keys.replace("4F\"", "40\""), 0o600);
    let arguments = ["--card", "sim:specimen-sealed", "--json", "read", "--terminal-keys", path];
    let wrong = idcard(arguments).run().error(12);
    assert_eq!((&wrong["kind"], &wrong["sw"]), (&"card_refused".into(), &"6300".into()));
    assert!(wrong["message"].as_str().unwrap().contains("does not accept these keys"), "{wrong}");
    write("{}", 0o600);
    assert_eq!(idcard(arguments).run().error(16)["kind"], "bad_file");
    write(keys, 0o644);
    assert_eq!(idcard(arguments).run().error(16)["kind"], "file");
}

#[test]
fn the_real_families_give_what_is_published_of_them() {
    let (unknown, sealed) = ("layout_unknown", "secure_channel_required");
    for (card, generation) in [("mav2", "mav2"), ("mav4", "mav4")] {
        for pin in [None, Some("1234")] {
            let document = read(card, pin, &[]).document(13);
            expect(&document, [unknown, unknown, unknown, unknown, unknown, "read", sealed]);
            assert_eq!(document["specimen"], false);
            assert_eq!(document["card"]["family"], "mav");
            assert_eq!(document["card"]["generation"], generation);
            assert_eq!(document["identity"]["source"], "certificate");
            assert!(document["identity"]["surname"].is_string());
            assert_eq!(document["identity"]["national_number"], Value::Null);
            assert_eq!(document["warnings"], json!(["calendar_inferred"]));
            assert!(document["certificates"].as_array().unwrap().iter().all(|entry| entry["status"] == "read"));
        }
        read(card, None, &["--fields", "card,dates,certificates"]).document(0);
    }
    let document = read("pardis", None, &[]).document(13);
    expect(&document, [unknown; 7]);
    assert_eq!(document["certificates"][0]["status"], "read");
    assert_eq!(document["certificates"][1]["status"], unknown);
    assert_eq!(document["card"]["generation"], "pardis");
}

/// Serial number and CRN of a card that does not give them: the reason, and no success.
#[test]
fn numbers_that_a_card_does_not_give_are_told() {
    let done = idcard(["--card", "sim:pardis", "read", "--fields", "card"]).run();
    let text = done.text(13);
    for label in ["Chip serial number (CSN)", "CRN"] {
        assert!(text.contains(&format!("{label}: not readable: its place or layout is not published")), "{text}");
    }
    assert!(done.stderr.contains("not available: card"), "{}", done.stderr);
    let document = read("pardis", None, &["--fields", "card"]).document(13);
    assert_eq!([&document["card"]["csn"], &document["card"]["crn"]], [&Value::Null; 2]);
    // Blank on the card: nothing is wrong with it, and nothing is hidden.
    let done = idcard(["--card", "sim:specimen+fault=C-50b", "read", "--fields", "card"]).run();
    assert!(done.text(0).contains("CRN: not on this card"), "{}", done.text(0));
    let wrong = idcard(["--card", "sim:specimen+fault=C-50", "read", "--fields", "card"]).run();
    assert_eq!(wrong.text(12).matches("cannot be read").count(), 1, "both numbers, one line: {}", wrong.text(12));
}

#[test]
fn a_foreign_card_is_told_from_ours_in_four_exchanges() {
    for card in ["specimen+fault=C-47", "specimen+fault=C-47b", "specimen+fault=C-47c"] {
        let arguments = ["--card", &format!("sim:{card}"), "--stats", "read", "--pin-fd", "0"];
        let done = idcard(arguments).with_stdin("1234\n").run();
        assert_eq!(done.text(7), "");
        assert!(done.stats()["apdus"].as_u64().unwrap() <= 4, "{card}: {}", done.stderr);
    }
    let error = idcard(["--card", "sim:specimen+fault=C-47", "read", "--json"]).run().error(7);
    assert_eq!(error["kind"], "unknown_card");
}

#[test]
fn a_card_with_another_answer_to_reset_is_known_by_its_applets() {
    let document = read("mav2+fault=C-48", None, &["--fields", "card,dates"]).document(0);
    assert_eq!(document["card"]["family"], "mav");
    assert_eq!(document["dates"]["status"], "read");
}
