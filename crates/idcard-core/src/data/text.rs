//! Text of a card: the bytes kept, the characters as given, and forms for comparing and for showing (`iran.md` section 5).

mod fold;
mod harmless;
mod utf16;

#[cfg(test)]
mod tests;

pub use self::fold::{matching, normalised};
pub use self::harmless::harmless;
pub use self::utf16::{ByteOrder, utf16};

use crate::apdu::Malformed;
use std::borrow::Cow;
use std::fmt;

/// A text field of a card, never altered.
///
/// Printing it gives the [`harmless`] form; [`Text::as_str`] gives the text as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    raw: Vec<u8>,
    text: String,
}

impl Text {
    /// Reads UTF-8.
    ///
    /// ```
    /// use idcard_core::data::Text;
    /// let name = Text::from_utf8("علي".as_bytes())?;
    /// assert_eq!((name.as_str(), name.normalised().as_ref()), ("علي", "علی"));
    /// # Ok::<(), idcard_core::apdu::Malformed>(())
    /// ```
    ///
    /// # Errors
    /// The offset of the first byte that is not UTF-8.
    pub fn from_utf8(raw: &[u8]) -> Result<Self, Malformed> {
        let text =
            std::str::from_utf8(raw).map_err(|wrong| Malformed::new("text that is not UTF-8", wrong.valid_up_to()))?;
        Ok(Self { raw: raw.to_vec(), text: text.to_owned() })
    }

    /// Reads UTF-16, with or without a byte-order mark: see [`utf16`].
    ///
    /// # Errors
    /// An odd number of bytes, or the offset of a lone surrogate.
    pub fn from_utf16(raw: &[u8]) -> Result<Self, Malformed> {
        let (text, _) = utf16(raw)?;
        Ok(Self { raw: raw.to_vec(), text })
    }

    /// Reads ASCII.
    ///
    /// # Errors
    /// The offset of the first byte above 7F.
    pub fn from_ascii(raw: &[u8]) -> Result<Self, Malformed> {
        match raw.iter().position(|byte| !byte.is_ascii()) {
            Some(offset) => Err(Malformed::new("text that is not ASCII", offset)),
            None => Self::from_utf8(raw),
        }
    }

    /// Reads `1..=most` ASCII digits.
    ///
    /// # Errors
    /// Another character, or more digits.
    pub(super) fn from_digits(raw: &[u8], most: usize) -> Result<Self, Malformed> {
        match raw.iter().position(|byte| !byte.is_ascii_digit()) {
            Some(offset) => Err(Malformed::new("a character where a digit is due", offset)),
            None if raw.len() > most => Err(Malformed::new("more digits than the field has", most)),
            None => Self::from_utf8(raw),
        }
    }

    /// The text as the card gives it. It may hold control characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes as the card gives them.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The text in canonical Persian letters: see [`normalised`].
    #[must_use]
    pub fn normalised(&self) -> Cow<'_, str> {
        normalised(&self.text)
    }

    /// The form in which two texts are compared: see [`matching`].
    #[must_use]
    pub fn matching(&self) -> String {
        matching(&self.text)
    }
}

/// The [`harmless`] form.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&harmless(&self.text))
    }
}
