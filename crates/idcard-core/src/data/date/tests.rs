//! The vectors of `iran.md` section 4, an independent calendar as oracle, and dates in the forms of a card.

use super::*;
use crate::apdu::Malformed;
use icu_calendar::{Date, Iso};
use proptest::prelude::*;

fn jalali(text: &str) -> SolarHijri {
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap();
    SolarHijri::new(part(0..4).parse().unwrap(), part(5..7).parse().unwrap(), part(8..10).parse().unwrap()).unwrap()
}

#[test]
fn the_vectors_hold_both_ways() {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let vectors = [
        ("1206-01-01", "1827-03-22", Thursday),
        ("1304-01-01", "1925-03-21", Saturday),
        ("1309-12-30", "1931-03-21", Saturday),
        ("1310-01-01", "1931-03-22", Sunday),
        ("1342-12-30", "1964-03-20", Friday),
        ("1348-10-11", "1970-01-01", Thursday),
        ("1357-11-22", "1979-02-11", Sunday),
        ("1370-12-30", "1992-03-20", Friday),
        ("1371-01-01", "1992-03-21", Saturday),
        ("1375-12-30", "1997-03-20", Thursday),
        ("1376-01-01", "1997-03-21", Friday),
        ("1379-10-11", "2000-12-31", Sunday),
        ("1391-06-31", "2012-09-21", Friday),
        ("1391-07-01", "2012-09-22", Saturday),
        ("1399-12-30", "2021-03-20", Saturday),
        ("1400-01-01", "2021-03-21", Sunday),
        ("1400-12-29", "2022-03-20", Sunday),
        ("1402-12-29", "2024-03-19", Tuesday),
        ("1403-01-01", "2024-03-20", Wednesday),
        ("1403-12-30", "2025-03-20", Thursday),
        ("1404-01-01", "2025-03-21", Friday),
        ("1404-12-29", "2026-03-20", Friday),
        ("1405-01-01", "2026-03-21", Saturday),
        ("1405-09-01", "2026-11-22", Sunday),
        ("1407-01-01", "2028-03-20", Monday),
        ("1407-12-29", "2029-03-19", Monday),
        ("1408-01-01", "2029-03-20", Tuesday),
        ("1408-12-30", "2030-03-20", Wednesday),
        ("1409-01-01", "2030-03-21", Thursday),
        ("1412-12-30", "2034-03-20", Monday),
        ("1436-12-30", "2058-03-20", Wednesday),
        ("1437-12-29", "2059-03-20", Thursday),
        ("1469-12-30", "2091-03-20", Tuesday),
        ("1474-12-30", "2096-03-19", Monday),
        ("1498-12-30", "2120-03-20", Wednesday),
    ];
    for (text, iso, weekday) in vectors {
        let day = jalali(text);
        assert_eq!((day.to_string().as_str(), day.gregorian().to_string().as_str()), (text, iso));
        assert_eq!((day.weekday(), day.gregorian().weekday()), (weekday, weekday), "{text}");
        assert_eq!(SolarHijri::of_gregorian(day.gregorian()), Some(day));
    }
}

#[test]
fn dates_that_do_not_exist_are_refused_for_the_right_reason() {
    for text in ["1404-12-30", "1402-12-30", "1400-12-30", "1407-12-30"] {
        assert_eq!(CardDate::parse(text, None), Err(DateError::CommonYear), "{text}");
    }
    for (text, wrong) in [
        ("1403-12-31", DateError::Day),
        ("1403-07-31", DateError::Day),
        ("1403-13-01", DateError::Month),
        ("1403-00-10", DateError::Month),
        ("1403-01-00", DateError::Incomplete),
        ("1403-01-32", DateError::Day),
        ("0000/00/00", DateError::Year),
        ("15010101", DateError::Year),
        ("12491229", DateError::Year),
        ("2023-02-29", DateError::CommonYear),
        ("1403/1-1", DateError::Form),
        ("1403011", DateError::Form),
        ("140301011", DateError::Form),
        ("14030101x", DateError::Form),
        ("403/01/01", DateError::Form),
        ("1403/01/01/01", DateError::Form),
        ("", DateError::Form),
    ] {
        assert_eq!(CardDate::parse_whole(text, None), Err(wrong), "{text}");
    }
    assert_eq!(SolarHijri::new(1403, 1, 0), Err(DateError::Day));
    assert_eq!(SolarHijri::new(1205, 1, 1), Err(DateError::Year));
    assert_eq!(Gregorian::new(1900, 2, 29), Err(DateError::CommonYear));
    assert!(Gregorian::new(2000, 2, 29).is_ok());
    assert_eq!(Gregorian::new(2000, 2, 30), Err(DateError::Day));
}

#[test]
fn every_day_of_1206_to_1498_agrees_with_the_oracle() {
    let mut number = Gregorian::new(1827, 3, 22).unwrap().day_number();
    for year in 1206..=1498u16 {
        for month in 1..=12 {
            let oracle = Date::try_new_persian(i32::from(year), month, 1).unwrap();
            for day in 1..=oracle.days_in_month() {
                let ours = SolarHijri::new(year, month, day).unwrap();
                assert_eq!(ours.day_number(), number, "{ours}");
                assert_eq!(SolarHijri::from_day_number(number), Some(ours));
                number += 1;
            }
            assert!(SolarHijri::new(year, month, oracle.days_in_month() + 1).is_err());
            let iso: Date<Iso> = oracle.to_calendar(Iso);
            let ours = SolarHijri::new(year, month, 1).unwrap().gregorian();
            let theirs = (iso.year().extended_year(), iso.month().ordinal, iso.day_of_month().0);
            assert_eq!((i32::from(ours.year()), ours.month(), ours.day()), theirs);
        }
        assert_eq!(SolarHijri::is_leap(year), Date::try_new_persian(i32::from(year), 1, 1).unwrap().is_in_leap_year());
    }
}

