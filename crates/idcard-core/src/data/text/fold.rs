//! Canonical letters and digits, and the form in which two Persian texts are compared.

use crate::data::digits::digit;
use std::borrow::Cow;

/// The text in canonical Persian: Arabic Yeh and Alef Maksura become ی, Arabic Kaf becomes ک, digits become ASCII.
///
/// Unicode's own normalisation forms do not fold these letters. Everything else, ZWNJ included, stays.
///
/// ```
/// assert_eq!(idcard_core::data::text::normalised("كاظمي ۱۲"), "کاظمی 12");
/// ```
#[must_use]
pub fn normalised(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| canonical(character) == character) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(canonical).collect())
    }
}

/// The form for comparing: [`normalised`], without joiners, tatweel and vowel marks, runs of blanks as one.
///
/// ```
/// use idcard_core::data::text::matching;
/// assert_eq!(matching("علي\u{200C}اصغر"), matching("علیاصغر"));
/// ```
#[must_use]
pub fn matching(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for character in text.chars().map(canonical).filter(|character| !is_ornament(*character)) {
        if !character.is_whitespace() {
            form.push(character);
        } else if !form.is_empty() && !form.ends_with(' ') {
            form.push(' ');
        }
    }
    form.truncate(form.trim_end().len());
    form
}

fn canonical(character: char) -> char {
    match character {
        '\u{064A}' | '\u{0649}' => '\u{06CC}',
        '\u{0643}' => '\u{06A9}',
        _ => digit(character).map_or(character, |(value, _)| char::from(b'0'.saturating_add(value))),
    }
}

/// ZWNJ, ZWJ, tatweel, harakat.
const fn is_ornament(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{0640}' | '\u{064B}'..='\u{0652}')
}
