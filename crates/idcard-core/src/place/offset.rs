//! Offsets of READ BINARY in bytes or in 4-byte words: believed from the page, proved by the second read of a file.

use super::Habits;
use crate::family::Applet;

/// The unit in force: the proved one, else the page's.
pub(super) fn unit(habits: &Habits, applet: &Applet) -> u8 {
    known(habits, applet).unwrap_or(applet.offset_unit).max(1)
}

fn known(habits: &Habits, applet: &Applet) -> Option<u8> {
    habits.units.iter().find(|(name, _)| *name == applet.name).map(|&(_, unit)| unit)
}

/// Keeps what was proved, for the rest of the session.
pub(super) fn settle(habits: &mut Habits, applet: &Applet, unit: u8) {
    if known(habits, applet).is_none() {
        habits.units.push((applet.name.clone(), unit));
    }
}

/// Whether the card counted bytes where the page says words.
///
/// A read at byte `from` was asked for as `from / unit`. A card that counts bytes answers with the bytes from there, which
/// are known already: the answer then repeats the file from `from / unit` on. That proves the unit at no further exchange.
/// Bytes that are all the same prove nothing, and the page is believed.
pub(super) fn is_in_bytes(habits: &Habits, applet: &Applet, from: usize, file: &[u8], answer: &[u8]) -> bool {
    let unit = usize::from(applet.offset_unit.max(1));
    if unit == 1 || known(habits, applet).is_some() {
        return false;
    }
    let Some(repeated) = file.get(from / unit..from) else { return false };
    let length = repeated.len().min(answer.len());
    let (Some(repeated), Some(answer)) = (repeated.get(..length), answer.get(..length)) else { return false };
    let varied = answer.windows(2).any(|pair| pair.first() != pair.last());
    length >= unit && varied && repeated == answer
}
