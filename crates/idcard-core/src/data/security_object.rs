//! The document security object: tag 77 around a CMS object (`specimen.md` 4, ICAO Doc 9303-10).

use super::template::outer;
use crate::apdu::Malformed;

/// The CMS object (RFC 5652) that signs the data groups; what it says is read elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityObject {
    cms: Vec<u8>,
}

impl SecurityObject {
    /// The CMS object in DER.
    #[must_use]
    pub fn cms(&self) -> &[u8] {
        &self.cms
    }
}

/// Takes tag 77 off.
///
/// ```
/// let object = idcard_core::data::security_object::decode(&[0x77, 0x02, 0x30, 0x00, 0x00])?;
/// assert_eq!(object.cms(), [0x30, 0x00]);
/// # Ok::<(), idcard_core::apdu::Malformed>(())
/// ```
///
/// # Errors
/// Another tag, nothing inside, or an object that is cut off.
pub fn decode(bytes: &[u8]) -> Result<SecurityObject, Malformed> {
    let (object, _) = outer(bytes, 0x77, "a data object other than template 77")?;
    match object.value {
        [] => Err(Malformed::new("a security object without content", object.value_offset())),
        cms => Ok(SecurityObject { cms: cms.to_vec() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_security_object_is_an_error() {
        for bytes in [&[][..], &[0, 0], &[0x77, 0x00], &[0x30, 0x00], &[0x77, 0x82, 0x01, 0x00, 0x30]] {
            assert!(decode(bytes).is_err(), "{bytes:02X?}");
        }
    }

    proptest! {
        #[test]
        fn the_content_comes_out_as_it_is(content in prop::collection::vec(any::<u8>(), 1..600)) {
            let length = u16::try_from(content.len()).unwrap().to_be_bytes();
            let bytes = [&[0x77, 0x82][..], &length, &content, &[0, 0, 0]].concat();
            let object = decode(&bytes).unwrap();
            prop_assert_eq!(object.cms(), &content[..]);
        }
    }
}
