//! Masks what a trace tells about the holder, and leaves what a replay steers by.

mod files;

use super::place::body;
use super::{Octets, Place, Step, Trace};
use crate::apdu::Status;
use crate::apdu::tlv::{self, Header};
use files::Files;
use std::ops::Range;

/// What a command asked for, also of the GET RESPONSE commands that fetch its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Select,
    /// READ BINARY from this offset, in the applet's unit.
    Read(u16),
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
    let mut steps: Vec<Step> = trace.entries().iter().map(|entry| entry.step.clone()).collect();
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
                match asked {
                    Asked::Read(offset) if status.is_some() => {
                        let more = sent.filled().get(1) == Some(&0xC0);
                        files.read(&place, offset, more, index, bytes);
                    }
                    Asked::Select => keep_only(bytes, &control_information(bytes)),
                    Asked::CodeInfo => keep_only(bytes, std::slice::from_ref(&(0..2))),
                    Asked::Read(_) | Asked::Other => keep_only(bytes, &[]),
                }
            }
            Step::Begin | Step::Reset | Step::Removed => place.forget(),
            Step::Atr(_) | Step::Protocol(_) | Step::End | Step::Error { .. } => {}
        }
    }
    for (index, kept) in files.kept() {
        if let Some(Step::Answer { bytes, .. }) = steps.get_mut(index) {
            keep_only(bytes, &kept);
        }
    }
    steps.into_iter().collect()
}

fn asking(command: &Octets, before: Asked) -> Asked {
    match command.filled() {
        [0x80, 0xC0, 0x02, 0x05, ..] => Asked::CodeInfo,
        [_, 0xC0, ..] => before,
        // Under secure messaging nothing of an answer is in the clear.
        [class, ..] if class & 0x0C != 0 => Asked::Other,
        [_, 0xA4, ..] => Asked::Select,
        [_, 0xB0, high, low, ..] if high & 0x80 == 0 => Asked::Read(u16::from_be_bytes([*high, *low])),
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

/// Masks all data of an answer but these bytes of it.
fn keep_only(answer: &mut Octets, kept: &[Range<usize>]) {
    for at in 0..answer.len().saturating_sub(2) {
        if !kept.iter().any(|range| range.contains(&at)) {
            answer.mask(at..at.saturating_add(1));
        }
    }
}

/// The parts of an answer to SELECT that speak of the file: headers, and the values of size, kind, name and life cycle.
fn control_information(answer: &Octets) -> Vec<Range<usize>> {
    let end = answer.len().saturating_sub(2);
    let mut kept = Vec::new();
    let Some((0x62 | 0x64 | 0x6F, header, _)) = object(answer, 0, end) else { return kept };
    kept.push(0..header);
    let mut at = header;
    while let Some((tag, header, length)) = object(answer, at, end) {
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
