//! The postal code (کد پستی): ten digits, and the rules about them on which sources disagree (`iran.md` section 3.2).

use super::digits::{ascii, written};
use std::fmt;
use thiserror::Error;

/// A postal code of ten ASCII digits, with the rules that it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PostalCode {
    digits: String,
    warnings: Vec<PostalCodeWarning>,
}

/// A rule that some sources know and others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PostalCodeWarning {
    /// A 0 or a 2 among the first five digits.
    FirstFive0Or2,
    /// The fifth digit is 5.
    Fifth5,
    /// The first four digits are equal.
    RepeatedLeading,
    /// A 2 among the last five digits.
    Tail2,
}

impl PostalCodeWarning {
    /// The word for machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FirstFive0Or2 => "first_five_0_or_2",
            Self::Fifth5 => "fifth_5",
            Self::RepeatedLeading => "repeated_leading",
            Self::Tail2 => "tail_2",
        }
    }

    /// The letter of the least strict rule set that has the rule.
    #[must_use]
    pub const fn rule_set(self) -> char {
        match self {
            Self::FirstFive0Or2 | Self::RepeatedLeading => 'B',
            Self::Fifth5 => 'C',
            Self::Tail2 => 'D',
        }
    }
}

/// Why something is not a postal code. Messages never hold the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum PostalCodeError {
    /// There is no digit.
    #[error("no digit given")]
    Empty,
    /// Something else than a digit or a divider.
    #[error("character {} is not a digit", position + 1)]
    NotADigit {
        /// Its position in characters, from zero.
        position: usize,
    },
    /// Not ten digits.
    #[error("{} instead of 10", super::digits::counted(*found, "digit", "digits"))]
    Length {
        /// How many there are.
        found: usize,
    },
}

impl PostalCodeError {
    /// The word for machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotADigit { .. } => "not_a_digit",
            Self::Length { .. } => "length",
        }
    }
}

impl PostalCode {
    /// Checks a code of ten digits, of any digit set, with dividers or without.
    ///
    /// ```
    /// use idcard_core::data::postal_code::{PostalCode, PostalCodeError, PostalCodeWarning};
    /// let code = PostalCode::check("13546-12345")?;
    /// assert_eq!((code.as_str(), code.warnings()), ("1354612345", &[PostalCodeWarning::Tail2][..]));
    /// # Ok::<(), PostalCodeError>(())
    /// ```
    ///
    /// # Errors
    /// Anything but ten digits.
    pub fn check(text: &str) -> Result<Self, PostalCodeError> {
        let digits = written(text).map_err(|position| PostalCodeError::NotADigit { position })?.digits;
        let &[a, b, c, d, fifth, ref tail @ ..] = digits.as_slice() else { return Err(length(&digits)) };
        if tail.len() != 5 {
            return Err(length(&digits));
        }
        let warnings = [
            ([a, b, c, d, fifth].iter().any(|value| matches!(value, 0 | 2)), PostalCodeWarning::FirstFive0Or2),
            (fifth == 5, PostalCodeWarning::Fifth5),
            ([b, c, d].iter().all(|value| *value == a), PostalCodeWarning::RepeatedLeading),
            (tail.contains(&2), PostalCodeWarning::Tail2),
        ];
        Ok(Self {
            digits: ascii(&digits),
            warnings: warnings.into_iter().filter_map(|(holds, warning)| holds.then_some(warning)).collect(),
        })
    }

    /// The ten ASCII digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// The rules that it breaks.
    #[must_use]
    pub fn warnings(&self) -> &[PostalCodeWarning] {
        &self.warnings
    }
}

/// The ten ASCII digits.
impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.digits)
    }
}

fn length(digits: &[u8]) -> PostalCodeError {
    if digits.is_empty() { PostalCodeError::Empty } else { PostalCodeError::Length { found: digits.len() } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(code: &str) -> Vec<&'static str> {
        PostalCode::check(code).unwrap().warnings().iter().map(|warning| warning.word()).collect()
    }

    #[test]
    fn the_synthetic_codes_break_the_rules_they_are_said_to_break() {
        assert_eq!(words("1111111111"), ["repeated_leading"]);
        assert_eq!(words("1354612345"), ["tail_2"]);
        assert_eq!(words("1354512345"), ["fifth_5", "tail_2"]);
        assert_eq!(words("1354613345"), [""; 0]);
        assert_eq!(words("1054613345"), ["first_five_0_or_2"]);
        assert_eq!(words("1354213345"), ["first_five_0_or_2"]);
        assert_eq!(words("0000200002"), ["first_five_0_or_2", "repeated_leading", "tail_2"]);
    }

    #[test]
    fn only_what_is_not_ten_digits_is_an_error() {
        assert_eq!(PostalCode::check("13546 12345").unwrap().as_str(), "1354612345");
        assert_eq!(PostalCode::check("۱۳۵۴۶۱۲۳۴۵").unwrap().as_str(), "1354612345");
        for (code, wrong) in [
            ("", PostalCodeError::Empty),
            ("135461234", PostalCodeError::Length { found: 9 }),
            ("13546123456", PostalCodeError::Length { found: 11 }),
            ("135", PostalCodeError::Length { found: 3 }),
            ("13546abcde", PostalCodeError::NotADigit { position: 5 }),
        ] {
            assert_eq!(PostalCode::check(code), Err(wrong), "{code}");
        }
    }

    proptest! {
        #[test]
        fn any_text_passes_or_fails(text in any::<String>()) {
            let _ = PostalCode::check(&text);
        }
    }
}
