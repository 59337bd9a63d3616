//! Digits of three sets, and text in UTF-16: what numbers, dates and words are made of.

use idcard_core::data::text::{ByteOrder, utf16};

/// The value of a digit of any of the three sets.
pub(super) fn value(character: char) -> Option<u8> {
    let value = match character {
        '0'..='9' => u32::from(character).wrapping_sub(u32::from('0')),
        '٠'..='٩' => u32::from(character).wrapping_sub(u32::from('٠')),
        '۰'..='۹' => u32::from(character).wrapping_sub(u32::from('۰')),
        _ => return None,
    };
    u8::try_from(value).ok()
}

/// The digit `new` in the set of `old`.
pub(super) fn in_set_of(old: char, new: char) -> char {
    let zero = match old {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => '0',
    };
    value(new).and_then(|value| char::from_u32(u32::from(zero).saturating_add(u32::from(value)))).unwrap_or(new)
}

/// UTF-16 decoded, given another text, and encoded as before.
pub(super) fn in_utf16(bytes: &[u8], other: impl FnOnce(&str) -> Option<String>) -> Option<Vec<u8>> {
    let (text, order) = utf16(bytes).ok()?;
    let mark: &[u8] = match bytes {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => bytes.get(..2)?,
        _ => &[],
    };
    let units = other(&text)?;
    let units = units.encode_utf16().flat_map(|unit| match order {
        ByteOrder::Big => unit.to_be_bytes(),
        ByteOrder::Little => unit.to_le_bytes(),
    });
    Some(mark.iter().copied().chain(units).collect())
}
