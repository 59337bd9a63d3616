//! The card is torn out, or its power fails, at every exchange of a change and of unblocking: nothing is lost.

use super::{ID, PUK, SIGN, card, counters, fail, full, held, held_by_all, journal, pin, puk};
use idcard_core::session::PinJournal;
use idcard_core::{Card, Entitlement, Error, LastTry, LinkError, PinKind, Session};
use idcard_sim::{Action, Handle, Torn};

const NEW: &str = "7319";

const TORN: [Torn; 3] = [Torn::Before, Torn::Within, Torn::After];
const LINKS: [LinkError; 2] = [LinkError::Removed, LinkError::Lost { code: "SCARD_F_COMM_ERROR" }];

/// One way to a new PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Change,
    Unblock,
}

impl Way {
    fn go(self, card: &mut Card, kind: PinKind, old: &str, new: &str) -> Result<(), Error> {
        let mut session = opened(card)?;
        match self {
            Self::Change => session.change_pin(kind, &pin(old), &pin(new), LastTry::Refuse).map(drop),
            Self::Unblock => session.unblock_pin(kind, &puk(PUK), &pin(new), LastTry::Refuse).map(drop),
        }
    }

    fn resume(self, card: &mut Card, old: &str) -> Result<(), Error> {
        let (old, puk) = (pin(old), puk(PUK));
        let by = if self == Self::Change { Entitlement::Old(&old) } else { Entitlement::Puk(&puk) };
        let resumed = opened(card)?.resume_pin(PinKind::Id, by, &pin(NEW), LastTry::Refuse);
        // What one refusal has settled is kept, and the same PINs finish it when they are entered once more.
        let settled = |error: &Error| matches!(error, Error::PinInterrupted { source, .. } if matches!(**source, Error::PinUnproved { .. }));
        match resumed {
            Err(error) if settled(&error) => opened(card)?.resume_pin(PinKind::Id, by, &pin(NEW), LastTry::Refuse),
            resumed => resumed,
        }
    }

    /// The card before the operation; what is to be unblocked is blocked.
    fn card(self, image: &str) -> (Card, Handle) {
        let (card, handle) = card(image);
        if self == Self::Unblock {
            ["id-0500", "id-0200", "id-81"].iter().for_each(|name| fail(&handle, name, 3));
        }
        (card, handle)
    }
}

/// A session, inside the secure channel where the card is sealed.
fn opened(card: &mut Card) -> Result<Session<'_>, Error> {
    let mut session = card.session()?;
    if session.seals(PinKind::Id)? {
        session.open_channel(&mut crate::sealed::keys())?;
    }
    Ok(session)
}

fn status(card: &mut Card) -> PinJournal {
    card.session().unwrap().pin_journal(PinKind::Id).unwrap().unwrap()
}

/// How many exchanges the operation takes where nothing happens.
fn exchanges(way: Way, image: &str) -> usize {
    let (mut card, handle) = way.card(image);
    way.go(&mut card, PinKind::Id, ID, NEW).unwrap();
    assert_eq!(held_by_all(&handle), [NEW; 3]);
    assert_eq!(counters(&handle), full());
    assert_eq!(journal(&handle), [0; 32]);
    handle.exchanges()
}

/// What the journal says agrees with what the objects hold.
fn tells_the_truth(told: &PinJournal, handle: &Handle, place: &str) {
    let held = held_by_all(handle);
    let same = held.iter().all(|one| *one == held[0]);
    if let Some(in_step) = told.in_step() {
        assert_eq!(in_step, same, "{place}: {told:?} {held:?}");
    }
    for (name, memory) in [("ev", &held[0]), ("id", &held[1]), ("classic", &held[2])] {
        match told.mark(name).unwrap() {
            idcard_core::session::JournalMark::Finished => assert_eq!(memory, NEW, "{place}: {name}"),
            idcard_core::session::JournalMark::Idle if !told.is_complete() => {
                let untouched = memory == ID || told.is_idle();
                assert!(untouched, "{place}: {name} {memory}");
            }
            _ => assert!([ID, NEW].contains(&memory.as_str()), "{place}: {name} {memory}"),
        }
    }
    if told.is_idle() {
        assert!(same, "{place}: a silent mixture {held:?}");
    }
}

