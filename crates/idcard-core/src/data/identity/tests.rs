//! The holder of `specimen.md` section 7, and the rows C-58 to C-64 of `reliability.md`.

use super::*;
use proptest::prelude::*;

fn object(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap();
    let header: &[u8] = if length < 0x80 { &[length] } else { &[0x81, length] };
    [tag, header, value].concat()
}

fn fields() -> Vec<(u8, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (0x80, text("نمونه")),
        (0x81, text("شناسه\u{200C}پور")),
        (0x82, text("0001234560")),
        (0x83, text("آزمون")),
        (0x84, vec![0x02]),
        (0x85, text("13751230")),
        (0x86, text("تهران")),
        (0x88, text("شیراز")),
        (0x90, text("NEMUNEH")),
        (0x91, text("SHENASEHPUR")),
    ]
}

fn template(fields: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let inside: Vec<u8> = fields.iter().flat_map(|(tag, value)| object(&[*tag], value)).collect();
    object(&[0x70], &inside)
}

fn with(tag: u8, value: &[u8]) -> Identity {
    let fields: Vec<_> =
        fields().into_iter().map(|(at, old)| (at, if at == tag { value.to_vec() } else { old })).collect();
    let identity = decode(&template(&fields)).unwrap();
    assert_eq!(identity.issue_place.to_string(), "تهران", "the others are given");
    identity
}

#[test]
fn the_holder_of_the_specimen_is_read() {
    let identity = decode(&[template(&fields()), vec![0, 0, 0]].concat()).unwrap();
    assert_eq!(identity.given_name.to_string(), "نمونه");
    assert_eq!(identity.surname.valid().unwrap().as_str(), "شناسه\u{200C}پور");
    assert_eq!(identity.father_name.to_string(), "آزمون");
    assert_eq!(identity.gender.valid().unwrap().word(), "female");
    let birth = identity.birth_date.valid().unwrap();
    assert_eq!((birth.jalali().unwrap(), birth.iso().unwrap()), ("1375-12-30".to_owned(), "1997-03-20".to_owned()));
    assert!(!birth.is_calendar_inferred());
    assert_eq!(identity.issue_place.to_string(), "تهران");
    assert_eq!(identity.birth_place.to_string(), "شیراز");
    assert_eq!(identity.latin_given_name.to_string(), "NEMUNEH");
    assert_eq!(identity.latin_surname.to_string(), "SHENASEHPUR");
    assert_eq!(identity.national_number_check().unwrap().unwrap().as_str(), "0001234560");
}

#[test]
fn other_order_unknown_tags_and_padding_do_not_matter() {
    let mut shuffled = fields();
    shuffled.reverse();
    shuffled.insert(3, (0x9E, vec![1, 2, 3]));
    let inside: Vec<u8> =
        shuffled.iter().flat_map(|(tag, value)| [vec![0x00, 0xFF], object(&[*tag], value)].concat()).collect();
    assert_eq!(decode(&object(&[0x70], &inside)), decode(&template(&fields())));
}

#[test]
fn a_missing_or_empty_field_is_absent() {
    for (index, (tag, _)) in fields().into_iter().enumerate() {
        let mut without = fields();
        without.remove(index);
        let mut emptied = fields();
        emptied[index].1.clear();
        let identity = decode(&template(&without)).unwrap();
        assert_eq!(decode(&template(&emptied)).unwrap(), identity, "tag {tag:02X}");
        assert_ne!(identity, decode(&template(&fields())).unwrap());
    }
    assert_eq!(decode(&[0x70, 0x00]), Ok(Identity::default()));
}

#[test]
fn a_field_given_twice_names_its_tag_and_offset() {
    for (tag, value) in fields() {
        let twice = [fields(), vec![(tag, value.clone())]].concat();
        let bytes = template(&twice);
        let wrong = decode(&bytes).unwrap_err();
        assert!(wrong.what.contains(&format!("{tag:02X}")), "{wrong}");
        assert_eq!(wrong.offset, bytes.len() - object(&[tag], &value).len());
    }
}

#[test]
fn an_invalid_field_leaves_the_others() {
    let identity = with(0x80, b"a\xFF");
    // Two headers of two bytes stand before the value, whose second byte is wrong.
    assert_eq!(identity.given_name.wrong().unwrap(), &Malformed::new("text that is not UTF-8", 5));
    for date in ["14041230", "13751301", "13750010", "00000000", "19970320", "1375123", ""] {
        assert!(with(0x85, date.as_bytes()).birth_date.valid().is_none(), "{date}");
    }
    assert!(with(0x84, &[0x03]).gender.wrong().is_some());
    assert!(with(0x84, &[0x02, 0x02]).gender.wrong().is_some());
    assert!(with(0x90, "é".as_bytes()).latin_given_name.wrong().is_some());
}

#[test]
fn an_unknown_day_of_birth_is_kept() {
    let birth = *with(0x85, b"13400000").birth_date.valid().unwrap();
    assert_eq!((birth.jalali().as_deref(), birth.iso()), (Some("1340-00-00"), None));
}

#[test]
fn a_wrong_national_number_is_shown_and_flagged() {
    for (number, wrong) in [
        ("0001234561", NationalNumberError::CheckDigit),
        ("000123456", NationalNumberError::Length { found: 9 }),
        ("00031415940", NationalNumberError::Length { found: 11 }),
    ] {
        let identity = with(0x82, number.as_bytes());
        assert_eq!(identity.national_number.to_string(), number);
        assert_eq!(identity.national_number_check(), Some(Err(wrong)));
    }
}

#[test]
fn a_hostile_name_cannot_reach_the_terminal() {
    assert_eq!(with(0x81, "a\u{1B}[2J\u{202E}b".as_bytes()).surname.to_string(), "a\u{FFFD}[2J\u{FFFD}b");
}

#[test]
fn what_is_not_template_70_is_an_error() {
    for bytes in [&[][..], &[0, 0], &[0x71, 0x00], &[0x70, 0x05, 0x80], &[0x70, 0x03, 0x80, 0x05, 0x41]] {
        assert!(decode(bytes).is_err(), "{bytes:02X?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn any_change_of_one_byte_decodes_or_fails(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = template(&fields());
        let at = at.index(bytes.len());
        bytes[at] = value;
        let _ = decode(&bytes).map(|identity| (identity.national_number_check(), identity.surname.to_string()));
    }

    #[test]
    fn any_text_goes_round(name in "\\PC{1,30}") {
        let identity = decode(&template(&[(0x81, name.clone().into_bytes())])).unwrap();
        prop_assert_eq!(identity.surname.valid().unwrap().as_str(), name);
    }
}
