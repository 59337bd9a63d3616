//! The synthetic vectors of `iran.md` section 3.1: the prefixes 000, 800 and 999 belong to nobody.

use super::*;
use proptest::prelude::*;

#[test]
fn the_vectors_that_pass() {
    for number in [
        "0001234560",
        "0000000140",
        "0000000061",
        "0000000051",
        "9991234561",
        "0000000019",
        "0003141594",
        "0002718286",
        "0009876545",
        "8000000199",
        "9998765439",
        "0007778880",
        "0005000033",
    ] {
        let checked = NationalNumber::check(number).unwrap();
        assert_eq!((checked.as_str(), checked.warnings()), (number, &[][..]));
        assert!(passes_checksum(number));
    }
    for text in ["۰۰۰۱۲۳۴۵۶۰", "٠٠٠١٢٣٤٥٦٠", "000-123456-0", " 0001234560\u{200C}"] {
        assert_eq!(NationalNumber::check(text).unwrap().as_str(), "0001234560", "{text}");
    }
}

#[test]
fn the_vectors_that_fail_and_why() {
    use NationalNumberError::{CheckDigit, Empty, Length, MiddleZeros, NotADigit};
    for (number, wrong) in [
        ("0001234561", CheckDigit),
        ("0001234506", CheckDigit),
        ("0000000060", CheckDigit),
        ("0000000010", CheckDigit),
        ("9991234560", CheckDigit),
        ("8000000189", CheckDigit),
        ("000123456", Length { found: 9 }),
        ("00031415940", Length { found: 11 }),
        ("000271828A", NotADigit { position: 9 }),
        ("", Empty),
        ("0010000000", MiddleZeros),
        ("0010000003", MiddleZeros),
        ("0000000000", MiddleZeros),
    ] {
        assert_eq!(NationalNumber::check(number), Err(wrong), "{number}");
    }
}

#[test]
fn short_numbers_are_padded_only_when_asked() {
    let padded = NationalNumber::check_lenient("001234560").unwrap();
    assert_eq!((padded.as_str(), padded.warnings()), ("0001234560", &[NationalNumberWarning::Padded][..]));
    assert_eq!(NationalNumber::check_lenient("000123456"), Err(NationalNumberError::CheckDigit));
    assert_eq!(NationalNumber::check_lenient("1234560"), Err(NationalNumberError::Length { found: 7 }));
}

#[test]
fn repeated_and_mixed_digits_are_warnings_not_errors() {
    for value in 1..=9 {
        let number = value.to_string().repeat(10);
        let checked = NationalNumber::check(&number).unwrap();
        assert_eq!(checked.warnings(), [NationalNumberWarning::RepeatedDigits]);
    }
    assert_eq!(NationalNumber::check("000123456۰").unwrap().warnings(), [NationalNumberWarning::MixedDigits]);
}

#[test]
fn numbers_of_other_schemes_are_named() {
    // By the rule: shift 3 + 2 = 5 gives 29*5 + 27*5 + 23*5 + 19*5 + 17*5 + 29*5 + 27*5 + 23*5 + 19*5 + 17*8 = 1201,
    // and 1201 modulo 11 is 2.
    let legal = NationalNumberError::OtherScheme(OtherScheme::LegalEntity);
    assert_eq!(NationalNumber::check("00000000032"), Err(legal));
    assert_eq!(NationalNumber::check("00000000033"), Err(NationalNumberError::Length { found: 11 }));
    let foreigner = NationalNumberError::OtherScheme(OtherScheme::Foreigner);
    assert_eq!(NationalNumber::check("000000000000"), Err(foreigner));
}

#[test]
fn messages_never_hold_the_number() {
    for number in ["0001234561", "00012345678", "000123456x"] {
        let message = NationalNumber::check(number).unwrap_err().to_string();
        assert!(!message.contains("000"), "{message}");
    }
}

proptest! {
    #[test]
    fn any_text_passes_or_fails(text in any::<String>()) {
        let _ = NationalNumber::check_lenient(&text);
    }

    #[test]
    fn one_check_digit_at_most_fits(base in "[0-9]{9}") {
        let fitting = (0..10).filter(|last| passes_checksum(&format!("{base}{last}"))).count();
        prop_assert_eq!(fitting, 1);
    }
}
