//! Certificates: the facts of pki/README.md 6.2 on the real files, and files that are broken on purpose.

mod mutations;

use super::*;
use crate::real_certificates::{G1_INTERMEDIATE, G1_ROOT, G3_ROOT, NID_ROOT, real, twins};

#[test]
fn real_root_of_the_card_says_what_the_record_says() {
    let Some(root) = real(NID_ROOT) else { return };
    assert_eq!(root.subject().to_string(), "CN=IRAN Root CA1,O=Iran Government,C=IR");
    assert_eq!(root.serial(), "11215AA3DF829CAA96EE8F76B73B65DD8AD7");
    assert_eq!(root.not_before_rfc3339(), "2012-09-23T00:00:00Z");
    assert_eq!(root.not_after_rfc3339(), "2032-09-23T00:00:00Z");
    assert_eq!(root.key().unwrap().kind().to_string(), "rsa-4096");
    assert_eq!(root.signature_algorithm(), Ok((SignatureScheme::Pkcs1v15, HashAlgorithm::Sha256)));
    assert_eq!(root.key_usage_names(), ["keyCertSign", "cRLSign"]);
    assert_eq!(root.subject_key_id().as_deref(), Some("DCB800866DFD0C3D4E784E18E4B538498EC8DEB4"));
    assert_eq!(root.authority_key_id(), root.subject_key_id());
    assert_eq!(root.sha256(), "42214c87d8daf9c7b225cdbe424e4f9341f346c668f9833d14ad1cb551bd4916");
    assert!(root.is_ca() && root.is_self_signed() && root.path_len().is_none());
    assert!(root.policies().is_empty() && root.crl_urls().is_empty() && root.ocsp_urls().is_empty());
}

#[test]
fn real_twins_share_key_and_name_and_differ_in_dates_and_path_length() {
    for level in ["bronze", "silver", "gold", "platinum"] {
        let [old, new] = twins(level);
        let (Some(old), Some(new)) = (real(&old), real(&new)) else { return };
        assert_eq!(old.subject(), new.subject());
        assert_eq!(old.key().unwrap(), new.key().unwrap());
        assert_eq!((old.path_len(), new.path_len()), (Some(0), Some(1)));
        assert_ne!(old.serial(), new.serial());
        assert_eq!(new.crl_urls(), ["http://crl.rca.gov.ir/iricaG3.crl"]);
        let root = real(G3_ROOT).unwrap();
        assert!(old.verify_signature(root.key().unwrap()).is_ok());
        assert!(new.verify_signature(root.key().unwrap()).is_ok());
        assert!(!new.is_self_issued());
    }
}

#[test]
fn real_legacy_root_has_exponent_three_and_sha1() {
    let (Some(root), Some(below)) = (real(G1_ROOT), real(G1_INTERMEDIATE)) else { return };
    assert_eq!(root.subject().to_string(), "CN=Islamic Republic of IRAN Root CA");
    assert_eq!(root.signature_algorithm(), Ok((SignatureScheme::Pkcs1v15, HashAlgorithm::Sha1)));
    assert_eq!(root.key().unwrap().kind(), crate::key::KeyKind::Rsa { bits: 2048 });
    assert!(root.is_self_signed());
    assert!(below.verify_signature(root.key().unwrap()).is_ok());
    assert_eq!(below.policies().first().map(ToString::to_string).as_deref(), Some("2.16.364.101.1.3.1"));
    assert_eq!(below.serial(), "6107D34B000000000003");
    let other = real(NID_ROOT).unwrap();
    assert!(below.verify_signature(other.key().unwrap()).is_err());
}

#[test]
fn the_tail_of_a_card_file_is_cut_at_the_der_length() {
    let Some(root) = real(NID_ROOT) else { return };
    for tail in [&[0x00; 700][..], &[0xff; 700], root.der()] {
        let file = [root.der(), tail].concat();
        let read = Certificate::from_card(&file).unwrap();
        assert_eq!(read, root);
        assert_eq!(read.sha256(), root.sha256());
        assert_eq!(der_length(&file), Ok(root.der().len()));
        assert_eq!(Certificate::from_der(&file), Err(CertificateFault::Trailing(tail.len())));
    }
}

#[test]
fn what_is_shorter_than_its_header_says_so() {
    assert_eq!(Certificate::from_card(&[]), Err(CertificateFault::NoSequence));
    assert_eq!(Certificate::from_card(&[0x30]), Err(CertificateFault::NoSequence));
    assert_eq!(Certificate::from_card(&[0x30, 0x82, 0x05]), Err(CertificateFault::NoSequence));
    assert_eq!(Certificate::from_card(&[0; 64]), Err(CertificateFault::NoSequence));
    assert_eq!(
        Certificate::from_card(&[0x30, 0x82, 0x05, 0x00, 0x30]),
        Err(CertificateFault::Truncated { expected: 1284, found: 5 })
    );
    assert_eq!(
        Certificate::from_card(&[0x30, 0x84, 0x0f, 0xff, 0xff, 0xff]),
        Err(CertificateFault::TooLong(0x1000_0005))
    );
}
