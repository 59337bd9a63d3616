//! The shape of bytes: tags, lengths and what values seem to be; never a value.

use crate::apdu::tlv::{self, Header};
use crate::data::Nature;
use std::fmt::Write;

/// How many objects are told of at most.
const OBJECTS: usize = 48;
/// How deep objects within objects are told of.
const DEPTH: usize = 3;

/// Tags, lengths and natures: `70[12]{80[4 utf-8] 82[4 digits]}`. An object that is cut off ends with `…`.
///
/// ```
/// use idcard_core::survey::shape;
/// assert_eq!(shape(&[0x70, 0x06, 0x82, 0x04, 0x30, 0x30, 0x30, 0x31]), "70[6]{82[4 digits]}");
/// assert_eq!(shape(&[0x71, 0x2A, 0x80, 0x04]), "71[42]…");
/// assert_eq!(shape(b"NEMUNEH"), "[7 ascii]");
/// ```
#[must_use]
pub fn shape(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut left = OBJECTS;
    if !objects(bytes, 0, &mut left, &mut text) {
        text = format!("[{} {}]", bytes.len(), Nature::of(bytes));
    }
    text
}

/// Writes the objects of a row; false where the bytes are no such row.
fn objects(bytes: &[u8], depth: usize, left: &mut usize, text: &mut String) -> bool {
    let mut rest = bytes;
    let mut any = false;
    loop {
        while let Some((0x00 | 0xFF, after)) = rest.split_first() {
            rest = after;
        }
        if rest.is_empty() {
            return any;
        }
        if *left == 0 {
            text.push('…');
            return any;
        }
        let Header::Complete { tag, header, length } = tlv::header(rest) else { return false };
        if depth == 0 && !any && !begins_a_file(tag) {
            return false;
        }
        *left = left.saturating_sub(1);
        if any {
            text.push(' ');
        }
        any = true;
        let body = rest.get(header..).unwrap_or_default();
        let Some((value, after)) = body.split_at_checked(length) else {
            // Writing into a string does not fail.
            let _ = write!(text, "{tag:02X}[{length}]…");
            return depth == 0;
        };
        let mut inner = String::new();
        let nested = is_template(tag) && depth < DEPTH && objects(value, depth.saturating_add(1), left, &mut inner);
        let _ = match (nested, is_der(tag)) {
            (true, _) => write!(text, "{tag:02X}[{length}]{{{inner}}}"),
            (false, true) => write!(text, "{tag:02X}[{length}]"),
            (false, false) => write!(text, "{tag:02X}[{length} {}]", Nature::of(value)),
        };
        rest = after;
    }
}

/// The objects of which the files of these cards consist, as far as is known.
const fn begins_a_file(tag: u32) -> bool {
    matches!(tag, 0x30 | 0x60..=0x7F | 0x80..=0xBF | 0xCC | 0xD5..=0xD7 | 0x7F00..=0x7FFF | 0x9F00..=0x9FFF)
}

/// Interindustry templates; what else has the bit of constructed objects may hold text all the same (`specimen.md` 2).
const fn is_template(tag: u32) -> bool {
    matches!(tag, 0x60..=0x76 | 0x78..=0x7F | 0xA0..=0xA3 | 0x7F00..=0x7FFF)
}

/// Structures of others: certificates and signed objects.
const fn is_der(tag: u32) -> bool {
    matches!(tag, 0x30 | 0x77)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_not_told() {
        let dates = [&[0xB2, 8][..], &[0, 0x31, 0, 0x34, 0, 0x30, 0, 0x33], &[0xAD, 1, 0], &[0, 0]].concat();
        assert_eq!(shape(&dates), "B2[8 utf-16] AD[1 blank]");
        assert_eq!(shape(&[0x30, 0x82, 0x05, 0x73, 0x30, 0x82]), "30[1395]…");
        assert_eq!(shape(&[0; 32]), "[32 blank]");
        assert_eq!(shape(&[1, 1, 0x12, 0x30, 0x31]), "[5 binary]");
        assert_eq!(shape(&[]), "[0 empty]");
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_short_shape(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(shape(&bytes).len() < 4_000);
        }
    }
}
