//! Visual order (UAX #9) for terminals that put out letters in the order in which they come.

use super::shape;
use unicode_bidi::{BidiInfo, Level};

/// The line as it is seen, from left to right, its letters joined; isolates have done their work and are dropped.
pub(super) fn order(line: &str, right_to_left: bool) -> String {
    let base = if right_to_left { Level::rtl() } else { Level::ltr() };
    let joined = shape::joined(line);
    let info = BidiInfo::new(&joined, Some(base));
    let Some(paragraph) = info.paragraphs.first() else { return joined };
    let levels = info.reordered_levels_per_char(paragraph, paragraph.range.clone());
    let characters: Vec<char> = joined.chars().collect();
    let seen = BidiInfo::reorder_visual(&levels).into_iter().filter_map(|at| {
        let (character, level) = (*characters.get(at)?, levels.get(at)?);
        Some(if level.is_rtl() { mirrored(character) } else { character })
    });
    seen.filter(|character| !matches!(character, '\u{2066}'..='\u{2069}')).collect()
}

/// Brackets open the other way in text that runs from right to left (UAX #9, L4).
const fn mirrored(character: char) -> char {
    match character {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_text_stays_as_it_is() {
        assert_eq!(order("CRN: 0003141594", false), "CRN: 0003141594");
    }

    #[test]
    fn letters_are_reversed_and_digits_are_not() {
        // س and ل join as initial and final form, FEB3 and FEDE; seen from the left the last one comes first.
        assert_eq!(order("سل 12", true), "12 \u{FEDE}\u{FEB3}");
        assert_eq!(order("سل: ۱۲", true), "۱۲ :\u{FEDE}\u{FEB3}");
        assert_eq!(order("سل (a)", true), "(a) \u{FEDE}\u{FEB3}", "brackets open towards their content");
        assert_eq!(order("a: \u{2068}سل\u{2069} 12", false), "a: \u{FEDE}\u{FEB3} 12", "an isolate keeps its place");
    }
}
