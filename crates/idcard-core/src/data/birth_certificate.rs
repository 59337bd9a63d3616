//! The birth certificate (شناسنامه), in template 71 (`specimen.md` 3.2).

use super::digits::digit;
use super::template::{inside, known};
use super::text::harmless;
use super::{Field, Text};
use crate::apdu::Malformed;
use std::fmt;

/// The birth-certificate booklet of the holder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BirthCertificate {
    /// شماره شناسنامه, one to ten digits.
    pub number: Field<Text>,
    /// سری
    pub series: Field<Series>,
    /// سریال, one to six digits.
    pub serial: Field<Text>,
    /// The place of registration.
    pub registered_at: Field<Text>,
}

/// The series of a booklet: letters, then one to three digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Series {
    text: Text,
    letters: usize,
}

impl Series {
    /// Splits letters from digits.
    ///
    /// # Errors
    /// Not UTF-8; no letter, no digit, or more than three of these; another character.
    pub fn from_utf8(raw: &[u8]) -> Result<Self, Malformed> {
        let text = Text::from_utf8(raw)?;
        let letters = text.as_str().trim_end_matches(|character| digit(character).is_some());
        let digits = text.as_str().get(letters.len()..).unwrap_or_default().chars().count();
        let stray = |character: char| !(character.is_alphabetic() || matches!(character, '\u{200C}' | ' '));
        let (letters, stray) = (letters.len(), letters.find(stray));
        match (letters, stray, digits) {
            (_, Some(offset), _) => {
                Err(Malformed::new("a series with another character than letters and digits", offset))
            }
            (0, ..) => Err(Malformed::new("a series without a letter", 0)),
            (_, _, 1..=3) => Ok(Self { text, letters }),
            _ => Err(Malformed::new("a series that does not end in one to three digits", letters)),
        }
    }

    /// The series as the card writes it.
    #[must_use]
    pub const fn as_text(&self) -> &Text {
        &self.text
    }
}

/// Letters, a blank, digits.
impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letters, digits) = self.text.as_str().split_at_checked(self.letters).unwrap_or((self.text.as_str(), ""));
        write!(f, "{} {digits}", harmless(letters).trim_end())
    }
}

/// Reads what template 71 says about the birth certificate. An invalid field leaves the others alone.
///
/// ```
/// use idcard_core::data::birth_certificate::decode;
/// let certificate = decode(&[0x71, 0x06, 0x81, 0x04, 0xD8, 0xA8, 0x31, 0x32])?;
/// assert_eq!(certificate.series.to_string(), "ب 12");
/// # Ok::<(), idcard_core::apdu::Malformed>(())
/// ```
///
/// # Errors
/// Another template, data objects that are cut off, one of these tags twice.
pub fn decode(bytes: &[u8]) -> Result<BirthCertificate, Malformed> {
    let known = known![0x80 "number", 0x81 "series", 0x82 "serial", 0x83 "place of registration"];
    let [number, series, serial, place] = inside(bytes, 0x71, "a data object other than template 71", known)?;
    Ok(BirthCertificate {
        number: Field::read(number, |value| Text::from_digits(value, 10)),
        series: Field::read(series, Series::from_utf8),
        serial: Field::read(serial, |value| Text::from_digits(value, 6)),
        registered_at: Field::read(place, Text::from_utf8),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn template(fields: &[(u8, &str)]) -> Vec<u8> {
        let object = |tag: u8, value: &[u8]| [&[tag, u8::try_from(value.len()).unwrap()], value].concat();
        object(0x71, &fields.iter().flat_map(|(tag, value)| object(*tag, value.as_bytes())).collect::<Vec<u8>>())
    }

    const SPECIMEN: [(u8, &str); 5] =
        [(0x80, "1234"), (0x81, "الف12"), (0x82, "123456"), (0x83, "تهران"), (0x87, "1354612345")];

    #[test]
    fn the_booklet_of_the_specimen_is_read() {
        let read = decode(&[template(&SPECIMEN), vec![0; 4]].concat()).unwrap();
        let shown = [read.number.to_string(), read.series.to_string(), read.serial.to_string()];
        assert_eq!(shown, ["1234", "الف 12", "123456"]);
        assert_eq!(read.registered_at.to_string(), "تهران");
        assert_eq!(read.series.valid().unwrap().as_text().as_str(), "الف12");
    }

    #[test]
    fn an_empty_series_is_absent_and_a_wrong_one_is_invalid() {
        assert!(decode(&template(&[(0x81, "")])).unwrap().series.is_absent());
        for wrong in ["12", "الف", "الف1234", "ا\u{1B}12", "12الف"] {
            assert!(decode(&template(&[(0x81, wrong)])).unwrap().series.wrong().is_some(), "{wrong}");
        }
        assert_eq!(Series::from_utf8("ب۱۲".as_bytes()).unwrap().to_string(), "ب ۱۲");
    }

    #[test]
    fn numbers_that_are_none_leave_the_other_fields() {
        let read = decode(&template(&[(0x80, "12x4"), (0x82, "1234567"), (0x83, "تهران")])).unwrap();
        assert_eq!((read.number.wrong().unwrap().offset, read.serial.wrong().unwrap().offset), (6, 16));
        assert_eq!(read.registered_at.to_string(), "تهران");
    }

    #[test]
    fn structure_faults_are_errors_but_a_second_postal_code_is_none_of_our_business() {
        assert!(decode(&template(&[(0x80, "1"), (0x80, "1")])).is_err());
        assert!(decode(&template(&[(0x87, "1"), (0x87, "1")])).is_ok());
        assert!(decode(&[0x70, 0x00]).is_err());
        assert!(decode(&[]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = decode(&[&[0x71, 100], &bytes[..]].concat());
            let _ = Series::from_utf8(&bytes).map(|series| series.to_string());
        }
    }
}