fn every_exchange(way: Way, image: &str) {
    let mut interrupted = 0;
    for at in 0..exchanges(way, image) {
        for torn in TORN {
            for link in LINKS {
                let place = format!("{way:?} on {image}, exchange {at} {torn:?}, {link}");
                let (mut card, handle) = way.card(image);
                handle.at(at, Action::Tear(torn, link.clone()));
                let stopped = way.go(&mut card, PinKind::Id, ID, NEW);
                if stopped.is_ok() {
                    // A first read in extended length that fails is tried again without: then all went on.
                    assert_eq!(
                        (held_by_all(&handle), link),
                        ([NEW; 3].map(str::to_owned), LINKS[1].clone()),
                        "{place}"
                    );
                }
                let told = status(&mut card);
                tells_the_truth(&told, &handle, &place);
                if told.is_idle() {
                    // It had not begun, or had ended: the objects agree, and what was asked for can be asked again.
                    let before = held_by_all(&handle)[0] == ID;
                    way.resume(&mut card, ID).unwrap_or_else(|error| panic!("{place}: {error}"));
                    assert_eq!(before, stopped.is_err() && held_by_all(&handle)[2] == ID, "{place}");
                    if before {
                        way.go(&mut card, PinKind::Id, ID, NEW).unwrap_or_else(|error| panic!("{place}: {error}"));
                    }
                } else {
                    interrupted += 1;
                    assert!(matches!(stopped, Err(Error::PinInterrupted { .. })), "{place}: {stopped:?}");
                    if !told.is_complete() {
                        let refused = card.session().unwrap().verify_pin(PinKind::Id, &pin(NEW), LastTry::Refuse);
                        assert!(matches!(refused, Err(Error::PinUnfinished { .. } | Error::Locked { .. })), "{place}");
                    }
                    way.resume(&mut card, ID).unwrap_or_else(|error| panic!("{place}: {error}"));
                }
                assert_eq!(held_by_all(&handle), [NEW; 3], "{place}");
                assert_eq!(counters(&handle), full(), "{place}");
                assert_eq!(journal(&handle), [0; 32], "{place}");
                let told = status(&mut card);
                assert!(told.is_idle() && told.in_step() == Some(true), "{place}");
            }
        }
    }
    assert!(interrupted > 50, "{interrupted}");
}

#[test]
fn a_change_torn_anywhere_is_finished() {
    every_exchange(Way::Change, "specimen");
}

#[test]
fn unblocking_torn_anywhere_is_finished() {
    every_exchange(Way::Unblock, "specimen");
}

#[test]
fn on_the_oldest_protocol_as_well() {
    every_exchange(Way::Change, "specimen-t0");
    every_exchange(Way::Unblock, "specimen-t0");
}

#[test]
fn inside_the_secure_channel_as_well() {
    for way in [Way::Change, Way::Unblock] {
        for at in (0..exchanges(way, "specimen-sealed")).step_by(2) {
            for torn in TORN {
                let place = format!("{way:?}, exchange {at} {torn:?}");
                let (mut card, handle) = way.card("specimen-sealed");
                handle.at(at, Action::Tear(torn, LinkError::Removed));
                way.go(&mut card, PinKind::Id, ID, NEW).unwrap_err();
                let told = status(&mut card);
                tells_the_truth(&told, &handle, &place);
                if told.is_idle() && held_by_all(&handle)[0] == ID {
                    way.go(&mut card, PinKind::Id, ID, NEW).unwrap_or_else(|error| panic!("{place}: {error}"));
                } else {
                    way.resume(&mut card, ID).unwrap_or_else(|error| panic!("{place}: {error}"));
                }
                assert_eq!(held_by_all(&handle), [NEW; 3], "{place}");
                assert_eq!((counters(&handle), journal(&handle)), (full(), vec![0; 32]), "{place}");
            }
        }
    }
}

/// An interrupted change is finished by the PUK, too, and by unblocking anew with quite another PIN.
#[test]
fn the_puk_ends_every_interrupted_change() {
    for at in 0..exchanges(Way::Change, "specimen") {
        for torn in TORN {
            let place = format!("exchange {at} {torn:?}");
            let (mut card, handle) = Way::Change.card("specimen");
            handle.at(at, Action::Tear(torn, LinkError::Removed));
            Way::Change.go(&mut card, PinKind::Id, ID, NEW).unwrap_err();
            let idle = status(&mut card).is_idle();
            Way::Unblock.resume(&mut card, ID).unwrap_or_else(|error| panic!("{place}: {error}"));
            assert!(idle || held_by_all(&handle) == [NEW; 3], "{place}");
            Way::Unblock.go(&mut card, PinKind::Id, ID, "80516").unwrap_or_else(|error| panic!("{place}: {error}"));
            assert_eq!(held_by_all(&handle), ["80516"; 3], "{place}");
            assert_eq!(counters(&handle), full(), "{place}");
        }
    }
}

