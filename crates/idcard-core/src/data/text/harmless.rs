//! Untrusted text made fit for a terminal.

use std::borrow::Cow;

/// The text without anything that steers a terminal or turns the reading order around.
///
/// Tabs and line ends become blanks; other control characters (C0, C1, ESC, DEL), direction controls and invisible
/// format characters are dropped. ZWNJ and ZWJ stay: they carry meaning in Persian.
///
/// ```
/// use idcard_core::data::text::harmless;
/// assert_eq!(harmless("a\u{1B}[2J\u{202E}b\nc"), "a[2Jb c");
/// assert_eq!(harmless("شناسه\u{200C}پور"), "شناسه\u{200C}پور");
/// ```
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| shown(character) == Some(character)) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter_map(shown).collect())
    }
}

fn shown(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{200C}' | '\u{200D}' => Some(character),
        _ if character.is_control() => None,
        // Direction marks, embeddings, overrides and isolates.
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        // Characters without a shape, in which something could hide.
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' => None,
        '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' => None,
        _ => Some(character),
    }
}
