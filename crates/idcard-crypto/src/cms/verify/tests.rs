//! Signed documents go round: what is signed here is verified here, and what was changed is not.

mod long;
mod made;
mod mutations;
mod openssl_made;
mod rules;

use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::cms::der::{OCTET_STRING, element};
use crate::cms::{ContentState, Format, SignOptions, SignatureState, Signed, Weight, sign_attached, sign_detached};
use crate::software_key::{Profile, SoftwareKey};
use crate::trust::made::{Draft, Tree, extension};
use const_oid::ObjectIdentifier;

const DOCUMENT: &[u8] = b"a contract\n";

fn options() -> SignOptions {
    SignOptions::at(UNIX_EPOCH + Duration::from_secs(1_750_000_000))
}

fn signed(mut key: SoftwareKey, options: SignOptions) -> Signed {
    sign_detached(&mut key, DOCUMENT, options).unwrap()
}

fn attached(signed: &Signed) -> Vec<u8> {
    let mut out = vec![];
    signed.write_attached(&mut { DOCUMENT }, &mut out).unwrap();
    out
}

fn is_good(document: &CheckedDocument) -> bool {
    document.weight() == Weight::Note
        && !document.signers.is_empty()
        && document.signers.iter().all(|signer| {
            signer.signature == Some(SignatureState::Valid) && signer.content == Some(ContentState::Match)
        })
}

#[test]
fn every_kind_goes_round_in_every_form() {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    let pss = |salt_length| Some(SignatureScheme::Pss { salt_length });
    for (key, hash, scheme) in [
        (SoftwareKey::rsa("rsa"), Sha256, None),
        (SoftwareKey::rsa("rsa"), Sha512, None),
        (SoftwareKey::rsa("rsa"), Sha256, pss(32)),
        (SoftwareKey::rsa("rsa"), Sha384, pss(48)),
        (SoftwareKey::p256("p256"), Sha256, None),
        (SoftwareKey::p256("p256"), Sha384, None),
    ] {
        let signed = signed(key, SignOptions { hash, scheme, ..options() });
        let (mut out, mut text) = (vec![], vec![]);
        signed.write_attached_pem(&mut { DOCUMENT }, &mut text).unwrap();
        for document in [
            verify_detached(&signed.to_der()[..], DOCUMENT, &[]).unwrap(),
            verify_detached(signed.to_pem().as_bytes(), DOCUMENT, &[]).unwrap(),
            verify_attached(&attached(&signed)[..], Some(&mut out), &[]).unwrap(),
            verify_attached(&text[..], None, &[]).unwrap(),
        ] {
            assert!(is_good(&document), "{document:?}");
            let [signer] = &document.signers[..] else { panic!("one signer") };
            assert_eq!((signer.format, signer.hash), (Format::CadesBB, Some(hash)));
            assert_eq!(signer.claimed_time, Some(options().signing_time));
            assert_eq!(document.content_length, DOCUMENT.len() as u64);
        }
        assert_eq!(out, DOCUMENT);
        let other = verify_detached(&signed.to_der()[..], &b"another contract\n"[..], &[]).unwrap();
        assert_eq!(other.weight(), Weight::Fault);
        assert_eq!(other.signers[0].content, Some(ContentState::Mismatch));
        assert_eq!(other.signers[0].signature, Some(SignatureState::Valid), "over the digest of the right document");
    }
}

#[test]
fn the_certificates_of_the_issuers_are_inside() {
    let root = SoftwareKey::root("root");
    let issuers = vec![Certificate::from_der(crate::signer::Signer::certificate(&root)).unwrap()];
    let key = SoftwareKey::p256_issued(&Profile::new("signer"), &root);
    let signed = signed(key, SignOptions { issuers: issuers.clone(), ..options() });
    let document = verify_detached(&signed.to_der()[..], DOCUMENT, &[]).unwrap();
    assert_eq!(document.certificates.len(), 2);
    assert!(document.certificates.contains(&issuers[0]));
}

#[test]
fn a_file_that_is_no_signature_is_told_from_a_bad_one() {
    let pdf = b"%PDF-1.7\n".repeat(100);
    let certificate = crate::Certificate::from_der(crate::signer::Signer::certificate(&SoftwareKey::p256("p256")));
    let certificate = certificate.unwrap();
    // EncryptedData of RFC 5652, 8.
    let other = hex_literal::hex!("301006092A864886F70D010706A003020100");
    for bytes in [&b""[..], &pdf, certificate.der(), certificate.to_pem().as_bytes(), &other, &[0x30], b"0"] {
        let result = verify_attached(bytes, None, &[]);
        assert!(matches!(result, Err(VerifyError::NotASignature(_))), "{bytes:02X?}");
    }
    let signed = signed(SoftwareKey::p256("p256"), options()).to_der();
    for length in [40, 100, 300, signed.len() - 1] {
        let document = verify_detached(&signed[..length], DOCUMENT, &[]).unwrap();
        assert_eq!(document.weight(), Weight::Fault, "cut off at {length}");
    }
    assert!(matches!(verify_attached(&signed[..], None, &[]), Err(VerifyError::NoContent)));
}

