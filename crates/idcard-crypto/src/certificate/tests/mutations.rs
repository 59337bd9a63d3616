//! Every small damage to a sound certificate: nothing panics, and nothing damaged keeps a valid signature.

use super::super::*;
use crate::trust::made::{Draft, Tree, extended_key_usage, extension, sequence};
use const_oid::db::rfc5280;

/// A certificate with every extension that is looked into.
fn rich() -> (Certificate, PublicKey) {
    let tree = Tree::new();
    let mail = b"ir0003141594@card.invalid";
    let mail = [&[0x81, u8::try_from(mail.len()).unwrap()], &mail[..]].concat();
    let place = [&[0xa0, 26, 0xa0, 24, 0x86, 22][..], b"http://a.invalid/1.crl"].concat();
    let ocsp = [&[0x06, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 0x86, 16][..], b"http://b.invalid"].concat();
    let draft = Draft::holder(tree.holder.clone())
        .with(extension(rfc5280::ID_CE_SUBJECT_ALT_NAME, false, &sequence(&mail)))
        .with(extension(rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS, false, &sequence(&sequence(&place))))
        .with(extension(rfc5280::ID_PE_AUTHORITY_INFO_ACCESS, false, &sequence(&sequence(&ocsp))))
        .with(extension(rfc5280::ID_CE_CERTIFICATE_POLICIES, false, &sequence(&sequence(&[6, 3, 0x60, 0x82, 0x6c]))))
        .with(extended_key_usage(&[rfc5280::ID_KP_CLIENT_AUTH]));
    (tree.authority.issue(draft), PublicKey::from_spki(&tree.authority.spki()).unwrap())
}

/// Asks everything that can be asked.
fn interrogate(certificate: &Certificate) {
    let _ = (certificate.subject().to_string(), certificate.issuer().to_string(), certificate.serial());
    let _ = (certificate.given_name(), certificate.surname(), certificate.crn(), certificate.role());
    let _ = (certificate.not_before_rfc3339(), certificate.not_after_rfc3339(), certificate.is_self_signed());
    let _ = (certificate.is_ca(), certificate.path_len(), certificate.key_usage_names());
    let _ = (certificate.extended_key_usage(), certificate.subject_key_id(), certificate.authority_key_id());
    let _ = (certificate.policies(), certificate.crl_urls(), certificate.ocsp_urls(), certificate.issuer_urls());
    let _ = (certificate.mail_addresses(), certificate.signature_algorithm(), certificate.key().is_ok());
}

#[test]
fn the_sound_one_says_everything() {
    let (certificate, key) = rich();
    certificate.verify_signature(&key).unwrap();
    assert_eq!(certificate.subject().to_string(), "CN=0003141594 - SIG,O=Fictitious,C=IR");
    assert_eq!((certificate.crn(), certificate.role()), (Some("0003141594"), Some("SIG")));
    assert_eq!(certificate.serial(), "11");
    assert_eq!(certificate.key().unwrap().kind().to_string(), "p-256");
    assert_eq!(certificate.key_usage_names(), ["digitalSignature", "nonRepudiation"]);
    assert_eq!(certificate.mail_addresses(), ["ir0003141594@card.invalid"]);
    assert_eq!(certificate.crl_urls(), ["http://a.invalid/1.crl"]);
    assert_eq!(certificate.ocsp_urls(), ["http://b.invalid"]);
    assert_eq!(certificate.extended_key_usage(), [rfc5280::ID_KP_CLIENT_AUTH]);
    assert_eq!(certificate.policies().first().map(ToString::to_string).as_deref(), Some("2.16.364"));
    assert_eq!((certificate.is_ca(), certificate.is_self_signed()), (false, false));
}

#[test]
fn damaged_ones_are_refused_or_lose_their_signature() {
    let (certificate, key) = rich();
    let der = certificate.der();
    // The signature is ECDSA in strict DER, so that no other bytes mean the same numbers.
    let check = |bytes: &[u8]| {
        if let Ok(damaged) = Certificate::from_der(bytes) {
            interrogate(&damaged);
            assert!(damaged.verify_signature(&key).is_err());
        }
        if let Ok(cut) = Certificate::from_card(bytes) {
            assert!(cut == certificate || cut.verify_signature(&key).is_err());
        }
    };
    for place in 0..der.len() {
        check(&der[..place]);
        let mut other = der.to_vec();
        for bit in 0..8 {
            other[place] = der[place] ^ (1 << bit);
            check(&other);
        }
        for byte in [0x00, 0xff, 0x30, 0x80] {
            if byte != der[place] {
                other[place] = byte;
                check(&other);
            }
        }
        other.remove(place);
        check(&other);
        for byte in [0x00, 0xff, der[place]] {
            let mut longer = der.to_vec();
            longer.insert(place, byte);
            if longer.get(..der.len()) != Some(der) {
                check(&longer);
            }
        }
    }
}
