//! Section 2b of the catalogue, which card this is: answers to reset, serial numbers, cards that look alike.

use std::iter::repeat_n;

use super::Row;
use super::wire::Play;
use crate::image::Image;

pub(super) const ROWS: &[Row] = &[
    Row::memory("C-47", "a foreign card, MultiApp v3, with the applet of its own country", |image| {
        foreign(image, "3B7F9400008031806 5B0850300EF120FFF829000")
    }),
    Row::memory("C-47b", "a foreign card, IDPrime", |image| foreign(image, "3B7F96000080318065B0850300EF120FFE829000")),
    Row::memory("C-47c", "a foreign card, MultiApp v4", |image| {
        foreign(image, "3B7F96000080318065B085040120120FFF829000")
    }),
    Row::memory("C-48", "the right card, its answer to reset with a stray byte 72", |image| {
        atr(image, |atr| atr.push(0x72))
    }),
    Row::memory("C-48b", "the right card, faster than any seen", faster),
    Row::memory("C-49", "an answer to reset of 200 bytes", |image| atr(image, |atr| atr.extend(repeat_n(0x00, 180)))),
    Row::memory("C-49b", "no answer to reset", |image| atr(image, Vec::clear)),
    Row::memory("C-49c", "an answer to reset of one byte", |image| atr(image, |atr| atr.truncate(1))),
    Row::memory("C-49d", "an answer to reset that announces more historical bytes than follow", |image| {
        atr(image, |atr| atr.truncate(8))
    }),
    Row::memory("C-49e", "an answer to reset with interface bytes without end", |image| {
        atr(image, |atr| *atr = [0x3B].into_iter().chain(repeat_n(0xFF, 32)).collect())
    }),
    Row::memory("C-49f", "an answer to reset with a wrong check byte", |image| atr(image, |atr| wrong_check(atr))),
    Row::memory("C-49g", "an answer to reset that begins with 3F", |image| {
        atr(image, |atr| atr.first_mut().into_iter().for_each(|ts| *ts = 0x3F))
    }),
    Row::memory("C-50", "production data and card number of the wrong length", |image| {
        numbers(image, |value| value.truncate(12))
    }),
    Row::memory("C-50b", "production data and card number all FF", |image| numbers(image, |value| value.fill(0xFF))),
    Row::memory("C-50c", "production data and card number all 00", |image| numbers(image, |value| value.fill(0x00))),
    Row::wire("C-52", "another card lies in the reader from the fifth exchange on, and nobody noticed", swapped),
];

#[allow(clippy::unnecessary_wraps, reason = "a row of the table wants an Option")]
fn atr(image: &mut Image, change: impl Fn(&mut Vec<u8>)) -> Option<()> {
    change(&mut image.contact.atr);
    if let Some(interface) = &mut image.contactless {
        change(&mut interface.atr);
    }
    Some(())
}

/// The applet of a sibling card answers, and no other.
fn foreign(image: &mut Image, answer: &str) -> Option<()> {
    let answer: String = answer.split_whitespace().collect();
    let bytes = hex::decode(answer).ok()?;
    atr(image, |atr| atr.clone_from(&bytes))?;
    image.applets.retain(|applet| applet.name == "classic");
    let applet = image.applets.first_mut()?;
    applet.aid = hex::decode("A00000001840000001634200").ok()?;
    applet.shortest = applet.aid.len();
    Some(())
}

/// TA1 becomes 98; the check byte, where there is one, follows.
fn faster(image: &mut Image) -> Option<()> {
    let checked = image.contact.protocol == idcard_core::transport::Protocol::T1;
    let atr = &mut image.contact.atr;
    let ta1 = atr.get_mut(2)?;
    let difference = std::mem::replace(ta1, 0x98) ^ 0x98;
    if checked {
        *atr.last_mut()? ^= difference;
    }
    Some(())
}

fn wrong_check(atr: &mut [u8]) {
    if let Some(last) = atr.last_mut() {
        *last ^= 0x55;
    }
}

fn numbers(image: &mut Image, change: fn(&mut Vec<u8>)) -> Option<()> {
    let mut changed = None;
    for (_, value) in image.applets.iter_mut().flat_map(|applet| &mut applet.objects) {
        change(value);
        changed = Some(());
    }
    changed
}

fn swapped(play: &mut Play<'_, '_>) -> Result<Vec<u8>, idcard_core::transport::LinkError> {
    if play.number >= 4 && play.note.is_empty() {
        play.note.push(1);
        let other = if play.card.image().name == "specimen-2" { "specimen" } else { "specimen-2" };
        if let Ok(mut image) = Image::builtin(other) {
            image.contact = play.card.image().contact.clone(); // the same kind of card: no reader can tell
            *play.card = crate::card::Card::new(image);
        }
    }
    play.honest()
}
