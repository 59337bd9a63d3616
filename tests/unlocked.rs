//! A key that stays unlocked between two sessions of a program, and what ends that.

use idcard_core::family::{Hash, KeyName, Scheme};
use idcard_core::signing_key::SignatureAlgorithm;
use idcard_core::{Card, Error, LastTry, Pin};
use idcard_sim::{Action, Handle, Image, SimTransport};

const SHA256: SignatureAlgorithm = SignatureAlgorithm { scheme: Scheme::Pkcs1, hash: Hash::Sha256 };

/// The specimen, its authentication key left unlocked by a first session.
fn unlocked() -> (Card, Handle) {
    let transport = SimTransport::new(idcard_sim::Card::new(Image::builtin("specimen").unwrap()));
    let handle = transport.handle();
    handle.keep_log();
    let mut card = Card::open(transport).unwrap();
    let mut session = card.session().unwrap();
    session.signing_key(KeyName::Auth, &Pin::new("1234").unwrap(), LastTry::Refuse).unwrap();
    session.end_unlocked().unwrap();
    assert!(is_unlocked(&handle));
    (card, handle)
}

fn is_unlocked(handle: &Handle) -> bool {
    handle.pin("id-81").unwrap().verified
}

#[test]
fn the_next_session_signs_after_one_empty_verify() {
    let (mut card, handle) = unlocked();
    for _ in 0..2 {
        let before = handle.log().len();
        let mut session = card.session().unwrap();
        let signature = session.unlocked_key(KeyName::Auth).unwrap().sign_digest(SHA256, &[7; 32], 256).unwrap();
        assert_eq!(signature.len(), 256);
        session.end_unlocked().unwrap();
        let log = handle.log();
        let sent: Vec<_> = log[before..].iter().map(|entry| entry.command[..4].to_vec()).collect();
        // specimen.md 5: the empty VERIFY, MANAGE SECURITY ENVIRONMENT, INTERNAL AUTHENTICATE.
        assert_eq!(sent, [[0x00, 0x20, 0x00, 0x81], [0x00, 0x22, 0x41, 0xA4], [0x00, 0x88, 0x00, 0x00]]);
    }
}

#[test]
fn a_session_that_ends_as_usual_locks_the_card() {
    for end in 0..3 {
        let (mut card, handle) = unlocked();
        let mut session = card.session().unwrap();
        match end {
            0 => session.end_locked().unwrap(),
            1 => {
                session.unlocked_key(KeyName::Auth).unwrap();
                session.end().unwrap();
            }
            _ => {
                session.unlocked_key(KeyName::Auth).unwrap();
                drop(session);
            }
        }
        assert!(!is_unlocked(&handle), "end {end}");
    }
}

#[test]
fn what_others_have_ended_is_not_taken_up() {
    let others: [fn(&Handle); 2] = [
        |handle| handle.act(Action::Reset),
        |handle| {
            // SELECT of the card manager, as another program does it.
            let select = [&[0x00, 0xA4, 0x04, 0x0C, 0x08][..], &[0xA0, 0, 0, 0, 0x18, 0x43, 0x4D, 0x00]].concat();
            assert_eq!(handle.exchange(&select).unwrap(), [0x90, 0x00]);
        },
    ];
    for other in others {
        let (mut card, handle) = unlocked();
        other(&handle);
        let before = handle.log().len();
        let mut session = card.session().unwrap();
        assert!(matches!(session.unlocked_key(KeyName::Auth), Err(Error::PinRequired { .. })));
        drop(session);
        let log = handle.log();
        assert!(log[before..].iter().all(|entry| entry.command == [0x00, 0x20, 0x00, 0x81]));
    }
}

#[test]
fn bytes_of_the_callers_own_are_signed_within_the_bounds_of_the_key() {
    let (mut card, handle) = unlocked();
    let mut session = card.session().unwrap();
    let mut key = session.unlocked_key(KeyName::Auth).unwrap();
    // RFC 8017, 8.2: the padding takes eleven bytes.
    for length in [1, 19, 245] {
        assert_eq!(key.sign_bytes(Scheme::Pkcs1, &vec![7; length], 256).unwrap().len(), 256);
    }
    let before = handle.exchanges();
    for length in [0, 246, 1_000] {
        assert!(matches!(key.sign_bytes(Scheme::Pkcs1, &vec![7; length], 256), Err(Error::NoSuchKey { .. })));
    }
    assert!(matches!(key.sign_bytes(Scheme::Pss, &[7; 32], 256), Err(Error::NoSuchKey { .. })));
    assert_eq!(handle.exchanges(), before);
}
