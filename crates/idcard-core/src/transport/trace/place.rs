//! Which applet and file the commands of a trace speak to, as far as its SELECT commands tell.

use super::Octets;
use crate::apdu::Status;
use std::ops::Range;

/// The longest name, in bytes, and the longest path, in folders, that are kept in mind: those of cards are shorter.
const NAME: usize = 16;
const DEPTH: usize = 16;

/// What is selected, as far as the SELECT commands so far tell.
///
/// ```
/// use idcard_core::{apdu::Status, transport::trace::{Octets, Place}};
/// let mut place = Place::default();
/// place.follow(&Octets::from(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00][..]), Status::OK);
/// place.follow(&Octets::from(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x2F, 0x01][..]), Status::OK);
/// assert_eq!(place.path().as_deref(), Some("3F00/2F01"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    applet: Option<String>,
    folders: Vec<String>,
    file: Option<String>,
}

impl Place {
    /// Nothing is known any more: another program may have been at the card.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The AID of the applet, upper-case hex.
    #[must_use]
    pub fn applet(&self) -> Option<&str> {
        self.applet.as_deref()
    }

    /// The identifiers of folders and file, `3F00/0200/0201`.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        let parts: Vec<&str> = self.folders.iter().chain(&self.file).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join("/"))
    }

    /// A file is selected, the last part of the path; else the path is that of a folder.
    #[must_use]
    pub const fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// Follows a command that the card answered with this status (ISO/IEC 7816-4, 11.2.2).
    pub fn follow(&mut self, command: &Octets, status: Status) {
        let &[_, 0xA4, how, _, ..] = command.filled() else { return };
        if !(status == Status::OK || matches!(status.sw1(), 0x61..=0x63)) {
            return;
        }
        let data = body(command).and_then(|range| command.filled().get(range)).unwrap_or_default();
        let name = hex::encode_upper(data.get(..NAME).unwrap_or(data));
        let parts = || data.chunks(2).take(DEPTH).map(hex::encode_upper);
        match how {
            0x04 => {
                self.forget();
                self.applet = Some(name);
                return;
            }
            // By identifier alone: whose child it is, the trace does not tell.
            0x00 => self.folders = if data.is_empty() { vec!["3F00".to_owned()] } else { parts().collect() },
            0x01 | 0x09 => self.folders.extend(parts()),
            0x02 => {
                self.file = Some(name);
                return;
            }
            0x03 => {
                self.folders.pop();
            }
            0x08 => self.folders = std::iter::once("3F00".to_owned()).chain(parts()).collect(),
            _ => self.folders.clear(),
        }
        if self.folders.len() > DEPTH {
            self.folders.clear();
        }
        self.file = None;
    }
}

/// The data field of a raw command, where it has one (ISO/IEC 7816-3, 12.1).
pub(super) fn body(command: &Octets) -> Option<Range<usize>> {
    let raw = command.filled();
    let (start, length): (usize, usize) = match raw.get(4..)? {
        [] | [_] | [0, _, _] => return None,
        [0, high, low, ..] => (7, usize::from(u16::from_be_bytes([*high, *low]))),
        [short, ..] => (5, usize::from(*short)),
    };
    let end = start.saturating_add(length).min(raw.len());
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(commands: &[&[u8]]) -> Place {
        let mut place = Place::default();
        for command in commands {
            place.follow(&Octets::from(*command), Status::OK);
        }
        place
    }

    #[test]
    fn a_path_grows_from_folder_to_file() {
        let place = selected(&[
            &[0x00, 0xA4, 0x04, 0x0C, 0x05, 1, 2, 3, 4, 5],
            &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00],
            &[0x00, 0xA4, 0x01, 0x0C, 0x02, 0x02, 0x00],
            &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x02, 0x01],
            &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x02, 0x05],
        ]);
        assert_eq!(place.applet(), Some("0102030405"));
        assert_eq!(place.path().as_deref(), Some("3F00/0200/0205"));
    }

    #[test]
    fn a_refused_select_changes_nothing() {
        let mut place = selected(&[&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x02, 0x01]]);
        place.follow(&Octets::from(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x02, 0x02][..]), Status::NOT_FOUND);
        assert_eq!(place.path().as_deref(), Some("0201"));
    }

    #[test]
    fn no_name_and_no_path_grows_without_end() {
        let long = [&[0x00, 0xA4, 0x04, 0x0C, 0x00, 0xFF, 0x00][..], &vec![0xA0; 0xFF00]].concat();
        let mut place = selected(&[&long]);
        assert_eq!(place.applet().map(str::len), Some(32), "an AID has 16 bytes at most (ISO/IEC 7816-4, 8.2.1.2)");
        for how in [0x00, 0x08, 0x02] {
            let long = [&[0x00, 0xA4, how, 0x0C, 0x00, 0xFF, 0x00][..], &vec![0x50; 0xFF00]].concat();
            place.follow(&Octets::from(long.as_slice()), Status::OK);
            assert!(place.path().is_none_or(|path| path.len() < 200), "{how}: {:?}", place.path());
        }
        for _ in 0..1_000 {
            place.follow(&Octets::from(&[0x00, 0xA4, 0x01, 0x0C, 0x02, 0x50, 0x15][..]), Status::OK);
            assert!(place.path().is_none_or(|path| path.len() < 200), "{:?}", place.path());
        }
    }

    #[test]
    fn a_body_never_reaches_behind_its_command() {
        assert_eq!(body(&Octets::from(&[0, 0xA4, 0, 0, 9, 1, 2][..])), Some(5..7));
        assert_eq!(body(&Octets::from(&[0, 0xB0, 0, 0, 0, 0x80, 0][..])), None);
        assert_eq!(body(&Octets::from(&[0, 0x2A, 0, 0, 0, 0, 1, 7, 0, 0][..])), Some(7..8));
    }
}
