//! The rows of `iran.md` section 5 and of `reliability.md` C-61, C-62.

use super::*;
use proptest::prelude::*;

#[test]
fn arabic_letters_and_digits_become_persian_and_ascii() {
    assert_eq!(normalised("\u{064A}\u{0649}\u{0643}"), "\u{06CC}\u{06CC}\u{06A9}");
    assert_eq!(normalised("۰۹٠٩"), "0909");
    for kept in ["ئ", "ؤ", "أ", "إ", "آ", "ۀ", "ه\u{0654}", "ة", "می\u{200C}شود"] {
        assert!(matches!(normalised(kept), Cow::Borrowed(same) if same == kept), "{kept}");
    }
}

#[test]
fn raw_text_is_kept_beside_its_normal_form() {
    let name = Text::from_utf8("كاظمي".as_bytes()).unwrap();
    assert_eq!((name.as_str(), name.raw()), ("كاظمي", "كاظمي".as_bytes()));
    assert_eq!(name.normalised(), "کاظمی");
}

#[test]
fn the_matching_form_ignores_joiners_tatweel_and_vowel_marks() {
    assert_eq!(matching("  م\u{064F}حم\u{0651}\u{0640}\u{0640}د \u{00A0} علي\u{200C}پور\u{200D} "), "محمد علیپور");
    assert_eq!(matching("\u{200C}\u{0640}"), "");
}

#[test]
fn nothing_that_steers_a_terminal_is_shown() {
    let hostile = "a\0\u{1B}]0;x\u{7}\u{9B}31m\u{202E}\u{2066}\u{200F}\u{061C}\u{7F}b";
    assert_eq!(harmless(hostile), "a\u{FFFD}\u{FFFD}]0;x\u{FFFD}\u{FFFD}31m\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b");
    assert_eq!(harmless("خیابان\nکوچه\t۲"), "خیابان کوچه ۲");
    let name = Text::from_utf8(b"a\x1b[2Jb").unwrap();
    assert_eq!((name.to_string().as_str(), name.as_str()), ("a\u{FFFD}[2Jb", "a\u{1B}[2Jb"));
}

#[test]
fn utf8_errors_name_the_offset() {
    assert_eq!(Text::from_utf8(b"ab\xFFc").unwrap_err().offset, 2);
    assert_eq!(Text::from_utf8("نم".as_bytes().get(..3).unwrap()).unwrap_err().offset, 2, "a letter cut in two");
}

#[test]
fn ascii_and_digits_are_strict() {
    assert_eq!(Text::from_ascii("NEMÜNEH".as_bytes()).unwrap_err().offset, 3);
    assert_eq!(Text::from_digits(b"12a4", 10).unwrap_err().offset, 2);
    assert_eq!(Text::from_digits(b"1234567", 6).unwrap_err().offset, 6);
    assert_eq!(Text::from_digits(b"123456", 6).unwrap().as_str(), "123456");
}

#[test]
fn byte_order_marks_decide_and_digits_and_persian_letters_tell() {
    let cases: [(&[u8], &str, ByteOrder); 6] = [
        (&[0xFE, 0xFF, 0x00, 0x31], "1", ByteOrder::Big),
        (&[0xFF, 0xFE, 0x31, 0x00], "1", ByteOrder::Little),
        (&[0x00, 0x31], "1", ByteOrder::Big),
        (&[0x31, 0x00], "1", ByteOrder::Little),
        (&[0x06, 0xF1], "۱", ByteOrder::Big),
        (&[0x46, 0x06, 0x0C, 0x20], "ن\u{200C}", ByteOrder::Little),
    ];
    for (bytes, text, order) in cases {
        assert_eq!(utf16(bytes), Ok((text.to_owned(), order)), "{bytes:02X?}");
    }
    assert_eq!(utf16(&[]), Ok((String::new(), ByteOrder::Big)));
}

#[test]
fn utf16_that_would_lose_something_is_an_error_with_its_offset() {
    assert_eq!(utf16(&[0x00, 0x31, 0x00]).unwrap_err().offset, 2);
    assert_eq!(utf16(&[0x00, 0x31, 0xD8, 0x00, 0x00, 0x32]).unwrap_err().offset, 2);
    assert_eq!(utf16(&[0xFE, 0xFF, 0x00, 0x31, 0xDC, 0x00]).unwrap_err().offset, 4);
}

proptest! {
    #[test]
    fn any_bytes_decode_or_fail_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = Text::from_utf16(&bytes) {
            prop_assert_eq!(text.raw(), &bytes[..]);
            let _ = text.matching();
        }
        let _ = Text::from_utf8(&bytes);
    }

    #[test]
    fn what_is_written_with_a_mark_is_read(text in "\\PC{0,40}", big in any::<bool>()) {
        let order = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let bytes: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(order).collect();
        prop_assert_eq!(utf16(&bytes).unwrap().0, text);
    }

    #[test]
    fn the_shown_form_holds_no_control(text in any::<String>()) {
        let shown = harmless(&text);
        let turns = |c: char| matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        prop_assert!(!shown.chars().any(|c| c.is_control() || turns(c)));
        prop_assert_eq!(harmless(&shown), shown.as_ref());
        prop_assert_eq!(matching(&matching(&text)), matching(&text));
    }
}
