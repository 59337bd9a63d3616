//! Offsets of READ BINARY in bytes or in 4-byte words: believed from the page, proved by the second read of a file.

use super::Habits;
use crate::family::Applet;

/// The unit in force: the proved one, else the page's.
pub(super) fn unit(habits: &Habits, applet: &Applet) -> u8 {
    known(habits, applet).unwrap_or(applet.offset_unit).max(1)
}

fn known(habits: &Habits, applet: &Applet) -> Option<u8> {
    habits.units.iter().find(|(name, _)| *name == applet.name).map(|&(_, unit)| unit)
}

/// Keeps what was proved, for the rest of the session.
pub(super) fn settle(habits: &mut Habits, applet: &Applet, unit: u8) {
    if known(habits, applet).is_none() {
        habits.units.push((applet.name.clone(), unit));
    }
}

/// Whether the card counted bytes where the page says words.
///
/// A read at byte `from` was asked for as `from / unit`. A card that counts bytes answers with the bytes from there, which
/// are known already: the answer then repeats the file from `from / unit` on. That proves the unit at no further exchange.
/// Bytes that are all the same prove nothing, and the page is believed.
pub(super) fn is_in_bytes(habits: &Habits, applet: &Applet, from: usize, file: &[u8], answer: &[u8]) -> bool {
    let unit = usize::from(applet.offset_unit.max(1));
    if unit == 1 || known(habits, applet).is_some() {
        return false;
    }
    let Some(repeated) = file.get(from / unit..from) else { return false };
    let length = repeated.len().min(answer.len());
    let (Some(repeated), Some(answer)) = (repeated.get(..length), answer.get(..length)) else { return false };
    let varied = answer.windows(2).any(|pair| pair.first() != pair.last());
    length >= unit && varied && repeated == answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Roster;
    use crate::transport::Protocol;

    fn applet(offset_unit: u8) -> Applet {
        let page = Roster::built_in().unwrap().pages()[0].clone();
        Applet { offset_unit, ..page.applets[0].clone() }
    }

    #[test]
    fn what_was_proved_first_goes_before_what_the_page_says() {
        let mut habits = Habits::new(Protocol::T1, false);
        assert_eq!([0, 1, 4].map(|told| unit(&habits, &applet(told))), [1, 1, 4]);
        settle(&mut habits, &applet(4), 1);
        settle(&mut habits, &applet(4), 4);
        assert_eq!(unit(&habits, &applet(4)), 1);
        let another = Applet { name: "another".into(), ..applet(4) };
        assert_eq!(unit(&habits, &another), 4, "each applet for itself");
    }

    /// A read of word 4, byte 16, that a card answers from byte 4 on.
    #[test]
    fn bytes_that_come_again_prove_that_a_card_counts_them() {
        let file: Vec<u8> = (0..16).collect();
        let asked = |habits: &Habits, told: u8, answer: &[u8]| is_in_bytes(habits, &applet(told), 16, &file, answer);
        let fresh = Habits::new(Protocol::T1, false);
        assert!(asked(&fresh, 4, &file[4..]));
        assert!(asked(&fresh, 4, &file[4..8]), "a word is enough");
        assert!(asked(&fresh, 4, &[&file[4..], &[16, 17]].concat()), "more than is known");
        assert!(!asked(&fresh, 4, &file[4..7]), "less than a word is not");
        assert!(!asked(&fresh, 4, &[16, 17, 18, 19]), "the bytes that were asked for");
        assert!(!asked(&fresh, 4, &[4, 5, 6, 7, 7]), "a part that comes again");
        assert!(!asked(&fresh, 1, &file), "bytes are what the page says");
        assert!(!is_in_bytes(&fresh, &applet(4), 16, &[7; 16], &[7; 12]), "all the same");
        assert!(!is_in_bytes(&fresh, &applet(4), 32, &file, &file), "behind what is known");
        for proved in [1, 4] {
            let mut habits = Habits::new(Protocol::T1, false);
            settle(&mut habits, &applet(4), proved);
            assert!(!asked(&habits, 4, &file[4..]), "proved already");
        }
    }
}
