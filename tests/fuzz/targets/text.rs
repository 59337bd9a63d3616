//! Text of a card: what is shown steers no terminal.

#![no_main]

use idcard_core::data::{CardDate, Text, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    for text in [Text::from_utf8(input), Text::from_utf16(input), Text::from_ascii(input)].into_iter().flatten() {
        assert_eq!(text.raw(), input);
        let shown = text::harmless(text.as_str());
        let steers =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        assert!(!shown.chars().any(steers), "{shown:?}");
        let _ = (text.normalised(), text.matching());
    }
    let _ = CardDate::decode_whole(input, None);
});