#[test]
fn day_arithmetic_crosses_years() {
    let issued = jalali("1403-01-01");
    assert_eq!(issued.plus_days(366), Some(jalali("1404-01-01")));
    assert_eq!(issued.plus_days(-1), Some(jalali("1402-12-29")));
    assert_eq!(issued.days_until(jalali("1410-01-01")), 7 * 365 + 2, "1403 and 1408 are leap years");
    assert_eq!(issued.plus_days(i32::MAX), None);
    assert_eq!(SolarHijri::new(1500, 12, 29).unwrap().plus_days(40), None);
}

#[test]
fn fifteen_years_are_complete_on_the_day_and_after_the_thirtieth_of_esfand() {
    assert_eq!(jalali("1375-12-30").completes(15), Some(jalali("1391-01-01")));
    assert_eq!(jalali("1375-12-30").completes(33), Some(jalali("1408-12-30")));
    assert_eq!(jalali("1390-02-30").completes(15), Some(jalali("1405-02-30")));
    assert_eq!(jalali("1490-01-01").completes(15), None);
    let born = jalali("1375-12-30");
    assert_eq!(born.age_on(jalali("1390-12-29")), Some(14));
    assert_eq!(born.age_on(jalali("1391-01-01")), Some(15));
    assert_eq!(born.age_on(born), Some(0));
    assert_eq!(born.age_on(jalali("1376-01-01")), Some(0), "1376 has not ended");
    assert_eq!(born.age_on(jalali("1375-12-29")), None);
    assert_eq!(jalali("1390-02-30").age_on(jalali("1405-02-29")), Some(14));
    assert_eq!(jalali("1390-02-30").age_on(jalali("1405-02-30")), Some(15));
}

#[test]
fn the_date_of_a_card_is_read_in_every_encoding() {
    let be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let le = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let forms = [
        be("\u{FEFF}14030101"),
        le("\u{FEFF}14030101"),
        be("14030101"),
        le("14030101"),
        be("۱۴۰۳۰۱۰۱"),
        le("١٤٠٣٠١٠١"),
        be("1403/1/01"),
        be("14030101\0\0"),
        b"14030101".to_vec(),
        be("20240320"),
    ];
    for form in forms {
        let date = CardDate::decode_whole(&form, None).unwrap();
        assert_eq!(date.jalali().unwrap(), "1403-01-01", "{form:02X?}");
        assert_eq!(date.iso().unwrap(), "2024-03-20");
        assert!(date.is_calendar_inferred());
    }
    assert_eq!(be("\u{FEFF}14030101").len(), 18, "the length that was seen on a real card");
}

#[test]
fn a_fixed_calendar_is_not_inferred_and_refuses_the_other() {
    let fixed = CardDate::parse("1375-12-30", Some(Calendar::SolarHijri)).unwrap();
    assert!(!fixed.is_calendar_inferred());
    assert_eq!(CardDate::parse("19970320", Some(Calendar::SolarHijri)), Err(DateError::Year));
    assert_eq!(CardDate::parse("13751230", Some(Calendar::Gregorian)), Err(DateError::Year));
}

#[test]
fn unknown_parts_are_kept_as_zeros() {
    let month_known = CardDate::parse("13400500", None).unwrap();
    assert_eq!(month_known.to_string(), "1340-05-00");
    assert_eq!((month_known.is_whole(), month_known.iso(), month_known.solar_hijri()), (false, None, None));
    assert_eq!(CardDate::parse("1961-00-00", None).unwrap().jalali(), None);
    let wrong = CardDate::decode_whole(b"13400000", None).unwrap_err();
    assert_eq!(wrong, Malformed::new("a date whose month or day is unknown", 0));
}

proptest! {
    #[test]
    fn any_bytes_are_a_date_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = CardDate::decode(&bytes, None);
    }

    #[test]
    fn any_text_is_a_date_or_an_error(text in "[0-9۰-۹/.-]{0,12}") {
        if let Ok(date) = CardDate::parse(&text, None) {
            prop_assert_eq!(CardDate::parse(&date.to_string(), None), Ok(date));
        }
    }

    #[test]
    fn any_day_number_goes_round(number in any::<i32>()) {
        if let Some(day) = SolarHijri::from_day_number(number) {
            prop_assert_eq!(day.day_number(), number);
            prop_assert_eq!(day.gregorian().day_number(), number);
        }
    }

    #[test]
    fn gregorian_days_go_round(number in 577_814i32..=3_652_059) {
        let day = Gregorian::of_day(number);
        prop_assert_eq!(day.day_number(), number);
        prop_assert_eq!(Gregorian::new(day.year(), day.month(), day.day()), Ok(day));
    }

    #[test]
    fn age_and_anniversary_agree(birth in 0..90_000i32, years in 0u16..200) {
        let born = SolarHijri::new(1250, 1, 1).unwrap().plus_days(birth).unwrap();
        if let Some(day) = born.completes(years) {
            prop_assert_eq!(born.age_on(day), Some(years));
            if years > 0 { prop_assert_eq!(born.age_on(day.plus_days(-1).unwrap()), Some(years - 1)); }
        }
    }
}
