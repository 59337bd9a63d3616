//! The read loop step by step: odd lengths, refusals, masks, links that fail, turns of others, files without end.

use super::super::*;
use crate::family::{Page, Roster};
use crate::transport::{Exchange, Leaving, Transaction};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) type Log = Rc<RefCell<Vec<String>>>;

/// A link that answers a READ BINARY or GET DATA as a closure tells, and `9000` to every SELECT.
struct Odd<F> {
    answer: F,
    each: Duration,
    pub(super) log: Log,
}

impl<F: FnMut(&[u8]) -> Result<(Vec<u8>, bool), LinkError>> Transaction for Odd<F> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        self.log.borrow_mut().push(hex::encode_upper(command));
        answer.clear();
        let (bytes, redacted) = if command[1] == 0xA4 { (vec![0x90, 0x00], false) } else { (self.answer)(command)? };
        answer.extend(bytes);
        Ok(Exchange { elapsed: self.each, redacted })
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        self.log.borrow_mut().push("recover".into());
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.log.borrow_mut().push("give way".into());
        Ok(())
    }

    fn end(self: Box<Self>, _: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

/// A session with such a card.
pub(super) struct Visit {
    pub(super) page: std::sync::Arc<Page>,
    pub(super) channel: Channel<'static>,
    pub(super) selection: Selection,
    pub(super) habits: Habits,
    pub(super) may_give_way: bool,
    pub(super) log: Log,
}

impl Visit {
    pub(super) fn new(
        extended: Extended,
        answer: impl FnMut(&[u8]) -> Result<(Vec<u8>, bool), LinkError> + 'static,
        each: Duration,
    ) -> Self {
        let log = Log::default();
        let link = Odd { answer, each, log: Rc::clone(&log) };
        Self {
            page: Roster::built_in().unwrap().pages()[0].clone(),
            channel: Channel::new(Box::new(link), Protocol::T1, extended),
            selection: Selection::default(),
            habits: Habits::new(Protocol::T1, false),
            may_give_way: true,
            log,
        }
    }

    /// Fetches an item whose offsets count `unit` bytes; gives it and what was sent, SELECTs left out.
    pub(super) fn fetch(&mut self, name: ItemName, unit: u8) -> (Result<Fetched, Error>, Vec<String>) {
        let item = self.page.item(name).unwrap().clone();
        let applet = Applet { offset_unit: unit, ..self.page.applet(&item.applet).unwrap().clone() };
        self.fetch_item(&item, &applet)
    }

    /// Fetches a file whose page tells this length.
    pub(super) fn fetch_length(&mut self, length: u16) -> (Result<Fetched, Error>, Vec<String>) {
        let item = Item { length: Some(length), ..self.page.item(ItemName::Journal).unwrap().clone() };
        let applet = self.page.applet(&item.applet).unwrap().clone();
        self.fetch_item(&item, &applet)
    }

    fn fetch_item(&mut self, item: &Item, applet: &Applet) -> (Result<Fetched, Error>, Vec<String>) {
        let mut reading = Reading {
            channel: &mut self.channel,
            selection: &mut self.selection,
            habits: &mut self.habits,
            may_give_way: self.may_give_way,
        };
        let mut file = Fetched { bytes: Vec::new(), redacted: false };
        let result = fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {});
        let sent = self.log.take().into_iter().filter(|sent| !sent.starts_with("00A4")).collect();
        (result.map(|()| file), sent)
    }
}

/// A card that never refuses, with one file that it reads as asked.
pub(super) fn quiet(file: Vec<u8>, unit: usize) -> impl FnMut(&[u8]) -> Result<(Vec<u8>, bool), LinkError> {
    move |command| {
        let offset = usize::from(u16::from_be_bytes([command[2], command[3]])) * unit;
        let wanted = match command[4] {
            0 if command.len() > 5 => usize::from(u16::from_be_bytes([command[5], command[6]])),
            0 => 256,
            le => usize::from(le),
        };
        let rest = file.get(offset..).unwrap_or_default();
        let data = &rest[..rest.len().min(wanted)];
        let status = if data.len() < wanted { [0x62, 0x82] } else { [0x90, 0x00] };
        Ok(([data, &status].concat(), false))
    }
}

pub(super) fn photo_of(length: u16) -> Vec<u8> {
    let [high, low] = length.to_be_bytes();
    [vec![0x75, 0x82, high, low], (0..u32::from(length)).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect()]
        .concat()
}

pub(super) const AT_ONCE: Duration = Duration::ZERO;

#[test]
fn a_step_names_verb_applet_file_and_byte() {
    let page = Roster::built_in().unwrap().pages()[0].clone();
    let item = page.item(ItemName::Photo).unwrap();
    let applet = Applet { name: "classic".into(), ..page.applet(&item.applet).unwrap().clone() };
    let step = Step { verb: "READ BINARY", applet: &applet, path: item.path.as_ref(), offset: Some(8) };
    let path = item.path.as_ref().unwrap();
    assert_eq!(step.to_string(), format!("READ BINARY in applet classic, file {path}, byte 8"));
    let step = Step { verb: "SELECT", applet: &applet, path: None, offset: None };
    assert_eq!(step.to_string(), "SELECT in applet classic");
}

#[test]
fn a_mask_on_any_part_is_a_mask_on_the_item() {
    for masked in [0, 1, 2, 9] {
        let (mut card, mut read) = (quiet(photo_of(600), 1), 0);
        let answer = move |command: &[u8]| {
            read += 1;
            card(command).map(|(bytes, _)| (bytes, read == masked + 1))
        };
        let (file, _) = Visit::new(Extended::Never, answer, AT_ONCE).fetch(ItemName::Photo, 1);
        assert_eq!(file.unwrap().redacted, masked < 3, "{masked}");
    }
}

