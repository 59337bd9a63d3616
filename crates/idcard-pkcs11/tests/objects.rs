//! The objects of the slots and their attributes.

use crate::desk::{Desk, IDENTITY, SIGNATURE, bytes, fails, logged_in, of_class, open, private_key};
use cryptoki_sys::*;
use idcard_crypto::algorithm::HashAlgorithm;
use idcard_crypto::{Certificate, PublicKey};
use idcard_pkcs11::module::Value;

const TRUE: [u8; 1] = [1];
const FALSE: [u8; 1] = [0];

#[test]
fn certificates_and_public_keys_are_seen_by_all_private_keys_by_the_user() {
    for (slot, role) in [(IDENTITY, "AUT"), (SIGNATURE, "SIG")] {
        let (module, _, _) = Desk::with("specimen");
        let session = open(&module, slot);
        let certificates = of_class(&module, session, CKO_CERTIFICATE);
        assert_eq!(certificates.len(), 2, "the holder's and that of the issuing CA");
        let own = Certificate::from_der(&bytes(&module, session, certificates[0], CKA_VALUE)).unwrap();
        assert_eq!(own.common_name().unwrap(), format!("0003141594 - {role}"), "specimen.md 6");
        let ca = Certificate::from_der(&bytes(&module, session, certificates[1], CKA_VALUE)).unwrap();
        assert_eq!(ca.subject(), own.issuer());
        assert_eq!(of_class(&module, session, CKO_PUBLIC_KEY).len(), 1);
        assert_eq!(of_class(&module, session, CKO_PRIVATE_KEY), []);
        let session = logged_in(&module, slot);
        let key = private_key(&module, session);
        module.logout(session).unwrap();
        assert_eq!(fails(module.attribute(session, key, CKA_ID)), CKR_OBJECT_HANDLE_INVALID);
    }
}

#[test]
fn the_parts_of_a_pair_are_held_together_by_their_id() {
    for image in ["specimen", "specimen-p256"] {
        let (module, _, _) = Desk::with(image);
        let session = logged_in(&module, IDENTITY);
        let certificate = of_class(&module, session, CKO_CERTIFICATE)[0];
        let public = of_class(&module, session, CKO_PUBLIC_KEY)[0];
        let private = private_key(&module, session);
        for kind in [CKA_ID, CKA_SUBJECT, CKA_PUBLIC_KEY_INFO] {
            let value = bytes(&module, session, certificate, kind);
            assert!(!value.is_empty());
            assert_eq!(bytes(&module, session, public, kind), value, "{image}: {kind:#x}");
            assert_eq!(bytes(&module, session, private, kind), value, "{image}: {kind:#x}");
        }
        // RFC 5280, 4.2.1.2: SHA-1 over the key bits, which end the SubjectPublicKeyInfo.
        let spki = bytes(&module, session, public, CKA_PUBLIC_KEY_INFO);
        let bits = if image == "specimen" { &spki[spki.len() - 270..] } else { &spki[spki.len() - 65..] };
        assert_eq!(bytes(&module, session, public, CKA_ID), HashAlgorithm::Sha1.digest(bits));
    }
}

#[test]
fn the_numbers_of_a_key_are_those_of_its_certificate() {
    let (module, _, _) = Desk::with("specimen");
    let session = open(&module, SIGNATURE);
    let key = of_class(&module, session, CKO_PUBLIC_KEY)[0];
    assert_eq!(bytes(&module, session, key, CKA_KEY_TYPE), CKK_RSA.to_ne_bytes());
    assert_eq!(bytes(&module, session, key, CKA_MODULUS_BITS), (2048 as CK_ULONG).to_ne_bytes());
    let modulus = bytes(&module, session, key, CKA_MODULUS);
    let exponent = bytes(&module, session, key, CKA_PUBLIC_EXPONENT);
    let spki = bytes(&module, session, key, CKA_PUBLIC_KEY_INFO);
    assert_eq!(PublicKey::from_rsa_numbers(&modulus, &exponent).unwrap(), PublicKey::from_spki_der(&spki).unwrap());

    let (module, _, _) = Desk::with("specimen-p256");
    let session = open(&module, SIGNATURE);
    let key = of_class(&module, session, CKO_PUBLIC_KEY)[0];
    assert_eq!(bytes(&module, session, key, CKA_KEY_TYPE), CKK_EC.to_ne_bytes());
    let curve = bytes(&module, session, key, CKA_EC_PARAMS);
    assert_eq!(curve, hex::decode("06082A8648CE3D030107").unwrap(), "prime256v1 (RFC 5480, 2.1.1.1)");
    let point = bytes(&module, session, key, CKA_EC_POINT);
    assert_eq!((point[..3].to_vec(), point.len()), (vec![0x04, 0x41, 0x04], 67), "an OCTET STRING around the point");
    assert!(bytes(&module, session, key, CKA_PUBLIC_KEY_INFO).ends_with(&point[2..]));
}

