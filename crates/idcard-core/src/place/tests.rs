//! The read loop against files of every length, in both offset units, on every protocol, and against odd answers.

mod lengths;
mod odd;
mod rows;
mod turns;

use super::*;
use crate::family::{Page, Roster};
use crate::transport::{Exchange, Leaving, LinkError, Transaction};
use std::time::Duration;

/// A card with one file, which counts offsets in `unit` bytes and answers as `specimen.md` 2 tells.
struct Card {
    file: Vec<u8>,
    unit: usize,
    t0: bool,
    /// The most bytes that one answer carries.
    cap: usize,
    /// Refuses extended length with this status word.
    refuses_extended: Option<u16>,
    reads: std::rc::Rc<std::cell::Cell<u32>>,
}

impl Card {
    fn read(&self, command: &[u8]) -> Vec<u8> {
        let &[_, _, p1, p2, ref le @ ..] = command else { panic!("a READ BINARY") };
        let wanted = match *le {
            [0] => 256,
            [le] => usize::from(le),
            [0, 0, 0] => 65_536,
            [0, high, low] => usize::from(u16::from_be_bytes([high, low])),
            _ => panic!("Le"),
        };
        if let Some(status) = self.refuses_extended.filter(|_| wanted > 256) {
            return status.to_be_bytes().to_vec();
        }
        let offset = usize::from(u16::from_be_bytes([p1, p2])) * self.unit;
        let Some(rest) = self.file.get(offset..).filter(|rest| !rest.is_empty()) else { return vec![0x6B, 0x00] };
        if wanted > rest.len() && self.t0 {
            return vec![0x6C, u8::try_from(rest.len()).unwrap()];
        }
        let data = &rest[..rest.len().min(wanted).min(self.cap)];
        let status: [u8; 2] = if wanted > rest.len() && data.len() == rest.len() { [0x62, 0x82] } else { [0x90, 0x00] };
        [data, &status].concat()
    }
}

