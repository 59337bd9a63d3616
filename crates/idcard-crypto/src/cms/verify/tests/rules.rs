//! Signatures that are sound as numbers and break a rule, each with its reason.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;

use super::made::{Made, attribute, content_type, message_digest};
use super::*;
use crate::cms::{CheckedSigner, der};
use crate::signer::Signer;

fn key() -> SoftwareKey {
    SoftwareKey::p256("p256")
}

fn check(made: &Made) -> CheckedDocument {
    verify_detached(&made.detached(&key())[..], DOCUMENT, &[]).unwrap()
}

/// The findings of a signature that must not be valid.
fn refused(made: &Made) -> Vec<Finding> {
    let document = check(made);
    assert_eq!(document.weight(), Weight::Fault, "{document:?}");
    assert_ne!(document.signers[0].signature, Some(SignatureState::Valid));
    document.signers[0].findings.clone()
}

#[test]
fn the_plain_one_is_good() {
    let document = check(&Made::new());
    assert!(is_good(&document), "{document:?}");
    assert_eq!(document.signers[0].format, Format::Cms);
    let bare = Made { attributes: None, ..Made::new() };
    assert!(is_good(&check(&bare)), "a signature over the content itself");
}

#[test]
fn attributes_that_are_missing_repeated_or_wrong() {
    let [kind, digest] = [content_type(rfc5911::ID_DATA), message_digest(DOCUMENT)];
    let with = |attributes: Vec<Vec<u8>>| refused(&Made::new().attributes(attributes));
    assert_eq!(with(vec![digest.clone()]), [Finding::AttributeMissing("content-type")]);
    assert_eq!(with(vec![kind.clone()]), [Finding::AttributeMissing("message-digest")]);
    assert_eq!(with(vec![]).len(), 2);

    let repeated = Finding::AttributeRepeated(rfc5911::ID_MESSAGE_DIGEST);
    assert!(with(vec![kind.clone(), digest.clone(), message_digest(b"other")]).contains(&repeated));
    let two = [der::element(4, &[1]), der::element(4, &[2])];
    let two = attribute(rfc5911::ID_MESSAGE_DIGEST, &two);
    assert!(with(vec![kind.clone(), two]).contains(&repeated));
    let unknown = attribute(ObjectIdentifier::new_unwrap("1.2.3.4"), &[der::element(4, &[1])]);
    let twice = Finding::AttributeRepeated(ObjectIdentifier::new_unwrap("1.2.3.4"));
    assert_eq!(with(vec![kind.clone(), digest.clone(), unknown.clone(), unknown]), [twice]);

    let signed_data = content_type(rfc5911::ID_SIGNED_DATA);
    assert_eq!(with(vec![signed_data, digest.clone()]), [Finding::ContentTypeDiffers]);
    let empty = attribute(rfc5911::ID_SIGNING_TIME, &[]);
    let malformed = Finding::AttributeMalformed(rfc5911::ID_SIGNING_TIME);
    assert_eq!(with(vec![kind.clone(), digest.clone(), empty])[..], std::slice::from_ref(&malformed)[..]);
    let no_time = attribute(rfc5911::ID_SIGNING_TIME, &[der::element(0x17, b"991332000000Z")]);
    assert_eq!(with(vec![kind.clone(), digest.clone(), no_time]), [malformed]);
    let counter = attribute(rfc5911::ID_COUNTERSIGNATURE, &[der::element(4, &[1])]);
    assert_eq!(with(vec![kind, digest, counter]), [Finding::AttributeForbidden(rfc5911::ID_COUNTERSIGNATURE)]);
}

