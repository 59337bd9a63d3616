//! Secrets that a log has shown: they and their parts are masked wherever else they stand.

use crate::apdu::command::{carries_commands, presents_a_secret, secret_body};
use crate::transport::trace::Octets;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use zeroize::Zeroizing;

/// What is searched for, in bytes: a PIN of four digits, or as much of something longer.
const PART: usize = 4;
/// The longest secret of which parts are kept, in bytes: what is longer is a message with much in it.
const LONGEST: usize = 64;
/// How many parts are kept in mind.
const MOST: usize = 65_536;
/// The class bit that says that more of the command follows (ISO/IEC 7816-4, 5.4.1).
const CHAINED: u8 = 0x10;

/// Secrets of one log, as keyed hashes of their parts: no copy of a PIN lies about, and to look for one of them costs the
/// same however many there are.
#[derive(Default)]
pub struct Seen {
    parts: HashSet<u64>,
    key: RandomState,
    /// The instruction and the end of the body before, where this one may go on with it.
    before: Option<(u8, Zeroizing<Vec<u8>>)>,
}

impl Seen {
    /// Masks them in a trace that [`Writer`](crate::transport::trace::Writer) wrote, whose lines keep their lengths: what
    /// stands in front of the command that showed it. True where there was any.
    pub fn mask_written(&self, text: &mut [u8]) -> bool {
        let mut any = false;
        for line in text.split_mut(|byte| *byte == b'\n') {
            let (from, behind, bytes) = match line.split_first_mut() {
                Some((b'>', rest)) => (4, 0, rest),
                Some((b'<', rest)) => (0, 2, rest),
                _ => continue,
            };
            let mut octets = Octets::default();
            for word in bytes.chunks(3) {
                let mut byte = [0];
                match word {
                    [b' ', b'*', b'*'] => octets.push(None),
                    [b' ', digits @ ..] if hex::decode_to_slice(digits, &mut byte).is_ok() => {
                        octets.push(Some(byte).map(|[byte]| byte));
                    }
                    _ => break,
                }
            }
            if self.mask(&mut octets, from, behind) {
                any = true;
                let masked = octets.iter().zip(bytes.chunks_mut(3)).filter(|(byte, _)| byte.is_none());
                masked.for_each(|(_, word)| word.copy_from_slice(b" **"));
            }
        }
        any
    }

    /// Keeps in mind what is secret of a command.
    pub(super) fn keep(&mut self, command: &[u8]) {
        let before = self.before.take();
        let body = secret_body(command).and_then(|range| command.get(range));
        let (Some(body), &[class, instruction, ..]) = (body, command) else { return };
        let mut whole = Zeroizing::new(Vec::with_capacity(LONGEST.saturating_add(body.len())));
        if let Some((_, begun)) = before.filter(|(same, _)| *same == instruction) {
            whole.extend_from_slice(&begun);
        }
        whole.extend_from_slice(body);
        if carries_commands(instruction) || class & CHAINED != 0 {
            let end = whole.get(whole.len().saturating_sub(LONGEST)..).unwrap_or_default();
            self.before = Some((instruction, Zeroizing::new(end.to_vec())));
        }
        if carries_commands(instruction) {
            if !self.keep_carried(&whole) {
                self.keep_parts(body);
            }
        } else if presents_a_secret(instruction) || !is_ciphertext(class) {
            self.keep_parts(&whole);
        }
    }

    /// Keeps what commands inside of this one present, wherever they begin; true where there is any.
    fn keep_carried(&mut self, body: &[u8]) -> bool {
        let mut any = false;
        for (at, header) in body.windows(4).enumerate() {
            let &[instruction, _, _, length] = header else { continue };
            if presents_a_secret(instruction) && self.parts.len() < MOST {
                let rest = body.get(at.saturating_add(4)..).unwrap_or_default();
                any |= self.keep_parts(rest.get(..usize::from(length)).unwrap_or(rest));
            }
        }
        any
    }

    /// Keeps the parts of a secret without its padding; true where there is any. Padding parts the old PIN from the new one;
    /// it stands in many places that hold no secret, and with a digit beside it, a mask there would tell that digit.
    fn keep_parts(&mut self, secret: &[u8]) -> bool {
        let secret = unpadded(secret);
        if secret.len() > LONGEST || self.parts.len() >= MOST {
            return false;
        }
        let pieces = secret.chunk_by(|one, next| !(is_padding(*one) && is_padding(*next))).map(unpadded);
        let mut any = false;
        for part in pieces.flat_map(|piece| piece.windows(PART)) {
            self.parts.insert(self.key.hash_one(part));
            any = true;
        }
        any
    }

    /// Masks each of them from `from` on, but not the last `behind` bytes; true where there was one.
    pub(super) fn mask(&self, octets: &mut Octets, from: usize, behind: usize) -> bool {
        if self.parts.is_empty() {
            return false;
        }
        let end = octets.len().saturating_sub(behind);
        let bytes = octets.filled().get(from..end).unwrap_or_default();
        let places = bytes.windows(PART).zip(from..);
        let found: Vec<usize> =
            places.filter(|(part, _)| self.parts.contains(&self.key.hash_one(part))).map(|(_, at)| at).collect();
        found.iter().for_each(|at| octets.mask(*at..at.saturating_add(PART)));
        !found.is_empty()
    }
}

