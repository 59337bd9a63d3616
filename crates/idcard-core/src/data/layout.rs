//! The layout of bytes of which only the form is known: a tree of objects, its shape in words, its values one by one.

use super::Nature;
use crate::apdu::tlv::{self, Header};
use std::fmt::Write;
use std::ops::Range;

/// How many objects a shape tells of.
const SHAPE: usize = 48;
/// How many objects values are looked for in; a card with 255 fingers has a thousand.
const OBJECTS: usize = 4_096;
/// How deep objects within objects are looked at.
const DEPTH: usize = 3;

/// One object, by its places in the bytes.
struct Object {
    tag: u32,
    start: usize,
    value: Range<usize>,
    /// The bytes end before the object does.
    cut: bool,
    /// No object, but all that stands behind the last one that is looked at.
    unread: bool,
    inner: Option<Vec<Self>>,
}

/// A value, by its place in the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The tags that lead to it, the outermost first; none where the bytes are no row of objects.
    pub tags: Vec<u32>,
    /// The whole object with its header, where there is one; else the same as `value`.
    pub object: Range<usize>,
    /// The value.
    pub value: Range<usize>,
    /// The bytes end before the value does.
    pub cut: bool,
    /// There were too many objects: of these bytes nothing is known.
    pub unread: bool,
}

/// What bytes consist of. What is neither of both is padding `00` and `FF`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// The values, in their order.
    pub values: Vec<Value>,
    /// Tags and lengths of the objects, those of templates among them.
    pub headers: Vec<Range<usize>>,
}

/// The values that the bytes hold, in their order: those of objects that lie in known templates, else the whole.
///
/// ```
/// use idcard_core::data::layout::values;
/// let found = values(&[0x70, 0x06, 0x82, 0x04, 0x30, 0x30, 0x30, 0x31]);
/// assert_eq!((found[0].tags.as_slice(), found[0].value.clone()), (&[0x70, 0x82][..], 4..8));
/// assert!(values(b"NEMUNEH")[0].tags.is_empty());
/// ```
#[must_use]
pub fn values(bytes: &[u8]) -> Vec<Value> {
    parts(bytes).values
}

/// The values that the bytes hold, and the headers of the objects that they lie in.
///
/// ```
/// use idcard_core::data::layout::parts;
/// assert_eq!(parts(&[0x70, 0x03, 0x82, 0x01, 0x30]).headers, [0..2, 2..4]);
/// ```
#[must_use]
pub fn parts(bytes: &[u8]) -> Parts {
    let mut found = Parts::default();
    let whole = |range: Range<usize>| Value {
        tags: Vec::new(),
        object: range.clone(),
        value: range,
        cut: false,
        unread: false,
    };
    match row(bytes, 0..bytes.len(), 0, &mut OBJECTS.clone()) {
        Some(objects) => {
            flatten(&objects, &mut Vec::new(), &mut found);
            // What stands behind the last object.
            let end = objects.last().map_or(0, |last| last.value.end);
            if bytes.get(end..).is_some_and(|rest| rest.iter().any(|byte| !matches!(byte, 0x00 | 0xFF))) {
                found.values.push(whole(end..bytes.len()));
            }
        }
        None if bytes.is_empty() => {}
        None => found.values.push(whole(0..bytes.len())),
    }
    found
}

fn flatten(objects: &[Object], tags: &mut Vec<u32>, found: &mut Parts) {
    for object in objects {
        if !object.unread {
            tags.push(object.tag);
            found.headers.push(object.start..object.value.start);
        }
        match &object.inner {
            Some(inner) => flatten(inner, tags, found),
            None => found.values.push(Value {
                tags: tags.clone(),
                object: object.start..object.value.end,
                value: object.value.clone(),
                cut: object.cut,
                unread: object.unread,
            }),
        }
        if !object.unread {
            tags.pop();
        }
    }
}

/// Tags, lengths and natures: `70[12]{80[4 utf-8] 82[4 digits]}`; never a value. An object that is cut off ends with `…`.
///
/// ```
/// use idcard_core::data::layout::shape;
/// assert_eq!(shape(&[0x70, 0x06, 0x82, 0x04, 0x30, 0x30, 0x30, 0x31]), "70[6]{82[4 digits]}");
/// assert_eq!(shape(&[0x71, 0x2A, 0x80, 0x04]), "71[42]…");
/// assert_eq!(shape(b"NEMUNEH"), "[7 ascii]");
/// ```
#[must_use]
pub fn shape(bytes: &[u8]) -> String {
    match row(bytes, 0..bytes.len(), 0, &mut SHAPE.clone()) {
        Some(objects) => tell(bytes, &objects),
        None => format!("[{} {}]", bytes.len(), Nature::of(bytes)),
    }
}

