//! Keys that compute only inside the secure channel: a signature longer than one protected answer comes whole.

use super::keys;
use crate::desk::Desk;
use crate::read::pins::presentations;
use idcard_core::family::{Hash, KeyName, Roster, Scheme};
use idcard_core::signing_key::SignatureAlgorithm;
use idcard_core::{Card, Error, LastTry, Pin};
use idcard_sim::Image;
use std::path::Path;

/// The page of the specimen, whose keys compute only inside the channel.
fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idcard-core/cards/specimen.toml");
    let page = std::fs::read_to_string(path).unwrap();
    page.replace("[[key]]\n", "[[key]]\nsecure = true\n")
}

/// The sealed specimen, on another protocol or with other keys.
fn card(base: &str) -> (Card, idcard_sim::Handle) {
    let mut image = Image::builtin(base).unwrap();
    image.channel = Image::builtin("specimen-sealed").unwrap().channel;
    let transport = idcard_sim::SimTransport::new(idcard_sim::Card::new(image));
    let handle = transport.handle();
    handle.keep_log();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.toml"), page()).unwrap();
    let mut roster = Roster::built_in().unwrap();
    roster.add(&folder.path().join("page.toml")).unwrap();
    (Card::with_roster(Box::new(transport), roster), handle)
}

#[test]
fn a_signature_comes_whole_through_the_channel() {
    for (base, scheme, length) in [
        ("specimen", Scheme::Pkcs1, 256),
        ("specimen", Scheme::Pss, 256),
        ("specimen-t0", Scheme::Pkcs1, 256),
        ("specimen-p256", Scheme::Ecdsa, 64),
    ] {
        for (name, pin) in [(KeyName::Sign, "123456"), (KeyName::Auth, "1234")] {
            let (mut card, handle) = card(base);
            let mut session = card.session().unwrap();
            session.open_channel(&mut keys()).unwrap();
            let pin = Pin::new(pin).unwrap();
            let mut key = session.signing_key(name, &pin, LastTry::Refuse).unwrap();
            let wanted = SignatureAlgorithm { scheme, hash: Hash::Sha256 };
            let signature = key.sign_digest(wanted, &[7; 32], length).unwrap();
            assert_eq!(signature.len(), length, "{base} {name}");
            drop(session);
            let log = handle.log();
            let from = log.iter().position(|entry| entry.command[1] == 0x82).unwrap() + 1;
            // Only GET RESPONSE, which fetches the rest of a protected answer, goes unprotected.
            let bare = log[from..].iter().filter(|entry| entry.command[0] & 0x0C == 0);
            assert!(bare.clone().all(|entry| entry.command[1] == 0xC0), "{base} {name}");
            assert_eq!(bare.count() > 0, length > 231 || base == "specimen-t0", "{base} {name}");
        }
    }
}

#[test]
fn without_the_channel_no_pin_is_sent() {
    let (mut card, handle) = card("specimen");
    let mut session = card.session().unwrap();
    let refused = session.signing_key(KeyName::Sign, &Pin::new("123456").unwrap(), LastTry::Allow).map(drop);
    assert!(matches!(refused, Err(Error::SecureChannelRequired(_))), "{refused:?}");
    drop(session);
    assert!(handle.log().iter().all(|entry| entry.command[1] != 0x20));
}

/// What is read in parts keeps to the room of a protected answer (`specimen.md` 2.1); only what a key computes does not.
#[test]
fn the_program_signs_inside_the_channel() {
    let desk = Desk::new();
    desk.write("page.toml", page().as_bytes());
    desk.secret("keys", super::KEYS);
    let words =
        ["--card", "sim:specimen-sealed", "--page", "page.toml", "sign", "contract", "--pin-file", "pin", "--json"];
    let refused = desk.idcard(&words).error(13);
    assert_eq!(refused["kind"], "not_available");
    desk.idcard(&[&words[..], &["--terminal-keys", "keys"]].concat()).document(0);
    desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(0);
    let respond = [
        "--card",
        "sim:specimen-sealed",
        "--page",
        "page.toml",
        "--terminal-keys",
        "keys",
        "auth",
        "respond",
        "--origin",
        "https://example.org",
        "--challenge",
        "dGhpcyBpcyBhIG5vbmNlIG9mIGZvcnR5LWZvdXIgY2hh",
        "--pin-file",
        "id-pin",
    ];
    desk.idcard(&respond).text(0);
}

/// The signing key of the specimen computes in clear, by its own PIN; the identity PIN never goes to a sealed card so.
#[test]
fn no_identity_pin_goes_to_a_sealed_card_in_clear() {
    let desk = Desk::new();
    desk.secret("keys", super::KEYS);
    let challenge = ["--origin", "https://example.org", "--challenge", &"n".repeat(44)];
    let words = ["--card", "sim:specimen-sealed", "--record", "trace.apdu", "auth", "respond", "--pin-file", "id-pin"];
    let words = [&words[..], &challenge].concat();
    let refused = desk.idcard(&words);
    refused.text(13);
    assert!(refused.stderr.contains("secure channel"), "{}", refused.stderr);
    assert_eq!(presentations(&desk.path("trace.apdu")), 0);
    assert!(desk.idcard(&[&words[..], &["--terminal-keys", "keys"]].concat()).text(0).contains("web-eid:1.0"));
    let trace = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
    assert!(!trace.contains("> 00 20 00 81 10 "), "only inside the channel");

    let (mut card, handle) = {
        let reader = idcard_sim::open("specimen-sealed").unwrap();
        let handle = reader.handle();
        handle.keep_log();
        (Card::open(reader).unwrap(), handle)
    };
    let mut session = card.session().unwrap();
    let refused = session.signing_key(KeyName::Auth, &Pin::new("1234").unwrap(), LastTry::Allow).map(drop);
    assert!(matches!(refused, Err(Error::PinNeedsChannel { .. })), "{refused:?}");
    drop(session);
    assert!(handle.log().iter().all(|entry| entry.command[1] != 0x20));
}
