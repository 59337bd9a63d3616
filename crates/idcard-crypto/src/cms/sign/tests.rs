//! OpenSSL reads what is signed here, and a document that changes is never signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::cms::der;
use crate::openssl::{OpenSsl, pem};
use crate::software_key::{Profile, SoftwareKey};

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_750_000_000)
}

fn options(issuer: &SoftwareKey, hash: HashAlgorithm, scheme: Option<SignatureScheme>) -> SignOptions {
    let issuers = vec![Certificate::from_der(issuer.certificate()).unwrap()];
    SignOptions { hash, scheme, issuers, ..SignOptions::at(now()) }
}

/// Every kind of signature that the card can make.
fn kinds() -> Vec<(&'static str, SoftwareKey, HashAlgorithm, Option<SignatureScheme>)> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    let root = SoftwareKey::root("root");
    let rsa = || SoftwareKey::rsa_issued(&Profile::new("rsa"), &root);
    let p256 = || SoftwareKey::p256_issued(&Profile::new("p256"), &root);
    let pss = |salt_length| Some(SignatureScheme::Pss { salt_length });
    vec![
        ("rsa-256", rsa(), Sha256, None),
        ("rsa-384", rsa(), Sha384, None),
        ("rsa-512", rsa(), Sha512, Some(SignatureScheme::Pkcs1v15)),
        ("pss-256", rsa(), Sha256, pss(32)),
        ("pss-384", rsa(), Sha384, pss(48)),
        ("pss-512", rsa(), Sha512, pss(64)),
        ("p256-256", p256(), Sha256, None),
        ("p256-384", p256(), Sha384, None),
        ("p256-512", p256(), Sha512, Some(SignatureScheme::Ecdsa)),
    ]
}

#[test]
fn openssl_verifies_every_kind_detached_and_attached() {
    let Some(openssl) = OpenSsl::find() else { return };
    let root = SoftwareKey::root("root");
    openssl.put("root.pem", pem(root.certificate())).put("document", "a contract\n").put("other", "a contract!\n");
    for (name, mut key, hash, scheme) in kinds() {
        let options = options(&root, hash, scheme);
        let signed = sign_detached(&mut key, &b"a contract\n"[..], options.clone()).unwrap();
        openssl.put("detached.der", signed.to_der()).put("detached.pem", signed.to_pem());
        let verify = "cms -verify -cades -binary -CAfile root.pem -attime 1750000001 -purpose any -out out";
        openssl.run(&format!("{verify} -inform DER -in detached.der -content document")).expect(name);
        openssl.run(&format!("{verify} -inform PEM -in detached.pem -content document")).expect(name);
        openssl.run(&format!("{verify} -inform DER -in detached.der -content other")).expect_err(name);

        let (mut der, mut text) = (vec![], vec![]);
        sign_attached(&mut key, &b"a contract\n"[..], options, &mut der).unwrap();
        openssl.put("attached.der", &der);
        openssl.run(&format!("{verify} -inform DER -in attached.der")).expect(name);
        assert_eq!(openssl.get("out"), b"a contract\n", "{name}");
        signed.write_attached_pem(&mut &b"a contract\n"[..], &mut text).unwrap();
        openssl.put("attached.pem", &text);
        openssl.run(&format!("{verify} -inform PEM -in attached.pem")).expect(name);
    }
}

#[test]
fn what_is_written_is_der() {
    // OpenSSL's own encoder gives the same bytes back only for DER with sorted sets.
    let Some(openssl) = OpenSsl::find() else { return };
    for (name, mut key, hash, scheme) in kinds() {
        let mut der = vec![];
        let options = options(&SoftwareKey::root("root"), hash, scheme);
        sign_attached(&mut key, vec![7u8; 70_000], options, &mut der).unwrap();
        openssl.put("attached.der", &der);
        openssl.run("cms -cmsout -inform DER -outform DER -in attached.der -out again.der").expect(name);
        assert!(openssl.get("again.der") == der, "{name}");
    }
}

