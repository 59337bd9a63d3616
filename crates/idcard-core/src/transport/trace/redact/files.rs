//! Files of a trace put together from the answers to READ BINARY, to find the headers of their objects.

use super::object;
use crate::transport::trace::{Octets, Place};
use std::collections::HashMap;
use std::ops::Range;

/// Units of offsets that occur; where several fit, the smallest is taken.
const UNITS: [usize; 4] = [1, 2, 4, 8];

/// The files that were read.
#[derive(Default)]
pub(super) struct Files {
    /// In the order in which their reading began.
    files: Vec<File>,
    /// Which of them is under way at a place.
    open: HashMap<(Option<String>, Option<String>), usize>,
    /// Answers that belong to no file that is known from its beginning.
    stray: Vec<usize>,
}

#[derive(Default)]
struct File {
    content: Octets,
    pieces: Vec<Piece>,
}

/// An answer: where it stands in the trace, and which bytes of the file it holds.
struct Piece {
    index: usize,
    bytes: Range<usize>,
}

impl Files {
    /// An answer to READ BINARY, or to a GET RESPONSE that fetched `more` of it.
    pub(super) fn read(&mut self, place: &Place, offset: u16, more: bool, index: usize, answer: &Octets) {
        let key = (place.applet().map(str::to_owned), place.path());
        let length = answer.len().saturating_sub(2);
        if offset == 0 && !more {
            self.open.insert(key.clone(), self.files.len());
            self.files.push(File::default());
        }
        let file = self.open.get(&key).and_then(|at| self.files.get_mut(*at));
        let Some((file, from)) = file.and_then(|file| file.from(offset, more).map(|from| (file, from))) else {
            self.stray.push(index);
            return;
        };
        let known = file.content.len().saturating_sub(from);
        for byte in answer.iter().take(length).skip(known) {
            file.content.push(byte);
        }
        file.pieces.push(Piece { index, bytes: from..from.saturating_add(length) });
    }

    /// For each answer, which of its bytes are headers of objects.
    pub(super) fn kept(&self) -> Vec<(usize, Vec<Range<usize>>)> {
        let mut all: Vec<_> = self.stray.iter().map(|index| (*index, Vec::new())).collect();
        for file in &self.files {
            let headers = headers(&file.content);
            for piece in &file.pieces {
                let within = |header: &Range<usize>| {
                    let start = header.start.max(piece.bytes.start).saturating_sub(piece.bytes.start);
                    start..header.end.min(piece.bytes.end).saturating_sub(piece.bytes.start)
                };
                all.push((piece.index, headers.iter().map(within).filter(|range| !range.is_empty()).collect()));
            }
        }
        all
    }
}

impl File {
    /// Where in the file an answer belongs that follows what is there.
    fn from(&self, offset: u16, more: bool) -> Option<usize> {
        let have = self.content.len();
        if more {
            return Some(have);
        }
        // A reader goes on at its last whole unit.
        let follows = |from: &usize, unit: usize| *from <= have && have.saturating_sub(*from) < unit;
        let fits = |unit: usize| Some(usize::from(offset).saturating_mul(unit)).filter(|from| follows(from, unit));
        if offset == 0 { Some(0) } else { UNITS.into_iter().find_map(fits) }
    }
}

/// The headers of the objects that a file consists of, up to its padding or the first thing that is none.
///
/// Files without objects hold numbers and text, of which nothing may be left: a header is believed only for an object
/// that the files of these cards consist of, when it lies in the file whole or its length has the long form, which
/// no text has at this place.
fn headers(content: &Octets) -> Vec<Range<usize>> {
    let (mut headers, mut at) = (Vec::new(), 0usize);
    while let Some((_, header, length)) = object(content, at, content.len()) {
        let value = at.saturating_add(header);
        let end = value.saturating_add(length);
        let bytes = content.filled().get(at..value).unwrap_or_default();
        let long = bytes.iter().skip(1).any(|byte| matches!(byte, 0x81..=0x83));
        let believed = match bytes.first() {
            Some(0x30) => long,
            // Constructed objects, and those of dates (B2, B3), meta information (AD) and versions (CC, D5 to D7).
            Some(0x60..=0x7F | 0xA0..=0xBF | 0xCC | 0xD5..=0xD7) => long || end <= content.len(),
            _ => false,
        };
        if !believed {
            break;
        }
        headers.push(at..value);
        at = end;
    }
    headers
}
