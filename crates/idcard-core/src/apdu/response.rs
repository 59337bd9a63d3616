//! A response APDU: data and the status word that ends it.

use super::{Malformed, Status};

/// One answer of the card, split into data and status word; borrows the bytes it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    /// The data field, possibly empty.
    pub data: &'a [u8],
    /// The status word.
    pub status: Status,
}

impl<'a> Response<'a> {
    /// Splits a raw answer.
    ///
    /// # Errors
    /// [`Malformed`] when there are fewer than two bytes, or the status word is none of ISO/IEC 7816-3's.
    ///
    /// ```
    /// use idcard_core::apdu::{Response, Status};
    /// let answer = Response::parse(&[0x01, 0x02, 0x90, 0x00])?;
    /// assert_eq!((answer.data, answer.status), (&[1u8, 2][..], Status::OK));
    /// # Ok::<(), idcard_core::apdu::Malformed>(())
    /// ```
    pub fn parse(raw: &'a [u8]) -> Result<Self, Malformed> {
        let Some((data, &[sw1, sw2])) = raw.split_last_chunk::<2>() else {
            return Err(Malformed::new("an answer of fewer than two bytes", raw.len()));
        };
        let status = Status(u16::from_be_bytes([sw1, sw2]));
        if !status.is_lawful() {
            return Err(Malformed::new("a status word outside 6xxx and 9xxx", data.len()));
        }
        Ok(Self { data, status })
    }
}