#[test]
fn a_private_key_is_told_as_what_it_is() {
    for (slot, asks) in [(IDENTITY, FALSE), (SIGNATURE, TRUE)] {
        let (module, _, _) = Desk::with("specimen");
        let session = logged_in(&module, slot);
        let key = private_key(&module, session);
        let yes =
            [CKA_TOKEN, CKA_PRIVATE, CKA_SIGN, CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE, CKA_LOCAL];
        for kind in yes {
            assert_eq!(bytes(&module, session, key, kind), TRUE, "{kind:#x}");
        }
        let no = [
            CKA_EXTRACTABLE,
            CKA_DECRYPT,
            CKA_UNWRAP,
            CKA_DERIVE,
            CKA_SIGN_RECOVER,
            CKA_MODIFIABLE,
            CKA_WRAP_WITH_TRUSTED,
        ];
        for kind in no {
            assert_eq!(bytes(&module, session, key, kind), FALSE, "{kind:#x}");
        }
        assert_eq!(bytes(&module, session, key, CKA_ALWAYS_AUTHENTICATE), asks);
        for kind in [CKA_VALUE, CKA_PRIVATE_EXPONENT, CKA_PRIME_1] {
            assert_eq!(module.attribute(session, key, kind).unwrap(), Value::Sensitive);
        }
        assert_eq!(module.attribute(session, key, CKA_OWNER).unwrap(), Value::Unknown);
        let allowed = bytes(&module, session, key, CKA_ALLOWED_MECHANISMS);
        let listed: Vec<u8> = module.mechanism_list(slot).unwrap().iter().flat_map(|kind| kind.to_ne_bytes()).collect();
        assert!(listed.starts_with(&allowed) && !allowed.is_empty());
    }
}

#[test]
fn a_certificate_is_found_by_issuer_and_serial_number() {
    let (module, card, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    let own = of_class(&module, session, CKO_CERTIFICATE)[0];
    let der = bytes(&module, session, own, CKA_VALUE);
    let certificate = Certificate::from_der(&der).unwrap();
    let issuer = bytes(&module, session, own, CKA_ISSUER);
    assert_eq!(issuer, certificate.issuer().der());
    let serial = bytes(&module, session, own, CKA_SERIAL_NUMBER);
    assert_eq!(serial, [&[0x02, 0x10], hex::decode(certificate.serial()).unwrap().as_slice()].concat());
    assert_eq!(bytes(&module, session, own, CKA_START_DATE), b"20240320", "specimen.md 6");
    assert_eq!(bytes(&module, session, own, CKA_END_DATE), b"20310320");
    let exchanges = card.exchanges();
    for (serial, found) in [(serial, vec![own]), (vec![0x02, 0x01, 0x05], vec![])] {
        let template = [
            (CKA_CLASS, CKO_CERTIFICATE.to_ne_bytes().to_vec()),
            (CKA_ISSUER, issuer.clone()),
            (CKA_SERIAL_NUMBER, serial),
        ];
        module.find_init(session, &template).unwrap();
        assert_eq!(module.find(session, 10).unwrap(), found);
        module.find_final(session).unwrap();
    }
    assert_eq!(card.exchanges(), exchanges, "certificates are read once an insertion");
}

#[test]
fn free_files_are_data_objects_and_are_read_when_they_are_looked_for() {
    let (module, card, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    of_class(&module, session, CKO_CERTIFICATE);
    let before = card.exchanges();
    let files = of_class(&module, session, CKO_DATA);
    assert!(card.exchanges() > before);
    let labels: Vec<_> = files.iter().map(|file| bytes(&module, session, *file, CKA_LABEL)).collect();
    let labels: Vec<_> = labels.iter().map(|label| std::str::from_utf8(label).unwrap()).collect();
    // specimen.md 2: what is free, but for certificates and the journal of PINs.
    assert_eq!(labels, ["serial", "crn", "meta", "dates", "versions", "fingerprints", "security_object"]);
    let expected =
        card.with_card(|card| card.image().file("mpcos", "3F00/0300/0302").unwrap().content.clone()).unwrap();
    let meta = bytes(&module, session, files[2], CKA_VALUE);
    assert!(expected.starts_with(&meta) && meta.starts_with(&[0xAD]));
    let before = card.exchanges();
    assert_eq!(of_class(&module, session, CKO_DATA), files);
    assert_eq!(card.exchanges(), before);
    let other = open(&module, SIGNATURE);
    assert_eq!(of_class(&module, other, CKO_DATA), []);
}

#[test]
fn looking_for_files_does_not_end_a_login() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    module.find_init(session, &[]).unwrap();
    assert_eq!(module.find(session, 100).unwrap().len(), 4);
    module.find_final(session).unwrap();
    assert!(card.pin("id-81").unwrap().verified);
}

#[test]
fn searches_keep_their_order_of_calls() {
    let (module, _, _) = Desk::with("specimen");
    let session = open(&module, SIGNATURE);
    assert_eq!(fails(module.find(session, 1)), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(fails(module.find_final(session)), CKR_OPERATION_NOT_INITIALIZED);
    module.find_init(session, &[]).unwrap();
    assert_eq!(fails(module.find_init(session, &[])), CKR_OPERATION_ACTIVE);
    let first = module.find(session, 1).unwrap();
    let rest = module.find(session, 100).unwrap();
    assert_eq!((first.len(), rest.len()), (1, 2));
    assert_eq!(module.find(session, 100).unwrap(), []);
    module.find_final(session).unwrap();
    for handle in [0, 99] {
        assert_eq!(fails(module.attribute(session, handle, CKA_CLASS)), CKR_OBJECT_HANDLE_INVALID);
        assert_eq!(fails(module.object_size(session, handle)), CKR_OBJECT_HANDLE_INVALID);
    }
}
