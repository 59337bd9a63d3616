//! What the answers of a trace put together: files, data objects, control information, each from its pieces.

use crate::transport::trace::Octets;
use std::collections::HashMap;
use std::ops::Range;

/// Units of offsets that occur (`nid-card.md` 3.2); where several fit, the smallest is taken.
const UNITS: [usize; 2] = [1, 4];

/// From which kind of answers something was put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// READ BINARY.
    File,
    /// GET DATA.
    DataObject,
    /// SELECT.
    ControlInformation,
    /// GetInfo of a secret code: none of its objects, but the whole answer.
    SecretCode,
    /// A command that only says what is meant: the body of it.
    Command,
    /// The historical bytes of the answer to reset.
    AnswerToReset,
}

/// Where something lies on the card.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    pub origin: Origin,
    /// The AID, upper-case hex.
    pub applet: Option<String>,
    /// The path of the file, or the header of the command that gives the data object.
    pub place: Option<String>,
}

/// Everything that was put together.
#[derive(Default)]
pub(super) struct Files {
    /// In the order in which their reading began.
    files: Vec<File>,
    /// Which of them is under way at a place.
    open: HashMap<Spot, usize>,
    /// Answers that belong to nothing that is known from its beginning.
    stray: Vec<usize>,
    /// Answers of secret codes.
    pub codes: Vec<usize>,
    /// In which unit an applet counts, where one answer could mean nothing else.
    units: HashMap<Option<String>, usize>,
}

/// One thing that was put together.
pub(super) struct File {
    pub spot: Spot,
    pub content: Octets,
    pub pieces: Vec<Piece>,
    /// Behind the piece that came last.
    cursor: usize,
}

/// An answer: where it stands in the trace, and which bytes of the content it holds.
pub(super) struct Piece {
    pub index: usize,
    pub bytes: Range<usize>,
}

impl Files {
    /// An answer that brings the bytes from an offset on, or `more` of what the answer before brought.
    pub(super) fn read(&mut self, spot: Spot, offset: u16, more: bool, index: usize, answer: &Octets) {
        let mut data = Octets::default();
        answer.iter().take(answer.len().saturating_sub(2)).for_each(|byte| data.push(byte));
        let known = self.open.get(&spot).and_then(|at| self.files.get_mut(*at));
        let unit = self.units.get(&spot.applet).copied();
        let place = known.and_then(|file| {
            let (from, only) = file.place(offset, more, &data, unit)?;
            if let Some(only) = only {
                self.units.insert(spot.applet.clone(), only);
            }
            Some((file, from))
        });
        let (file, from) = match place {
            Some(found) => found,
            None if offset == 0 && !more => {
                self.open.insert(spot.clone(), self.files.len());
                self.files.push(File { spot, content: Octets::default(), pieces: Vec::new(), cursor: 0 });
                let Some(file) = self.files.last_mut() else { return };
                (file, 0)
            }
            None => {
                self.stray.push(index);
                return;
            }
        };
        let have = file.content.len().saturating_sub(from);
        for byte in data.iter().skip(have) {
            file.content.push(byte);
        }
        file.cursor = from.saturating_add(data.len());
        file.pieces.push(Piece { index, bytes: from..file.cursor });
    }

    pub(super) fn all(&self) -> &[File] {
        &self.files
    }

    pub(super) fn stray(&self) -> &[usize] {
        &self.stray
    }
}

impl File {
    /// Where in the content an answer belongs; none where it contradicts what is there, or leaves a gap.
    /// With it the unit, where no other fits.
    fn place(&self, offset: u16, more: bool, data: &Octets, known: Option<usize>) -> Option<(usize, Option<usize>)> {
        if more || offset == 0 {
            let from = if more { self.cursor } else { 0 };
            return self.agrees(from, data).then_some((from, None));
        }
        let fits = |unit: &usize| {
            let from = usize::from(offset).saturating_mul(*unit);
            from <= self.content.len() && self.agrees(from, data)
        };
        let fitting: Vec<usize> =
            UNITS.into_iter().filter(|unit| known.is_none_or(|known| known == *unit)).filter(fits).collect();
        // A reader goes on at its last whole unit; a piece from elsewhere has to overlap what is there.
        let follows = |unit: &&usize| {
            let from = usize::from(offset).saturating_mul(**unit);
            from <= self.cursor && self.cursor.saturating_sub(from) < **unit
        };
        let unit = *fitting.iter().find(follows).or_else(|| fitting.first())?;
        Some((usize::from(offset).saturating_mul(unit), (fitting.len() == 1).then_some(unit)))
    }

    fn agrees(&self, from: usize, data: &Octets) -> bool {
        self.content.iter_from(from).zip(data.iter()).all(|(known, told)| known == told)
    }
}
