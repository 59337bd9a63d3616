//! Personal info 1: who the holder is, template 70 (`specimen.md` 3.1).

use super::national_number::{NationalNumber, NationalNumberError};
use super::template::{inside, known};
use super::{Calendar, CardDate, Field, Text};
use crate::apdu::Malformed;

#[cfg(test)]
mod tests;

/// The sex as ISO/IEC 5218 codes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    /// 0
    Unknown,
    /// 1
    Male,
    /// 2
    Female,
    /// 9
    NotApplicable,
}

impl Gender {
    /// The word for machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Male => "male",
            Self::Female => "female",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The person, as the card gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// نام
    pub given_name: Field<Text>,
    /// نام خانوادگی
    pub surname: Field<Text>,
    /// شماره ملی, as the card writes it: see [`Identity::national_number_check`].
    pub national_number: Field<Text>,
    /// نام پدر
    pub father_name: Field<Text>,
    /// جنسیت
    pub gender: Field<Gender>,
    /// تاریخ تولد, Solar Hijri; month and day may be unknown.
    pub birth_date: Field<CardDate>,
    /// محل صدور
    pub issue_place: Field<Text>,
    /// محل تولد
    pub birth_place: Field<Text>,
    /// The given name in Latin letters.
    pub latin_given_name: Field<Text>,
    /// The surname in Latin letters.
    pub latin_surname: Field<Text>,
}

impl Identity {
    /// What the checks of the national number say; a number that fails them is shown as it is, never corrected.
    #[must_use]
    pub fn national_number_check(&self) -> Option<Result<NationalNumber, NationalNumberError>> {
        self.national_number.valid().map(|number| NationalNumber::check(number.as_str()))
    }
}

/// Reads template 70. An invalid field leaves the others alone.
///
/// ```
/// let identity = idcard_core::data::identity::decode(&[0x70, 0x06, 0x81, 0x04, 0xD9, 0x86, 0xD9, 0x85, 0x00])?;
/// assert_eq!(identity.surname.to_string(), "نم");
/// # Ok::<(), idcard_core::apdu::Malformed>(())
/// ```
///
/// # Errors
/// Another template, data objects that are cut off, a known tag twice.
pub fn decode(bytes: &[u8]) -> Result<Identity, Malformed> {
    let known = known![
        0x80 "given name",
        0x81 "surname",
        0x82 "national number",
        0x83 "father's name",
        0x84 "gender",
        0x85 "date of birth",
        0x86 "place of issue",
        0x88 "place of birth",
        0x90 "Latin given name",
        0x91 "Latin surname",
    ];
    let [given, surname, number, father, gender, birth, issue, place, latin_given, latin_surname] =
        inside(bytes, 0x70, "a data object other than template 70", known)?;
    Ok(Identity {
        given_name: Field::read(given, Text::from_utf8),
        surname: Field::read(surname, Text::from_utf8),
        national_number: Field::read(number, Text::from_utf8),
        father_name: Field::read(father, Text::from_utf8),
        gender: Field::read(gender, code),
        birth_date: Field::read(birth, |value| CardDate::decode(value, Some(Calendar::SolarHijri))),
        issue_place: Field::read(issue, Text::from_utf8),
        birth_place: Field::read(place, Text::from_utf8),
        latin_given_name: Field::read(latin_given, Text::from_ascii),
        latin_surname: Field::read(latin_surname, Text::from_ascii),
    })
}

const fn code(value: &[u8]) -> Result<Gender, Malformed> {
    match value {
        [0x00] => Ok(Gender::Unknown),
        [0x01] => Ok(Gender::Male),
        [0x02] => Ok(Gender::Female),
        [0x09] => Ok(Gender::NotApplicable),
        _ => Err(Malformed::new("a gender other than 00, 01, 02 or 09", 0)),
    }
}