impl Transaction for Card {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        if command[1] == 0xA4 {
            answer.extend([0x90, 0x00]);
        } else {
            self.reads.set(self.reads.get() + 1);
            answer.extend(self.read(command));
        }
        Ok(Exchange::default())
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn end(self: Box<Self>, _: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

fn page() -> std::sync::Arc<Page> {
    Roster::built_in().unwrap().pages()[0].clone()
}

/// An object of `length` bytes in all whose content varies, with padding behind it.
fn object(length: usize, padding: usize) -> (Vec<u8>, Vec<u8>) {
    let body = u16::try_from(length - 4).unwrap().to_be_bytes();
    let mut bytes = vec![0x75, 0x82, body[0], body[1]];
    bytes.extend((0..length - 4).map(|index| u8::try_from(index * 7 % 251).unwrap()));
    let file = [bytes.clone(), vec![0; padding]].concat();
    (bytes, file)
}

/// Reads the photo's file from a card; gives the bytes and the number of READ BINARY commands.
fn photo(card: Card, protocol: Protocol, extended: Extended) -> (Result<Vec<u8>, Error>, u32) {
    let page = page();
    let item = page.item(ItemName::Photo).unwrap();
    let applet = page.applet(&item.applet).unwrap();
    let reads = card.reads.clone();
    let mut channel = Channel::new(Box::new(card), protocol, extended);
    let (mut selection, mut habits) = (Selection::default(), Habits::new(protocol, false));
    let mut reading =
        Reading { channel: &mut channel, selection: &mut selection, habits: &mut habits, may_give_way: true };
    let mut file = Fetched { bytes: Vec::new(), redacted: false };
    let result = fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {});
    (result.map(|()| file.bytes), reads.get())
}

fn card(file: Vec<u8>) -> Card {
    Card { file, unit: 4, t0: false, cap: usize::MAX, refuses_extended: None, reads: std::rc::Rc::default() }
}

#[test]
fn every_length_takes_the_fewest_reads() {
    for length in (5..1_100).chain([4_096, 15_012, 32_768]) {
        let (bytes, file) = object(length, (4 - length % 4) % 4);
        let (read, reads) = photo(card(file.clone()), Protocol::T1, Extended::Never);
        assert_eq!(read.unwrap(), bytes, "{length}");
        assert_eq!(reads as usize, length.div_ceil(252), "T=1, {length}");
        let t0 = Card { t0: true, ..card(file.clone()) };
        let (read, reads) = photo(t0, Protocol::T0, Extended::Never);
        assert_eq!(read.unwrap(), bytes, "{length}");
        // One 6Cxx where the file is shorter than Le and its length was not known.
        assert_eq!(reads as usize, length.div_ceil(256) + usize::from(file.len() < 256), "T=0, {length}");
        let (read, reads) = photo(card(file), Protocol::T1, Extended::Untried);
        assert_eq!((read.unwrap(), reads), (bytes, 1), "extended, {length}");
    }
}

#[test]
fn a_card_that_counts_bytes_is_found_out_and_read_right() {
    let (bytes, file) = object(15_012, 0);
    let (read, reads) = photo(Card { unit: 1, ..card(file) }, Protocol::T1, Extended::Never);
    assert_eq!(read.unwrap(), bytes);
    assert_eq!(reads, 60 + 1, "one read goes to finding out");
}

#[test]
fn bytes_that_are_all_the_same_are_read_as_the_page_says() {
    let file = [vec![0x75, 0x82, 0x10, 0x00], vec![0x55; 4096]].concat();
    let (read, _) = photo(card(file.clone()), Protocol::T1, Extended::Never);
    assert_eq!(read.unwrap(), file);
}

#[test]
fn answers_that_stop_short_are_gone_on_from() {
    let (bytes, file) = object(1_000, 0);
    for cap in [1, 3, 7, 100, 251] {
        let (read, reads) = photo(Card { cap, ..card(file.clone()) }, Protocol::T1, Extended::Untried);
        match cap {
            // Fewer bytes than an offset unit make no progress: no lie, an error.
            1 | 3 => assert!(read.is_err(), "{cap}"),
            _ => assert_eq!(read.unwrap(), bytes, "{cap}"),
        }
        assert!(reads < 400, "{cap}");
    }
}

#[test]
fn a_refusal_of_extended_length_is_remembered() {
    let (bytes, file) = object(1_000, 0);
    for status in [0x6700, 0x6D00, 0x6E00, 0x6F00] {
        let (read, reads) =
            photo(Card { refuses_extended: Some(status), ..card(file.clone()) }, Protocol::T1, Extended::Untried);
        assert_eq!((read.unwrap(), reads), (bytes.clone(), 1 + 4));
    }
}

#[test]
fn what_is_cut_short_or_empty_is_never_shown_as_whole() {
    let (_, file) = object(1_000, 0);
    let (read, _) = photo(card(file[..900].to_vec()), Protocol::T1, Extended::Never);
    assert!(matches!(read, Err(Error::Malformed { .. })), "{read:?}");
    let (read, _) = photo(card(vec![]), Protocol::T1, Extended::Never);
    assert!(matches!(read, Err(Error::Empty(_))), "{read:?}");
    let (read, _) = photo(card(vec![0; 64]), Protocol::T1, Extended::Never);
    assert!(matches!(read, Err(Error::Empty(_))), "{read:?}");
}

/// `reliability.md` C-60, ISO/IEC 7816-4, 5.2.2: padding may stand before a data object, and is no part of it.
#[test]
fn padding_before_an_object_is_passed_over() {
    let (bytes, _) = object(1_000, 0);
    for (byte, count) in [(0x00, 3), (0xFF, 3), (0x00, 252), (0xFF, 700)] {
        let file = [vec![byte; count], bytes.clone(), vec![byte; 40]].concat();
        for unit in [1, 4] {
            for (protocol, extended) in
                [(Protocol::T0, Extended::Never), (Protocol::T1, Extended::Never), (Protocol::T1, Extended::Untried)]
            {
                let card = Card { unit, t0: protocol == Protocol::T0, ..card(file.clone()) };
                // A first answer of padding alone shows no unit of offsets: there the page is believed.
                if unit == 1 && count > 3 && extended == Extended::Never {
                    continue;
                }
                let (read, _) = photo(card, protocol, extended);
                assert_eq!(read.unwrap(), bytes, "{count} × {byte:02X}, unit {unit}, {protocol:?}, {extended:?}");
            }
        }
        let (read, _) = photo(card(vec![byte; count]), Protocol::T1, Extended::Never);
        assert!(matches!(read, Err(Error::Empty(_))), "{read:?}");
    }
}

/// Padding between data objects that stand in a row.
#[test]
fn padding_between_objects_does_not_end_the_row() {
    let objects = [&[0, 0, 0xB2, 1, 7][..], &[0xFF, 0, 0xB3, 1, 9], &[0; 12]].concat();
    let page = page();
    let item = page.item(ItemName::Dates).unwrap();
    let applet = page.applet(&item.applet).unwrap();
    let mut channel = Channel::new(Box::new(card(objects)), Protocol::T1, Extended::Never);
    let (mut selection, mut habits) = (Selection::default(), Habits::new(Protocol::T1, false));
    let mut reading =
        Reading { channel: &mut channel, selection: &mut selection, habits: &mut habits, may_give_way: true };
    let mut file = Fetched { bytes: Vec::new(), redacted: false };
    fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {}).unwrap();
    assert_eq!(file.bytes, [0xB2, 1, 7, 0xFF, 0, 0xB3, 1, 9]);
}

