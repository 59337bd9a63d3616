//! The commands that present, change, unblock and resume PINs, and what they leave on the card.

use super::contract::{Run, Terms};
use super::secrets::{NEW, PIN, PUK};
use super::trouble::Trouble;
use super::{BOTH, PLAIN, every_cell, every_trouble};
use idcard_core::session::PinJournal;
use idcard_core::{Card, Entitlement, Error, LastTry, Pin, PinKind, Puk};
use idcard_sim::{Handle, SimTransport};

/// `specimen.md` 5: the identity PIN lies in the DFs 0500 and 0200, each with the reference 00, and as 81.
const VERIFY: Terms = Terms { pins: &[0x00, 0x00, 0x81], ..PLAIN };
/// CHANGE REFERENCE DATA is 24, and 2C is RESET RETRY COUNTER; MPCOS unblocks by 24, too.
const CHANGE: Terms = Terms { writes: &[(0x24, 0x00), (0x24, 0x00), (0x24, 0x81)], ..VERIFY };
const UNBLOCK: Terms = Terms { writes: &[(0x24, 0x00), (0x24, 0x00), (0x2C, 0x81)], ..PLAIN };
/// One object is done, one is begun, one is left: VERIFY for the first and the last, then the rest of the change. An object
/// that refuses the old PIN is presented the new one, which costs a card that refused the right one a try.
const RESUME: Terms = Terms { pins: &[0x00, 0x00, 0x81], writes: &[(0x24, 0x00), (0x24, 0x81)], tries: 2, ..PLAIN };
const SIGNATURE: Terms = Terms { pins: &[0x82], writes: &[(0x24, 0x82)], ..PLAIN };

#[test]
fn verify() {
    every_trouble(&VERIFY, BOTH, &["pin", "verify", "--pin-kind", "id", "--pin-file", "@pin"]);
}

#[test]
fn change() {
    let words = ["pin", "change", "--pin-kind", "id", "--pin-file", "@change"];
    every_cell(&CHANGE, &["specimen"], &words, |_| {}, |_, trouble, run| comes_right(trouble, run, PIN));
}

#[test]
fn change_of_the_signature_pin() {
    let words = ["pin", "change", "--pin-kind", "sign", "--pin-file", "@change"];
    every_cell(
        &SIGNATURE,
        &["specimen-t0"],
        &words,
        |_| {},
        |_, trouble, run| {
            let Some(now) = run.played.card.as_ref().and_then(|card| held(card, "sign")) else { return };
            assert!([PIN, NEW].contains(&now.as_str()), "the PIN is {now}");
            let done = run.played.status == 0 && !trouble.lies();
            assert!(!done || now == NEW, "it is called changed");
        },
    );
}

#[test]
fn unblock() {
    let words = ["pin", "unblock", "--pin-kind", "id", "--pin-file", "@unblock"];
    every_cell(&UNBLOCK, &["specimen"], &words, |_| {}, |_, trouble, run| comes_right(trouble, run, PIN));
}

#[test]
fn resume() {
    let words = ["pin", "resume", "--pin-file", "@change"];
    every_cell(&RESUME, &["specimen"], &words, interrupted, |_, trouble, run| comes_right(trouble, run, ""));
}

/// A change to [`NEW`] that was broken off in its second object, which still holds the old PIN.
fn interrupted(reader: &Handle) {
    reader.with_card(|card| {
        let image = card.image_mut();
        let ev = image.applets.iter_mut().flat_map(|applet| &mut applet.pins).find(|pin| pin.name == "id-0500");
        ev.unwrap().value = NEW.into();
        // nid-card.md 5.4: the flags of 0500 and of 0200, finished and begun.
        let journal = &mut image.file_mut("mpcos", "3F00/0010").unwrap().content;
        (journal[29], journal[8]) = (0x0F, 0x01);
    });
}

/// What a PIN object holds, or nothing where the card is out.
fn held(reader: &Handle, name: &str) -> Option<String> {
    reader.with_card(|card| {
        let mut pins = card.image().applets.iter().flat_map(|applet| &applet.pins);
        String::from_utf8(pins.find(|pin| pin.name == name).unwrap().value.clone()).unwrap()
    })
}

fn all(reader: &Handle) -> [String; 3] {
    ["id-0500", "id-0200", "id-81"].map(|name| held(reader, name).unwrap())
}

/// However a change ended, the next program brings all objects to one PIN, and no counter has lost anything.
///
/// `before` is the PIN that all of them held; none where the change was under way already.
fn comes_right(trouble: &Trouble, run: &Run, before: &str) {
    let Some(mut card) = run.played.card.as_ref().and_then(|reader| reader.with_card(|card| card.clone())) else {
        return; // the card is out
    };
    card.reset();
    let transport = SimTransport::new(card);
    let reader = transport.handle();
    let now = all(&reader);
    assert!(now.iter().all(|pin| [PIN, NEW].contains(&pin.as_str())), "{now:?}");
    if trouble.lies() {
        return; // of a card that says it did what it did not do nothing can be known
    }
    if run.played.status == 0 {
        assert_eq!(now, [NEW; 3], "it is called done");
    }
    let mut card = Card::open(transport).unwrap();
    let (old, new, puk) = (Pin::new(PIN).unwrap(), Pin::new(NEW).unwrap(), Puk::new(PUK).unwrap());
    let journal = card.session().unwrap().pin_journal(PinKind::Id).unwrap();
    if journal.as_ref().is_some_and(PinJournal::is_idle) {
        assert!(now.iter().all(|pin| *pin == now[0]), "a silent mixture: {now:?}");
        assert!(now[0] == NEW || now[0] == before, "{now:?}");
        return;
    }
    assert_ne!(run.played.status, 0, "done, and a change is open: {journal:?}");
    let mut resume = || card.session()?.resume_pin(PinKind::Id, Entitlement::Old(&old), &new, LastTry::Refuse);
    let mut ended = resume();
    let settled = |error: &Error| matches!(error, Error::PinInterrupted { source, .. } if matches!(**source, Error::PinUnproved { .. }));
    if ended.as_ref().is_err_and(settled) {
        ended = resume();
    }
    // Where no object has proved the old PIN the PUK finishes it; where a card has refused the right PIN, and its object
    // is taken for finished therefore, once that object has no try to spare.
    for _ in 0..2 {
        if ended.is_err() {
            ended = card.session().unwrap().resume_pin(PinKind::Id, Entitlement::Puk(&puk), &new, LastTry::Refuse);
        }
    }
    ended.unwrap_or_else(|error| panic!("it is not finished: {error}, {now:?}, {journal:?}"));
    assert_eq!(all(&reader), [NEW; 3]);
    assert!(reader.pins().iter().all(|pin| pin.tries_left == 3), "{:?}", reader.pins());
}