#[test]
fn a_reference_to_another_certificate_is_refused() {
    let reference = |hash: &[u8]| {
        let id = der::element(der::SEQUENCE, &der::element(der::OCTET_STRING, hash));
        der::element(der::SEQUENCE, &der::element(der::SEQUENCE, &id))
    };
    let base = vec![content_type(rfc5911::ID_DATA), message_digest(DOCUMENT)];
    let with = |kind, value: Vec<u8>| {
        let mut attributes = base.clone();
        attributes.push(attribute(kind, &[value]));
        Made::new().attributes(attributes)
    };
    let own = HashAlgorithm::Sha256.digest(key().certificate());
    assert!(is_good(&check(&with(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, reference(&own)))));
    let own_sha1 = HashAlgorithm::Sha1.digest(key().certificate());
    assert!(is_good(&check(&with(rfc5911::ID_AA_SIGNING_CERTIFICATE, reference(&own_sha1)))));
    for (kind, hash) in [
        (rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, HashAlgorithm::Sha256.digest(b"other")),
        (rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, own_sha1),
        (rfc5911::ID_AA_SIGNING_CERTIFICATE, own),
        (rfc5911::ID_AA_SIGNING_CERTIFICATE, vec![]),
    ] {
        assert_eq!(refused(&with(kind, reference(&hash))), [Finding::CertificateDiffers]);
    }
}

#[test]
fn a_reference_must_not_contradict_itself() {
    use ::der::Encode;
    let certificate = Certificate::from_der(key().certificate()).unwrap();
    let serial = certificate.parsed().tbs_certificate().serial_number().to_der().unwrap();
    let issuer = certificate.issuer().der();
    let sequence = |parts: &[&[u8]]| der::constructed(der::SEQUENCE, parts);
    let named = |issuer: &[u8], serial: &[u8]| {
        let directory = der::element(0xA4, issuer);
        sequence(&[&sequence(&[&directory]), serial])
    };
    let with = |named: Vec<u8>| {
        let hash = der::element(der::OCTET_STRING, &HashAlgorithm::Sha256.digest(key().certificate()));
        let value = sequence(&[&sequence(&[&sequence(&[&hash, &named])])]);
        let reference = attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, &[value]);
        Made::new().attributes(vec![content_type(rfc5911::ID_DATA), message_digest(DOCUMENT), reference])
    };
    assert!(is_good(&check(&with(named(issuer, &serial)))));
    let other = [2, 1, 99];
    assert_eq!(refused(&with(named(issuer, &other))), [Finding::ReferenceDiffers]);
    assert_eq!(refused(&with(named(&sequence(&[]), &serial))), [Finding::ReferenceDiffers]);
    let malformed = Finding::AttributeMalformed(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2);
    for broken in [sequence(&[]), sequence(&[&serial]), [named(issuer, &serial), serial.clone()].concat()] {
        assert_eq!(refused(&with(broken))[..], std::slice::from_ref(&malformed)[..]);
    }
}

/// X.690, 8.19: no number begins with a zero of its own. One that is only long is a bound of ours, no fault of the file.
#[test]
fn kinds_of_attributes_that_are_padded_or_very_long() {
    let with = |identifier: &[u8]| {
        let kind = der::element(der::OID, identifier);
        let odd = der::constructed(der::SEQUENCE, &[&kind, &der::set_of(der::SET, vec![vec![5, 0]])]);
        Made::new().attributes(vec![content_type(rfc5911::ID_DATA), message_digest(DOCUMENT), odd])
    };
    assert!(is_good(&check(&with(&[0x2A, 0x83, 0x01]))));
    for broken in [&[0x2A, 0x80, 0x01][..], &[0x80, 0x2A], &[0x2A, 0x83], &[]] {
        assert!(matches!(refused(&with(broken))[..], [Finding::MalformedPart(_)]), "{broken:?}");
    }
    for long in [[0x2A, 0x05].repeat(100), [&[0x2A][..], &[0xFF; 30], &[0x7F]].concat()] {
        let document = check(&with(&long));
        assert_eq!(document.weight(), Weight::Unknown, "{document:?}");
        assert!(matches!(document.signers[0].findings[..], [Finding::Limit(_)]), "{document:?}");
    }
}

