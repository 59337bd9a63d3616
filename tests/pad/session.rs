//! A session whose reader has a pin pad: the same care as with a PIN that the host has.

use idcard_core::family::{Hash, ItemName, KeyName, Scheme};
use idcard_core::pin::Pad;
use idcard_core::secure::LongTermKeys;
use idcard_core::signing_key::SignatureAlgorithm;
use idcard_core::{Card, Error, LastTry, PinKind};
use idcard_sim::{Handle, Holder};

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm { scheme: Scheme::Pkcs1, hash: Hash::Sha256 };

fn open(image: &str, holder: Holder) -> (Card, Handle) {
    let reader = idcard_sim::open(image).unwrap();
    let handle = reader.handle();
    handle.set_pad(Some(holder));
    handle.keep_log();
    (Card::open(reader).unwrap(), handle)
}

/// The VERIFY commands with a body that reached the card.
fn presented(handle: &Handle) -> Vec<Vec<u8>> {
    let commands = handle.log().into_iter().map(|entry| entry.command);
    commands.filter(|command| command[1] == 0x20 && command.len() > 5).collect()
}

fn tries(handle: &Handle, name: &str) -> u8 {
    handle.pin(name).unwrap().tries_left
}

#[test]
fn one_entry_opens_the_files_and_goes_to_their_object_alone() {
    for image in ["specimen", "specimen-t0"] {
        let (mut card, handle) = open(image, Holder::Knows);
        let mut session = card.session().unwrap();
        assert!(session.has_pad());
        session.present_for(ItemName::Identity, Pad::default(), LastTry::Refuse).unwrap();
        session.present_for(ItemName::Photo, Pad::default(), LastTry::Refuse).unwrap();
        assert!(session.identity().is_ok() && session.photo().is_ok());
        drop(session);
        // `specimen.md` 5: ASCII, padded with 00 to eight bytes.
        assert_eq!(presented(&handle), [b"\x00\x20\x00\x00\x081234\0\0\0\0"], "{image}");
        assert!(!handle.pin("id-0200").unwrap().verified, "a card that had a PIN is reset");
    }
}

#[test]
fn a_pin_of_sixteen_bytes_is_typed_for_each_signature() {
    for (name, object, pin) in [(KeyName::Sign, 0x82, &b"123456"[..]), (KeyName::Auth, 0x81, b"1234")] {
        let (mut card, handle) = open("specimen", Holder::Knows);
        let mut session = card.session().unwrap();
        let mut key = session.signing_key(name, Pad::default(), LastTry::Refuse).unwrap();
        assert_eq!(key.sign_digest(ALGORITHM, &[7; 32], 256).unwrap().len(), 256);
        let entries = if key.needs_pin() {
            key.unlock(Pad::default(), LastTry::Refuse).unwrap();
            key.sign_digest(ALGORITHM, &[8; 32], 256).unwrap();
            2
        } else {
            1
        };
        assert_eq!(entries == 2, name == KeyName::Sign, "`specimen.md` 5: SIGN is verified for every signature");
        let mut command = vec![0x00, 0x20, 0x00, object, 0x10];
        command.extend(pin);
        command.resize(5 + 16, 0);
        assert_eq!(presented(&handle), vec![command; entries]);
    }
}

#[test]
fn what_does_not_come_from_the_holder_costs_no_try() {
    for (holder, expected) in [
        (Holder::Cancels, Error::PadCancelled { kind: PinKind::Id }),
        (Holder::Waits, Error::PadTimedOut { kind: PinKind::Id }),
        (Holder::Types(b"123".to_vec()), Error::PinLength { kind: PinKind::Id, minimum: 4, maximum: 8 }),
        (Holder::Types(b"123456789".to_vec()), Error::PinLength { kind: PinKind::Id, minimum: 4, maximum: 8 }),
    ] {
        let (mut card, handle) = open("specimen", holder);
        let mut session = card.session().unwrap();
        let refused = session.present_for(ItemName::Identity, Pad::default(), LastTry::Refuse);
        assert_eq!(refused, Err(expected));
        // What is free stays so.
        assert!(session.dates().is_ok() && matches!(session.identity(), Err(Error::PinRequired { .. })));
        assert_eq!((presented(&handle).len(), tries(&handle, "id-0200")), (0, 3));
    }
}

#[test]
fn a_wrong_pin_is_presented_once() {
    let (mut card, handle) = open("specimen", Holder::Errs);
    let mut session = card.session().unwrap();
    let refused = session.present_for(ItemName::Identity, Pad::default(), LastTry::Refuse);
    assert_eq!(refused, Err(Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) }));
    assert_eq!((presented(&handle).len(), tries(&handle, "id-0200"), tries(&handle, "id-0500")), (1, 2, 3));
}

#[test]
fn the_last_try_is_the_holders_to_give() {
    let (mut card, handle) = open("specimen", Holder::Errs);
    for left in [2, 1] {
        let mut session = card.session().unwrap();
        assert!(session.present_for(ItemName::Identity, Pad::default(), LastTry::Refuse).is_err());
        drop(session);
        assert_eq!(tries(&handle, "id-0200"), left);
    }
    let mut session = card.session().unwrap();
    let withheld = session.present_for(ItemName::Identity, Pad::default(), LastTry::Refuse);
    assert_eq!(withheld, Err(Error::PinNotTried { kind: PinKind::Id, tries_left: Some(1) }));
    assert_eq!(presented(&handle).len(), 2);
    handle.set_pad(Some(Holder::Knows));
    session.present_for(ItemName::Identity, Pad::default(), LastTry::Allow).unwrap();
    assert_eq!(tries(&handle, "id-0200"), 3);
}

#[test]
fn a_sealed_card_gets_nothing_from_a_pad() {
    let (mut card, handle) = open("specimen-sealed", Holder::Knows);
    let mut session = card.session().unwrap();
    let refused = session.present_for(ItemName::Identity, Pad::default(), LastTry::Allow);
    assert_eq!(refused, Err(Error::SecureChannelRequired(ItemName::Identity)));
    // `specimen.md` 2.1. A reader does not know the keys of the channel.
    let sn_ifd = [0xAA, 0xBB, 0xCC, 0xDD, 0x44, 0x66, 0x88, 0x77];
    let mut keys = LongTermKeys::new(b"@ABCDEFGHIJKLMNO", b"PQRSTUVWXYZ[\\]^_", sn_ifd, 0x01);
    session.open_channel(&mut keys).unwrap();
    assert!(!session.has_pad());
    assert!(session.present_for(ItemName::Identity, Pad::default(), LastTry::Allow).is_err());
    assert!(presented(&handle).is_empty());
}

#[test]
fn another_card_gets_nothing_from_a_pad() {
    let (mut card, handle) = open("specimen", Holder::Knows);
    card.session().unwrap().serial().unwrap();
    handle.act(idcard_sim::Action::Swap(Box::new(idcard_sim::Card::new(
        idcard_sim::Image::builtin("specimen-2").unwrap(),
    ))));
    let mut session = card.session().unwrap();
    let refused = session.present_for(ItemName::Identity, Pad::default(), LastTry::Allow);
    assert_eq!(refused, Err(Error::CardChanged));
    assert!(presented(&handle).is_empty());
}
