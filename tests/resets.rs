//! Another program resets the card, or the service is restarted: free reads go on, what a PIN opened is closed, and no PIN
//! goes out twice.

use crate::desk::Desk;
use crate::program::idcard;
use crate::read::pins::presentations;
use idcard_core::family::{Hash, ItemName, KeyName, Scheme};
use idcard_core::signing_key::SignatureAlgorithm;
use idcard_core::{Card, Error, LastTry, LinkError, Pin, PinKind};
use idcard_sim::{Action, Card as VirtualCard, Handle, Image};
use serde_json::Value;

fn open() -> (Card, Handle) {
    let reader = idcard_sim::open("specimen").unwrap();
    let handle = reader.handle();
    handle.keep_log();
    (Card::open(reader).unwrap(), handle)
}

fn presented(handle: &Handle) -> usize {
    handle.log().iter().filter(|entry| entry.command[1] == 0x20 && entry.command.len() > 5).count()
}

fn pin(digits: &str) -> Pin {
    Pin::new(digits).unwrap()
}

const NO_SERVICE: LinkError = LinkError::NoService { code: "SCARD_E_NO_SERVICE" };
const STALE: LinkError = LinkError::Lost { code: "SCARD_E_INVALID_HANDLE" };

/// The exchange before which the failure comes, from the beginning of a visit that presents a PIN for the identity.
#[test]
fn a_reset_before_the_pin_goes_out_is_no_reason_to_ask_again() {
    for failure in [LinkError::Reset, NO_SERVICE, STALE] {
        let (mut card, handle) = open();
        card.session().unwrap().serial().unwrap();
        let start = handle.exchanges();
        let presents = |card: &mut Card| {
            let mut session = card.session().unwrap();
            let result = session.present_for(ItemName::Identity, &pin("1234"), LastTry::Refuse);
            (result, session.has_lost_pin())
        };
        assert_eq!(presents(&mut card), (Ok(()), false));
        let whole = handle.exchanges() - start;
        for exchange in 0..whole - 1 {
            let (mut card, handle) = open();
            card.session().unwrap().serial().unwrap();
            handle.at(start + exchange, Action::Fail(failure.clone()));
            assert_eq!(presents(&mut card), (Ok(()), false), "{failure:?} at {exchange}");
            assert_eq!(presented(&handle), 1);
        }
        // The last one is the VERIFY itself.
        let (mut card, handle) = open();
        card.session().unwrap().serial().unwrap();
        handle.at(start + whole - 1, Action::Fail(failure.clone()));
        let (refused, lost) = presents(&mut card);
        match failure {
            LinkError::Reset => assert_eq!((refused, lost), (Err(Error::PinForgotten { kind: PinKind::Id }), true)),
            _ => assert!(matches!(refused, Err(Error::PinUncertain { .. })), "{refused:?}"),
        }
        assert_eq!(presented(&handle), 1);
    }
}

#[test]
fn a_reset_after_the_pin_closes_what_it_opened() {
    for failure in [LinkError::Reset, NO_SERVICE] {
        let (mut card, handle) = open();
        let mut session = card.session().unwrap();
        session.serial().unwrap();
        session.present_for(ItemName::Identity, &pin("1234"), LastTry::Refuse).unwrap();
        handle.at(handle.exchanges() + 1, Action::Fail(failure));
        assert!(matches!(session.photo(), Err(Error::PinRequired { item: ItemName::Photo, kind: PinKind::Id })));
        assert!(session.has_lost_pin() && session.dates().is_ok(), "free items go on");
        assert_eq!(presented(&handle), 1);
        // Whoever asks the holder again may present it again.
        session.present_for(ItemName::Identity, &pin("1234"), LastTry::Refuse).unwrap();
        assert!(session.photo().is_ok());
    }
}

#[test]
fn a_key_whose_pin_was_forgotten_signs_nothing() {
    let algorithm = SignatureAlgorithm { scheme: Scheme::Pkcs1, hash: Hash::Sha256 };
    for after in 0..3 {
        let (mut card, handle) = open();
        let mut session = card.session().unwrap();
        let mut key = session.signing_key(KeyName::Sign, &pin("123456"), LastTry::Refuse).unwrap();
        handle.at(handle.exchanges() + after, Action::Reset);
        let refused = key.sign_digest(algorithm, &[7; 32], 256);
        assert_eq!(refused, Err(Error::PinForgotten { kind: PinKind::Sign }), "after {after}");
        assert!(key.needs_pin());
        key.unlock(&pin("123456"), LastTry::Refuse).unwrap();
        assert!(key.sign_digest(algorithm, &[7; 32], 256).is_ok());
    }
    // A service that goes away in the middle of a signature ends it.
    let (mut card, handle) = open();
    let mut session = card.session().unwrap();
    let mut key = session.signing_key(KeyName::Sign, &pin("123456"), LastTry::Refuse).unwrap();
    handle.at(handle.exchanges(), Action::Fail(NO_SERVICE));
    let refused = key.sign_digest(algorithm, &[7; 32], 256);
    assert!(matches!(refused, Err(Error::Reader { source: LinkError::NoService { .. }, .. })), "{refused:?}");
}

