//! `idcard auth` from the outside: the token of each card, checked by the program and by OpenSSL, and what is refused.

use crate::desk::{CARDS, Desk, ID_PIN};
use crate::program::Done;
use crate::read::pins::presentations;
use serde_json::Value;

const ORIGIN: &str = "https://example.ir";
/// 44 characters, as 32 bytes have in base64.
const NONCE: &str = "dGhpcyBpcyBhIG5vbmNlIG9mIDMyIGJ5dGVzIC4uLi4=";

fn respond(desk: &Desk, card: &str, pin: &str, more: &[&str]) -> Done {
    let words = ["--card", card, "--record", "trace.apdu", "auth", "respond", "--pin-fd", "0"];
    let words = [&words[..], &["--origin", ORIGIN, "--challenge", NONCE], more].concat();
    desk.prepare(&words).with_stdin(&format!("{pin}\n")).run()
}

fn verify(desk: &Desk, token: &str, more: &[&str]) -> Done {
    let words = ["auth", "verify", "--origin", ORIGIN, "--challenge", NONCE, "--ca", "ca.pem", "--json"];
    desk.prepare(&[&words[..], more].concat()).with_stdin(token).run()
}

fn token(desk: &Desk, card: &str) -> String {
    respond(desk, card, ID_PIN, &[]).text(0).to_owned()
}

#[test]
fn the_token_is_bare_and_verifies() {
    let desk = Desk::new();
    for (card, _) in CARDS {
        let text = token(&desk, card);
        assert_eq!(presentations(&desk.path("trace.apdu")), 1, "{card}");
        let made: Value = serde_json::from_str(&text).unwrap();
        let fields: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = ["algorithm", "appVersion", "format", "signature", "unverifiedCertificate"];
        assert!(expected.iter().all(|field| fields.contains(field)) && fields.len() == 5, "{fields:?}");
        assert_eq!(made["format"], "web-eid:1.0");
        assert_eq!(made["algorithm"], if card.contains("p256") { "ES256" } else { "RS256" });
        let good = verify(&desk, &text, &["--ca", "root.pem"]).document(0);
        assert_eq!((&good["verdict"], &good["chain"]), (&"valid".into(), &"trusted".into()));
        assert!(good["subject"].as_str().unwrap().contains("0003141594 - AUT"), "{good}");
        // Nobody vouches for the root, or for the authority between.
        assert_eq!(verify(&desk, &text, &[]).document(15)["verdict"], "inconclusive");
    }
}

#[test]
fn openssl_finds_the_signature_over_both_hashes() {
    let desk = Desk::new();
    let made: Value = serde_json::from_str(&token(&desk, "sim:specimen")).unwrap();
    desk.write("certificate.b64", made["unverifiedCertificate"].as_str().unwrap().as_bytes());
    desk.write("signature.b64", made["signature"].as_str().unwrap().as_bytes());
    for name in ["certificate", "signature"] {
        let (input, output) = (format!("{name}.b64"), format!("{name}.der"));
        desk.openssl_agrees(&["base64", "-d", "-A", "-in", &input, "-out", &output]);
    }
    let mut signed = Vec::new();
    for part in [ORIGIN, NONCE] {
        desk.write("part", part.as_bytes());
        signed.extend(desk.openssl_agrees(&["dgst", "-sha256", "-binary", "part"]));
    }
    desk.write("signed", &signed);
    let key = desk.openssl_agrees(&["x509", "-inform", "DER", "-in", "certificate.der", "-noout", "-pubkey"]);
    desk.write("key.pem", &key);
    desk.openssl_agrees(&["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature.der", "signed"]);
}

#[test]
fn a_token_answers_one_challenge_of_one_site() {
    let desk = Desk::new();
    let text = token(&desk, "sim:specimen-p256");
    let other = format!("X{}", &NONCE[1..]);
    for (origin, nonce) in [("https://example.com", NONCE), (ORIGIN, other.as_str())] {
        let words = ["auth", "verify", "--origin", origin, "--challenge", nonce, "--ca", "root.pem", "--ca", "ca.pem"];
        let done = desk.prepare(&[&words[..], &["--json"]].concat()).with_stdin(&text).run().document(14);
        assert_eq!(done["verdict"], "invalid");
        assert!(!done["reasons"].as_array().unwrap().is_empty());
    }
    let late =
        ["--ca", "root.pem", "--issued", "2026-01-01T00:00:00Z", "--max-age", "60", "--at", "2026-01-01T00:01:01Z"];
    verify(&desk, &text, &late).document(14);
    let just =
        ["--ca", "root.pem", "--issued", "2026-01-01T00:00:00Z", "--max-age", "60", "--at", "2026-01-01T00:01:00Z"];
    verify(&desk, &text, &just).document(0);
}