/// Resuming is torn itself, and resumed again.
#[test]
fn resuming_can_be_torn_and_resumed() {
    for way in [Way::Change, Way::Unblock] {
        let total = exchanges(way, "specimen");
        for first in (total / 3..total).step_by(3) {
            for second in 0..60 {
                let place = format!("{way:?} {first} {second}");
                let (mut card, handle) = way.card("specimen");
                handle.at(first, Action::Tear(Torn::After, LinkError::Removed));
                way.go(&mut card, PinKind::Id, ID, NEW).unwrap_err();
                if status(&mut card).is_idle() {
                    break;
                }
                let before = handle.exchanges();
                handle.at(before + second, Action::Tear(Torn::Within, LinkError::Removed));
                let ended = way.resume(&mut card, ID);
                if ended.is_ok() {
                    break;
                }
                tells_the_truth(&status(&mut card), &handle, &place);
                let mut again = way.resume(&mut card, ID);
                if again.as_ref().is_err_and(|error| error.to_string().ends_with("1 try left")) {
                    // Both torn presentations were counted: rather than to risk the last try, the PUK is taken.
                    again = Way::Unblock.resume(&mut card, ID);
                }
                again.unwrap_or_else(|error| panic!("{place}: {error}"));
                assert_eq!(held_by_all(&handle), [NEW; 3], "{place}");
                assert_eq!(journal(&handle), [0; 32], "{place}");
            }
        }
    }
}

/// The signature PIN has one object: it is the old one or the new one, and never half.
#[test]
fn the_signature_pin_is_old_or_new() {
    for way in [Way::Change, Way::Unblock] {
        let (mut card_there, handle) = card("specimen");
        way.go(&mut card_there, PinKind::Sign, SIGN, "731946").unwrap();
        for at in 0..handle.exchanges() {
            for torn in TORN {
                let (mut card, handle) = card("specimen");
                handle.at(at, Action::Tear(torn, LinkError::Removed));
                let stopped = way.go(&mut card, PinKind::Sign, SIGN, "731946").unwrap_err();
                let now = held(&handle, "sign");
                if now != SIGN {
                    assert!(matches!(stopped, Error::PinOldOrNew { .. }), "{stopped:?}");
                }
                assert!([SIGN, "731946"].contains(&now.as_str()), "{now}");
                card.session().unwrap().verify_pin(PinKind::Sign, &pin(&now), LastTry::Refuse).unwrap();
                assert_eq!(handle.pin("sign").unwrap().tries_left, 3);
                way.go(&mut card, PinKind::Sign, &now, "802517").unwrap();
                assert_eq!(held(&handle, "sign"), "802517");
                assert_eq!(counters(&handle), full());
            }
        }
    }
}

/// A card in the midst of a change to `NEW`, by how many objects were finished.
fn half_changed(finished: usize) -> (Card, Handle) {
    let (card, handle) = card("specimen");
    handle.with_card(|card| {
        let at = [(1, 1, 29), (1, 0, 8), (2, 0, 12)]; // applet, PIN, flag: 0500, 0200, 81
        for (applet, pin, flag) in at.into_iter().take(finished) {
            card.image_mut().applets[applet].pins[pin].value = NEW.as_bytes().to_vec();
            card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[flag] = 0x0F;
        }
    });
    (card, handle)
}

#[test]
fn a_wrong_puk_hides_no_interrupted_change() {
    for finished in [1, 2] {
        let (mut card, handle) = half_changed(finished);
        let refused =
            card.session().unwrap().unblock_pin(PinKind::Id, &puk("00000000"), &pin("80516"), LastTry::Refuse);
        assert!(refused.is_err());
        let told = status(&mut card);
        assert!(!told.is_idle() && !told.is_complete() && told.in_step() != Some(true), "{told:?}");
        Way::Unblock.go(&mut card, PinKind::Id, ID, "80516").unwrap();
        assert_eq!((held_by_all(&handle), counters(&handle)), (["80516"; 3].map(str::to_owned), full()));
    }
}

/// Unblocking anew, over what an interrupted change has left, and with another new PIN, is torn as well.
#[test]
fn unblocking_over_an_interrupted_change_can_be_torn() {
    for finished in 1..=3 {
        let (mut whole, counted) = half_changed(finished);
        Way::Unblock.go(&mut whole, PinKind::Id, ID, "80516").unwrap();
        for at in 0..counted.exchanges() {
            for torn in TORN {
                let place = format!("{finished} finished, exchange {at} {torn:?}");
                let (mut card, handle) = half_changed(finished);
                handle.at(at, Action::Tear(torn, LinkError::Removed));
                Way::Unblock.go(&mut card, PinKind::Id, ID, "80516").unwrap_err();
                let (told, held) = (status(&mut card), held_by_all(&handle));
                if told.in_step() == Some(true) {
                    assert!(held.iter().all(|one| *one == held[0]), "{place}: a silent mixture {held:?} {told:?}");
                }
                Way::Unblock.go(&mut card, PinKind::Id, ID, "80516").unwrap_or_else(|error| panic!("{place}: {error}"));
                assert_eq!(held_by_all(&handle), ["80516"; 3], "{place}");
                assert_eq!((counters(&handle), journal(&handle)), (full(), vec![0; 32]), "{place}");
            }
        }
    }
}
