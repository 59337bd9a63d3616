//! Files that break off or come with a warning: they cost their own sections, and the line says what the card answered.

use super::read;
use crate::desk::Desk;
use crate::prompt::Terminal;
use serde_json::json;

/// `reliability.md` C-21: only what lies beyond the first bytes of a file is lost.
#[test]
fn a_file_that_breaks_off_costs_its_own_sections() {
    let whole = read("specimen-t0", Some("1234"), &[]).document(0);
    let document = read("specimen-t0+fault=C-21", Some("1234"), &[]).document(12);
    for section in ["identity", "birth_certificate", "postal", "fingerprints", "dates"] {
        assert_eq!(document[section], whole[section], "{section}");
    }
    for section in [&document["photo"], &document["security_object"], &document["certificates"][0]] {
        assert_eq!(section["status"], "refused");
        assert!([json!("6F00"), json!("6400"), json!("6581")].contains(&section["sw"]), "{section}");
    }
    assert_eq!(document["security_object"]["verdict"], "not_checked");
    // The security object came in clear as far as it came: the card is not sealed, and takes the PIN.
    let desk = Desk::new();
    let verify = ["pin", "verify", "--pin-kind", "id", "--pin-file", "id-pin"];
    desk.idcard(&[&["--card", "sim:specimen-t0+fault=C-21"], &verify[..]].concat()).text(0);
}

/// `reliability.md` C-16: data with 6281 are flagged. The journal of PIN changes is among them, so that no PIN goes out.
#[test]
fn data_that_come_with_a_warning_are_not_taken_for_whole() {
    let desk = Desk::new();
    for card in ["specimen", "specimen-t0"] {
        for (fault, sw) in [("C-16", "6281"), ("C-16c", "6300")] {
            let card = format!("sim:{card}+fault={fault}");
            let words = ["--card", &card, "--record", "trace", "read", "--json", "--pin-file", "id-pin"];
            let document = desk.idcard(&words).document(12);
            let detail = |section: &str| {
                assert_eq!(document[section]["status"], "malformed", "{card}: {section}");
                document[section]["detail"].as_str().unwrap().to_owned()
            };
            for section in ["fingerprints", "dates", "security_object"] {
                assert!(detail(section).contains(&format!("answered {sw}")), "{card}: {}", detail(section));
            }
            for section in ["identity", "birth_certificate", "postal", "photo"] {
                let detail = detail(section);
                assert!(detail.contains("PIN was not sent") && detail.contains("3F00/0010"), "{card}: {detail}");
            }
            assert_eq!(document["card"]["crn"], "0003141594", "what is no file is read");
            let trace = String::from_utf8(desk.bytes("trace")).unwrap();
            assert!(!trace.contains("**"), "{card}: no secret was on its way");
        }
    }
}

/// The status word, its meaning by ISO/IEC 7816-4, the file and the offset; 6982 alone is a denied access.
#[test]
fn the_line_says_what_the_card_answered_and_where() {
    let desk = Desk::new();
    for (fault, meanings) in [
        ("C-16", &["6281, a part of the data may be corrupted"][..]),
        ("C-16c", &["6300, a warning without a reason"]),
        ("C-21", &["6F00, an error without a reason", "6400, an error of execution", "6581, a failure of the memory"]),
    ] {
        let card = format!("sim:specimen-t0+fault={fault}");
        let done = desk.idcard(&["--card", &card, "cert", "export", "--slot", "sign", "-o", "sign.der"]);
        done.text(12);
        assert!(meanings.iter().any(|meaning| done.stderr.contains(meaning)), "{}", done.stderr);
        let offset = if fault == "C-21" { "byte 256" } else { "byte 0" };
        assert!(done.stderr.contains("3F00/5100/5040") && done.stderr.contains(offset), "{}", done.stderr);
        assert!(!done.stderr.contains("denied") && !desk.path("sign.der").exists(), "{}", done.stderr);
    }
    let done = desk.idcard(&["--card", "sim:specimen+fault=C-82d", "pin", "status"]);
    assert!(
        done.text(12).contains("6A88, no such reference") && !done.text(12).contains("denied"),
        "{}",
        done.text(12)
    );
}

/// `reliability.md` C-60. The padding inside is not what was signed; padding before the object is no part of it.
#[test]
fn padding_before_the_identity_does_not_hide_it() {
    let whole = read("specimen", Some("1234"), &[]).document(0);
    for fault in ["C-60", "C-60b"] {
        let desk = Desk::new();
        let card = format!("sim:specimen+fault={fault}");
        let words = ["--card", &card, "read", "--json", "--pin-file", "id-pin", "--raw", "raw", "--ca", "root.pem"];
        let document = desk.idcard(&words).document(18);
        assert_eq!(document["identity"], whole["identity"], "{fault}");
        assert_eq!(document["security_object"]["groups"]["1"], "mismatch", "{fault}");
        assert_eq!(desk.bytes("raw/identity.bin").first(), Some(&0x70), "{fault}");
    }
}

/// The last line vouches for nothing that was not read and compared.
#[test]
fn what_was_not_compared_is_not_called_authentic() {
    let desk = Desk::new();
    let card = ["--card", "sim:specimen", "--lang", "en", "read", "--ca", "root.pem"];
    let last = |words: &[&str], status| {
        let done = desk.idcard(&[&card[..], words].concat());
        let text = done.text(status);
        text.lines().find(|line| line.starts_with("Authenticity")).unwrap().to_owned()
    };
    let whole = last(&["--pin-file", "id-pin"], 0);
    assert!(whole.contains("authentic: as the issuer signed them") && !whole.contains("not read"), "{whole}");
    let part = last(&[], 13);
    let unread = "(not read, so not compared: Identity, Photo, Birth certificate, Postal data)";
    assert!(part.ends_with(unread), "{part}");
}

/// A card that does not show its security object shows by nothing that it takes a PIN in clear (`specimen.md` 2.1).
#[test]
fn a_card_without_a_security_object_is_read_without_a_pin() {
    let desk = Desk::new();
    let image = "name = \"lacking\"\ntitle = \"a specimen without a security object\"\nbase = \"specimen\"\n\
                 absent = [\"mpcos:3F00/0200/0205\"]\n";
    desk.write("lacking.toml", image.as_bytes());
    let card = format!("sim:{}", desk.arg("lacking.toml"));
    let document = desk.idcard(&["--card", &card, "read", "--json", "--pin-file", "id-pin"]).document(12);
    let detail = document["identity"]["detail"].as_str().unwrap();
    assert!(detail.contains("PIN was not sent") && detail.contains("in clear"), "{detail}");
    assert_eq!(
        (&document["dates"]["status"], &document["security_object"]["status"]),
        (&json!("read"), &json!("absent"))
    );
    let seen = Terminal::run(&format!("--card {card} read")).ends_with(13);
    assert!(seen.contains("was not sent") && !seen.contains("tries left"), "{seen}");
}
