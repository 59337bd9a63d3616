//! Which fingers are enrolled: template 7F61 of ISO/IEC 7816-11 (`specimen.md` 3.4). No fingerprint is ever in it.

use super::Field;
use super::template::{known, outer, pick};
use crate::apdu::{Malformed, Tlv, TlvReader};

#[cfg(test)]
mod tests;

/// The most templates that are accepted.
const MOST: usize = 16;

/// A finger, by the subtype codes of ISO/IEC 19785-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finger {
    /// 05
    RightThumb,
    /// 09
    RightIndex,
    /// 0D
    RightMiddle,
    /// 11
    RightRing,
    /// 15
    RightLittle,
    /// 06
    LeftThumb,
    /// 0A
    LeftIndex,
    /// 0E
    LeftMiddle,
    /// 12
    LeftRing,
    /// 16
    LeftLittle,
}

impl Finger {
    const ALL: [(u8, Self, &'static str); 10] = [
        (0x05, Self::RightThumb, "right_thumb"),
        (0x09, Self::RightIndex, "right_index"),
        (0x0D, Self::RightMiddle, "right_middle"),
        (0x11, Self::RightRing, "right_ring"),
        (0x15, Self::RightLittle, "right_little"),
        (0x06, Self::LeftThumb, "left_thumb"),
        (0x0A, Self::LeftIndex, "left_index"),
        (0x0E, Self::LeftMiddle, "left_middle"),
        (0x12, Self::LeftRing, "left_ring"),
        (0x16, Self::LeftLittle, "left_little"),
    ];

    /// The finger with this code.
    #[must_use]
    pub fn of_subtype(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(subtype, finger, _)| (subtype == code).then_some(finger))
    }

    /// The word for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(_, finger, word)| (finger == self).then_some(word)).unwrap_or_default()
    }
}

/// One enrolled finger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enrolled {
    /// Which finger.
    pub finger: Field<Finger>,
    /// The reference under which the card compares it.
    pub reference: Field<u8>,
}

/// The fingers that the card can compare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprints {
    /// How many the card says there are.
    pub announced: Field<u8>,
    /// Those that it lists, in its order.
    pub enrolled: Vec<Enrolled>,
}

impl Fingerprints {
    /// Whether a reference to a fingerprint exists on the card.
    #[must_use]
    pub fn match_on_card(&self) -> bool {
        self.enrolled.iter().any(|entry| entry.reference.valid().is_some())
    }

    /// Whether as many fingers are listed as announced.
    #[must_use]
    pub fn count_agrees(&self) -> bool {
        self.announced.valid().is_some_and(|count| usize::from(*count) == self.enrolled.len())
    }
}

/// Reads template 7F61. Biometric templates of another type than fingerprints are passed over.
///
/// # Errors
/// Another template, data objects that are cut off, a known tag twice in one object, more than 16 fingers.
pub fn decode(bytes: &[u8]) -> Result<Fingerprints, Malformed> {
    let (group, reader) = outer(bytes, 0x7F61, "a data object other than template 7F61")?;
    let [count] = pick(&mut group.children(&reader), &known![0x02 "number of templates"])?;
    let mut enrolled = Vec::new();
    let mut inside = group.children(&reader);
    while let Some(object) = inside.next() {
        let object = object?;
        if object.tag != 0x7F60 {
            continue;
        }
        if enrolled.len() >= MOST {
            return Err(Malformed::new("more than 16 fingers", object.offset));
        }
        enrolled.extend(entry(object, &inside)?);
    }
    let announced = Field::read(count, |value| one_byte(value, "a number of templates of more than one byte"));
    Ok(Fingerprints { announced, enrolled })
}

/// One template 7F60; `None` where it is not about a fingerprint.
fn entry<'a>(object: Tlv<'a>, reader: &TlvReader<'a>) -> Result<Option<Enrolled>, Malformed> {
    let mut inside = object.children(reader);
    let [reference, header] = pick(&mut inside, &known![0x83 "reference", 0xA1 "biometric header"])?;
    let header = header.map(|header| header.children(&inside));
    let [kind, subtype] = match header {
        Some(mut header) => pick(&mut header, &known![0x81 "biometric type", 0x82 "biometric subtype"])?,
        None => [None, None],
    };
    if kind.is_some_and(|kind| kind.value != [0x08]) {
        return Ok(None);
    }
    let finger = Field::read(subtype, |value| match value {
        [code] => Finger::of_subtype(*code).ok_or(Malformed::new("a biometric subtype that is no finger", 0)),
        _ => Err(Malformed::new("a biometric subtype of more than one byte", 1)),
    });
    let reference = Field::read(reference, |value| one_byte(value, "a reference of more than one byte"));
    Ok(Some(Enrolled { finger, reference }))
}

const fn one_byte(value: &[u8], longer: &'static str) -> Result<u8, Malformed> {
    match value {
        [byte] => Ok(*byte),
        _ => Err(Malformed::new(longer, 1)),
    }
}
