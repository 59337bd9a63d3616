//! Untrusted text made fit for a terminal.

use std::borrow::Cow;

/// The text without anything that steers a terminal or turns the reading order around.
///
/// Tabs and line ends become blanks; in the place of each other control character (C0, C1, ESC, DEL), direction control and
/// invisible format character stands U+FFFD, so that it is seen that something was there. ZWNJ and ZWJ stay: they carry
/// meaning in Persian.
///
/// ```
/// use idcard_core::data::text::harmless;
/// assert_eq!(harmless("a\u{1B}[2J\u{202E}b\nc"), "a\u{FFFD}[2J\u{FFFD}b c");
/// assert_eq!(harmless("شناسه\u{200C}پور"), "شناسه\u{200C}پور");
/// ```
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| shown(character) == character) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(shown).collect())
    }
}

/// What stands for a character that is not shown.
const GONE: char = char::REPLACEMENT_CHARACTER;

fn shown(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200C}' | '\u{200D}' => character,
        _ if character.is_control() => GONE,
        // Direction marks, embeddings, overrides and isolates.
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => GONE,
        // Characters without a shape, in which something could hide.
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' => GONE,
        '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' => GONE,
        _ => character,
    }
}
