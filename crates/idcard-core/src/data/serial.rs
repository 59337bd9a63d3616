//! The chip serial number (CSN), from the CPLC data or as it stands (`nid-card.md` 4.2).

use crate::apdu::Malformed;
use std::fmt;

/// The longest serial number that is accepted, in bytes.
const LONGEST: usize = 32;

/// A chip serial number; never all 00 and never all FF.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        (!is_blank(bytes)).then(|| Self(bytes.to_vec()))
    }
}

/// Upper-case hex.
impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode_upper(&self.0))
    }
}

/// Reads the CPLC data (GET DATA 9F7F): 45 bytes, the header `9F7F2A` among them. The serial number is bytes 13 to
/// 20: fabrication date, IC serial and IC batch.
///
/// ```
/// let mut cplc = [vec![0x9F, 0x7F, 0x2A], vec![0x11; 42]].concat();
/// cplc[13..21].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
/// let serial = idcard_core::data::serial::decode_cplc(&cplc)?.expect("a serial number");
/// assert_eq!(serial.to_string(), "0102030405060708");
/// # Ok::<(), idcard_core::apdu::Malformed>(())
/// ```
///
/// # Errors
/// Another length or another header. All 00 or all FF where the number is due is no error: it is absent then.
pub fn decode_cplc(bytes: &[u8]) -> Result<Option<Serial>, Malformed> {
    if bytes.len() != 45 {
        return Err(Malformed::new("CPLC data that are not 45 bytes long", bytes.len().min(45)));
    }
    if is_blank(bytes) {
        return Ok(None);
    }
    if !bytes.starts_with(&[0x9F, 0x7F, 0x2A]) {
        return Err(Malformed::new("CPLC data without the header 9F7F2A", 0));
    }
    Ok(bytes.get(13..21).and_then(Serial::of))
}

/// Takes the whole value as the serial number.
///
/// # Errors
/// No byte, or more than 32. All 00 or all FF is no error: the number is absent then.
pub fn decode_plain(bytes: &[u8]) -> Result<Option<Serial>, Malformed> {
    match bytes.len() {
        0 => Err(Malformed::new("a serial number of no byte", 0)),
        1..=LONGEST => Ok(Serial::of(bytes)),
        _ => Err(Malformed::new("a serial number of more than 32 bytes", LONGEST)),
    }
}

/// Whether the bytes are unwritten memory: all 00 or all FF.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0x00) || bytes.iter().all(|byte| *byte == 0xFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cplc(serial: [u8; 8]) -> Vec<u8> {
        [&[0x9F, 0x7F, 0x2A][..], &[0x47; 10], &serial, &[0x05; 24]].concat()
    }

    #[test]
    fn the_serial_number_is_bytes_13_to_20() {
        let serial = decode_cplc(&cplc([0x41, 0x23, 0, 1, 2, 3, 0x99, 0xFF])).unwrap().unwrap();
        assert_eq!((serial.as_bytes().len(), serial.to_string().as_str()), (8, "41230001020399FF"));
    }

    #[test]
    fn blank_numbers_are_absent_and_wrong_lengths_are_errors() {
        for blank in [0x00, 0xFF] {
            assert_eq!(decode_cplc(&cplc([blank; 8])), Ok(None));
            assert_eq!(decode_cplc(&[blank; 45]), Ok(None));
            assert_eq!(decode_plain(&[blank; 8]), Ok(None));
        }
        let whole = cplc([1; 8]);
        assert!(decode_cplc(&whole[..44]).is_err());
        assert!(decode_cplc(&[&whole[..], &[0]].concat()).is_err());
        assert!(decode_cplc(&[0x45; 45]).is_err());
        assert!(decode_plain(&[]).is_err());
        assert!(decode_plain(&[1; 33]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = (decode_cplc(&bytes), decode_plain(&bytes));
        }
    }
}