/// Whether the card is sealed is asked once, in the first of two visits; the second knows the card by its number.
#[test]
fn the_security_object_is_read_once() {
    let desk = Desk::new();
    for (card, extended) in [("specimen", true), ("specimen-t0", false)] {
        token(&desk, &format!("sim:{card}"));
        let trace = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
        let commands: Vec<&str> = trace.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        // SELECT of EF 0205, then its first object whole.
        let selected = commands.iter().enumerate().filter(|(_, command)| command.starts_with("00 A4 02 0C 02 02 05"));
        let selected: Vec<usize> = selected.map(|(at, _)| at).collect();
        assert_eq!(selected.len(), 1, "{card}: {trace}");
        let image = idcard_sim::Image::builtin(card).unwrap();
        let content = &image.file("mpcos", "3F00/0200/0205").unwrap().content;
        assert_eq!(content[1], 0x82);
        let length = 4 + usize::from(u16::from_be_bytes([content[2], content[3]]));
        let reads = commands[selected[0] + 1..].iter().take_while(|command| command.starts_with("00 B0"));
        assert_eq!(reads.count(), if extended { 1 } else { length.div_ceil(256) }, "{card}: {trace}");
    }
}

#[test]
fn what_is_no_challenge_or_no_token_is_refused() {
    let desk = Desk::new();
    for (origin, nonce) in [(ORIGIN, &NONCE[1..]), ("http://example.ir", NONCE), ("https://example.ir/", NONCE)] {
        let words = ["--card", "sim:specimen", "auth", "respond", "--pin-file", "id-pin", "--json"];
        desk.idcard(&[&words[..], &["--origin", origin, "--challenge", nonce]].concat()).error(2);
    }
    for (text, why) in [
        ("", "line 1"),
        ("{}", "the field unverifiedCertificate is missing"),
        ("[]", "no JSON object"),
        ("not a token", "line 1"),
        (r#"{"unverifiedCertificate":"","format":"web-eid:1.0"}"#, "the field algorithm is missing"),
        (r#"{"unverifiedCertificate":1234567}"#, "the field unverifiedCertificate is no text"),
    ] {
        let error = verify(&desk, text, &[]).error(16);
        assert_eq!(error["kind"], "bad_file", "{text}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(why) && !message.contains("1234567"), "{text}: {message}");
    }
}

#[test]
fn the_verdict_is_told_in_words() {
    let desk = Desk::new();
    let text = token(&desk, "sim:specimen-p256");
    let say = |lang: &str, nonce: &str, more: &[&str], status| {
        let words = ["auth", "verify", "--origin", ORIGIN, "--challenge", nonce, "--ca", "ca.pem", "--lang", lang];
        let done = desk.prepare(&[&words[..], more].concat()).with_stdin(&text).run();
        done.text(status).lines().next().unwrap().to_owned()
    };
    let (root, other) = (&["--ca", "root.pem"][..], format!("X{}", &NONCE[1..]));
    for (lang, good, open, bad) in [
        ("en", "AUTHENTICATION SUCCESSFUL", "NOT PROVED", "AUTHENTICATION FAILED"),
        ("fa", "احراز هویت موفق بود", "نتیجه قطعی نیست", "احراز هویت ناموفق بود"),
    ] {
        assert!(say(lang, NONCE, root, 0).starts_with(good));
        assert!(say(lang, NONCE, &[], 15).starts_with(open));
        assert!(say(lang, &other, root, 14).starts_with(bad));
    }
}

#[test]
fn the_identity_pin_is_spent_as_sparingly() {
    let desk = Desk::new();
    let error = respond(&desk, "sim:specimen", "4321", &["--json"]).error(8);
    assert_eq!((&error["tries_left"], &error["sw"]), (&2.into(), &"63C2".into()));
    assert_eq!(presentations(&desk.path("trace.apdu")), 1);
    for pin in ["123", "123456789", ""] {
        respond(&desk, "sim:specimen", pin, &["--json"]).error(2);
    }
    let words = ["--card", "sim:specimen", "auth", "respond", "--origin", ORIGIN, "--challenge", NONCE, "--json"];
    desk.idcard(&words).error(11);
    assert_eq!(respond(&desk, "sim:specimen+fault=C-70", ID_PIN, &["--json"]).status, 18);
}
