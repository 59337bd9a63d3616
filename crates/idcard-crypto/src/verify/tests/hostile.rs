//! What a hostile file tries: attributes passed off as a document, endless parts, many signers.

use super::*;
use crate::cms::der;
use crate::cms::walk::Element;
use crate::sign_error::{SignError, SignFault};
use std::cell::RefCell;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The signed attributes of the first signer as they were signed, a SET, and the signature over them.
fn cut_out(cms: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let inside = |bytes, tag| Element::only(bytes, tag, "").unwrap().inside().unwrap();
    let explicit = inside(cms, der::SEQUENCE).rest().unwrap()[1];
    let signed_data = explicit.inside().unwrap().take(der::SEQUENCE, "").unwrap();
    let signers = *signed_data.inside().unwrap().rest().unwrap().last().unwrap();
    let signer = signers.inside().unwrap().take(der::SEQUENCE, "").unwrap().inside().unwrap().rest().unwrap();
    let attributes = signer.iter().find(|part| part.tag == 0xA0).unwrap();
    let signature = signer.iter().find(|part| part.tag == 0x04).unwrap();
    ([&[0x31], &attributes.raw[1..]].concat(), signature.value.to_vec())
}

#[test]
fn attributes_cut_out_of_a_cms_file_are_no_document() {
    let store = trusting(&root());
    let verifier = Verifier::new(&store, at("2026-01-01"));
    let rsa = SoftwareKey::rsa_issued(&Profile::new("rsa"), &root());
    for mut key in [rsa, SoftwareKey::p256_issued(&Profile::new("p256"), &root())] {
        let (attributes, bare) = cut_out(&signature(&mut key, UNIX_EPOCH));
        let certificate = certificate(&key);
        let piped = verifier.raw(&bare, &mut OnePass::new(&attributes[..]), &certificate).unwrap();
        let verified = verifier.raw(&bare, &mut attributes.clone(), &certificate).unwrap();
        for verified in [verified, piped] {
            let report = verified.report();
            assert_eq!((verified.verdict, report.signers[0].signature), (Verdict::Invalid, Some("invalid")));
            assert!(report.signers[0].reasons[0].contains("attributes of another signature"), "{report:?}");
        }
        // Nor is it signed: put into a CMS file, the signature would pass for one over the document of the attributes.
        let refused = sign_raw(&mut key, &attributes[..], None, HashAlgorithm::Sha256);
        assert!(matches!(refused, Err(SignError::Fault(SignFault::AttributesAsContent))));
    }
}

#[test]
fn a_set_that_is_no_attributes_may_be_signed() {
    let store = trusting(&root());
    let mut key = SoftwareKey::p256_issued(&Profile::new("p256"), &root());
    let certificate = certificate(&key);
    for document in [&b"\x31\x00"[..], b"\x31\x03\x02\x01\x05", b"1. a list"] {
        let signature = sign_raw(&mut key, document, None, HashAlgorithm::Sha256).unwrap();
        let verified = Verifier::new(&store, at("2026-01-01")).raw(signature.to_der(), &mut { document }, &certificate);
        assert_eq!(verified.unwrap().verdict, Verdict::Valid);
    }
}