const fn is_padding(byte: u8) -> bool {
    matches!(byte, 0x00 | 0xFF)
}

/// Without the padding at both ends.
fn unpadded(bytes: &[u8]) -> &[u8] {
    let from = bytes.iter().position(|byte| !is_padding(*byte)).unwrap_or(bytes.len());
    let to = bytes.iter().rposition(|byte| !is_padding(*byte)).map_or(from, |at| at.saturating_add(1));
    bytes.get(from..to).unwrap_or_default()
}

/// A class of secure messaging; the body is no secret that could come again.
const fn is_ciphertext(class: u8) -> bool {
    class & 0x0C != 0 && class & 0xE0 == 0 || class & 0x60 == 0x60
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of an answer when these commands were sent before.
    fn left(commands: &[&str], answer: &str) -> String {
        let mut seen = Seen::default();
        let bytes = |text: &str| hex::decode(text.replace(' ', "")).unwrap();
        commands.iter().for_each(|command| seen.keep(&bytes(command)));
        let mut octets = Octets::from(bytes(answer).as_slice());
        seen.mask(&mut octets, 0, 2);
        octets.to_string()
    }

    #[test]
    fn a_part_of_a_secret_is_masked_wherever_it_was_carried() {
        let answer = "41 31 32 33 34 42 90 00";
        let masked = "41 ** ** ** ** 42 90 00";
        for commands in [
            &["00 20 00 81 08 31 32 33 34 00 00 00 00"][..],
            &["00 20 00 81 06 30 31 32 33 34 35"],
            &["00 C2 00 00 09 00 20 00 81 04 31 32 33 34"],
            &["00 C2 00 00 16 00 A4 04 0C 04 A0 00 00 18 00 20 00 81 08 31 32 33 34 00 00 00 00"],
            // An envelope in two pieces, the PIN cut through; an envelope without a header.
            &["00 C2 00 00 07 00 20 00 81 04 31 32", "00 C2 00 00 02 33 34"],
            &["00 C2 00 00 05 00 20 00 81 04", "00 C2 00 00 04 31 32 33 34"],
            &["00 C2 00 00 04 31 32 33 34"],
            // A command chained.
            &["10 20 00 81 02 31 32", "00 20 00 81 02 33 34"],
            &["00 DB 3F FF 09 00 24 01 81 04 31 32 33 34"],
            &["00 A4 00 0C 02 3F 00 00 31 32 33 34"],
        ] {
            assert_eq!(left(commands, answer), masked, "{commands:?}");
        }
    }

    #[test]
    fn what_stands_beside_a_secret_is_no_secret() {
        let select = "00 C2 00 00 13 00 A4 04 0C 05 A0 00 00 00 18 00 20 00 81 04 31 32 33 34";
        let answer = "A0 00 00 00 18 90 00";
        assert_eq!(left(&[select], answer), answer);
        // Two PINs one after the other are not one.
        let two = ["00 20 00 81 04 31 32 33 34", "00 20 00 81 04 35 36 37 38"];
        assert_eq!(left(&two, "33 34 35 36 90 00"), "33 34 35 36 90 00");
        // The padding between an old PIN and a new one, and a digit beside it.
        let change = "00 24 00 81 20 31 32 33 34 00 00 00 00 00 00 00 00 00 00 00 00 35 36 37 38 00 00 00 00 00 00 00 00 00 00 00 00";
        for answer in ["00 00 00 00 90 00", "39 34 00 00 00 90 00", "00 00 00 35 39 90 00"] {
            assert_eq!(left(&[change], answer), answer);
        }
        assert_eq!(left(&[change], "31 32 33 34 00 35 36 37 38 90 00"), "** ** ** ** 00 ** ** ** ** 90 00");
        // Ciphertext of a secure channel.
        assert_eq!(left(&["0C A4 00 0C 04 87 02 01 AA"], "87 02 01 AA 90 00"), "87 02 01 AA 90 00");
    }

    #[test]
    fn a_secret_is_masked_in_what_was_written_before_it_was_known() {
        let mut seen = Seen::default();
        let mut text = *b"# 31 32 33 34\n> 00 CA 31 32 33 34\n< 31 32 33 34 ** 90 00 @3.1ms\n> 00 A4 00 00 31 32 33 34";
        let before = text;
        assert!(!seen.mask_written(&mut text));
        seen.keep(&[0x00, 0x20, 0x00, 0x81, 0x04, 0x31, 0x32, 0x33, 0x34]);
        assert!(seen.mask_written(&mut text));
        let after = String::from_utf8(text.to_vec()).unwrap();
        let expected = String::from_utf8(before.to_vec()).unwrap();
        let expected =
            expected.replace("< 31 32 33 34", "< ** ** ** **").replace("00 00 31 32 33 34", "00 00 ** ** ** **");
        assert_eq!(after, expected);
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut seen = Seen::default();
        let mut secrets = 0..u32::MAX;
        for number in secrets.by_ref().take(2 * MOST) {
            let [a, b, c, d] = number.to_be_bytes();
            seen.keep(&[0x00, 0x20, 0x00, 0x81, 0x08, a, b, c, d, d, c, b, 0x31]);
        }
        assert!((MOST..MOST + LONGEST).contains(&seen.parts.len()), "{}", seen.parts.len());
    }
}
