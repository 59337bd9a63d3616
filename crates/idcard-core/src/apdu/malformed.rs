//! What was wrong with bytes that came from a card or a file, and where.

use thiserror::Error;

/// Bytes that do not have the form their standard or page asks for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what} at byte {offset}")]
pub struct Malformed {
    /// What is wrong, in words that name the expected and the found form; never holds card data.
    pub what: &'static str,
    /// Zero-based offset, in bytes, from the start of the object being decoded.
    pub offset: usize,
}

impl Malformed {
    /// States what is wrong at `offset`.
    ///
    /// ```
    /// let wrong = idcard_core::apdu::Malformed::new("a length beyond the data", 3);
    /// assert_eq!(wrong.to_string(), "a length beyond the data at byte 3");
    /// ```
    #[must_use]
    pub const fn new(what: &'static str, offset: usize) -> Self {
        Self { what, offset }
    }

    /// The same fault seen from an enclosing object that begins `base` bytes earlier.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        Self { what: self.what, offset: self.offset.saturating_add(base) }
    }
}
