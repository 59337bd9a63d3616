//! Minutiae of a finger as a scanner gives them, in the compact card format of ISO/IEC 19794-2, for comparison on the card.

use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// The bytes of one minutia: x and y in tenths of a millimetre, then type and angle.
const ONE: usize = 3;
/// The most minutiae that fit one short command with the data objects around them.
const MOST: usize = 82;

/// Why bytes are no minutiae.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MinutiaeError {
    /// There are none.
    #[error("there are no minutiae")]
    Empty,
    /// They are not made of three bytes each.
    #[error("minutiae in the compact format have three bytes each")]
    Length,
    /// They do not fit one command.
    #[error("more than 82 minutiae do not fit one command")]
    TooMany,
}

/// The minutiae of one finger: wiped when dropped, never printed.
pub struct Minutiae(Zeroizing<Vec<u8>>);

impl Minutiae {
    /// Takes minutiae in the compact card format, three bytes each, in the order that the card's issuer wants.
    ///
    /// # Errors
    /// [`MinutiaeError`]; nothing of them is in it.
    ///
    /// ```
    /// use idcard_core::data::minutiae::Minutiae;
    /// assert!(Minutiae::compact(&[0x4A, 0x5B, 0x6C, 0x7D, 0x2E, 0x3F]).is_ok());
    /// assert!(Minutiae::compact(&[0x4A, 0x5B]).is_err());
    /// ```
    pub fn compact(bytes: &[u8]) -> Result<Self, MinutiaeError> {
        match bytes.len() {
            0 => Err(MinutiaeError::Empty),
            length if length % ONE != 0 => Err(MinutiaeError::Length),
            length if length > MOST * ONE => Err(MinutiaeError::TooMany),
            _ => Ok(Self(Zeroizing::new(bytes.to_vec()))),
        }
    }

    /// The biometric data template 7F2E with the object 81 in it (ISO/IEC 7816-11).
    pub(crate) fn template(&self) -> Zeroizing<Vec<u8>> {
        // The whole capacity at once: a buffer that grows leaves copies behind.
        let mut inner = Zeroizing::new(Vec::with_capacity(self.0.len() + 3));
        inner.push(0x81);
        length(&mut inner, self.0.len());
        inner.extend_from_slice(&self.0);
        let mut template = Zeroizing::new(Vec::with_capacity(inner.len() + 4));
        template.extend_from_slice(&[0x7F, 0x2E]);
        length(&mut template, inner.len());
        template.extend_from_slice(&inner);
        template
    }
}

/// A DER length of at most one byte after its prefix.
fn length(out: &mut Vec<u8>, length: usize) {
    let length = u8::try_from(length).unwrap_or(u8::MAX);
    if length >= 0x80 {
        out.push(0x81);
    }
    out.push(length);
}

impl fmt::Debug for Minutiae {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Minutiae(****)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_that_of_the_standard() {
        let few = Minutiae::compact(&[1, 2, 3]).unwrap();
        assert_eq!(few.template().as_slice(), [0x7F, 0x2E, 0x05, 0x81, 0x03, 1, 2, 3]);
        let many = Minutiae::compact(&[7; 82 * 3]).unwrap().template();
        // As the sibling card gets it: 7F2E 81 LL 81 .. nn (nid-card.md 8).
        assert_eq!(many[..7], [0x7F, 0x2E, 0x81, 249, 0x81, 0x81, 246]);
        assert_eq!(many.len(), 253, "it fits one short command");
    }

    #[test]
    fn what_is_not_minutiae_is_not_sent() {
        for (length, error) in [(0, MinutiaeError::Empty), (4, MinutiaeError::Length), (249, MinutiaeError::TooMany)] {
            assert_eq!(Minutiae::compact(&vec![1; length]).err(), Some(error));
        }
        assert_eq!(format!("{:?}", Minutiae::compact(&[1, 2, 3]).unwrap()), "Minutiae(****)");
    }
}
