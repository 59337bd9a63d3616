//! The CRN, ten digits of a meaning that nobody has published (`nid-card.md` 4.2, `iran.md` 2.1).

use super::national_number::passes_checksum;
use super::serial::is_blank;
use crate::apdu::Malformed;
use std::fmt;

/// A CRN: ten ASCII digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Crn(String);

impl Crn {
    /// Takes ten ASCII digits, as they also stand at the start of a certificate's common name.
    ///
    /// ```
    /// use idcard_core::data::Crn;
    /// assert!(Crn::new("0003141594").is_some_and(|crn| crn.passes_national_number_checksum()));
    /// assert!(Crn::new("000314159").is_none());
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.to_owned()))
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it also passes the checksum of the national number. Nothing more follows from that.
    #[must_use]
    pub fn passes_national_number_checksum(&self) -> bool {
        passes_checksum(&self.0)
    }
}

/// The ten digits.
impl fmt::Display for Crn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Reads data object 0101: 21 bytes, `010112`, ten ASCII digits, eight bytes of unknown meaning.
///
/// # Errors
/// Another length or header, or another character among the digits. All 00 or all FF is no error: the CRN is absent.
pub fn decode(bytes: &[u8]) -> Result<Option<Crn>, Malformed> {
    if bytes.len() != 21 {
        return Err(Malformed::new("data object 0101 that is not 21 bytes long", bytes.len().min(21)));
    }
    if is_blank(bytes) {
        return Ok(None);
    }
    let Some((digits, _)) = bytes.strip_prefix(&[0x01, 0x01, 0x12]).and_then(|value| value.split_at_checked(10)) else {
        return Err(Malformed::new("data object 0101 without the header 010112", 0));
    };
    if is_blank(digits) {
        return Ok(None);
    }
    match digits.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(position) => Err(Malformed::new("a character of the CRN that is not a digit", position.saturating_add(3))),
        None => Ok(std::str::from_utf8(digits).ok().and_then(Crn::new)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(digits: &[u8]) -> Vec<u8> {
        [&[0x01, 0x01, 0x12][..], digits, &[0; 8]].concat()
    }

    #[test]
    fn the_crn_is_ten_digits_at_byte_3() {
        let crn = decode(&answer(b"0003141594")).unwrap().unwrap();
        assert_eq!((crn.as_str(), crn.passes_national_number_checksum()), ("0003141594", true));
        let crn = decode(&answer(b"0003141595")).unwrap().unwrap();
        assert!(!crn.passes_national_number_checksum());
    }

    #[test]
    fn blank_answers_are_absent_and_wrong_ones_are_errors() {
        for blank in [0x00, 0xFF] {
            assert_eq!(decode(&answer(&[blank; 10])), Ok(None));
            assert_eq!(decode(&[blank; 21]), Ok(None));
        }
        assert_eq!(decode(&answer(b"00031415a4")).unwrap_err().offset, 11);
        assert!(decode(&answer(b"000314159")).is_err());
        assert!(decode(&[0x30; 21]).is_err());
        assert!(decode(&[]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&bytes);
        }
    }
}
