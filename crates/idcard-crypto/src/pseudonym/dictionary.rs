//! Byte strings to be found wherever they stand, in one pass over the bytes, whatever their number.

use std::collections::HashMap;

/// How many strings are remembered; a visit of a card has some fifty.
const ENTRIES: usize = 4_096;
/// The longest that is remembered, in bytes.
const LONGEST: usize = 4_096;
/// By so many first bytes a string is looked up.
const PREFIX: usize = 6;

/// A string and what comes in its place.
pub(super) type Entry = (Vec<u8>, Vec<u8>);

/// Strings of six bytes or more, each with what comes in its place.
#[derive(Default)]
pub(super) struct Dictionary {
    entries: HashMap<[u8; PREFIX], Vec<Entry>>,
    count: usize,
}

impl Dictionary {
    /// Remembers a string; one that is too short to mean anything is left aside.
    pub(super) fn insert(&mut self, old: &[u8], new: &[u8]) {
        let Some(prefix) = old.first_chunk::<PREFIX>() else { return };
        if self.count >= ENTRIES || old.len() > LONGEST {
            return;
        }
        let entries = self.entries.entry(*prefix).or_default();
        if !entries.iter().any(|(known, _)| known == old) {
            entries.push((old.to_vec(), new.to_vec()));
            self.count = self.count.saturating_add(1);
        }
    }

    /// The first string that stands at `at`.
    pub(super) fn at(&self, bytes: &[u8], at: usize) -> Option<&Entry> {
        let rest = bytes.get(at..)?;
        self.entries.get(rest.first_chunk::<PREFIX>()?)?.iter().find(|(old, _)| rest.starts_with(old))
    }

    /// Whether any of the strings stands anywhere in the bytes.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        (0..bytes.len()).any(|at| self.at(bytes, at).is_some())
    }

    /// Puts in the place of each string what comes in its place.
    pub(super) fn replace(&self, bytes: &mut [u8]) {
        for at in 0..bytes.len() {
            let Some((old, new)) = self.at(bytes, at) else { continue };
            if let Some(place) =
                bytes.get_mut(at..at.saturating_add(old.len())).filter(|place| place.len() == new.len())
            {
                place.copy_from_slice(new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_wherever_they_stand() {
        let mut dictionary = Dictionary::default();
        dictionary.insert(b"abcdef", b"ABCDEF");
        dictionary.insert(b"abcdefgh", b"ABCDEFGH");
        dictionary.insert(b"short", b"SHORT");
        let mut bytes = *b"..abcdefgh.abcde abcdef short";
        assert!(dictionary.is_in(&bytes) && !dictionary.is_in(b"abcde short"));
        dictionary.replace(&mut bytes);
        assert_eq!(&bytes, b"..ABCDEFgh.abcde ABCDEF short");
    }
}