#[test]
fn a_service_is_restarted_once_and_the_card_must_be_the_same() {
    let (mut card, handle) = open();
    let mut session = card.session().unwrap();
    session.serial().unwrap();
    handle.at(handle.exchanges() + 2, Action::Fail(NO_SERVICE));
    let whole = session.certificate(idcard_core::session::Slot::Sign).unwrap();
    assert!(Image::builtin("specimen").unwrap().file("classic", "3F00/5100/5040").unwrap().content.starts_with(&whole));
    handle.at(handle.exchanges() + 2, Action::Fail(NO_SERVICE));
    assert!(matches!(session.dates(), Err(Error::Reader { source: LinkError::NoService { .. }, .. })));

    let (mut card, handle) = open();
    let mut session = card.session().unwrap();
    session.serial().unwrap();
    let at = handle.exchanges() + 2;
    handle.at(at, Action::Fail(NO_SERVICE));
    handle.at(at + 1, Action::Swap(Box::new(VirtualCard::new(Image::builtin("specimen-2").unwrap()))));
    assert_eq!(session.dates().map(|_| ()), Err(Error::CardChanged));
}

/// Three resets are borne where each of them leaves time to find the place again; a card that is reset again and again is left.
#[test]
fn a_storm_of_resets_ends() {
    for (apart, borne) in [(6, 3), (1, 0)] {
        let (mut card, handle) = open();
        let mut session = card.session().unwrap();
        session.serial().unwrap();
        let start = handle.exchanges() + 2;
        (0..50).for_each(|time| handle.at(start + apart * time, Action::Reset));
        let failed = session.certificate(idcard_core::session::Slot::Sign).unwrap_err();
        match failed {
            Error::Limit { bound, .. } => assert_eq!((bound, borne), ("three resets by other programs", 3)),
            Error::Reader { source: LinkError::Reset, .. } => assert_eq!(borne, 0),
            other => panic!("{other}"),
        }
        assert!(handle.exchanges() <= start + 1 + apart * 3, "{}", handle.exchanges());
    }
    let storm = idcard(["--card", "sim:specimen+fault=reset", "read", "--json", "--stats"]).run();
    assert_eq!(storm.status, 12, "{}", storm.stderr);
}

/// Not on a terminal: the document tells which sections the lost PIN would have opened.
#[test]
fn reading_goes_on_without_the_pin_that_was_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("trace.apdu").to_str().unwrap().to_owned();
    let run = |fault: &str| {
        let card = format!("sim:specimen{fault}");
        let words = ["--card", &card, "read", "--json", "--pin-fd", "0", "--record", &record];
        idcard(words).with_stdin("1234\n").run()
    };
    let whole = run("").document(0);
    let text = std::fs::read_to_string(&record).unwrap();
    let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("> ")).collect();
    let verify = commands.iter().position(|line| line.starts_with("> 00 20 00 00 08")).unwrap();
    let mut lost = 0;
    for exchange in verify..commands.len() {
        let done = run(&format!("+fault=reset@{exchange}"));
        assert_eq!(presentations(folder.path().join("trace.apdu").as_path()), 1, "{exchange}");
        let document = done.document(done.status);
        let warned = document["warnings"].as_array().unwrap().contains(&Value::from("pin_forgotten"));
        assert_eq!(done.status == 13, warned, "{exchange}: {document:#}");
        let closed = ["identity", "birth_certificate", "postal", "photo"].map(|section| &document[section]["status"]);
        assert_eq!(done.status == 13, closed.contains(&&Value::from("pin_required")), "{exchange}");
        assert_eq!(document["certificates"], whole["certificates"]);
        lost += usize::from(warned);
    }
    assert!(lost >= 3, "{lost}");
}

#[test]
fn a_given_pin_is_not_sent_twice_for_a_signature() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract", "--record", "trace.apdu", "-o", "first.p7s"]).text(0);
    let text = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
    let last = text.lines().filter(|line| line.starts_with("> ")).count() - 1;
    for exchange in [last - 3, last - 2, last - 1, last] {
        let card = format!("sim:specimen+fault=reset@{exchange}");
        let error = desk.sign(&card, &["contract", "--json", "--record", "trace.apdu"]).error(11);
        assert_eq!(error["kind"], "pin_not_tried");
        assert!(error["message"].as_str().unwrap().contains("another program reset the card"), "{error}");
        assert_eq!(presentations(&desk.path("trace.apdu")), 1, "{exchange}");
        assert!(!desk.path("contract.p7s").exists());
    }
}

#[test]
fn a_pad_is_asked_again_for_the_pin_that_was_forgotten() {
    let desk = Desk::new();
    let challenge = ["--origin", "https://example.ir", "--challenge", &"n".repeat(44)];
    let run = |fault: &str| {
        let card = format!("sim:specimen+pad{fault}");
        desk.idcard(&[&["--card", &card, "--record", "trace.apdu", "auth", "respond"][..], &challenge].concat())
    };
    run("").text(0);
    let text = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
    let last = text.lines().filter(|line| line.starts_with("> ")).count() - 1;
    let done = run(&format!("+fault=reset@{last}"));
    assert!(done.text(0).contains("web-eid:1.0"));
    assert_eq!(presentations(&desk.path("trace.apdu")), 2);
    assert_eq!(done.stderr.matches("type it on the pin pad").count(), 2, "{}", done.stderr);
}
