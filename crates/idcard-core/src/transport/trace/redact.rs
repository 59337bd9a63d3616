//! Masks or replaces what a trace tells about the holder, and leaves what a replay steers by.

mod files;
mod values;

use super::place::body;
use super::{Octets, Place, Step, Trace};
use crate::apdu::Status;
use crate::apdu::tlv::{self, Header};
use files::{Files, Spot};
use std::ops::Range;

pub use files::Origin;
pub use values::{Content, Value};

/// Of a secret code's answer what counts failed presentations (`nid-card.md` 5.3).
const COUNTERS: Range<usize> = 0..2;

/// What a command asked for, also of the GET RESPONSE commands that fetch its answer.
#[derive(Clone, PartialEq, Eq)]
enum Asked {
    Select,
    /// READ BINARY from this offset, in the applet's unit.
    Read(u16),
    /// GET DATA, by its header.
    Data(String),
    /// GetInfo of an MPCOS secret code.
    CodeInfo,
    Other,
}

/// The trace with the data of its answers masked; statuses and lengths stay, and so do
/// - file control information after SELECT, as far as ISO/IEC 7816-4 fixes what it means,
/// - tag and length of the objects that files begin with, by which a reader knows how much to ask for,
/// - the flags of failed presentations that an MPCOS card tells of a secret code.
///
/// The bodies of commands that carry data to the card are masked too, hashes and challenges among them.
pub(super) fn redacted(trace: &Trace) -> Trace {
    let mut steps = steps(trace);
    let files = put_together(&mut steps);
    for index in files.stray() {
        keep(&mut steps, *index, &[]);
    }
    for index in &files.codes {
        keep(&mut steps, *index, std::slice::from_ref(&COUNTERS));
    }
    for file in files.all() {
        let kept = match file.spot.origin {
            Origin::File => headers(&file.content),
            Origin::ControlInformation => control_information(&file.content),
            Origin::DataObject | Origin::SecretCode | Origin::Command | Origin::AnswerToReset => Vec::new(),
        };
        for piece in &file.pieces {
            let within = |range: &Range<usize>| {
                let start = range.start.max(piece.bytes.start).saturating_sub(piece.bytes.start);
                start..range.end.min(piece.bytes.end).saturating_sub(piece.bytes.start)
            };
            let from = kept.partition_point(|range| range.end <= piece.bytes.start);
            let kept = kept.iter().skip(from).take_while(|range| range.start < piece.bytes.end);
            let kept: Vec<_> = kept.map(within).collect();
            keep(&mut steps, piece.index, &kept);
        }
    }
    steps.into_iter().collect()
}

/// The trace with other values in the place of those that `rewrite` gives one of the same length for; the others are
/// masked, and zero in an answer to reset, which knows no masks.
pub(super) fn rewritten(trace: &Trace, rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>) -> Trace {
    let mut steps = steps(trace);
    let files = put_together(&mut steps);
    for index in files.stray() {
        keep(&mut steps, *index, &[]);
    }
    values::rewrite(&files, &mut steps, rewrite);
    values::rewrite_the_rest(&files, &mut steps, rewrite);
    steps.into_iter().collect()
}

/// What the answers put together.
pub(super) fn contents(trace: &Trace) -> Vec<Content> {
    put_together(&mut steps(trace)).all().iter().map(Content::from).collect()
}

fn steps(trace: &Trace) -> Vec<Step> {
    trace.entries().iter().map(|entry| entry.step.clone()).collect()
}

fn keep(steps: &mut [Step], index: usize, kept: &[Range<usize>]) {
    if let Some(Step::Answer { bytes, .. }) = steps.get_mut(index) {
        keep_only(bytes, kept);
    }
}

