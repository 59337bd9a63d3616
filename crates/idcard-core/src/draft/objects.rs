//! Data objects in bytes of an unknown layout: believed only where everything is one row of whole objects.
//!
//! Text of a person must never be taken for a tag, since tags are written into the page and text is not.

use crate::apdu::tlv::{self, Header};
use crate::data::Nature;

/// How many objects are looked at, and how deep.
const OBJECTS: usize = 64;
const DEPTH: usize = 4;

/// A value without objects inside.
pub(super) struct Leaf<'b> {
    /// Its tags from the outermost on: `70/82`.
    pub tags: String,
    pub value: &'b [u8],
}

/// What a row of objects is made of.
#[derive(Default)]
pub(super) struct Row<'b> {
    /// How many objects stand side by side.
    pub count: usize,
    pub leaves: Vec<Leaf<'b>>,
}

/// The row that these bytes are, up to their padding; none where they are something else.
pub(super) fn row(bytes: &[u8]) -> Option<Row<'_>> {
    if matches!(Nature::of(bytes), Nature::Digits | Nature::Ascii | Nature::Utf8 | Nature::Utf16) {
        return None;
    }
    let mut row = Row::default();
    read(bytes, "", 0, &mut row).filter(|count| *count > 0).map(|count| Row { count, ..row })
}

/// Counts the objects of one level.
fn read<'b>(bytes: &'b [u8], outer: &str, depth: usize, row: &mut Row<'b>) -> Option<usize> {
    let (mut rest, mut count) = (bytes, 0usize);
    loop {
        if rest.iter().all(|byte| *byte == 0) || rest.iter().all(|byte| *byte == 0xFF) {
            return Some(count);
        }
        let Header::Complete { tag, header, length } = tlv::header(rest) else { return None };
        let (value, after) = rest.get(header..)?.split_at_checked(length)?;
        count = count.saturating_add(1);
        if count > OBJECTS || row.leaves.len() > OBJECTS {
            return None;
        }
        let first = rest.first().copied().unwrap_or_default();
        let tags = if outer.is_empty() { format!("{tag:02X}") } else { format!("{outer}/{tag:02X}") };
        let mut inside = Row::default();
        let long = rest.get(1).is_some_and(|length| matches!(length, 0x81..=0x83));
        // Certificates and signed objects are for others to take apart.
        let others = first == 0x77 || (first == 0x30 && long);
        let nests = first & 0x20 != 0 && depth < DEPTH && !others;
        let inner = if nests { read(value, &tags, depth.saturating_add(1), &mut inside) } else { None };
        if inner.is_some_and(|inner| inner > 0) {
            row.leaves.append(&mut inside.leaves);
        } else {
            // A printable character is a tag only of an object that text cannot be.
            let several = depth > 0 && first & 0x1F == 0x1F; // a tag of several bytes, inside an object
            if matches!(first, 0x20..=0x7E) && !several && !long {
                return None;
            }
            row.leaves.push(Leaf { tags, value });
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tags(bytes: &[u8]) -> Option<Vec<String>> {
        row(bytes).map(|row| row.leaves.into_iter().map(|leaf| leaf.tags).collect())
    }

    #[test]
    fn objects_are_found_with_the_objects_inside() {
        assert_eq!(tags(&[0x70, 4, 0x82, 2, 0x30, 0x31, 0, 0]).unwrap(), ["70/82"]);
        assert_eq!(tags(&[0xB2, 4, 0xFE, 0xFF, 0, 0x31, 0xB3, 1, 7]).unwrap(), ["B2", "B3"]);
        assert_eq!(row(&[0xB2, 1, 7, 0xB3, 1, 7, 0xFF]).unwrap().count, 2);
        assert_eq!(tags(&[0x30, 6, 0x30, 4, 0x0C, 2, 0x41, 0x42]).unwrap(), ["30/30/0C"]);
        assert_eq!(tags(&[0x75, 5, 0x5F, 0x2E, 2, 0xFF, 0xD8]).unwrap(), ["75/5F2E"]);
    }

    #[test]
    fn text_is_no_object() {
        for text in ["0001234560", "nemuneh", "NEMUNEH", "نمونه", "شناسه‌پور", "a\u{1}b", "1\u{1}2", "A\u{1}Z"]
        {
            assert_eq!(tags(text.as_bytes()), None, "{text}");
        }
        assert_eq!(tags(&[0x80, 5, 1]), None, "cut off");
        assert_eq!(tags(&[0; 8]), None);
        assert_eq!(tags(&[]), None);
    }

    proptest! {
        #[test]
        fn words_are_never_tags(text in "[ -~]{1,60}|[a-zA-Z0-9 ]{1,60}|[آ-ی ]{1,200}") {
            prop_assert_eq!(tags(text.as_bytes()), None);
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            prop_assert!(text.chars().count() < 2 || tags(&utf16).is_none());
            let padded = [text.as_bytes(), &[0; 8]].concat();
            prop_assert_eq!(tags(&padded), None);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = row(&bytes);
        }
    }
}
