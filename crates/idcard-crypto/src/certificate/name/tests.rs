//! Names as text (RFC 4514), in the order of the wire, and safe in a terminal.

use super::*;
use crate::trust::made::name;
use const_oid::db::{rfc3280, rfc4519};
use der::asn1::SetOfVec;
use der::{Decode, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

fn text(attributes: &[(ObjectIdentifier, &str)]) -> String {
    let name = name(attributes);
    DistinguishedName::new(&name, &name.to_der().unwrap()).to_string()
}

#[test]
fn the_last_attribute_comes_first_and_the_wire_order_stays_known() {
    let attributes = [
        (rfc4519::C, "IR"),
        (rfc4519::OU, "SPECIMEN Citizen"),
        (rfc4519::GIVEN_NAME, "نمونه"),
        (rfc4519::SN, "شناسه\u{200c}پور"),
        (rfc4519::CN, "0003141594 - SIG"),
    ];
    // The zero-width non-joiner belongs to the name.
    let expected = "CN=0003141594 - SIG,SN=شناسه\u{200c}پور,GN=نمونه,OU=SPECIMEN Citizen,C=IR";
    assert_eq!(text(&attributes), expected);
    let name = name(&attributes);
    let name = DistinguishedName::new(&name, &name.to_der().unwrap());
    let wire: Vec<_> = name.attributes().iter().map(|attribute| attribute.oid).collect();
    assert_eq!(wire, attributes.map(|(oid, _)| oid));
    assert_eq!(name.first(rfc4519::SN), Some("شناسه\u{200c}پور"));
    assert_eq!(name.first(rfc4519::O), None);
}

#[test]
fn special_characters_are_escaped() {
    let cn = |value| text(&[(rfc4519::CN, value)]);
    // RFC 4514, section 4.
    assert_eq!(cn("James \"Jim\" Smith, III"), "CN=James \\\"Jim\\\" Smith\\, III");
    assert_eq!(cn("Before\rAfter"), "CN=Before\\0DAfter");
    assert_eq!(cn(" # a "), "CN=\\ # a\\ ");
    assert_eq!(cn("#a"), "CN=\\#a");
    assert_eq!(cn("a+b;c<d>e\\f=g"), "CN=a\\+b\\;c\\<d\\>e\\\\f=g");
    assert_eq!(cn(""), "CN=");
    assert_eq!(cn(" "), "CN=\\ ");
}

#[test]
fn nothing_in_a_name_commands_a_terminal() {
    let cn = |value| text(&[(rfc4519::CN, value)]);
    assert_eq!(cn("a\u{1b}[2Jb"), "CN=a\\1B[2Jb");
    assert_eq!(cn("a\u{202e}b"), "CN=a\\E2\\80\\AEb");
    assert_eq!(cn("a\u{9b}b\u{0}"), "CN=a\\C2\\9Bb\\00");
    assert_eq!(cn("a\u{2066}b\u{feff}"), "CN=a\\E2\\81\\A6b\\EF\\BB\\BF");
}

#[test]
fn types_without_a_keyword_and_values_that_are_no_text_are_hex() {
    let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.1466.0");
    assert_eq!(text(&[(unknown, "Hi")]), "1.3.6.1.4.1.1466.0=#0c024869");
    assert_eq!(text(&[(rfc3280::EMAIL_ADDRESS, "a@b.invalid")]), "emailAddress=a@b.invalid");
    let odd = |tag, bytes: &[u8]| {
        let value = Any::new(tag, bytes).unwrap();
        let attribute = AttributeTypeAndValue { oid: rfc4519::CN, value };
        let der = vec![SetOfVec::try_from(vec![attribute]).unwrap()].to_der().unwrap();
        let name = Name::from_der(&der).ok()?;
        Some(DistinguishedName::new(&name, &der).to_string())
    };
    assert_eq!(odd(Tag::Utf8String, &[0xff]).as_deref(), Some("2.5.4.3=#0c01ff"));
    assert_eq!(odd(Tag::BmpString, &[0x06, 0x46]).as_deref(), Some("CN=ن"));
    assert_eq!(odd(Tag::BmpString, &[0x06]).as_deref(), Some("2.5.4.3=#1e0106"));
    assert_eq!(odd(Tag::OctetString, &[1, 2]).as_deref(), Some("2.5.4.3=#04020102"));
}

#[test]
fn attributes_of_one_rdn_are_joined() {
    let attribute =
        |oid, value: &str| AttributeTypeAndValue { oid, value: Any::new(Tag::Utf8String, value.as_bytes()).unwrap() };
    let first = SetOfVec::try_from(vec![attribute(rfc4519::C, "IR")]).unwrap();
    let second =
        SetOfVec::try_from(vec![attribute(rfc4519::OU, "Sales"), attribute(rfc4519::CN, "J.  Smith")]).unwrap();
    let der = vec![first, second].to_der().unwrap();
    let name = DistinguishedName::new(&Name::from_der(&der).unwrap(), &der);
    assert_eq!(name.to_string(), "OU=Sales+CN=J.  Smith,C=IR");
}

#[test]
fn names_are_equal_by_their_bytes() {
    let of = |value| {
        let name = name(&[(rfc4519::CN, value)]);
        DistinguishedName::new(&name, &name.to_der().unwrap())
    };
    assert_eq!(of("IRAN"), of("IRAN"));
    assert_ne!(of("IRAN"), of("Iran"));
    assert_ne!(of("I.R. Government"), of("I.R.Government"));
    assert_eq!(format!("{:?}", of("نمونه")), "[\"2.5.4.3\"]");
}

#[test]
fn names_mean_the_same_across_string_types_letter_case_and_white_space() {
    let of = |name: &Name| DistinguishedName::new(name, &name.to_der().unwrap());
    let plain = of(&name(&[(rfc4519::C, "IR"), (rfc4519::CN, "Root CA مرکز ریشه")]));
    let same = of(&name(&[(rfc4519::C, "ir"), (rfc4519::CN, " root  ca مرکز\tریشه ")]));
    assert!(plain != same && plain.matches(&same) && same.matches(&plain) && plain.matches(&plain));
    // RFC 5280, 7.1: the order of attributes, their number, their types and every word count.
    for other in [
        &[(rfc4519::CN, "Root CA مرکز ریشه"), (rfc4519::C, "IR")][..],
        &[(rfc4519::CN, "Root CA مرکز ریشه")],
        &[(rfc4519::C, "IR"), (rfc4519::O, "Root CA مرکز ریشه")],
        &[(rfc4519::C, "IR"), (rfc4519::CN, "RootCA مرکز ریشه")],
        &[(rfc4519::C, "IR"), (rfc4519::CN, "Root CA مرکز ریشه"), (rfc4519::O, "")],
        &[(rfc4519::C, "IR"), (rfc4519::CN, "Root CA مرکز ریشهٔ")],
    ] {
        assert!(!plain.matches(&of(&name(other))), "{other:?}");
    }
    let one = |tag, bytes: &[u8]| {
        let attribute = AttributeTypeAndValue { oid: rfc4519::O, value: Any::new(tag, bytes).unwrap() };
        let der = vec![SetOfVec::try_from(vec![attribute]).unwrap()].to_der().unwrap();
        DistinguishedName::new(&Name::from_der(&der).unwrap(), &der)
    };
    let printable = one(Tag::PrintableString, b"Ministry of the Interior");
    let utf8 = one(Tag::Utf8String, b"MINISTRY OF THE INTERIOR");
    assert!(printable.matches(&utf8) && printable != utf8);
    // What is no text is compared byte by byte.
    let number = |value| one(Tag::Integer, &[value]);
    assert!(
        number(1).matches(&number(1))
            && !number(1).matches(&number(2))
            && !number(b'a').matches(&one(Tag::Utf8String, b"a"))
    );
}