#[test]
fn lengths_around_the_borders_of_der_are_written_right() {
    let mut key = SoftwareKey::p256("signer");
    for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 24] {
        let content = vec![0x31; length];
        let mut der = vec![];
        sign_attached(&mut key, content.clone(), now(), &mut der).unwrap();
        let mut reader = crate::cms::ber::BerReader::new(&der[..]);
        let whole = reader.header().unwrap();
        let here = der.len() as u64 - whole.length.unwrap();
        assert_eq!(der::header(der::SEQUENCE, whole.length.unwrap()).len() as u64, here, "{length}");
    }
}

#[test]
fn a_document_that_changes_between_the_passes_is_not_signed() {
    let mut key = SoftwareKey::p256("signer");
    let certificate = Certificate::from_der(key.certificate()).unwrap();
    let draft = Draft::new(&mut &b"document"[..], &certificate, &now().into()).unwrap();
    let signed = draft.sign(&mut key).unwrap();
    for changed in [&b"documenT"[..], b"document and more", b"doc", b""] {
        let mut out = vec![];
        let fault = signed.write_attached(&mut &changed[..], &mut out).unwrap_err();
        assert!(matches!(fault, SignFault::ContentChanged));
        assert!(!out.ends_with(&signed.tail));
    }
}

#[test]
fn a_file_touched_while_the_key_signs_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("document");
    std::fs::write(&path, "one").unwrap();
    struct Touching(SoftwareKey, std::path::PathBuf);
    impl Signer for Touching {
        type Error = std::convert::Infallible;
        fn certificate(&self) -> &[u8] {
            self.0.certificate()
        }
        fn sign_digest(
            &mut self,
            scheme: SignatureScheme,
            hash: HashAlgorithm,
            digest: &[u8],
        ) -> Result<Vec<u8>, Self::Error> {
            std::fs::write(&self.1, "other").unwrap();
            self.0.sign_digest(scheme, hash, digest)
        }
    }
    let mut key = Touching(SoftwareKey::p256("signer"), path.clone());
    let error = sign_detached(&mut key, path, now()).unwrap_err();
    assert!(matches!(error, SignError::Fault(SignFault::ContentChanged)));
}

#[test]
fn the_error_of_the_key_arrives_whole() {
    #[derive(Debug, thiserror::Error)]
    #[error("wrong PIN, {0} tries left")]
    struct WrongPin(u8);
    struct Refuses(Vec<u8>);
    impl Signer for Refuses {
        type Error = WrongPin;
        fn certificate(&self) -> &[u8] {
            &self.0
        }
        fn sign_digest(&mut self, _: SignatureScheme, _: HashAlgorithm, _: &[u8]) -> Result<Vec<u8>, WrongPin> {
            Err(WrongPin(2))
        }
    }
    let mut key = Refuses(SoftwareKey::p256("signer").certificate().to_vec());
    let error = sign_detached(&mut key, &b"document"[..], now()).unwrap_err();
    assert_eq!(error.to_string(), "wrong PIN, 2 tries left");
    assert!(matches!(error, SignError::Signer(WrongPin(2))));
}

#[test]
fn a_writer_that_fails_and_a_stream_that_cannot_be_read_again_are_told_apart() {
    let mut key = SoftwareKey::p256("signer");
    let mut full: &mut [u8] = &mut [0; 100];
    let error = sign_attached(&mut key, vec![0u8; 1000], now(), &mut full).unwrap_err();
    assert!(matches!(error, SignError::Fault(SignFault::Write(_))), "{error}");
    let stream = crate::hash::OnePass::new(&b"document"[..]);
    let error = sign_attached(&mut key, stream, now(), &mut vec![]).unwrap_err();
    assert!(matches!(error, SignError::Fault(SignFault::Read(_))), "{error}");
}
