//! The sealed specimen, as `specimen.md` 2.1 tells it: everything through the channel with the keys, nothing without.

mod attacks;
pub(crate) mod counts;
mod signing;

use idcard_core::family::ItemName;
use idcard_core::secure::{CardChallenge, KeyError, LongTermKeys, SessionKeys, TerminalKeys};
use idcard_core::session::Slot;
use idcard_core::{Card, Error, LastTry, LinkError, Pin};
use idcard_sim::SimTransport;

/// The keys of `specimen.md` 2.1, as a file of `--terminal-keys` has them.
pub(crate) const KEYS: &str = r#"{"kenc":"404142434445464748494A4B4C4D4E4F","kmac":"505152535455565758595A5B5C5D5E5F","sn_ifd":"AABBCCDD44668877","key_ref":1}"#;

/// The keys of `specimen.md` 2.1.
pub(crate) fn keys() -> LongTermKeys {
    LongTermKeys::new(b"@ABCDEFGHIJKLMNO", b"PQRSTUVWXYZ[\\]^_", [0xAA, 0xBB, 0xCC, 0xDD, 0x44, 0x66, 0x88, 0x77], 0x01)
}

fn open(image: &str) -> (Card, idcard_sim::Handle) {
    let card: SimTransport = idcard_sim::open(image).unwrap();
    let handle = card.handle();
    handle.keep_log();
    (Card::open(card).unwrap(), handle)
}

#[test]
fn with_the_keys_everything_is_read() {
    let (mut card, _) = open("specimen-sealed");
    let mut session = card.session().unwrap();
    session.open_channel(&mut keys()).unwrap();
    assert!(session.security_object().is_ok());
    session.present_for(ItemName::Identity, &Pin::new("1234").unwrap(), LastTry::Refuse).unwrap();
    let identity = session.identity().unwrap();
    assert_eq!(identity.national_number.valid().map(ToString::to_string).as_deref(), Some("0001234560"));
    let postal = session.postal().unwrap();
    assert_eq!(postal.code.valid().map(ToString::to_string).as_deref(), Some("1354612345"));
    assert_eq!((session.photo().unwrap().width(), session.photo().unwrap().height()), (Some(240), Some(320)));
    assert!(session.dates().is_ok() && session.fingerprints().is_ok());
    for slot in Slot::ALL {
        assert!(session.certificate(slot).unwrap().len() > 400);
    }
}

#[test]
fn every_protected_read_asks_for_as_much_as_fits() {
    let (mut card, handle) = open("specimen-sealed");
    let mut session = card.session().unwrap();
    session.open_channel(&mut keys()).unwrap();
    session.present_for(ItemName::Photo, &Pin::new("1234").unwrap(), LastTry::Refuse).unwrap();
    let before = handle.exchanges();
    let length = session.fetch(ItemName::Photo).unwrap().bytes.len();
    // Its EF is selected, then read 228 bytes at a time (word mode).
    assert_eq!(handle.exchanges() - before, 1 + length.div_ceil(228));
}

#[test]
fn without_the_keys_no_pin_goes_out() {
    let (mut card, handle) = open("specimen-sealed");
    let mut session = card.session().unwrap();
    let refused = session.present_for(ItemName::Identity, &Pin::new("1234").unwrap(), LastTry::Allow);
    assert!(matches!(refused, Err(Error::SecureChannelRequired(_))), "{refused:?}");
    drop(session);
    assert!(handle.log().iter().all(|entry| entry.command.get(1) != Some(&0x20)));
}

#[test]
fn wrong_keys_end_at_once() {
    let (mut card, handle) = open("specimen-sealed");
    let mut session = card.session().unwrap();
    let mut wrong = LongTermKeys::new(&[1; 16], &[2; 16], [3; 8], 0x01);
    assert!(session.open_channel(&mut wrong).is_err());
    drop(session);
    assert_eq!(handle.log().last().unwrap().command.get(1), Some(&0x82), "nothing after MUTUAL AUTHENTICATE");
}

/// Keys that are right, but check the card's proof after one of its bits was turned.
struct Damaged(LongTermKeys, usize);

impl TerminalKeys for Damaged {
    fn reference(&self) -> u8 {
        self.0.reference()
    }

    fn authenticate(&mut self, card: &CardChallenge) -> Result<[u8; 72], KeyError> {
        self.0.authenticate(card)
    }

    fn session_keys(&mut self, answer: &[u8; 72]) -> Result<SessionKeys, KeyError> {
        let mut answer = *answer;
        answer[self.1 / 8] ^= 1 << (self.1 % 8);
        self.0.session_keys(&answer)
    }
}

#[test]
fn a_card_that_does_not_prove_itself_is_refused() {
    for bit in 0..72 * 8 {
        let (mut card, _) = open("specimen-sealed");
        let mut session = card.session().unwrap();
        let refused = session.open_channel(&mut Damaged(keys(), bit));
        assert!(matches!(refused, Err(Error::TerminalKeys(KeyError::CardNotProved(_)))), "bit {bit}: {refused:?}");
    }
}

#[test]
fn a_real_familys_files_come_raw_and_their_meaning_stays_unknown() {
    let (mut card, _) = open("mav4");
    let mut session = card.session().unwrap();
    session.open_channel(&mut keys()).unwrap();
    assert!(matches!(session.identity(), Err(Error::LayoutUnknown(ItemName::Identity))));
    // The image holds nothing that means anything: its file comes through the channel, and is empty.
    let raw = session.fetch(ItemName::SecurityObject).map(|file| file.bytes.len());
    assert!(matches!(raw, Err(Error::Empty(ItemName::SecurityObject))), "{raw:?}");
}

#[test]
fn a_reset_by_others_ends_the_channel() {
    let (mut card, handle) = open("specimen-sealed");
    let mut session = card.session().unwrap();
    session.open_channel(&mut keys()).unwrap();
    handle.act(idcard_sim::Action::Reset);
    let failed = session.fetch(ItemName::SecurityObject).map(|_| ());
    assert!(matches!(failed, Err(Error::Reader { source: LinkError::Reset, .. })), "{failed:?}");
}
