//! What a card may answer to a digest, and what of it is handed on.

use std::convert::Infallible;

use super::*;
use crate::software_key::SoftwareKey;

struct Answers(Vec<u8>, Vec<u8>);

impl Signer for Answers {
    type Error = Infallible;

    fn certificate(&self) -> &[u8] {
        &self.0
    }

    fn sign_digest(&mut self, _: SignatureScheme, _: HashAlgorithm, _: &[u8]) -> Result<Vec<u8>, Infallible> {
        Ok(self.1.clone())
    }
}

fn to_be_signed_with(key: &SoftwareKey, document: &[u8]) -> ToBeSigned {
    let certificate = Certificate::from_der(key.certificate()).unwrap();
    to_be_signed(&mut &document[..], &certificate, None, HashAlgorithm::Sha256).unwrap()
}

#[test]
fn a_signature_comes_back_in_both_forms() {
    let mut key = SoftwareKey::p256("signer");
    let tbs = to_be_signed_with(&key, b"document");
    let signature = tbs.sign(&mut key).unwrap();
    assert_eq!(signature.to_plain().len(), 64);
    assert_eq!(signature.to_der()[0], 0x30);
    assert_eq!(tbs.accept(signature.to_der()).unwrap(), signature, "DER is taken as well as r‖s");
    let mut rsa = SoftwareKey::rsa("signer");
    let signature = sign_raw(&mut rsa, &b"document"[..], None, HashAlgorithm::Sha512).unwrap();
    assert_eq!((signature.to_der().len(), signature.to_plain()), (256, signature.to_der()));
}

#[test]
fn answers_that_do_not_verify_are_withheld() {
    let mut key = SoftwareKey::p256("signer");
    let tbs = to_be_signed_with(&key, b"document");
    let good = tbs.sign(&mut key).unwrap().to_plain().to_vec();
    let older = to_be_signed_with(&key, b"an older document").sign(&mut key).unwrap();
    let mut other_key = SoftwareKey::p256("other");
    let foreign = to_be_signed_with(&other_key, b"document").sign(&mut other_key).unwrap();
    let order = hex_literal::hex!("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    for (answer, why) in [
        (vec![], "nothing"),
        (vec![0; 64], "zeros"),
        ([&[0; 32], &good[32..]].concat(), "r = 0"),
        ([&good[..32], &[0; 32]].concat(), "s = 0"),
        ([&order, &good[32..]].concat(), "r = n"),
        (good[..63].to_vec(), "too short"),
        ([&good[..], &[0]].concat(), "too long"),
        (older.to_plain().to_vec(), "the signature of an older hash"),
        (foreign.to_plain().to_vec(), "a signature by another key"),
    ] {
        let mut card = Answers(key.certificate().to_vec(), answer);
        let error = tbs.sign(&mut card).unwrap_err();
        assert!(matches!(error, SignError::Fault(SignFault::NotGenuine(_))), "{why}: {error}");
    }
}

#[test]
fn a_lost_leading_zero_of_rsa_is_put_back() {
    let mut key = SoftwareKey::rsa("signer");
    let found = (0u32..4096).find_map(|number| {
        let tbs = to_be_signed_with(&key, &number.to_be_bytes());
        let signature = tbs.sign(&mut key).unwrap().to_der().to_vec();
        (signature[0] == 0).then_some((tbs, signature))
    });
    let (tbs, signature) = found.expect("one of 256 begins with a zero byte");
    assert_eq!(tbs.accept(&signature[1..]).unwrap().to_der(), signature);
    assert!(tbs.accept(&signature[2..]).is_err());
    assert!(tbs.accept(&[&[0], &signature[..]].concat()).is_err());
}

#[test]
fn another_certificate_behind_the_key_is_seen() {
    let mut key = SoftwareKey::p256("signer");
    let tbs = to_be_signed_with(&SoftwareKey::p256("other"), b"document");
    assert!(matches!(tbs.sign(&mut key), Err(SignError::Fault(SignFault::OtherCertificate))));
}

#[test]
fn schemes_and_hashes_that_do_not_fit_are_refused_before_the_document_is_read() {
    let key = SoftwareKey::p256("signer");
    let certificate = Certificate::from_der(key.certificate()).unwrap();
    let mut unread = crate::hash::OnePass::new(std::io::repeat(0));
    let mut refused = |scheme, hash| to_be_signed(&mut unread, &certificate, scheme, hash).unwrap_err();
    assert!(matches!(refused(Some(SignatureScheme::Pkcs1v15), HashAlgorithm::Sha256), SignFault::Scheme { .. }));
    assert!(matches!(refused(None, HashAlgorithm::Sha1), SignFault::WeakHash(_)));
}

#[test]
fn a_document_that_changes_while_it_is_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("document");
    std::fs::write(&path, "one").unwrap();
    let grows = path.clone();
    let mut content = crate::hash::Watched::new(path, move |bytes| {
        if bytes > 3 {
            return Ok(());
        }
        std::io::Write::write_all(&mut std::fs::File::options().append(true).open(&grows)?, b"x")
    });
    let mut key = SoftwareKey::p256("signer");
    let error = sign_raw(&mut key, &mut content, None, HashAlgorithm::Sha256).unwrap_err();
    assert!(matches!(error, SignError::Fault(SignFault::ContentChanged)));
}