/// Puts the answers together; masks the bodies of commands, and all answers that belong to nothing.
fn put_together(steps: &mut [Step]) -> Files {
    let mut files = Files::default();
    let (mut place, mut asked, mut sent) = (Place::default(), Asked::Other, Octets::default());
    for (index, step) in steps.iter_mut().enumerate() {
        match step {
            Step::Command(command) => {
                asked = asking(command, asked);
                sent = command.clone();
                mask_body(command);
            }
            Step::Answer { bytes, .. } => {
                let status = bytes.status();
                place.follow(&sent, status.unwrap_or(Status(0)));
                let more = sent.filled().get(1) == Some(&0xC0);
                let spot = |origin, place_there: Option<String>| Spot {
                    origin,
                    applet: place.applet().map(str::to_owned),
                    place: place_there,
                };
                match &asked {
                    Asked::Read(offset) if status.is_some() => {
                        files.read(spot(Origin::File, place.path()), *offset, more, index, bytes);
                    }
                    Asked::Data(header) if status.is_some() => {
                        files.read(spot(Origin::DataObject, Some(header.clone())), 0, more, index, bytes);
                    }
                    Asked::Select if status.is_some() => {
                        files.read(spot(Origin::ControlInformation, place.path()), 0, more, index, bytes);
                    }
                    Asked::CodeInfo => files.codes.push(index),
                    _ => keep_only(bytes, &[]),
                }
            }
            Step::Begin | Step::Reset | Step::Removed => place.forget(),
            Step::Atr(_) | Step::Protocol(_) | Step::End | Step::Error { .. } => {}
        }
    }
    files
}

fn asking(command: &Octets, before: Asked) -> Asked {
    match command.filled() {
        [0x80, 0xC0, 0x02, 0x05, ..] => Asked::CodeInfo,
        [_, 0xC0, ..] => before,
        // Under secure messaging nothing of an answer is in the clear.
        [class, ..] if class & 0x0C != 0 => Asked::Other,
        [_, 0xA4, ..] => Asked::Select,
        [_, 0xB0, high, low, ..] if high & 0x80 == 0 => Asked::Read(u16::from_be_bytes([*high, *low])),
        [class, 0xCA, high, low, ..] => Asked::Data(hex::encode_upper([*class, 0xCA, *high, *low])),
        _ => Asked::Other,
    }
}

/// Bodies that only say what is meant stay: SELECT, MANAGE SECURITY ENVIRONMENT, READ BINARY, GET DATA.
fn mask_body(command: &mut Octets) {
    let speaks_of_places = matches!(command.filled(), [_, 0xA4 | 0x22 | 0xB1 | 0xCB, ..]);
    if let Some(range) = body(command).filter(|_| !speaks_of_places) {
        command.mask(range);
    }
}

/// Masks all data of an answer but these bytes of it, given in their order.
fn keep_only(answer: &mut Octets, kept: &[Range<usize>]) {
    let end = answer.len().saturating_sub(2);
    let mut at = 0;
    for range in kept {
        answer.mask(at..range.start.min(end));
        at = range.end.min(end);
    }
    answer.mask(at..end);
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

/// The parts of an answer to SELECT that speak of the file: headers, and the values of size, kind, name and life cycle.
fn control_information(content: &Octets) -> Vec<Range<usize>> {
    let end = content.len();
    let mut kept = Vec::new();
    let Some((0x62 | 0x64 | 0x6F, header, _)) = object(content, 0, end) else { return kept };
    kept.push(0..header);
    let mut at = header;
    while let Some((tag, header, length)) = object(content, at, end) {
        let value = at.saturating_add(header);
        let next = value.saturating_add(length);
        if next > end {
            break;
        }
        kept.push(at..value);
        if matches!(tag, 0x80..=0x84 | 0x88 | 0x8A) && length <= 16 {
            kept.push(value..next);
        }
        at = next;
    }
    kept
}

/// Tag, length of the header and length of the value of the object at `at`; none where a part of its header is masked.
fn object(bytes: &Octets, at: usize, end: usize) -> Option<(u32, usize, usize)> {
    let Header::Complete { tag, header, length } = tlv::header(bytes.filled().get(at..end)?) else { return None };
    let bare = (at..at.saturating_add(header)).all(|index| !bytes.is_masked(index));
    bare.then_some((tag, header, length))
}

#[cfg(test)]
mod tests;
