//! The content of a file, put together from its readings, and the unit of its offsets.

use crate::apdu::Status;
use crate::apdu::tlv::{self, Header};
use crate::transport::trace::Octets;

/// The units of offsets that a page can tell.
const UNITS: [usize; 2] = [1, 4];
/// How many answers one reading may have: 32 KiB in pieces of one byte would be more than any program asks for.
const PIECES: usize = 8192;

/// A file read from its beginning on.
#[derive(Default)]
pub(super) struct Reading {
    pieces: Vec<Piece>,
    /// The card told that the file ends here.
    pub ended: bool,
}

struct Piece {
    offset: u16,
    bytes: Octets,
}

/// What a file holds, as far as it was read.
#[derive(Default)]
pub(super) struct Content {
    /// `00` where a byte is masked.
    pub bytes: Vec<u8>,
    pub masked: bool,
    /// The card told that the file ends behind these bytes.
    pub ended: bool,
    /// A piece repeated bytes of the one before it, as it should in this unit.
    pub repeats: bool,
}

impl Reading {
    /// Takes an answer to READ BINARY; offset 0 begins another reading.
    pub(super) fn take(readings: &mut Vec<Self>, offset: u16, answer: &Octets, status: Status) {
        if offset == 0 && status != Status::BEYOND_END {
            readings.push(Self::default());
        }
        let Some(reading) = readings.last_mut() else { return };
        if status != Status::BEYOND_END && reading.pieces.len() < PIECES {
            reading.pieces.push(Piece { offset, bytes: Octets::default() });
            reading.more(answer);
        }
        reading.ended |= matches!(status, Status::END_OF_FILE | Status::BEYOND_END);
    }

    /// Takes what GET RESPONSE brought of the same answer.
    pub(super) fn more(&mut self, answer: &Octets) {
        self.ended |= answer.status() == Some(Status::END_OF_FILE);
        if let Some(piece) = self.pieces.last_mut() {
            answer.iter().take(answer.len().saturating_sub(2)).for_each(|byte| piece.bytes.push(byte));
        }
    }

    /// The content in this unit of offsets; none where the pieces do not follow each other.
    pub(super) fn content(&self, unit: usize) -> Option<Content> {
        let mut content = Content { ended: self.ended, ..Content::default() };
        for piece in &self.pieces {
            let from = usize::from(piece.offset).saturating_mul(unit);
            let known = content.bytes.len().checked_sub(from)?;
            // A reader goes on at its last whole unit; what it asks for once more beyond that has to be the same.
            if known >= unit && known > 0 {
                let same = known.min(piece.bytes.len());
                let again = content.bytes.get(from..from.saturating_add(same))?;
                if piece.bytes.filled().get(..same)? != again {
                    return None;
                }
                content.repeats |= same >= 4 && again.windows(2).any(|pair| pair.first() != pair.last());
            }
            content.bytes.extend(piece.bytes.filled().iter().skip(known));
            content.masked |= piece.bytes.has_masks();
        }
        Some(content)
    }

    /// Whether the reading tells units apart: it went on behind its first answer.
    fn goes_on(&self) -> bool {
        self.pieces.iter().any(|piece| piece.offset != 0)
    }
}

/// The unit in which the readings of an applet count, where they show it: the only one in which all pieces of a file
/// follow each other, and in which an object of known length is whole.
pub(super) fn unit<'r>(readings: impl Iterator<Item = &'r Reading>) -> Option<usize> {
    let mut votes = [0usize; 2];
    for reading in readings.filter(|reading| reading.goes_on()) {
        let [bytes, words] = UNITS.map(|unit| reading.content(unit).filter(|content| !is_torn(content)));
        let [in_bytes, in_words] = &mut votes;
        match (bytes, words) {
            (Some(content), words) if words.is_none() || content.repeats => *in_bytes = in_bytes.saturating_add(1),
            (None, Some(_)) => *in_words = in_words.saturating_add(1),
            _ => {}
        }
    }
    let [in_bytes, in_words] = votes;
    match (in_bytes, in_words) {
        (1.., 0) => Some(1),
        (0, 1..) => Some(4),
        _ => None,
    }
}

/// The card told the end of the file before its first object is whole: the pieces are not what they seem.
fn is_torn(content: &Content) -> bool {
    let Header::Complete { header, length, .. } = tlv::header(&content.bytes) else { return false };
    content.ended && !content.masked && header.saturating_add(length) > content.bytes.len()
}
