//! Text by other text: letter by letter of the same kind and length, digits by digits.

use super::characters::{in_utf16, value};
use super::{Pseudonyms, Replaced};

/// Persian letters that stand at any place of a word: two bytes each in UTF-8 and UTF-16.
const PERSIAN: [char; 27] = [
    'ب', 'پ', 'ت', 'ث', 'ج', 'چ', 'ح', 'خ', 'س', 'ش', 'ص', 'ض', 'ط', 'ظ', 'ع', 'غ', 'ف', 'ق', 'ک', 'گ', 'ل', 'م', 'ن',
    'ه', 'ی', 'د', 'ر',
];

impl Pseudonyms {
    /// Other words and numbers of the same length in UTF-8 and in UTF-16; blanks and marks stay.
    pub fn text(&mut self, text: &str) -> String {
        let mut other = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let kind = Kind::of(first);
            let end = rest.find(|c| Kind::of(c) != kind).unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            match kind {
                Kind::Digits => other.push_str(&self.number(run)),
                Kind::Letters => other.push_str(&self.word(run)),
                Kind::Marks => other.push_str(run),
            }
            rest = after;
        }
        if other != text && text.chars().count() >= 4 {
            self.original_text(text);
        }
        other
    }

    /// Text in UTF-8 with padding `00`; none where it is no text.
    pub fn utf8(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(bytes).ok()?;
        Some(self.text(text).into_bytes()).filter(|other| other.len() == bytes.len())
    }

    /// Text in UTF-16 of either byte order, with its mark where there is one; none where it is no text.
    pub fn utf16(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let other = in_utf16(bytes, |text| Some(self.text(text)))?;
        Some(other).filter(|other| other.len() == bytes.len())
    }

    fn word(&mut self, word: &str) -> String {
        self.note(Replaced::Text);
        let mut stream = self.stream("word", word.as_bytes());
        loop {
            let other: String = word
                .chars()
                .map(|letter| {
                    let mut of = |letters: &[char]| {
                        let letters: Vec<char> = letters.iter().copied().filter(|other| *other != letter).collect();
                        let at = stream.below(u32::try_from(letters.len()).unwrap_or(1));
                        letters.get(usize::try_from(at).unwrap_or_default()).copied().unwrap_or(letter)
                    };
                    match (letter, letter.len_utf8()) {
                        ('A'..='Z', _) => of(&['B', 'D', 'E', 'G', 'K', 'L', 'M', 'N', 'O', 'R', 'S', 'T']),
                        ('a'..='z', _) => of(&['b', 'd', 'e', 'g', 'k', 'l', 'm', 'n', 'o', 'r', 's', 't']),
                        (_, 2) => of(&PERSIAN),
                        // Presentation forms of Arabic letters, Old Persian: as long as what they stand for.
                        (_, 3) => of(&['ﺏ', 'ﺕ', 'ﺝ', 'ﺱ', 'ﻉ', 'ﻑ', 'ﻝ', 'ﻡ']),
                        _ => of(&['𐎠', '𐎡', '𐎢', '𐎣', '𐎤', '𐎥']),
                    }
                })
                .collect();
            if other != word {
                self.met(word, &other);
                return other;
            }
        }
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Digits,
    Letters,
    Marks,
}

impl Kind {
    fn of(character: char) -> Self {
        if value(character).is_some() {
            Self::Digits
        } else if character.is_alphabetic() {
            Self::Letters
        } else {
            Self::Marks
        }
    }
}
