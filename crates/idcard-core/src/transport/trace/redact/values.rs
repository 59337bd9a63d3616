//! Values of a trace one by one, for those who put others in their place.

use super::files::{File, Files, Origin};
use crate::atr::{Atr, Tck};
use crate::data::layout;
use crate::transport::trace::place::body;
use crate::transport::trace::{Octets, Step};
use std::ops::Range;

/// A value that the answers of a trace hold, all pieces joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// From which kind of answers it is.
    pub origin: Origin,
    /// The AID of the applet, upper-case hex.
    pub applet: Option<&'a str>,
    /// The path of the file, or the header of the command that gave the data object.
    pub place: Option<&'a str>,
    /// The tags that lead to it, the outermost first; none where the content is no row of objects.
    pub tags: &'a [u32],
    /// The value; of a certificate or signed object (tags 30, 77) the whole object.
    pub bytes: &'a [u8],
    /// The trace does not hold the end of it.
    pub cut: bool,
    /// It stands behind more objects than are looked at: of these bytes nothing is known.
    pub unread: bool,
}

/// Something that the answers of a trace put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// From which kind of answers it is.
    pub origin: Origin,
    /// The AID of the applet, upper-case hex.
    pub applet: Option<String>,
    /// The path of the file, or the header of the command that gave the data object.
    pub place: Option<String>,
    /// The bytes, `00` where one is masked.
    pub bytes: Vec<u8>,
    /// At least one byte is masked.
    pub masked: bool,
}

impl From<&File> for Content {
    fn from(file: &File) -> Self {
        Self {
            origin: file.spot.origin,
            applet: file.spot.applet.clone(),
            place: file.spot.place.clone(),
            bytes: file.content.filled().to_vec(),
            masked: file.content.has_masks(),
        }
    }
}

/// Puts other values in the place of those that `rewrite` gives one for, and masks the rest: nothing stays but headers
/// of objects and padding.
pub(super) fn rewrite(files: &Files, steps: &mut [Step], rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>) {
    for file in files.all() {
        let content = rewritten(file, rewrite);
        for piece in &file.pieces {
            let Some(Step::Answer { bytes, .. }) = steps.get_mut(piece.index) else { continue };
            let mut answer = Octets::default();
            let status = bytes.iter_from(piece.bytes.len());
            let data = content.iter_from(piece.bytes.start).take(piece.bytes.len());
            data.chain(status).for_each(|byte| answer.push(byte));
            *bytes = answer;
        }
    }
}

/// The same for what is no part of a file: answers of secret codes, bodies of commands, the historical bytes.
pub(super) fn rewrite_the_rest(
    files: &Files,
    steps: &mut [Step],
    rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>,
) {
    for index in &files.codes {
        if let Some(Step::Answer { bytes, .. }) = steps.get_mut(*index) {
            let data = 0..bytes.len().saturating_sub(2);
            rewrite_part(bytes, data, Origin::SecretCode, rewrite);
        }
    }
    for step in steps {
        match step {
            Step::Command(command) => {
                if let Some(range) = body(command) {
                    rewrite_part(command, range, Origin::Command, rewrite);
                }
            }
            Step::Atr(atr) => rewrite_atr(atr, rewrite),
            _ => {}
        }
    }
}

/// One value; where any of it is masked, all is.
fn rewrite_part(
    octets: &mut Octets,
    range: Range<usize>,
    origin: Origin,
    rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>,
) {
    let bare = !range.clone().any(|at| octets.is_masked(at));
    let old = octets.filled().get(range.clone()).filter(|_| bare);
    let Some(new) = old.and_then(|bytes| rewrite(&alone(origin, bytes))).filter(|new| new.len() == range.len()) else {
        return octets.mask(range);
    };
    let bytes: Vec<_> = octets.iter().collect();
    let (front, behind) = (bytes.iter().take(range.start), bytes.iter().skip(range.end));
    let mut other = Octets::default();
    front.copied().chain(new.into_iter().map(Some)).chain(behind.copied()).for_each(|byte| other.push(byte));
    *octets = other;
}

/// Where a check byte was right it is right again.
fn rewrite_atr(atr: &mut [u8], rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>) {
    let parsed = Atr::parse(atr).ok();
    let range = parsed.as_ref().map_or(2.min(atr.len())..atr.len(), Atr::historical_range);
    let check = parsed.filter(|atr| matches!(atr.tck(), Tck::Right | Tck::Wrong)).map(|_| range.end);
    let Some(place) = atr.get_mut(range) else { return };
    let other = rewrite(&alone(Origin::AnswerToReset, place)).filter(|other| other.len() == place.len());
    let other = other.unwrap_or_else(|| vec![0; place.len()]);
    let difference = place.iter().chain(&other).fold(0, |sum, byte| sum ^ byte);
    place.copy_from_slice(&other);
    if let Some(check) = check.and_then(|at| atr.get_mut(at)) {
        *check ^= difference;
    }
}

/// A value that belongs to no file.
fn alone(origin: Origin, bytes: &[u8]) -> Value<'_> {
    Value { origin, applet: None, place: None, tags: &[], bytes, cut: false, unread: false }
}

fn rewritten(file: &File, rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>) -> Octets {
    let old = file.content.filled();
    let layout::Parts { values, headers } = layout::parts(old);
    let mut new: Vec<Option<u8>> = file.content.iter().map(|byte| byte.filter(|b| matches!(b, 0x00 | 0xFF))).collect();
    for at in headers.into_iter().flatten() {
        if let Some(place) = new.get_mut(at) {
            *place = old.get(at).copied().filter(|_| !file.content.is_masked(at));
        }
    }
    for value in values {
        let whole = matches!(value.tags.as_slice(), [0x30 | 0x77]);
        let range = if whole { value.object.clone() } else { value.value.clone() };
        let bare = range.clone().all(|at| !file.content.is_masked(at));
        let other = old.get(range.clone()).filter(|_| bare).and_then(|bytes| {
            rewrite(&Value {
                origin: file.spot.origin,
                applet: file.spot.applet.as_deref(),
                place: file.spot.place.as_deref(),
                tags: &value.tags,
                bytes,
                cut: value.cut,
                unread: value.unread,
            })
        });
        match other.filter(|other| other.len() == range.len()) {
            Some(other) => {
                for (at, byte) in range.zip(other) {
                    if let Some(place) = new.get_mut(at) {
                        *place = Some(byte);
                    }
                }
            }
            // Of an object that stays masked its header stays, by which a reader knows how much to ask for.
            None => value.value.for_each(|at| {
                if let Some(place) = new.get_mut(at) {
                    *place = None;
                }
            }),
        }
    }
    let mut octets = Octets::default();
    new.into_iter().for_each(|byte| octets.push(byte));
    octets
}