#[test]
fn the_order_of_attributes_is_that_of_der() {
    let mut attributes = vec![content_type(rfc5911::ID_DATA), message_digest(DOCUMENT)];
    attributes.sort();
    attributes.reverse();
    let unsorted = Made { keep_order: true, ..Made::new().attributes(attributes) };
    // The signature is over the DER, whatever order the file has (RFC 5652, 5.4).
    let document = check(&unsorted);
    assert_eq!(document.signers[0].findings, [Finding::AttributesNotDer]);
    assert_eq!(document.signers[0].signature, Some(SignatureState::Valid));
    let signed_unsorted = refused(&Made { sign_sorted: false, ..unsorted });
    assert!(matches!(signed_unsorted[..], [Finding::AttributesNotDer, Finding::Signature(_)]));
}

#[test]
fn algorithms_that_do_not_go_together() {
    let differ = Made { digest: HashAlgorithm::Sha384, announced: HashAlgorithm::ALL.to_vec(), ..Made::new() };
    assert_eq!(refused(&differ), [Finding::HashesDiffer]);
    let silent = Made { announced: vec![HashAlgorithm::Sha512], ..Made::new() };
    assert_eq!(refused(&silent), [Finding::HashNotAnnounced(HashAlgorithm::Sha256)]);
    assert_eq!(refused(&Made { version: 3, ..Made::new() }), [Finding::Version]);

    let protection = |digest: &[u8]| {
        let ecdsa = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
        let value = der::constructed(der::SEQUENCE, &[digest, &der::element(0xA1, &ecdsa)]);
        let protection = attribute(ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52"), &[value]);
        Made::new().attributes(vec![content_type(rfc5911::ID_DATA), message_digest(DOCUMENT), protection])
    };
    let own = ::der::Encode::to_der(&HashAlgorithm::Sha256.algorithm_identifier()).unwrap();
    let other = ::der::Encode::to_der(&HashAlgorithm::Sha384.algorithm_identifier()).unwrap();
    assert!(is_good(&check(&protection(&own))));
    assert_eq!(refused(&protection(&other)), [Finding::AlgorithmsDiffer]);
}

#[test]
fn attributes_passed_off_as_content_are_refused() {
    // The attributes of an honest signature, presented as the content that was signed.
    let attributes = der::set_of(der::SET, Made::new().attributes.unwrap());
    let bare = Made { attributes: None, ..Made::new() };
    let forged = bare.assemble(&[bare.signer_info(&key(), &attributes)], &key(), Some(&attributes));
    let document = verify_attached(&forged[..], None, &[]).unwrap();
    assert_eq!(document.signers[0].findings, [Finding::AttributesAsContent]);
    assert_eq!(document.weight(), Weight::Fault);
}

#[test]
fn other_content_types_ask_for_attributes() {
    let kind = rfc5911::ID_SIGNED_DATA;
    let bare = Made { attributes: None, content_type: kind, ..Made::new() };
    assert_eq!(refused(&bare), [Finding::NoAttributes]);
    let named = Made { content_type: kind, ..Made::new() };
    let document = check(&named.attributes(vec![content_type(kind), message_digest(DOCUMENT)]));
    assert!(is_good(&document));
    assert_eq!(document.content_type, Some(kind));
}

#[test]
fn nobody_and_too_many() {
    let made = Made::new();
    let none = made.assemble(&[], &key(), None);
    let document = verify_detached(&none[..], DOCUMENT, &[]).unwrap();
    assert_eq!((document.findings.clone(), document.weight()), (vec![Finding::NoSigner], Weight::Fault));

    let one = made.signer_info(&key(), DOCUMENT);
    let many = made.assemble(&vec![one.clone(); SIGNERS], &key(), None);
    assert!(is_good(&verify_detached(&many[..], DOCUMENT, &[]).unwrap()));
    let more = made.assemble(&vec![one; 1000], &key(), None);
    let document = verify_detached(&more[..], DOCUMENT, &[]).unwrap();
    // Nothing is broken; it was not looked at, and is not valid for that.
    assert_eq!((document.findings.clone(), document.weight()), (vec![Finding::Limit("64 signers")], Weight::Unknown));
}

#[test]
fn one_bad_signer_among_good_ones_decides() {
    let other = SoftwareKey::p256("other");
    let good = Made::new();
    let bad = Made::new().attributes(vec![content_type(rfc5911::ID_DATA), message_digest(b"other")]);
    let both = Made { certificates: Some(vec![key().certificate().to_vec(), other.certificate().to_vec()]), ..good };
    let infos = [both.signer_info(&key(), DOCUMENT), bad.signer_info(&other, DOCUMENT)];
    let document = verify_detached(&both.assemble(&infos, &key(), None)[..], DOCUMENT, &[]).unwrap();
    assert_eq!(document.weight(), Weight::Fault);
    let weights: Vec<_> = document.signers.iter().map(CheckedSigner::weight).collect();
    assert!(weights.contains(&Weight::Note) && weights.contains(&Weight::Fault));
}

#[test]
fn countersignatures_are_checked_and_bounded() {
    let key = key();
    let counter_key = SoftwareKey::p256("counter");
    let first = Made::new().signer_info(&key, DOCUMENT);
    let signature = crate::cms::signer_info::SignerInfo::read(&first).unwrap().signature.to_vec();
    let counter = |over: &[u8]| {
        let made = Made::new().attributes(vec![message_digest(over)]);
        attribute(rfc5911::ID_COUNTERSIGNATURE, &[made.signer_info(&counter_key, over)])
    };
    let certificates = Some(vec![key.certificate().to_vec(), counter_key.certificate().to_vec()]);
    let with = |unsigned| Made { unsigned, certificates: certificates.clone(), ..Made::new() };
    let document = check(&with(vec![counter(&signature)]));
    assert!(is_good(&document), "{document:?}");
    let [countersigner] = &document.signers[0].countersignatures[..] else { panic!("one") };
    assert_eq!(countersigner.signature, Some(SignatureState::Valid));
    assert_eq!(countersigner.certificate.as_ref().unwrap().common_name(), Some("counter"));

    let document = check(&with(vec![counter(b"another signature")]));
    assert_eq!(document.signers[0].findings, [Finding::Countersignature]);
    assert_eq!(document.signers[0].countersignatures[0].content, Some(ContentState::Mismatch));
    let bomb = attribute(rfc5911::ID_COUNTERSIGNATURE, &vec![der::element(der::SEQUENCE, &[]); 5000]);
    let document = check(&with(vec![bomb]));
    assert!(document.signers[0].findings.contains(&Finding::TooManyCountersignatures));
    assert_eq!(document.signers[0].countersignatures.len(), SIGNERS);
}

#[test]
fn two_certificates_of_one_name_and_number_are_told_apart() {
    // The signer's twin has the same issuer and serial number and another key.
    let root = SoftwareKey::root("root");
    let signer = SoftwareKey::p256_issued(&Profile::new("signer"), &root);
    let twin = SoftwareKey::rsa_issued(&Profile::new("signer"), &root);
    let reference = der::element(der::OCTET_STRING, &HashAlgorithm::Sha256.digest(signer.certificate()));
    let reference = der::element(der::SEQUENCE, &der::element(der::SEQUENCE, &der::element(der::SEQUENCE, &reference)));
    for certificates in [[&twin, &signer], [&signer, &twin]] {
        let extra: Vec<_> = certificates.map(|key| Certificate::from_der(key.certificate()).unwrap()).to_vec();
        let made = Made::new().without_certificates().attributes(vec![
            content_type(rfc5911::ID_DATA),
            message_digest(DOCUMENT),
            attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, std::slice::from_ref(&reference)),
        ]);
        assert!(is_good(&verify_detached(&made.detached(&signer)[..], DOCUMENT, &extra).unwrap()));
        // Without a reference the key tells: who adds a certificate to a good signature does not make it a bad one.
        let made = Made::new().without_certificates();
        let document = verify_detached(&made.detached(&signer)[..], DOCUMENT, &extra).unwrap();
        assert!(is_good(&document), "{document:?}");
        let by = document.signers[0].certificate.as_ref().unwrap();
        assert_eq!(by.der(), signer.certificate());
    }
}
