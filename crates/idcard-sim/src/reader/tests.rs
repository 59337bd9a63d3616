//! The reader: transactions, what befalls a card, the handle.

use std::time::Duration;

use idcard_core::transport::{Leaving, LinkError, Transport as _};

use super::*;
use crate::image::Image;

const MPCOS: [u8; 21] = [0x00, 0xA4, 0x04, 0x0C, 0x10, 0xA0, 0, 0, 0, 0x18, 0x30, 0x03, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];
const FOLDER: [u8; 7] = [0x00, 0xA4, 0x01, 0x0C, 0x02, 0x02, 0x00];
const PIN: [u8; 13] = [0x00, 0x20, 0x00, 0x00, 0x08, 0x31, 0x32, 0x33, 0x34, 0, 0, 0, 0];

fn reader() -> SimTransport {
    crate::open("specimen").unwrap()
}

fn verify(reader: &mut SimTransport, leaving: Option<Leaving>) {
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    for command in [&MPCOS[..], &FOLDER, &PIN] {
        let exchange = transaction.transmit(command, &mut answer).unwrap();
        assert_eq!(answer, [0x90, 0x00]);
        assert!(exchange.elapsed > Duration::ZERO && !exchange.redacted);
    }
    match leaving {
        Some(leaving) => transaction.end(leaving).unwrap(),
        None => drop(transaction),
    }
}

#[test]
fn leaving_decides_about_the_pin() {
    for (leaving, kept) in [(None, true), (Some(Leaving::Keep), true), (Some(Leaving::Reset), false)] {
        let mut reader = reader();
        verify(&mut reader, leaving);
        assert_eq!(reader.handle().pin("id-0200").unwrap().verified, kept, "{leaving:?}");
    }
}

#[test]
fn cards_are_independent() {
    let (mut one, other) = (reader(), reader());
    verify(&mut one, None);
    assert_eq!((one.handle().exchanges(), other.handle().exchanges()), (3, 0));
    assert!(!other.handle().pin("id-0200").unwrap().verified);
}

#[test]
fn another_program_resets_the_card() {
    let mut reader = reader();
    let handle = reader.handle();
    handle.at(1, Action::Reset);
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    transaction.transmit(&MPCOS, &mut answer).unwrap();
    assert_eq!(transaction.transmit(&FOLDER, &mut answer), Err(LinkError::Reset));
    assert!(answer.is_empty());
    transaction.recover().unwrap();
    transaction.transmit(&FOLDER, &mut answer).unwrap();
    assert_eq!(answer, [0x6A, 0x82], "the applet is lost");
    handle.act(Action::Reset);
    transaction.give_way().unwrap();
    transaction.transmit(&MPCOS, &mut answer).unwrap();
    assert_eq!(answer, [0x90, 0x00]);
    assert_eq!(handle.exchanges(), 4);
}

#[test]
fn removal_and_another_card() {
    let mut reader = reader();
    let handle = reader.handle();
    let other = || Box::new(Card::new(Image::builtin("specimen-t0").unwrap()));
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    handle.act(Action::Remove);
    assert_eq!(transaction.transmit(&MPCOS, &mut answer), Err(LinkError::Removed));
    handle.act(Action::Insert(other()));
    assert_eq!(transaction.transmit(&MPCOS, &mut answer), Err(LinkError::Removed), "the old link is dead");
    assert_eq!(transaction.end(Leaving::Reset), Err(LinkError::Removed));
    let atr = handle.with_card(|card| card.atr().to_vec()).unwrap();
    let mut transaction = reader.begin().unwrap();
    transaction.transmit(&MPCOS, &mut answer).unwrap();
    drop(transaction);
    assert_eq!((reader.atr(), reader.protocol()), (atr.as_slice(), Protocol::T0));

    // A swap that nobody noticed.
    let mut transaction = reader.begin().unwrap();
    handle.act(Action::Swap(Box::new(Card::new(Image::builtin("specimen-2").unwrap()))));
    transaction.transmit(&MPCOS, &mut answer).unwrap();
    drop(transaction);
    assert_eq!(handle.with_card(|card| card.image().name.clone()).unwrap(), "specimen-2");

    handle.act(Action::Remove);
    assert_eq!(reader.begin().err(), Some(LinkError::Removed));
    assert!(handle.pins().is_empty());
}

#[test]
fn a_failing_link_hides_the_command_from_the_card() {
    let mut reader = reader();
    let handle = reader.handle();
    handle.keep_log();
    let waited = Duration::from_secs(10);
    handle.at(1, Action::Fail(LinkError::TimedOut { waited }));
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    transaction.transmit(&MPCOS, &mut answer).unwrap();
    assert_eq!(transaction.transmit(&FOLDER, &mut answer), Err(LinkError::TimedOut { waited }));
    assert!(handle.elapsed() >= waited);
    let log = handle.log();
    assert_eq!(log[0], Entry { command: MPCOS.to_vec(), outcome: Outcome::Answer(vec![0x90, 0x00]) });
    assert_eq!(log[1].outcome, Outcome::Failure(LinkError::TimedOut { waited }));
    assert_eq!(handle.bytes(), (21, 2));
    assert_eq!(
        transaction.transmit(&[0x00, 0xB0, 0x00], &mut answer),
        Err(LinkError::Unlawful { what: "a command has at least four bytes" })
    );
}