#[test]
fn lengths_beyond_the_bound_are_refused_at_once() {
    let mut file = vec![0x75, 0x83, 0x01, 0x00, 0x00];
    file.extend(std::iter::repeat_n(0x55, 60_000));
    let (read, reads) = photo(card(file), Protocol::T1, Extended::Never);
    assert!(matches!(read, Err(Error::Malformed { .. })), "{read:?}");
    assert_eq!(reads, 1);
}

/// A card whose every exchange takes so long; the longest time between two turns of others is kept.
struct Slow {
    card: Card,
    each: Duration,
    turn: Duration,
    longest: std::rc::Rc<std::cell::Cell<Duration>>,
}

impl Transaction for Slow {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        self.card.transmit(command, answer)?;
        self.turn += self.each;
        self.longest.set(self.longest.get().max(self.turn));
        Ok(Exchange { elapsed: self.each, redacted: false })
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        panic!("nothing was reset")
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.turn = Duration::ZERO;
        Ok(())
    }

    fn end(self: Box<Self>, _: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

/// S-07: others have their turn within a second, and nobody has one while what a PIN guards is read.
#[test]
fn others_have_their_turn_within_a_second() {
    let (bytes, file) = object(15_012, 0);
    let page = page();
    let item = page.item(ItemName::Photo).unwrap();
    let applet = page.applet(&item.applet).unwrap();
    // After each turn of others four commands find the file again: beyond 150 ms each that alone takes most of a second.
    for each in [20, 50, 130].map(Duration::from_millis) {
        for may_give_way in [true, false] {
            let longest = std::rc::Rc::default();
            let slow =
                Slow { card: card(file.clone()), each, turn: Duration::ZERO, longest: std::rc::Rc::clone(&longest) };
            let mut channel = Channel::new(Box::new(slow), Protocol::T1, Extended::Never);
            let (mut selection, mut habits) = (Selection::default(), Habits::new(Protocol::T1, false));
            let mut reading =
                Reading { channel: &mut channel, selection: &mut selection, habits: &mut habits, may_give_way };
            let mut read = Fetched { bytes: Vec::new(), redacted: false };
            fetch(&mut reading, item, applet, &mut read, &mut |_, _, _| {}).unwrap();
            assert_eq!(read.bytes, bytes);
            let whole = each * 60;
            let long = longest.get();
            assert_eq!(long < Duration::from_secs(1), may_give_way, "{each:?}: {long:?}");
            assert!(may_give_way || long >= whole, "{each:?}: {long:?}");
        }
    }
}
