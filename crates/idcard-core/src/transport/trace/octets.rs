//! Bytes of which some may be masked.

use crate::apdu::Status;
use crate::apdu::command::secret_body;
use std::fmt;
use std::ops::Range;
use zeroize::Zeroize;

/// Bytes of an APDU, some of which may be masked; a masked byte is kept as `00` and its value is gone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Octets {
    bytes: Vec<u8>,
    /// One bit a byte, lowest first; shorter than the bytes where nothing more is masked.
    masks: Vec<u8>,
}

impl Octets {
    /// The number of bytes, masked ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True when there is no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes, `00` where one is masked.
    #[must_use]
    pub fn filled(&self) -> &[u8] {
        &self.bytes
    }

    /// True when at least one byte is masked.
    #[must_use]
    pub fn has_masks(&self) -> bool {
        self.masks.iter().any(|bits| *bits != 0)
    }

    /// True when the byte at `index` is masked.
    #[must_use]
    pub fn is_masked(&self, index: usize) -> bool {
        self.masks.get(index / 8).is_some_and(|bits| bits & (1 << (index % 8)) != 0)
    }

    /// The bytes one by one, `None` where one is masked.
    pub fn iter(&self) -> impl Iterator<Item = Option<u8>> + '_ {
        self.iter_from(0)
    }

    /// The same from an index on, without a look at those before it.
    pub(super) fn iter_from(&self, start: usize) -> impl Iterator<Item = Option<u8>> + '_ {
        let bytes = self.bytes.get(start..).unwrap_or_default();
        bytes.iter().zip(start..).map(|(byte, index)| (!self.is_masked(index)).then_some(*byte))
    }

    /// True when `bytes` has the same length and the same value wherever this is not masked.
    #[must_use]
    pub fn matches(&self, bytes: &[u8]) -> bool {
        self.len() == bytes.len()
            && self.iter().zip(bytes).all(|(ours, theirs)| ours.is_none_or(|byte| byte == *theirs))
    }

    /// Taken as an answer: its status word; none where it is too short or masked.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let at = self.len().checked_sub(2)?;
        let word: [u8; 2] = self.bytes.get(at..)?.try_into().ok()?;
        let masked = self.is_masked(at) || self.is_masked(at.saturating_add(1));
        (!masked).then_some(Status(u16::from_be_bytes(word)))
    }

    /// Adds a byte, or a masked one.
    pub fn push(&mut self, byte: Option<u8>) {
        self.bytes.push(byte.unwrap_or(0));
        if byte.is_none() {
            self.mark(self.bytes.len() - 1);
        }
    }

    /// Masks the bytes of `range` that exist and wipes their values.
    pub fn mask(&mut self, range: Range<usize>) {
        let range = range.start.min(self.len())..range.end.min(self.len());
        if let Some(bytes) = self.bytes.get_mut(range.clone()) {
            bytes.zeroize();
        }
        range.for_each(|index| self.mark(index));
    }

    /// Taken as a command: masks what of it is secret. True when anything secret had not been masked before.
    pub fn mask_secrets(&mut self) -> bool {
        let Some(range) = secret_body(&self.bytes) else { return false };
        let bare = range.clone().any(|index| !self.is_masked(index));
        self.mask(range);
        bare
    }

    fn mark(&mut self, index: usize) {
        if self.masks.len() <= index / 8 {
            self.masks.resize(index / 8 + 1, 0);
        }
        if let Some(bits) = self.masks.get_mut(index / 8) {
            *bits |= 1 << (index % 8);
        }
    }
}

impl From<&[u8]> for Octets {
    fn from(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), masks: Vec::new() }
    }
}

impl fmt::Display for Octets {
    /// `00 A4 ** 0C`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.iter().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            match byte {
                Some(byte) => write!(f, "{blank}{byte:02X}")?,
                None => write!(f, "{blank}**")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.clone();
        shown.mask_secrets();
        write!(f, "[{shown}]")
    }
}