#[test]
fn a_bystander_uses_its_turn() {
    let mut reader = reader();
    let handle = reader.handle();
    handle.bystander(true);
    verify(&mut reader, None);
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    transaction.transmit(&FOLDER, &mut answer).unwrap();
    assert_eq!(answer, [0x6A, 0x82], "its applet is selected");
    transaction.transmit(&MPCOS, &mut answer).unwrap();
    transaction.give_way().unwrap();
    transaction.transmit(&FOLDER, &mut answer).unwrap();
    assert_eq!(answer, [0x6A, 0x82]);
    assert!(!handle.pin("id-0200").unwrap().verified);
}

#[test]
fn specifications() {
    assert_eq!(reader().atr()[..3], [0x3B, 0xDB, 0x96]);
    let held = crate::open("specimen+contactless").unwrap();
    assert_eq!(hex::encode_upper(held.atr()), "3B8B80018013535043739671 5B9130B7".replace(' ', ""));
    for wrong in ["specimen+upside-down", "no-such-card", "/nowhere/card.toml", "specimen-t0+contactless", ""] {
        assert!(crate::open(wrong).is_err(), "{wrong}");
    }
    assert_eq!(crate::list().len(), Image::names().count());
}

#[test]
fn an_answer_made_up_for_one_exchange() {
    let mut reader = reader();
    let handle = reader.handle();
    handle.keep_log();
    handle.at(1, Action::Answer(vec![0x6F, 0x00]));
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    for (command, told) in [(&MPCOS[..], [0x90, 0x00]), (&FOLDER, [0x6F, 0x00]), (&FOLDER, [0x90, 0x00])] {
        transaction.transmit(command, &mut answer).unwrap();
        assert_eq!(answer, told);
    }
    assert_eq!(handle.log()[1].outcome, Outcome::Answer(vec![0x6F, 0x00]));
}

/// The formulas of the performance study, by hand: 264 characters of 12 etu and two turns of 4, an etu of 4 µs; the host,
/// one round trip, and a READ BINARY of 2 ms and 10 µs a byte.
#[test]
fn the_clock_of_a_usual_reader() {
    let mut reader = crate::open("specimen-t0").unwrap();
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    for command in [&MPCOS[..], &FOLDER, &PIN, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x02, 0x03]] {
        transaction.transmit(command, &mut answer).unwrap();
    }
    let exchange = transaction.transmit(&[0x00, 0xB0, 0x00, 0x00, 0x00], &mut answer).unwrap();
    assert_eq!(answer.len(), 258);
    assert_eq!(exchange.elapsed.as_micros(), 12_704 + 50 + 2_000 + 4_560);
}

/// The digits go into the field of the command, left-justified; what the reader says by itself costs no try.
#[test]
fn a_pin_pad_completes_the_command_or_says_why_not() {
    let verify = [&PIN[..5], &[0; 8]].concat();
    for (holder, word, tries) in [
        (Holder::Knows, [0x90, 0x00], 3),
        (Holder::Types(b"1234".to_vec()), [0x90, 0x00], 3),
        (Holder::Errs, [0x63, 0xC2], 2),
        (Holder::Types(b"123".to_vec()), [0x64, 0x03], 3),
        (Holder::Types(b"123456789".to_vec()), [0x64, 0x03], 3),
        (Holder::Cancels, [0x64, 0x01], 3),
        (Holder::Waits, [0x64, 0x00], 3),
    ] {
        let mut reader = reader();
        let handle = reader.handle();
        handle.set_pad(Some(holder.clone()));
        handle.keep_log();
        let mut transaction = reader.begin().unwrap();
        assert!(transaction.has_pad());
        let mut answer = Vec::new();
        for command in [&MPCOS[..], &FOLDER] {
            transaction.transmit(command, &mut answer).unwrap();
        }
        let timeout = Duration::from_secs(7);
        let pad = PinPad { command: &verify, shortest: 4, longest: 8, timeout, language: 0x0409, new_pin: None };
        let exchange = transaction.verify_on_pad(&pad, &mut answer).unwrap();
        assert_eq!(answer, word, "{holder:?}");
        assert_eq!(exchange.elapsed == timeout, holder == Holder::Waits);
        assert_eq!(handle.pin("id-0200").unwrap().tries_left, tries, "{holder:?}");
        let sent = handle.log().pop().unwrap().command;
        assert_eq!(sent == PIN, word == [0x90, 0x00], "{holder:?}");
    }
}

#[test]
fn a_reader_without_a_pad_says_so() {
    let mut reader = reader();
    let mut transaction = reader.begin().unwrap();
    assert!(!transaction.has_pad());
    let pad = PinPad { command: &PIN, shortest: 4, longest: 8, timeout: Duration::ZERO, language: 0, new_pin: None };
    let refused = transaction.verify_on_pad(&pad, &mut Vec::new());
    assert_eq!(refused, Err(LinkError::Lost { code: "SCARD_E_UNSUPPORTED_FEATURE" }));
}

#[test]
fn the_word_pad_puts_a_holder_before_the_keys() {
    for spec in ["specimen+pad", "specimen+pad=wrong", "specimen+pad=cancel", "specimen+pad=wait"] {
        assert!(crate::open(spec).unwrap().begin().unwrap().has_pad(), "{spec}");
    }
    for spec in ["specimen+pad=", "specimen+pad=1234", "specimen+pads"] {
        assert!(crate::open(spec).is_err(), "{spec}");
    }
}
