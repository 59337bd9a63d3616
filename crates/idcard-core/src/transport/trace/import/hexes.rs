//! Bytes as logs write them: in rows of hexadecimal, with or without a column of characters behind.

use super::super::ANSWER_LIMIT;
use super::error::Damage;
use zeroize::Zeroizing;

/// Bytes that may be a secret.
pub(super) type Secret = Zeroizing<Vec<u8>>;

/// How many bytes a row of a dump has.
const ROW: usize = 16;

/// The bytes of a text that is nothing but hexadecimal, with or without blanks between bytes.
pub(super) fn bytes(text: &str) -> Result<Secret, Damage> {
    // The whole room at once: a buffer that grows leaves copies behind.
    let room = text.len().div_ceil(2).min(ANSWER_LIMIT.saturating_add(16));
    let mut bytes = Secret::new(Vec::with_capacity(room));
    for word in text.split_ascii_whitespace() {
        if word.ends_with("...") {
            return Err(Damage::CutOff);
        }
        for pair in word.as_bytes().chunks(2) {
            let mut byte = [0];
            hex::decode_to_slice(pair, &mut byte).map_err(|_| Damage::NotHex)?;
            if bytes.len() >= ANSWER_LIMIT.saturating_add(16) {
                return Err(Damage::AnswerLength);
            }
            bytes.extend_from_slice(&byte);
        }
    }
    Ok(bytes)
}

/// True when the text begins with a byte in hexadecimal that stands alone or is followed by more of them.
pub(super) fn is_hex(text: &str) -> bool {
    let word = text.split_ascii_whitespace().next().unwrap_or_default();
    word.len() >= 2 && word.len().is_multiple_of(2) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The bytes of one row of OpenSC's dumps: up to sixteen of them, each with a blank behind, then the characters that
/// they stand for, which prove where the bytes end.
pub(super) fn row(text: &str) -> Option<Secret> {
    let text = text.as_bytes();
    (1..=ROW).rev().find_map(|count| {
        let mut bytes = Secret::default();
        for group in text.get(..count.saturating_mul(3))?.chunks(3) {
            let [high, low, b' '] = group else { return None };
            let mut byte = [0];
            hex::decode_to_slice([*high, *low], &mut byte).ok()?;
            bytes.extend_from_slice(&byte);
        }
        let behind = text.get(count.saturating_mul(3)..).unwrap_or_default();
        let padding = ROW.saturating_sub(count).saturating_mul(3);
        let padded = behind.get(..padding).is_some_and(|blanks| blanks.iter().all(|blank| *blank == b' '));
        let characters = if padded { behind.get(padding..).unwrap_or_default() } else { behind };
        (shows(characters, &bytes) || shows(behind, &bytes)).then_some(bytes)
    })
}

/// Whether these are the characters of the bytes; blanks at the end may have been lost.
fn shows(characters: &[u8], bytes: &[u8]) -> bool {
    let shown: Vec<u8> = bytes.iter().map(|byte| if matches!(byte, 0x20..=0x7E) { *byte } else { b'.' }).collect();
    characters == shown || characters.trim_ascii_end() == shown.trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_where_their_characters_begin() {
        for (text, count) in [
            ("EC DC 6A 99 77 5C C7 1F ..j.w\\..", 8),
            ("62 10 82 01 38 8A 01 05 A1 04 8C 02 02 00 83 02 b...8...........", 16),
            ("3F 00 90 00                                     ?...", 4),
            ("90 00 ..", 2),
            ("41 42 20 AB ", 3),
            ("41 42 20 AB", 3),
            ("20                                               ", 1),
        ] {
            assert_eq!(row(text).map(|bytes| bytes.len()), Some(count), "{text}");
        }
        for text in ["", "Sending: 00", "EC DC 6A ..x", "90 0", "P:1; T:0x0"] {
            assert_eq!(row(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_cut_off_is_told_from_what_is_no_hex() {
        assert_eq!(bytes("00 A4 0C02").unwrap().as_slice(), [0x00, 0xA4, 0x0C, 0x02]);
        assert_eq!(bytes("00 A4 00 ...").unwrap_err(), Damage::CutOff);
        assert_eq!(bytes("00 A4 0").unwrap_err(), Damage::NotHex);
        assert!(bytes("").unwrap().is_empty());
    }
}
