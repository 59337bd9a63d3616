//! Issue and expiry date of the card: data objects B2 and B3 (`nid-card.md` 4.2, `specimen.md` 2).

use super::template::{known, row};
use super::{Calendar, CardDate, Field, SolarHijri};
use crate::apdu::Malformed;

/// The dates of the card; each of them is whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    /// Tag B2.
    pub issued: Field<CardDate>,
    /// Tag B3.
    pub expires: Field<CardDate>,
}

impl Dates {
    /// Whether the calendar of a date was inferred from its year.
    #[must_use]
    pub fn is_calendar_inferred(&self) -> bool {
        [&self.issued, &self.expires].into_iter().filter_map(Field::valid).any(|date| date.is_calendar_inferred())
    }

    /// Whether the card has expired before `today`; its last day is a day of its validity. `None` without an expiry date.
    ///
    /// ```
    /// use idcard_core::data::{SolarHijri, dates};
    /// let dates = dates::decode(b"\xB3\x0814100101")?;
    /// let day = |day| SolarHijri::new(1410, 1, day).expect("a day");
    /// assert_eq!((dates.is_expired_on(day(1)), dates.is_expired_on(day(2))), (Some(false), Some(true)));
    /// # Ok::<(), idcard_core::apdu::Malformed>(())
    /// ```
    #[must_use]
    pub fn is_expired_on(&self, today: SolarHijri) -> Option<bool> {
        self.expires.valid()?.solar_hijri().map(|last| last < today)
    }
}

/// Reads the dates of a card whose calendar is not published: the year tells it.
///
/// # Errors
/// Nothing but padding, a data object that is cut off, a known tag twice.
pub fn decode(bytes: &[u8]) -> Result<Dates, Malformed> {
    read(bytes, None)
}

/// Reads the dates of a card whose calendar is known; a date of another one is invalid.
///
/// # Errors
/// As [`decode`].
pub fn decode_in(bytes: &[u8], calendar: Calendar) -> Result<Dates, Malformed> {
    read(bytes, Some(calendar))
}

/// The tags bear a constructed bit and hold plain values all the same.
fn read(bytes: &[u8], calendar: Option<Calendar>) -> Result<Dates, Malformed> {
    let [issued, expires] = row(bytes, known![0xB2 "issue date", 0xB3 "expiry date"])?
        .map(|object| Field::read(object, |value| CardDate::decode_whole(value, calendar)));
    Ok(Dates { issued, expires })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    /// The dates of the specimen: 14030101 and 14100101, each with a byte-order mark.
    const SPECIMEN: [u8; 40] = hex!(
        "B212 FEFF 0031003400300033 0030003100300031"
        "B312 FEFF 0031003400310030 0030003100300031"
    );

    fn jalali(date: &Field<CardDate>) -> String {
        date.valid().and_then(|date| date.jalali()).unwrap_or_default()
    }

    #[test]
    fn the_dates_of_the_specimen_are_read() {
        let dates = decode(&SPECIMEN).unwrap();
        assert_eq!((jalali(&dates.issued).as_str(), jalali(&dates.expires).as_str()), ("1403-01-01", "1410-01-01"));
        assert_eq!(dates.expires.valid().unwrap().iso().unwrap(), "2031-03-21");
        assert!(dates.is_calendar_inferred());
        assert!(!decode_in(&SPECIMEN, Calendar::SolarHijri).unwrap().is_calendar_inferred());
    }

    #[test]
    fn one_bad_date_leaves_the_other() {
        // Month 13, and an unknown day, which these dates do not allow.
        for broken in ["14031301", "14030100"] {
            let value: Vec<u8> = broken.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let dates = decode(&[&[0xB2, 16][..], &value, &SPECIMEN[20..], &[0, 0]].concat()).unwrap();
            assert_eq!(dates.issued.wrong().unwrap().offset, 2);
            assert_eq!(jalali(&dates.expires), "1410-01-01");
        }
        let odd = decode(&[&hex!("B203003100")[..], &SPECIMEN[20..]].concat()).unwrap();
        assert_eq!(odd.issued.wrong().unwrap(), &Malformed::new("UTF-16 text of an odd number of bytes", 4));
    }

    #[test]
    fn a_missing_date_is_absent_and_a_second_one_is_an_error() {
        assert!(decode(&SPECIMEN[..20]).unwrap().expires.is_absent());
        assert_eq!(decode(&[&SPECIMEN[..], &SPECIMEN[..20]].concat()).unwrap_err().offset, 40);
        assert!(decode(&SPECIMEN[..30]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode(&bytes);
        }
    }
}
