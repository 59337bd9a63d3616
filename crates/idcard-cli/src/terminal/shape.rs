//! The joined forms of Arabic and Persian letters (Unicode, section 9.2), for terminals that do not join them.

/// Each letter with its isolated form and the number of its forms, which follow one another: isolated, final, and for
/// letters that join to the next one initial and medial.
const LETTERS: [(char, u32, u32); 44] = [
    ('ء', 0xFE80, 1),
    ('آ', 0xFE81, 2),
    ('أ', 0xFE83, 2),
    ('ؤ', 0xFE85, 2),
    ('إ', 0xFE87, 2),
    ('ئ', 0xFE89, 4),
    ('ا', 0xFE8D, 2),
    ('ب', 0xFE8F, 4),
    ('ة', 0xFE93, 2),
    ('ت', 0xFE95, 4),
    ('ث', 0xFE99, 4),
    ('ج', 0xFE9D, 4),
    ('ح', 0xFEA1, 4),
    ('خ', 0xFEA5, 4),
    ('د', 0xFEA9, 2),
    ('ذ', 0xFEAB, 2),
    ('ر', 0xFEAD, 2),
    ('ز', 0xFEAF, 2),
    ('س', 0xFEB1, 4),
    ('ش', 0xFEB5, 4),
    ('ص', 0xFEB9, 4),
    ('ض', 0xFEBD, 4),
    ('ط', 0xFEC1, 4),
    ('ظ', 0xFEC5, 4),
    ('ع', 0xFEC9, 4),
    ('غ', 0xFECD, 4),
    ('ف', 0xFED1, 4),
    ('ق', 0xFED5, 4),
    ('ك', 0xFED9, 4),
    ('ل', 0xFEDD, 4),
    ('م', 0xFEE1, 4),
    ('ن', 0xFEE5, 4),
    ('ه', 0xFEE9, 4),
    ('و', 0xFEED, 2),
    ('ى', 0xFEEF, 2),
    ('ي', 0xFEF1, 4),
    ('ٱ', 0xFB50, 2),
    ('پ', 0xFB56, 4),
    ('چ', 0xFB7A, 4),
    ('ژ', 0xFB8A, 2),
    ('ک', 0xFB8E, 4),
    ('گ', 0xFB92, 4),
    ('ۀ', 0xFBA4, 2),
    ('ی', 0xFBFC, 4),
];

const TATWEEL: char = '\u{640}';
const NON_JOINER: char = '\u{200C}';
const HAMZA_ABOVE: char = '\u{654}';
const JOINER: char = '\u{200D}';

/// The isolated form and the number of forms.
fn forms(letter: char) -> Option<(u32, u32)> {
    LETTERS.iter().find(|(known, _, _)| *known == letter).map(|(_, isolated, count)| (*isolated, *count))
}

/// A mark that lies above or below a letter and does not come between it and its neighbours.
fn is_mark(character: &char) -> bool {
    matches!(character, '\u{64B}'..='\u{65F}' | '\u{670}')
}

/// The text with every letter in the form that its neighbours ask for. Joiners have done their work and are dropped, and
/// so are marks, which terminals without joining put beside their letter; heh with hamza is one letter.
pub(super) fn joined(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shaped = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = characters.as_slice();
    while let Some((&character, after)) = rest.split_first() {
        rest = after;
        let hamza = character == 'ه' && after.first() == Some(&HAMZA_ABOVE);
        let character = if hamza { 'ۀ' } else { character };
        if let Some((isolated, count)) = forms(character) {
            let next = after.iter().find(|character| !is_mark(character)).copied();
            let to_the_one_before = count > 1 && before.is_some_and(joins_to_the_next);
            let to_the_next = count == 4 && next.is_some_and(joins_to_the_one_before);
            let form = isolated + u32::from(to_the_one_before) + 2 * u32::from(to_the_next);
            shaped.push(char::from_u32(form).unwrap_or(character));
        } else if !matches!(character, NON_JOINER | JOINER) && !is_mark(&character) {
            shaped.push(character);
        }
        if !is_mark(&character) {
            before = Some(character);
        }
    }
    shaped
}

fn joins_to_the_next(character: char) -> bool {
    matches!(character, TATWEEL | JOINER) || forms(character).is_some_and(|(_, count)| count == 4)
}

fn joins_to_the_one_before(character: char) -> bool {
    matches!(character, TATWEEL | JOINER) || forms(character).is_some_and(|(_, count)| count > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u32> {
        joined(text).chars().map(u32::from).collect()
    }

    #[test]
    fn a_letter_takes_the_form_that_its_neighbours_ask_for() {
        assert_eq!(codes("ببب"), [0xFE91, 0xFE92, 0xFE90]);
        assert_eq!(codes("ب"), [0xFE8F]);
        assert_eq!(codes("دب"), [0xFEA9, 0xFE8F], "dal joins to nothing behind it");
        assert_eq!(codes("بد"), [0xFE91, 0xFEAA]);
        assert_eq!(codes("بُب"), [0xFE91, 0xFE90], "a vowel mark does not come between");
        assert_eq!(codes("ره\u{654}"), codes("رۀ"));
        assert_eq!(codes("بء"), [0xFE8F, 0xFE80], "hamza joins to nothing");
        assert_eq!(codes("یک"), [0xFBFE, 0xFB8F]);
    }

    #[test]
    fn a_non_joiner_parts_letters_and_is_not_seen() {
        assert_eq!(codes("ب\u{200C}ب"), [0xFE8F, 0xFE8F]);
        assert_eq!(codes("ب\u{200D}"), [0xFE91]);
    }
}
