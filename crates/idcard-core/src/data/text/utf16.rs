//! UTF-16 without loss: every unit becomes its character, or the whole is an error.

use crate::apdu::Malformed;

/// The order of the two bytes of a UTF-16 unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The high byte first.
    Big,
    /// The low byte first.
    Little,
}

impl ByteOrder {
    const fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Big => u16::from_be_bytes(pair),
            Self::Little => u16::from_le_bytes(pair),
        }
    }
}

/// Decodes UTF-16 and tells its byte order.
///
/// A byte-order mark decides and is taken off. Without one, that order wins in which more units are ASCII, Arabic
/// script or a joiner; a draw goes to the big-endian order.
///
/// ```
/// use idcard_core::data::text::{ByteOrder, utf16};
/// assert_eq!(utf16(&[0x31, 0x00, 0x34, 0x00])?, ("14".to_owned(), ByteOrder::Little));
/// # Ok::<(), idcard_core::apdu::Malformed>(())
/// ```
///
/// # Errors
/// An odd number of bytes; a surrogate without its partner, with its offset in bytes.
pub fn utf16(bytes: &[u8]) -> Result<(String, ByteOrder), Malformed> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Malformed::new("UTF-16 text of an odd number of bytes", bytes.len().saturating_sub(1)));
    }
    let (order, pairs) = match pairs {
        [[0xFE, 0xFF], text @ ..] => (ByteOrder::Big, text),
        [[0xFF, 0xFE], text @ ..] => (ByteOrder::Little, text),
        _ => (sniffed(pairs), pairs),
    };
    let mut text = String::with_capacity(pairs.len());
    let mut offset = bytes.len().saturating_sub(pairs.len().saturating_mul(2));
    for decoded in char::decode_utf16(pairs.iter().map(|pair| order.unit(*pair))) {
        let character = decoded.map_err(|_| Malformed::new("a UTF-16 surrogate without its partner", offset))?;
        offset = offset.saturating_add(character.len_utf16().saturating_mul(2));
        text.push(character);
    }
    Ok((text, order))
}

fn sniffed(pairs: &[[u8; 2]]) -> ByteOrder {
    let likely = |order: ByteOrder| {
        let usual = |unit: &u16| matches!(unit, 0x20..=0x7E | 0x0600..=0x06FF | 0x200C | 0x200D);
        pairs.iter().map(|pair| order.unit(*pair)).filter(usual).count()
    };
    if likely(ByteOrder::Little) > likely(ByteOrder::Big) { ByteOrder::Little } else { ByteOrder::Big }
}
