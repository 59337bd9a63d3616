//! What bytes of an unknown layout seem to be: digits, text, an image, or none of these.

use super::text::utf16;
use std::fmt;

/// What a value seems to be made of. A guess, for surveys and drafts; no decoder relies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// No byte.
    Empty,
    /// Nothing but 00, or nothing but FF.
    Blank,
    /// ASCII digits.
    Digits,
    /// Printable ASCII.
    Ascii,
    /// UTF-8 with characters beyond ASCII.
    Utf8,
    /// UTF-16 of Latin or Arabic letters, digits and marks.
    Utf16,
    /// A JPEG image.
    Jpeg,
    /// A JPEG 2000 image or codestream.
    Jpeg2000,
    /// None of these.
    Binary,
}

impl Nature {
    /// Guesses. Padding 00 behind text does not count.
    ///
    /// ```
    /// use idcard_core::data::Nature;
    /// assert_eq!(Nature::of(b"0001234560"), Nature::Digits);
    /// assert_eq!(Nature::of("نمونه".as_bytes()), Nature::Utf8);
    /// assert_eq!(Nature::of(&[0xFE, 0xFF, 0x00, 0x31]), Nature::Utf16);
    /// assert_eq!(Nature::of(&[0x07]), Nature::Binary);
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return Self::Empty };
        if matches!(first, 0x00 | 0xFF) && first == last && bytes.iter().all(|byte| byte == first) {
            return Self::Blank;
        }
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => return Self::Jpeg,
            [0, 0, 0, 0x0C, b'j', b'P', ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => return Self::Jpeg2000,
            _ => {}
        }
        if is_utf16(bytes) {
            return Self::Utf16;
        }
        let text = without_padding(bytes);
        if text.iter().all(u8::is_ascii_digit) {
            return Self::Digits;
        }
        match std::str::from_utf8(text) {
            Ok(text) if text.len() < 2 || text.chars().any(char::is_control) => Self::Binary,
            Ok(text) if text.is_ascii() => Self::Ascii,
            Ok(_) => Self::Utf8,
            Err(_) => Self::Binary,
        }
    }

    /// The word of reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Blank => "blank",
            Self::Digits => "digits",
            Self::Ascii => "ascii",
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Jpeg => "jpeg",
            Self::Jpeg2000 => "jpeg-2000",
            Self::Binary => "binary",
        }
    }
}

impl fmt::Display for Nature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

fn without_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    bytes.get(..end).unwrap_or_default()
}

fn is_utf16(bytes: &[u8]) -> bool {
    let marked = matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]);
    let Ok((text, _)) = utf16(bytes) else { return false };
    let text = text.trim_end_matches('\0');
    let usual = |c: char| matches!(c, ' '..='~' | '\u{0600}'..='\u{06FF}' | '\u{200C}' | '\u{200D}');
    (marked || bytes.len() >= 4) && !text.is_empty() && text.chars().all(usual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_told_from_numbers_and_the_rest() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        assert_eq!(Nature::of(&utf16("14030101")), Nature::Utf16);
        assert_eq!(Nature::of(&utf16("نمونه")), Nature::Utf16);
        assert_eq!(Nature::of("الف12\0\0".as_bytes()), Nature::Utf8);
        assert_eq!(Nature::of(b"NEMUNEH"), Nature::Ascii);
        assert_eq!(Nature::of(&[0x0F, 0xFF]), Nature::Binary);
        assert_eq!(Nature::of(&[0; 4]), Nature::Blank);
        assert_eq!(Nature::of(&[0xFF, 0xD8, 0xFF, 0xE0]), Nature::Jpeg);
        assert_eq!(Nature::of(&[]), Nature::Empty);
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Nature::of(&bytes);
        }
    }
}
