//! Commands, options, paths and codes inside a sentence of Persian words, kept from left to right.

use std::borrow::Cow;

const OPEN: char = '\u{2066}';
const CLOSE: char = '\u{2069}';

/// The words with each code in them between isolates, where the words themselves run from right to left.
///
/// A code is a run of ASCII words with at least one letter, from its first letter, digit or mark such as `-` to its last.
pub(super) fn isolated(words: &str) -> Cow<'_, str> {
    if !words.chars().any(is_right_to_left) {
        return Cow::Borrowed(words);
    }
    let mut shown = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(start) = rest.find(begins) {
        let (before, run) = rest.split_at(start);
        let end = run.find(|character: char| !(character == ' ' || character.is_ascii_graphic())).unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        let (code, behind) = ended(run);
        shown.push_str(before);
        if code.contains(|character: char| character.is_ascii_alphabetic()) {
            shown.extend([OPEN.to_string().as_str(), code, CLOSE.to_string().as_str()]);
        } else {
            shown.push_str(code);
        }
        shown.push_str(behind);
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// A run without the punctuation behind it; a bracket that it opened is its own.
fn ended(run: &str) -> (&str, &str) {
    let mut end = run.trim_end_matches(|character| !ends(character)).len();
    let open = |end: usize| run.get(..end).is_some_and(|code| code.matches('(').count() > code.matches(')').count());
    while open(end) && run.get(end..).is_some_and(|behind| behind.starts_with(')')) {
        end += 1;
    }
    run.split_at_checked(end).filter(|(code, _)| !code.is_empty()).unwrap_or((run, ""))
}

/// Letters of the Arabic block and its supplements (bidi classes AL and R).
fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{620}'..='\u{64A}' | '\u{66E}'..='\u{6D5}' | '\u{6FA}'..='\u{77F}' | '\u{FB50}'..='\u{FDFF}')
}

/// Brackets and punctuation around a code belong to the sentence.
fn begins(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '/' | '*' | '#' | '~' | '$' | '\'' | '"' | '<')
}

fn ends(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '*' | '#' | '/' | '\'' | '"' | '>' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_piece_and_its_brackets_are_the_sentences() {
        let told = isolated("سرویس را راه بیندازید (systemctl start pcscd.socket)، بعد --timeout");
        assert_eq!(
            told,
            "سرویس را راه بیندازید (\u{2066}systemctl start pcscd.socket\u{2069})، بعد \u{2066}--timeout\u{2069}"
        );
    }

    #[test]
    fn brackets_that_a_code_opens_are_its_own() {
        assert_eq!(isolated("خطا (READ (EF) 01)"), "خطا (\u{2066}READ (EF) 01\u{2069})");
        assert_eq!(isolated("خطا (no service (SCARD))"), "خطا (\u{2066}no service (SCARD)\u{2069})");
    }

    #[test]
    fn numbers_and_whole_lines_of_codes_stay_as_they_are() {
        for plain in ["1375-12-30", "idcard --help", "سال 1375", "نام: علی"] {
            assert_eq!(isolated(plain), plain);
        }
    }
}
