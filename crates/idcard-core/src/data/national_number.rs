//! The national number (شماره ملی): ten digits, the last of which checks the others (`iran.md` section 3.1).

use super::digits::{DigitSet, ascii, digit, written};
use std::fmt;
use thiserror::Error;

#[cfg(test)]
mod tests;

/// A national number that passes all checks, in ASCII digits.
///
/// That a number passes does not mean that it was issued to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NationalNumber {
    digits: String,
    warnings: Vec<NationalNumberWarning>,
}

/// What is worth a second look in a number that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NationalNumberWarning {
    /// Ten times the same digit: every such number passes, and sources disagree about them.
    RepeatedDigits,
    /// Digits of more than one set were mixed.
    MixedDigits,
    /// Eight or nine digits were given; leading zeros were added.
    Padded,
}

impl NationalNumberWarning {
    /// The word for machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RepeatedDigits => "repeated_digits",
            Self::MixedDigits => "mixed_digits",
            Self::Padded => "padded",
        }
    }
}

/// A scheme of numbers that is not the national number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherScheme {
    /// Eleven digits that pass the check of the identifier of legal entities (شناسه ملی).
    LegalEntity,
    /// Twelve digits, as long as the number of foreigners (شماره فراگیر).
    Foreigner,
}

impl fmt::Display for OtherScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LegalEntity => "a legal entity",
            Self::Foreigner => "a foreigner",
        })
    }
}

/// Why something is not a national number. Messages never hold the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum NationalNumberError {
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
    /// The last digit does not follow from the others.
    #[error("the check digit is wrong")]
    CheckDigit,
    /// The six digits in the middle are all zero: no such number is issued.
    #[error("the six digits in the middle are all zero")]
    MiddleZeros,
    /// A number of another kind.
    #[error("this looks like the number of {0}, not like a national number")]
    OtherScheme(OtherScheme),
}

impl NationalNumberError {
    /// The word for machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotADigit { .. } => "not_a_digit",
            Self::Length { .. } => "length",
            Self::CheckDigit => "check_digit",
            Self::MiddleZeros => "middle_zeros",
            Self::OtherScheme(_) => "other_scheme",
        }
    }
}

impl NationalNumber {
    /// Checks a number of exactly ten digits, of any digit set, with dividers or without.
    ///
    /// ```
    /// use idcard_core::data::national_number::{NationalNumber, NationalNumberError};
    /// assert_eq!(NationalNumber::check("۰۰۰-۱۲۳۴۵۶-۰")?.as_str(), "0001234560");
    /// assert_eq!(NationalNumber::check("0001234561"), Err(NationalNumberError::CheckDigit));
    /// # Ok::<(), NationalNumberError>(())
    /// ```
    ///
    /// # Errors
    /// The first fault that is found, by [`NationalNumberError`].
    pub fn check(text: &str) -> Result<Self, NationalNumberError> {
        Self::checked(text, false)
    }

    /// As [`NationalNumber::check`]; eight and nine digits get leading zeros, which spreadsheets drop.
    ///
    /// # Errors
    /// As there.
    pub fn check_lenient(text: &str) -> Result<Self, NationalNumberError> {
        Self::checked(text, true)
    }

    fn checked(text: &str, lenient: bool) -> Result<Self, NationalNumberError> {
        let given = written(text).map_err(|position| NationalNumberError::NotADigit { position })?;
        let padded = lenient && matches!(given.digits.len(), 8 | 9);
        let zeros = if padded { 10usize.saturating_sub(given.digits.len()) } else { 0 };
        let digits: Vec<u8> = std::iter::repeat_n(0, zeros).chain(given.digits).collect();
        let ten: &[u8; 10] = match digits.as_slice().try_into() {
            Ok(ten) => ten,
            Err(_) => return Err(other_length(&digits)),
        };
        let [_, _, _, middle @ .., last] = ten;
        if middle.iter().all(|value| *value == 0) {
            return Err(NationalNumberError::MiddleZeros);
        }
        if check_digit(ten) != *last {
            return Err(NationalNumberError::CheckDigit);
        }
        let warnings = [
            (ten.iter().all(|value| value == last), NationalNumberWarning::RepeatedDigits),
            (given.mixed, NationalNumberWarning::MixedDigits),
            (padded, NationalNumberWarning::Padded),
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

    /// What is worth a second look.
    #[must_use]
    pub fn warnings(&self) -> &[NationalNumberWarning] {
        &self.warnings
    }
}

/// The ten ASCII digits.
impl fmt::Display for NationalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.digits)
    }
}

/// Whether these are ten ASCII digits of which the last checks the others: the arithmetic alone.
///
/// ```
/// use idcard_core::data::national_number::passes_checksum;
/// assert!(passes_checksum("0003141594"));
/// assert!(!passes_checksum("0003141595") && !passes_checksum("003141594"));
/// ```
#[must_use]
pub fn passes_checksum(text: &str) -> bool {
    let value = |character| digit(character).filter(|(_, set)| *set == DigitSet::Ascii).map(|(value, _)| value);
    let digits: Option<Vec<u8>> = text.chars().map(value).collect();
    digits
        .and_then(|digits| <[u8; 10]>::try_from(digits).ok())
        .is_some_and(|ten| ten.last() == Some(&check_digit(&ten)))
}

/// The check digit that the first nine digits ask for: weights 10 to 2, modulo 11.
fn check_digit(ten: &[u8; 10]) -> u8 {
    let sum: u16 = ten.iter().take(9).zip((2..=10u16).rev()).map(|(value, weight)| u16::from(*value) * weight).sum();
    let rest = u8::try_from(sum % 11).unwrap_or(0);
    if rest < 2 { rest } else { 11 - rest }
}

fn other_length(digits: &[u8]) -> NationalNumberError {
    match digits.len() {
        0 => NationalNumberError::Empty,
        11 if passes_legal_entity_check(digits) => NationalNumberError::OtherScheme(OtherScheme::LegalEntity),
        12 => NationalNumberError::OtherScheme(OtherScheme::Foreigner),
        found => NationalNumberError::Length { found },
    }
}

/// The last digit but one plus two is added to each of the first ten; weights 29, 27, 23, 19, 17, twice.
fn passes_legal_entity_check(digits: &[u8]) -> bool {
    let Some((last, ten)) = digits.split_last() else { return false };
    let shift = u32::from(ten.last().copied().unwrap_or(0)) + 2;
    let weights = [29u32, 27, 23, 19, 17].into_iter().cycle();
    let sum: u32 = ten.iter().zip(weights).map(|(value, weight)| (u32::from(*value) + shift) * weight).sum();
    sum % 11 % 10 == u32::from(*last)
}