#[test]
fn bytes_after_the_end_are_refused() {
    let signed = signed(SoftwareKey::p256("p256"), options());
    let longer = [&signed.to_der()[..], &[0]].concat();
    let document = verify_detached(&longer[..], DOCUMENT, &[]).unwrap();
    assert_eq!(document.findings, [Finding::TrailingData]);
    let text = signed.to_pem() + "and more";
    assert_eq!(verify_detached(text.as_bytes(), DOCUMENT, &[]).unwrap().findings, [Finding::TrailingData]);
}

#[test]
fn a_document_inside_and_one_beside_have_to_be_the_same() {
    let signed = signed(SoftwareKey::p256("p256"), options());
    assert!(is_good(&verify_detached(&attached(&signed)[..], DOCUMENT, &[]).unwrap()));
    for other in [&[][..], &DOCUMENT[1..], &[DOCUMENT, b"!"].concat()] {
        let both = verify_detached(&attached(&signed)[..], other, &[]).unwrap();
        assert_eq!(both.findings, [Finding::TwoContents]);
        assert_eq!(both.signers[0].content, Some(ContentState::Mismatch), "what was given is judged");
        assert_eq!(both.weight(), Weight::Fault);
    }
    // The one beside is what was signed, the one inside is not.
    let mut swapped = attached(&signed);
    let at = swapped.windows(DOCUMENT.len()).position(|window| window == DOCUMENT).unwrap();
    swapped[at] ^= 1;
    let both = verify_detached(&swapped[..], DOCUMENT, &[]).unwrap();
    assert_eq!((&both.findings[..], both.weight()), (&[Finding::TwoContents][..], Weight::Fault));
}

#[test]
fn faults_of_streams_are_errors_not_verdicts() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let signed = signed(SoftwareKey::p256("p256"), options());
    let whole = attached(&signed);
    let cut = whole[..80].chain(Fails);
    assert!(matches!(verify_attached(cut, None, &[]), Err(VerifyError::ReadSignature(_))));
    assert!(matches!(verify_detached(&signed.to_der()[..], Fails, &[]), Err(VerifyError::ReadContent(_))));
    let mut full: &mut [u8] = &mut [0; 4];
    assert!(matches!(verify_attached(&whole[..], Some(&mut full), &[]), Err(VerifyError::Write(_))));
}

#[test]
fn a_signer_whose_certificate_is_elsewhere_is_unknown_until_it_is_given() {
    let key = SoftwareKey::p256("p256");
    let certificate = Certificate::from_der(crate::signer::Signer::certificate(&key)).unwrap();
    let bare = made::Made::new().without_certificates().detached(&key);
    let document = verify_detached(&bare[..], DOCUMENT, &[]).unwrap();
    assert_eq!((document.weight(), document.signers[0].signature), (Weight::Unknown, None));
    assert!(is_good(&verify_detached(&bare[..], DOCUMENT, &[certificate]).unwrap()));
}

#[test]
fn certificates_up_to_the_limit_are_used() {
    let tree = Tree::new();
    let comment = ObjectIdentifier::new_unwrap("2.16.840.1.113730.1.13");
    let long = |length| {
        let comment = extension(comment, false, &element(OCTET_STRING, &vec![0; length]));
        tree.authority.issue(Draft::holder(tree.holder.clone()).with(comment))
    };
    // What is not the comment has one length for all comments of this size, but for the signature's two numbers.
    let of_length = |length: usize| {
        let around = long(32_000).der().len() - 32_000;
        (length - around - 4..length - around + 5).map(long).find(|certificate| certificate.der().len() == length)
    };
    for (length, findings) in [(32_768, vec![]), (32_769, vec![Finding::UnreadableCertificate])] {
        let issuers = vec![of_length(length).unwrap()];
        let signed = signed(SoftwareKey::p256("p256"), SignOptions { issuers, ..options() });
        let document = verify_detached(&signed.to_der()[..], DOCUMENT, &[]).unwrap();
        assert_eq!((document.certificates.len(), &document.findings), (2 - findings.len(), &findings), "{length}");
    }
}
