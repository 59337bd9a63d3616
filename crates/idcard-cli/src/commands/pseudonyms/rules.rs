//! What comes in the place of a value, by where it lies and what it seems to be.

use super::photo;
use idcard_core::data::Nature;
use idcard_core::transport::trace::{Origin, Value};
use idcard_crypto::pseudonym::{DateKeeps, Pseudonyms, Replaced};

/// Card production data: what stands in front of the chip's own number tells the kind of the chip (`nid-card.md` 4.2).
const KIND_OF_THE_CHIP: usize = 10;
/// The header of data object 0101, and the CRN behind it.
const CRN: std::ops::Range<usize> = 3..13;

/// The longest version or flag that stays, in bytes.
const FLAGS: usize = 16;
/// The codes of the ten fingers (`specimen.md` 3.4).
const FINGERS: [u8; 10] = [0x05, 0x09, 0x0D, 0x11, 0x15, 0x06, 0x0A, 0x0E, 0x12, 0x16];

/// Another value of the same length; none where the value is to be masked.
pub(super) fn other(names: &mut Pseudonyms, value: &Value<'_>) -> Option<Vec<u8>> {
    let bytes = value.bytes;
    let kept = || Some(bytes.to_vec());
    if value.unread {
        return None;
    }
    if is_kept(value) {
        return kept();
    }
    match (value.origin, value.tags) {
        // The beginning of a certificate, as far as it is headers.
        (_, [0x30]) if value.cut => {
            matches!(bytes, [0x30, 0x82, _, _] | [0x30, 0x82, _, _, 0x30, 0x82, _, _]).then(|| bytes.to_vec())
        }
        (_, [0x77]) => None,
        (_, [0x30]) => names.certificate(bytes).or_else(|| names.plain_der(bytes)),
        (Origin::DataObject, tags) => data_object(names, value.place.unwrap_or_default(), tags, bytes),
        (Origin::Command | Origin::SecretCode | Origin::AnswerToReset, _) => None,
        (Origin::ControlInformation, _) => general(names, bytes),
        // Which fingers are enrolled is the holder's; how many, and by which references, is not.
        (_, [0x7F61, 0x7F60, 0xA1, 0x82]) => Some(bytes.iter().map(|finger| names.one_of(&FINGERS, *finger)).collect()),
        (_, [0x7F61, ..]) if bytes.len() <= FLAGS && matches!(Nature::of(bytes), Nature::Binary | Nature::Blank) => {
            kept()
        }
        (_, [0xB2 | 0xB3]) => names.date(bytes, DateKeeps::Year).or_else(|| general(names, bytes)),
        (_, [0x70, 0x85]) => names.date(bytes, DateKeeps::Century).or_else(|| general(names, bytes)),
        // The sex is one of four values: none of them is the holder's any more.
        (_, [0x70, 0x84]) => Some(vec![0; bytes.len()]),
        (_, [0x75, 0x5F2E]) => picture(names, bytes),
        // Short values stay only under tags that no text looks like.
        (_, [.., 0x00..=0x7F]) if Nature::of(bytes) == Nature::Binary && bytes.len() <= 2 => Some(names.bytes(bytes)),
        _ => general(names, bytes),
    }
}

/// Whether a value stays, since a card is recognised or spoken to by it: the historical bytes, in which no family has a
/// number of the holder or of the one chip (`nid-card.md` 1.2), names of applets and files, counters of secret codes,
/// what ISO/IEC 7816-4 fixes of control information, versions and flags of the personalisation.
pub(super) fn is_kept(value: &Value<'_>) -> bool {
    value.bytes.len() <= FLAGS
        && match (value.origin, value.tags) {
            (Origin::AnswerToReset | Origin::Command | Origin::SecretCode, _)
            | (Origin::ControlInformation, [0x62 | 0x64 | 0x6F, 0x80..=0x84 | 0x88 | 0x8A])
            | (_, [0xCC | 0xD5 | 0xD6 | 0xD7 | 0xAD]) => true,
            (Origin::DataObject, _) => {
                let tag = value.place.and_then(|place| place.get(4..));
                matches!(tag, Some("DF30" | "7F30")) && is_version(value.bytes)
            }
            _ => false,
        }
}

fn data_object(names: &mut Pseudonyms, place: &str, tags: &[u32], bytes: &[u8]) -> Option<Vec<u8>> {
    let tag = place.get(4..).unwrap_or_default();
    match (tag, tags) {
        ("9F7F", [0x9F7F]) => {
            let (kind, chip) = bytes.split_at_checked(KIND_OF_THE_CHIP)?;
            Some([kind, &names.chip(chip)].concat())
        }
        ("0101", []) => {
            let (header, digits) = (bytes.get(..CRN.start)?, bytes.get(CRN)?);
            let rest = bytes.get(CRN.end..)?;
            let digits = general(names, digits)?;
            let rest = general(names, rest)?;
            Some([header, &digits, &rest].concat())
        }
        _ => general(names, bytes),
    }
}

/// `4.2.1`, as the applets of the family tell their versions.
fn is_version(bytes: &[u8]) -> bool {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    text.contains(&b'.') && text.iter().all(|byte| byte.is_ascii_digit() || b".vV".contains(byte))
}

/// By what the value seems to be.
fn general(names: &mut Pseudonyms, bytes: &[u8]) -> Option<Vec<u8>> {
    match Nature::of(bytes) {
        Nature::Empty | Nature::Blank => Some(bytes.to_vec()),
        Nature::Digits | Nature::Ascii | Nature::Utf8 => names.utf8(bytes),
        Nature::Utf16 => names.utf16(bytes),
        Nature::Jpeg | Nature::Jpeg2000 => picture(names, bytes),
        // One or two bytes are flags and counters.
        Nature::Binary if bytes.len() <= 2 => Some(bytes.to_vec()),
        Nature::Binary if bytes.starts_with(b"FAC\0") => picture(names, bytes),
        Nature::Binary => Some(names.bytes(bytes)),
    }
}

fn picture(names: &mut Pseudonyms, bytes: &[u8]) -> Option<Vec<u8>> {
    let grey = photo::grey(bytes)?;
    names.count(Replaced::Photo, bytes);
    Some(grey)
}