fn tell(bytes: &[u8], objects: &[Object]) -> String {
    let mut text = String::new();
    for (index, object) in objects.iter().enumerate() {
        let Object { tag, value, .. } = object;
        let gap = if index == 0 { "" } else { " " };
        let length = tlv::header(bytes.get(object.start..).unwrap_or_default());
        let length = if let Header::Complete { length, .. } = length { length } else { value.len() };
        let nature = || Nature::of(bytes.get(value.clone()).unwrap_or_default());
        // Writing into a string does not fail.
        let _ = match &object.inner {
            _ if object.unread => write!(text, "{gap}…"),
            _ if object.cut => write!(text, "{gap}{tag:02X}[{length}]…"),
            Some(inner) => write!(text, "{gap}{tag:02X}[{length}]{{{}}}", tell(bytes, inner)),
            None if is_der(*tag) => write!(text, "{gap}{tag:02X}[{length}]"),
            None => write!(text, "{gap}{tag:02X}[{length} {}]", nature()),
        };
    }
    text
}

/// The objects of a row; none where the bytes of the range are no such row.
fn row(bytes: &[u8], range: Range<usize>, depth: usize, left: &mut usize) -> Option<Vec<Object>> {
    let mut at = range.start;
    let mut objects = Vec::new();
    loop {
        let rest = bytes.get(at..range.end)?;
        if let Some((0x00 | 0xFF, _)) = rest.split_first() {
            at = at.saturating_add(1);
            continue;
        }
        if rest.is_empty() {
            return (!objects.is_empty()).then_some(objects);
        }
        if *left == 0 {
            objects.push(Object { tag: 0, start: at, value: at..range.end, cut: false, unread: true, inner: None });
            return Some(objects);
        }
        let Header::Complete { tag, header, length } = tlv::header(rest) else {
            return (depth == 0 && !objects.is_empty()).then_some(objects);
        };
        if depth == 0 && !begins_a_file(tag) {
            // Text that stands behind an object is none, though it may look like a header.
            return (!objects.is_empty()).then_some(objects);
        }
        let start = at.saturating_add(header);
        let behind = bytes.get(start..range.end).unwrap_or_default();
        let padded = || behind.iter().all(|byte| *byte == 0);
        if length == 0 && !(may_be_empty(tag) || at == 0 && padded()) {
            // Letters of UTF-16 look like objects without a value.
            return (depth == 0 && !objects.is_empty()).then_some(objects);
        }
        let is_inside = depth > 0 && !objects.is_empty();
        if !is_inside && is_text(rest.get(..header).unwrap_or_default()) && !begins_an_object(behind) {
            // Letters of ASCII look like a tag and its length.
            return (depth == 0 && !objects.is_empty()).then_some(objects);
        }
        *left = left.saturating_sub(1);
        let end = start.saturating_add(length);
        if end > range.end {
            objects.push(Object { tag, start: at, value: start..range.end, cut: true, unread: false, inner: None });
            return (depth == 0).then_some(objects);
        }
        let nested = is_template(tag) && depth < DEPTH;
        let inner = if nested { row(bytes, start..end, depth.saturating_add(1), left) } else { None };
        objects.push(Object { tag, start: at, value: start..end, cut: false, unread: false, inner });
        at = end;
    }
}

/// The objects of which the files of these cards consist, as far as is known.
const fn begins_a_file(tag: u32) -> bool {
    matches!(tag, 0x30 | 0x60..=0x7F | 0x80..=0xBF | 0xCC | 0xD5..=0xD7 | 0x7F00..=0x7FFF | 0x9F00..=0x9FFF)
}

/// A header that could be characters: what it heads has to be sure.
fn is_text(header: &[u8]) -> bool {
    header.iter().all(|byte| matches!(byte, 0x20..=0x7E))
}

/// Whether these bytes begin with a header that could be no characters.
fn begins_an_object(bytes: &[u8]) -> bool {
    let Header::Complete { header, length, .. } = tlv::header(bytes) else { return false };
    // A letter with a zero behind it is the end of a text.
    let ends_a_text = length == 0 && bytes.get(..1).is_some_and(is_text);
    !ends_a_text && !is_text(bytes.get(..header).unwrap_or_default())
}

