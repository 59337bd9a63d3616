//! Pseudonyms keep lengths and structures, and nothing else of what they stand for.

use super::*;
use crate::algorithm::SignatureScheme;
use crate::certificate::Certificate;
use crate::signer::Signer;
use crate::software_key::{Profile, SoftwareKey};
use idcard_core::data::national_number::passes_checksum;
use proptest::prelude::*;

fn names() -> Pseudonyms {
    Pseudonyms::under([7; 32])
}

#[test]
fn one_value_has_one_pseudonym_under_one_secret() {
    let mut other = Pseudonyms::under([8; 32]);
    for text in ["نمونه", "NEMUNEH", "0001234560", "الف12"] {
        assert_eq!(names().text(text), names().text(text));
        assert_ne!(names().text(text), other.text(text), "{text}");
    }
}

#[test]
fn a_number_of_ten_digits_is_never_issued_and_keeps_its_checksum() {
    for number in ["0001234560", "1234567890", "0003141594", "0003141595"] {
        let other = names().text(number);
        assert!(other.starts_with("000") && other.len() == 10, "{other}");
        assert_eq!(passes_checksum(&other), passes_checksum(number), "{number} {other}");
    }
    let persian = names().text("۰۰۰۱۲۳۴۵۶۰");
    assert!(persian.chars().all(|c| ('۰'..='۹').contains(&c)), "{persian}");
}

#[test]
fn packed_digits_follow_the_digits() {
    let text = names().text("0003141594");
    assert_eq!(hex::encode(names().packed(&[0x00, 0x03, 0x14, 0x15, 0x94]).unwrap()), text);
    assert_eq!(names().packed(&[0x0A]), None, "a nibble that is no digit");
}

#[test]
fn a_date_stays_a_date_of_its_calendar() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = [&[0xFE, 0xFF][..], &utf16("14030101")].concat();
    let other = names().date(&marked, DateKeeps::Year).unwrap();
    assert!(other.starts_with(&[&[0xFE, 0xFF][..], &utf16("1403")].concat()) && other != marked);
    let born = names().date(b"13751230", DateKeeps::Century).unwrap();
    assert!(born.starts_with(b"13") && born != b"13751230");
    assert!(idcard_core::data::CardDate::decode_whole(&born, None).is_ok());
    let unknown = names().date(b"13400000", DateKeeps::Century).unwrap();
    assert!(unknown.ends_with(b"0000"), "an unknown day stays unknown");
    assert_eq!(names().date("نمونه".as_bytes(), DateKeeps::Year), None);
}

#[test]
fn a_holders_certificate_is_somebody_elses_and_signed_by_a_throw_away_key() {
    let rsa = SoftwareKey::rsa("throw-away");
    let signer_key = Certificate::from_der(rsa.certificate()).unwrap();
    for issuer in [SoftwareKey::root("CA"), SoftwareKey::rsa("CA")] {
        for holder in [
            SoftwareKey::p256_issued(&Profile::new("0003141594 - SIG"), &issuer),
            SoftwareKey::rsa_issued(&Profile::new("0003141594 - SIG"), &issuer),
        ] {
            let old = Certificate::from_der(holder.certificate()).unwrap();
            let mut names = names();
            let key = SoftwareKey::rsa("throw-away");
            names.sign_rsa_with(Box::new(move |digest| {
                Some(key.raw(SignatureScheme::Pkcs1v15, HashAlgorithm::Sha256, digest))
            }));
            let new = names.certificate(old.der()).unwrap();
            assert_eq!(new.len(), old.der().len());
            let new = Certificate::from_der(&new).unwrap();
            assert_eq!((new.issuer(), new.role()), (old.issuer(), Some("SIG")));
            assert_ne!(new.crn(), old.crn());
            assert_ne!(new.spki_der(), old.spki_der());
            assert_eq!(new.key().unwrap().kind(), old.key().unwrap().kind());
            assert_eq!(new.signature_algorithm().unwrap(), old.signature_algorithm().unwrap());
            assert_eq!(new.not_after_rfc3339()[..4], old.not_after_rfc3339()[..4]);
            assert!(names.take_replaced().contains_key(&Replaced::Signature));
            if issuer.is_rsa() {
                assert!(new.verify_signature(signer_key.key().unwrap()).is_ok(), "by the throw-away key");
            }
        }
    }
}

#[test]
fn without_an_rsa_key_the_bytes_are_called_bytes() {
    let issuer = SoftwareKey::rsa("CA");
    let holder = SoftwareKey::p256_issued(&Profile::new("0003141594 - SIG"), &issuer);
    let mut names = names();
    let new = names.certificate(holder.certificate()).unwrap();
    assert!(names.take_replaced().contains_key(&Replaced::SignatureBytes));
    assert!(Certificate::from_der(&new).is_ok());
}

#[test]
fn the_certificate_of_an_authority_stays_unless_it_is_about_somebody() {
    let authority = SoftwareKey::root("IRAN Digital Citizen CA 2016 17");
    assert_eq!(names().certificate(authority.certificate()).unwrap(), authority.certificate());
    let somebody = SoftwareKey::root("0003141594 - SIG");
    assert_ne!(names().certificate(somebody.certificate()).unwrap(), somebody.certificate());
}

#[test]
fn a_key_identifier_on_a_directory_of_pkcs15_changes_and_its_paths_stay() {
    // specimen.md 8: TokenInfo with the CRN packed, and a path.
    let token =
        hex::decode("302D020100040500031415940C0F6964636172642053504543494D454E800C53504543494D454E204E494403020560")
            .unwrap();
    let other = names().plain_der(&token).unwrap();
    assert_eq!(other.len(), token.len());
    assert!(!other.windows(5).any(|part| part == [0x00, 0x03, 0x14, 0x15, 0x94]));
    let path = hex::decode("A80A300804063F0050154401").unwrap();
    assert_eq!(names().plain_der(&path).unwrap(), path);
    assert_eq!(names().plain_der(&[0x30, 0x05, 0x01]), None);
}

proptest! {
    #[test]
    fn text_keeps_its_lengths_and_its_nature(text in "[ a-zA-Zآ-ی0-9۰-۹\u{200C}-]{0,40}") {
        let other = names().text(&text);
        prop_assert_eq!(other.len(), text.len());
        prop_assert_eq!(other.encode_utf16().count(), text.encode_utf16().count());
        prop_assert_eq!(Nature::of(other.as_bytes()), Nature::of(text.as_bytes()));
        prop_assert!(text.chars().all(|c| !c.is_alphanumeric()) || other != text);
    }

    #[test]
    fn bytes_keep_their_length_their_blanks_and_their_nature(bytes in prop::collection::vec(any::<u8>(), 3..60)) {
        let other = names().bytes(&bytes);
        prop_assert_eq!(other.len(), bytes.len());
        for (old, new) in bytes.iter().zip(&other) {
            prop_assert_eq!(matches!(old, 0x00 | 0xFF), old == new);
        }
    }

    #[test]
    fn a_broken_certificate_gives_another_one_or_none(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let holder = SoftwareKey::p256_issued(&Profile::new("0003141594 - SIG"), &SoftwareKey::root("CA"));
        let mut der = holder.certificate().to_vec();
        let at = at.index(der.len());
        der[at] = byte;
        if let Some(other) = names().certificate(&der) {
            prop_assert_eq!(other.len(), der.len());
        }
        let _ = names().plain_der(&der);
        let _ = names().security_object(&der, &|_, _| None);
    }
}
