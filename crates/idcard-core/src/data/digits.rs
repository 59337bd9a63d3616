//! The three sets of decimal digits that Persian text uses, and numbers written in them (`iran.md` section 5).

/// A set of decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigitSet {
    /// 0 to 9.
    Ascii,
    /// ۰ to ۹, U+06F0 to U+06F9.
    Persian,
    /// ٠ to ٩, U+0660 to U+0669.
    Arabic,
}

/// The value of a digit of any of the three sets.
///
/// ```
/// use idcard_core::data::digits::{DigitSet, digit};
/// assert_eq!(digit('۷'), Some((7, DigitSet::Persian)));
/// assert_eq!(digit('x'), None);
/// ```
#[must_use]
pub fn digit(character: char) -> Option<(u8, DigitSet)> {
    [('0', DigitSet::Ascii), ('\u{06F0}', DigitSet::Persian), ('\u{0660}', DigitSet::Arabic)].into_iter().find_map(
        |(zero, set)| {
            let value = u32::from(character).checked_sub(u32::from(zero))?;
            u8::try_from(value).ok().filter(|value| *value < 10).map(|value| (value, set))
        },
    )
}

/// The digits of a number as people write it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The values, 0 to 9.
    pub(super) digits: Vec<u8>,
    /// Digits of more than one set occur.
    pub(super) mixed: bool,
}

/// Reads digits; blanks, hyphens, joiners and direction marks between them are dropped.
///
/// # Errors
/// The position, in characters from zero, of the first character that is none of these.
pub(super) fn written(text: &str) -> Result<Written, usize> {
    let mut digits = Vec::new();
    let mut first = None;
    let mut mixed = false;
    for (position, character) in text.chars().enumerate() {
        if let Some((value, set)) = digit(character) {
            mixed |= *first.get_or_insert(set) != set;
            digits.push(value);
        } else if !is_divider(character) {
            return Err(position);
        }
    }
    Ok(Written { digits, mixed })
}

/// Blanks, hyphens, and the invisible characters that come along with copied Persian text.
fn is_divider(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{200B}'..='\u{200F}' | '\u{061C}'
                | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

/// The digits 0 to 9 of these values as ASCII.
pub(super) fn ascii(values: &[u8]) -> String {
    values.iter().map(|value| char::from(b'0'.saturating_add(*value))).collect()
}

/// A number with its English noun.
///
/// ```
/// use idcard_core::data::digits::counted;
/// let exchanges = |number: usize| counted(number, "exchange", "exchanges");
/// assert_eq!([exchanges(0), exchanges(1), exchanges(2)], ["0 exchanges", "1 exchange", "2 exchanges"]);
/// ```
#[must_use]
pub fn counted<N: std::fmt::Display + PartialEq + From<bool>>(number: N, one: &str, many: &str) -> String {
    let noun = if number == N::from(true) { one } else { many };
    format!("{number} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_sets_of_digits_are_read() {
        for text in ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"] {
            assert_eq!(written(text), Ok(Written { digits: (0..10).collect(), mixed: false }), "{text}");
        }
        assert!(written("1۲").unwrap().mixed);
    }

    #[test]
    fn what_divides_is_dropped_and_what_does_not_is_named() {
        assert_eq!(written(" 000-123456-0\u{200F}\u{200C}").unwrap().digits, [0, 0, 0, 1, 2, 3, 4, 5, 6, 0]);
        assert_eq!(written("12a"), Err(2));
        assert_eq!(written("۱۲ی"), Err(2));
    }
}