/// Tags that are no letters and digits.
const fn may_be_empty(tag: u32) -> bool {
    matches!(tag, 0x80..=0xA9 | 0xAB..=0xB4 | 0xB6..=0xB9 | 0x100..)
}

/// Interindustry templates; what else has the bit of constructed objects may hold text all the same (`specimen.md` 2).
const fn is_template(tag: u32) -> bool {
    matches!(tag, 0x60..=0x76 | 0x78..=0x7F | 0xA0..=0xA5 | 0x7F00..=0x7FFF)
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

    #[test]
    fn what_stands_behind_the_objects_is_a_value_too() {
        let found = values(&[0xAD, 1, 0, 0, 0, 0x31, 0x32, 0x33]);
        assert_eq!((found[0].value.clone(), found[1].value.clone()), (2..3, 3..8), "{found:?}");
        assert!(found[1].tags.is_empty());
        let found = values(&[0x71, 0x2A, 0x80, 0x04, 0x31, 0x32]);
        assert!(found[0].cut && found[0].value == (2..6), "{found:?}");
    }

    #[test]
    fn what_is_too_much_to_look_at_is_a_value_all_the_same() {
        let fillers = [0x8F, 1, 1].repeat(5_000);
        let length = u16::try_from(fillers.len() + 6).unwrap().to_be_bytes();
        let file = [&[0x70, 0x82], &length[..], &fillers, &[0x80, 4], b"NAME"].concat();
        let found = values(&file);
        let last = found.last().unwrap();
        assert!(last.unread && last.value.end == file.len() && last.tags == [0x70], "{last:?}");
        assert!(shape(&file).ends_with(" …}"), "{}", shape(&file));
    }

    #[test]
    fn letters_of_utf16_are_no_empty_objects() {
        for text in [&b"r\0e\0z\0a\0"[..], b"q\x08\0A\0l\0i\0X"] {
            assert!(parts(text).headers.len() <= 1, "{:?}", parts(text));
        }
        assert_eq!(shape(b"r\0e\0z\0a\0"), "[8 utf-16]");
        // A template that holds nothing.
        assert_eq!(shape(&[0x70, 0, 0, 0]), "70[0 empty]");
    }

    #[test]
    fn no_character_of_a_text_is_told() {
        for text in [
            &b"ali"[..],
            b"zahra\0\0\0",
            b"nemuneh",
            b"0123",
            b"0001234560",
            b"rezaei tehran\0\0hosseini\0\0",
            // A length that fits: `q` and a hundred characters.
            &[&b"qd"[..], &b"abcdefghij".repeat(10)].concat(),
            // Fields of a fixed width, with bytes that are no text behind them.
            b"ali\0\0\0\0\x07\x01",
        ] {
            let told = shape(text);
            assert!(told.starts_with(&format!("[{} ", text.len())), "{told}");
            assert!(parts(text).headers.is_empty(), "{:?}", parts(text));
        }
        // What is inside of an object shows that it is one.
        let of_a_directory = [&[0x61, 0x2A, 0x4F, 0x05][..], &[1; 5], &[0x50, 0x21], &[b'a'; 33]].concat();
        assert_eq!(shape(&of_a_directory), "61[42]{4F[5 binary] 50[33 ascii]}");
        assert_eq!(shape(&[0x70, 0x2A, 0x80, 0x04]), "70[42]…");
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_short_shape_and_values_within(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(shape(&bytes).len() < 4_000);
            let mut end = 0;
            for value in values(&bytes) {
                prop_assert!(value.object.start >= end && value.value.end <= bytes.len());
                prop_assert!(value.object.start <= value.value.start);
                end = value.value.end;
            }
        }

        #[test]
        fn every_byte_is_a_header_a_value_or_padding(
            bytes in prop::collection::vec(prop_oneof![Just(0x70), Just(0x82), 0u8..6, any::<u8>()], 0..400)
        ) {
            let mut seen = vec![0; bytes.len()];
            let Parts { values, headers } = parts(&bytes);
            for range in values.into_iter().map(|value| value.value).chain(headers) {
                seen[range].iter_mut().for_each(|count| *count += 1);
            }
            for (count, byte) in seen.into_iter().zip(bytes) {
                prop_assert!(count == 1 || (count == 0 && matches!(byte, 0x00 | 0xFF)));
            }
        }
    }
}