/// An answer that is no whole number of words has its last bytes asked for once more, and the file may end there.
#[test]
fn a_file_may_end_within_a_word() {
    let file = [&[0x82, 1, 7][..], &[0x83, 1, 9]].concat();
    let mut card = quiet(file.clone(), 4);
    let mut first = true;
    let answer = move |command: &[u8]| {
        if std::mem::take(&mut first) { Ok(([&file[..], &[0x90, 0x00]].concat(), false)) } else { card(command) }
    };
    let mut visit = Visit::new(Extended::Never, answer, AT_ONCE);
    let (read, _) = visit.fetch(ItemName::Dates, 4);
    assert_eq!(read.unwrap().bytes, [0x82, 1, 7, 0x83, 1, 9]);
}

/// C-07: success without a byte is no end of the file; 6282 and 6B00 are.
#[test]
fn success_without_data_is_an_error() {
    for (words, kind) in [([0x90, 0x00], "garbled"), ([0x62, 0x82], "cut"), ([0x6B, 0x00], "cut")] {
        let mut card = quiet(photo_of(600), 1);
        let answer = move |command: &[u8]| match command[2..4] {
            [0, 0] => card(command),
            _ => Ok((words.to_vec(), false)),
        };
        let (read, sent) = Visit::new(Extended::Never, answer, AT_ONCE).fetch(ItemName::Photo, 1);
        match (read.unwrap_err(), kind) {
            (Error::Garbled { .. }, "garbled") | (Error::Malformed { .. }, "cut") => {}
            (other, _) => panic!("{words:02X?}: {other}"),
        }
        assert_eq!(sent.len(), 2);
    }
}

/// C-34, C-35: no object is longer than 32 KiB, and no offset beyond 7FFF is sent.
#[test]
fn files_without_end_end() {
    for unit in [1, 4] {
        // One data object of 200 bytes behind another, for ever.
        let endless = move |command: &[u8]| {
            let from = usize::from(u16::from_be_bytes([command[2], command[3]])) * usize::from(unit);
            let byte = |at: usize| match at % 200 {
                0 => 0x82,
                1 => 0x81,
                2 => 197,
                rest => u8::try_from((rest + at / 200) % 251).unwrap(),
            };
            Ok(((from..from + usize::from(command[4])).map(byte).chain([0x90, 0x00]).collect(), false))
        };
        let (read, sent) = Visit::new(Extended::Never, endless, AT_ONCE).fetch(ItemName::Dates, unit);
        assert!(matches!(read, Err(Error::Limit { .. } | Error::Malformed { .. })), "{read:?}");
        assert!(sent.len() <= (32 * 1024_usize).div_ceil(252) + 1, "{}", sent.len());
        assert!(sent.iter().all(|sent| sent.as_str() < "00B08"), "{:?}", sent.last());
    }
}

/// The longest object, 32 KiB of value, is read whole where offsets count words.
#[test]
fn the_longest_object_is_read() {
    let file =
        [vec![0x75, 0x82, 0x80, 0x00], (0..0x8000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect()].concat();
    let (read, _) = Visit::new(Extended::Never, quiet(file.clone(), 4), AT_ONCE).fetch(ItemName::Photo, 4);
    assert_eq!(read.unwrap().bytes, file);
}

/// Data objects by GET DATA have the length that the page tells; what is not there is absent, other words are refusals.
#[test]
fn a_data_object_has_the_length_of_its_page() {
    let with = |answer: Vec<u8>| {
        Visit::new(Extended::Never, move |_| Ok((answer.clone(), true)), AT_ONCE).fetch(ItemName::Serial, 1)
    };
    let length = 45;
    let (read, sent) = with([vec![7; length], vec![0x90, 0x00]].concat());
    assert_eq!(read.unwrap(), Fetched { bytes: vec![7; length], redacted: true });
    assert_eq!(sent, ["80CA9F7F2D"]);
    let (read, _) = with([vec![7; length - 1], vec![0x90, 0x00]].concat());
    assert!(matches!(read, Err(Error::Malformed { item: ItemName::Serial, .. })), "{read:?}");
    for word in [[0x6A, 0x82], [0x6A, 0x88]] {
        let (read, _) = with(word.to_vec());
        assert!(matches!(read, Err(Error::Absent(ItemName::Serial))), "{read:?}");
    }
    let (read, _) = with(vec![0x69, 0x82]);
    assert!(matches!(read, Err(Error::Refused { .. })), "{read:?}");
}

/// Fewer bytes than asked for, without a warning: a row of data objects is over where the last of them is whole, and
/// only there.
#[test]
fn a_short_answer_ends_a_row_only_behind_a_whole_object() {
    let row = [&[0x82, 1, 7][..], &[0x83, 3, 9, 9, 9]].concat();
    for (cap, reads) in [(8, 1), (6, 2), (2, 4)] {
        let (mut card, whole) = (quiet(row.clone(), 1), row.clone());
        let answer = move |command: &[u8]| {
            card(command).map(|(answer, _)| {
                let data = &answer[..answer.len() - 2];
                ([&data[..data.len().min(cap)], &[0x90, 0x00]].concat(), false)
            })
        };
        let (read, sent) = Visit::new(Extended::Never, answer, AT_ONCE).fetch(ItemName::Dates, 1);
        assert_eq!(read.unwrap().bytes, whole, "{cap}");
        assert_eq!(sent.len(), reads, "{cap}: {sent:?}");
    }
}
