//! Meta information: data object AD, the fingerprint-check flag (`nid-card.md` 3.1).

use super::Field;
use super::template::{known, row};
use crate::apdu::Malformed;

/// What the flag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FingerprintCheck {
    /// 00: a check of fingerprints is not required.
    NotRequired,
    /// A value of unpublished meaning.
    Unpublished(u8),
}

/// Meta information.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// Tag AD.
    pub fingerprint_check: Field<FingerprintCheck>,
}

/// Reads the meta information. Tag AD bears a constructed bit and holds one plain byte all the same.
///
/// ```
/// use idcard_core::data::meta::{FingerprintCheck, decode};
/// let meta = decode(&[0xAD, 0x01, 0x00, 0x00])?;
/// assert_eq!(meta.fingerprint_check.valid(), Some(&FingerprintCheck::NotRequired));
/// # Ok::<(), idcard_core::apdu::Malformed>(())
/// ```
///
/// # Errors
/// Nothing but padding, a data object that is cut off, tag AD twice.
pub fn decode(bytes: &[u8]) -> Result<Meta, Malformed> {
    let [flag] = row(bytes, known![0xAD "fingerprint check"])?;
    let fingerprint_check = Field::read(flag, |value| match value {
        [0x00] => Ok(FingerprintCheck::NotRequired),
        [other] => Ok(FingerprintCheck::Unpublished(*other)),
        _ => Err(Malformed::new("a fingerprint-check flag of more than one byte", 1)),
    });
    Ok(Meta { fingerprint_check })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    #[test]
    fn the_flag_is_one_opaque_byte() {
        let flag = |bytes: &[u8]| decode(bytes).unwrap().fingerprint_check;
        assert_eq!(flag(&hex!("AD0100")), Field::Valid(FingerprintCheck::NotRequired));
        assert_eq!(flag(&hex!("00 AE0101 AD0107 FFFF")), Field::Valid(FingerprintCheck::Unpublished(7)));
        assert_eq!(flag(&hex!("AD00")), Field::Absent);
        assert_eq!(flag(&hex!("AE0101")), Field::Absent);
        assert_eq!(flag(&hex!("AE0101 AD020000")).wrong().unwrap().offset, 6);
        assert!(decode(&hex!("AD0100 AD0100")).is_err());
        assert!(decode(&[]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&bytes);
        }
    }
}