/// A signature by `sign_detached` with other SignerInfos in the place of its one.
fn with_signers(cms: &[u8], change: impl Fn(&Element<'_>) -> Vec<u8>) -> Vec<u8> {
    let inside = |bytes, tag| Element::only(bytes, tag, "").unwrap().inside().unwrap();
    let parts = inside(cms, der::SEQUENCE).rest().unwrap();
    let signed_data = parts[1].inside().unwrap().take(der::SEQUENCE, "").unwrap().inside().unwrap().rest().unwrap();
    let (signers, before) = signed_data.split_last().unwrap();
    let signers = change(&signers.inside().unwrap().take(der::SEQUENCE, "").unwrap());
    let before: Vec<u8> = before.iter().flat_map(|part| part.raw.to_vec()).collect();
    let signed_data = der::element(der::SEQUENCE, &[before, der::element(der::SET, &signers)].concat());
    der::element(der::SEQUENCE, &[parts[0].raw, &der::element(0xA0, &signed_data)].concat())
}

fn with_unsigned(cms: &[u8], attributes: &[u8]) -> Vec<u8> {
    with_signers(cms, |signer| der::element(der::SEQUENCE, &[signer.value, &der::element(0xA1, attributes)].concat()))
}

#[test]
fn what_is_too_large_to_be_looked_at_is_not_called_broken() {
    let store = trusting(&root());
    let mut key = SoftwareKey::p256_issued(&Profile::new("signer"), &root());
    let signature = signature(&mut key, UNIX_EPOCH);
    let oid = der::oid(const_oid::ObjectIdentifier::new_unwrap("1.2.3.4"));
    let attribute = |length| {
        let value = der::element(der::OCTET_STRING, &vec![0; length]);
        der::element(der::SEQUENCE, &[oid.clone(), der::element(der::SET, &value)].concat())
    };
    let verifier = Verifier::new(&store, at("2026-01-01"));
    let small = verifier.detached(&with_unsigned(&signature, &attribute(1000))[..], DOCUMENT).unwrap();
    assert_eq!(small.verdict, Verdict::Valid);
    let large = verifier.detached(&with_unsigned(&signature, &attribute(10 << 20))[..], DOCUMENT).unwrap();
    assert_eq!((large.verdict, large.report().reasons.len()), (Verdict::Inconclusive, 1), "{:?}", large.report());
    assert!(large.report().reasons[0].contains("limit of 8 MiB"), "{:?}", large.report());
}

#[test]
fn one_cause_is_told_once() {
    let store = trusting(&root());
    let mut key = SoftwareKey::p256_issued(&Profile::new("signer"), &root());
    let stamp = der::oid(const_oid::db::rfc3161::ID_AA_TIME_STAMP_TOKEN);
    let stamp = der::element(der::SEQUENCE, &[stamp, der::element(der::SET, &[])].concat());
    let file = with_unsigned(&signature(&mut key, UNIX_EPOCH), &stamp.repeat(100_000));
    let verified = Verifier::new(&store, at("2026-01-01")).detached(&file[..], DOCUMENT).unwrap();
    assert_eq!(verified.report().signers[0].reasons, ["a time stamp is there and was not checked"]);
}

/// The search for a path and the questions about revocation are made once for each certificate, not for each signer.
#[test]
fn one_certificate_under_many_signatures_is_looked_at_once() {
    let store = trusting(&root());
    let mut key = SoftwareKey::p256_issued(&Profile::new("signer"), &root());
    let many = with_signers(&signature(&mut key, UNIX_EPOCH), |signer| signer.raw.repeat(64));
    let responder = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", responder.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // It hangs up on whoever comes.
    std::thread::spawn(move || {
        for _ in responder.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let ocsp = OcspOptions { url: Some(url), ..OcspOptions::new(SystemTime::now()) };
    let verifier = Verifier { ocsp: Some(&ocsp), ..Verifier::new(&store, at("2026-01-01")) };
    let verified = verifier.detached(&many[..], DOCUMENT).unwrap();
    assert_eq!((verified.signers.len(), verified.verdict), (64, Verdict::Inconclusive));
    assert!(verified.signers.iter().all(|signer| signer.revocation.state == RevocationState::Unknown));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn sixty_four_signers_of_their_own_certificates_are_all_looked_at() {
    let store = trusting(&root());
    let keys = (1..=64).map(|serial| SoftwareKey::p256_issued(&Profile { serial, ..Profile::new("signer") }, &root()));
    let (mut certificates, mut many) = (Vec::new(), Vec::new());
    let infos = RefCell::new(Vec::new());
    for mut key in keys {
        many = with_signers(&signature(&mut key, UNIX_EPOCH), |signer| {
            infos.borrow_mut().extend_from_slice(signer.raw);
            infos.borrow().clone()
        });
        certificates.push(certificate(&key));
    }
    let verifier = Verifier { certificates: &certificates, ..Verifier::new(&store, at("2026-01-01")) };
    let verified = verifier.detached(&many[..], DOCUMENT).unwrap();
    assert_eq!((verified.signers.len(), verified.verdict), (64, Verdict::Valid), "{:?}", verified.report());
}
