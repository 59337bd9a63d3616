//! The sealed specimen, as `specimen.md` 2.1 tells it: everything through the channel with the keys, nothing without.

mod attacks;
pub(crate) mod counts;
mod signing;

use idcard_core::family::{ItemName, KeyName};
use idcard_core::secure::{CardChallenge, KeyError, LongTermKeys, SessionKeys, TerminalKeys};
use idcard_core::session::Slot;
use idcard_core::{Card, Error, LastTry, LinkError, Pin, PinKind};
use idcard_sim::{Action, SimTransport};

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

/// Only a security object that comes in clear shows a card that takes its PIN so (`specimen.md` 2.1): one that hides it, in
/// whatever way, gets none.
#[test]
fn a_card_that_hides_its_security_object_gets_no_pin() {
    type Attempt = fn(&mut idcard_core::Session<'_>) -> Result<(), Error>;
    let attempts: [Attempt; 3] = [
        |session| session.present_for(ItemName::Identity, &Pin::new("1234").unwrap(), LastTry::Allow),
        |session| session.verify_pin(PinKind::Id, &Pin::new("1234").unwrap(), LastTry::Allow).map(drop),
        |session| session.signing_key(KeyName::Auth, &Pin::new("1234").unwrap(), LastTry::Allow).map(drop),
    ];
    for attempt in attempts {
        let (mut card, handle) = open("specimen-sealed");
        attempt(&mut card.session().unwrap()).unwrap_err();
        let commands: Vec<_> = handle.log().into_iter().map(|entry| entry.command).collect();
        let select = commands.iter().position(|command| command.ends_with(&[0x02, 0x02, 0x05])).unwrap();
        assert_eq!(commands[select + 1][1], 0xB0, "its READ BINARY");
        for at in [select, select + 1] {
            for word in
                [0x6281_u16, 0x6282, 0x6300, 0x6400, 0x6581, 0x6700, 0x6A82, 0x6A88, 0x6B00, 0x6F00, 0x9100, 0x9000]
            {
                let (mut card, handle) = open("specimen-sealed");
                handle.at(at, Action::Answer(word.to_be_bytes().to_vec()));
                let kept = attempt(&mut card.session().unwrap());
                let sealed = matches!(
                    kept,
                    Err(Error::SecureChannelRequired(_) | Error::PinNeedsChannel { .. } | Error::PinWithheld { .. })
                );
                assert!(sealed, "{word:04X} at {at}: {kept:?}");
                let sent = |command: &[u8]| command[1] == 0x20 && command.len() > 5;
                assert!(!handle.log().iter().any(|entry| sent(&entry.command)), "{word:04X} at {at}");
            }
        }
    }
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
