//! Personalisation versions: data objects CC, D5, D6, D7 in a row, of unpublished meaning (`nid-card.md` 4.2).

use super::Field;
use super::template::{known, row};
use crate::apdu::Malformed;
use std::fmt;

/// A version as the card gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version(Vec<u8>);

impl Version {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Upper-case hex.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode_upper(&self.0))
    }
}

/// The versions; which of them counts what is not published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// Tag CC.
    pub cc: Field<Version>,
    /// Tag D5.
    pub d5: Field<Version>,
    /// Tag D6.
    pub d6: Field<Version>,
    /// Tag D7.
    pub d7: Field<Version>,
}

/// The longest version that is accepted, in bytes.
const LONGEST: usize = 64;

/// Reads the versions.
///
/// # Errors
/// Nothing but padding, a data object that is cut off, a known tag twice.
pub fn decode(bytes: &[u8]) -> Result<Versions, Malformed> {
    let known = known![0xCC "version", 0xD5 "version", 0xD6 "version", 0xD7 "version"];
    let [cc, d5, d6, d7] = row(bytes, known)?.map(|object| {
        Field::read(object, |value| match value.len() {
            0..=LONGEST => Ok(Version(value.to_vec())),
            _ => Err(Malformed::new("a version of more than 64 bytes", LONGEST)),
        })
    });
    Ok(Versions { cc, d5, d6, d7 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    #[test]
    fn known_versions_are_read_in_any_order_among_unknown_objects_and_padding() {
        let versions = decode(&hex!("D6010A 00 CC020FFF FF D40101 D7020108 0000")).unwrap();
        let read = [&versions.cc, &versions.d5, &versions.d6, &versions.d7].map(ToString::to_string);
        assert_eq!(read, ["0FFF", "", "0A", "0108"]);
        assert!(versions.d5.is_absent());
    }

    #[test]
    fn a_second_object_of_a_tag_names_tag_and_offset() {
        let wrong = decode(&hex!("CC020FFF D50100 CC0100")).unwrap_err();
        assert_eq!(wrong, Malformed::new("tag 0xCC (version) a second time", 7));
    }

    #[test]
    fn no_object_and_half_objects_are_errors() {
        assert!(decode(&[]).is_err());
        assert!(decode(&[0; 16]).is_err());
        assert!(decode(&hex!("CC020F")).is_err());
        assert!(decode(&hex!("D40101")).is_ok(), "an object that is not known");
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode(&bytes);
        }
    }
}
