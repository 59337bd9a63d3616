//! Section 6: who issued what, for how long, for which purpose; and that each key belongs to its certificate.

#![allow(clippy::disallowed_types)] // the keys of the specimen are public by design

use der::oid::AssociatedOid;
use der::{DateTime, Decode, Encode};
use idcard_sim::pki;
use pkcs8::{DecodePrivateKey, EncodePublicKey};
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, BasicConstraints, CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage,
    KeyUsage, SubjectAltName,
};

use crate::{ALL, SPECIMENS, certificate, issued_by, read};

fn parse(document: pki::Document) -> Certificate {
    let parsed = Certificate::from_der(document.der).unwrap();
    assert_eq!(parsed.to_der().unwrap(), document.der, "{}: DER must be canonical", document.name);
    parsed
}

fn extension<'a, T: Decode<'a> + AssociatedOid>(certificate: &'a Certificate) -> Option<T> {
    let all = certificate.tbs_certificate().extensions()?;
    let found = all.iter().find(|one| one.extn_id == T::OID)?;
    T::from_der(found.extn_value.as_bytes()).ok()
}

fn days(certificate: &Certificate) -> [(u16, u8, u8); 2] {
    let validity = certificate.tbs_certificate().validity();
    [validity.not_before, validity.not_after].map(|time| {
        let at: DateTime = time.to_date_time();
        (at.year(), at.month(), at.day())
    })
}

/// Attribute values in wire order.
fn subject(certificate: &Certificate) -> Vec<(String, String)> {
    let text = |value: &der::Any| String::from_utf8(value.value().to_vec()).unwrap();
    certificate.tbs_certificate().subject().iter().map(|part| (part.oid.to_string(), text(&part.value))).collect()
}

#[test]
fn the_chain_is_that_of_section_6() {
    let (root, ca) = (parse(pki::ROOT), parse(pki::CA));
    assert!(issued_by(&root, &root) && issued_by(&root, &ca));
    assert!(issued_by(&root, &parse(pki::DOCUMENT_SIGNER)));
    assert!(issued_by(&ca, &parse(pki::OCSP_SIGNER)) && issued_by(&ca, &parse(pki::REVOKED)));
    assert_eq!(days(&root), [(2020, 1, 1), (2050, 1, 1)]);
    assert_eq!(days(&ca), [(2020, 1, 1), (2045, 1, 1)]);
    assert!(root.tbs_certificate().subject().to_string().contains("CN=idcard SPECIMEN Root CA"));
    assert!(ca.tbs_certificate().subject().to_string().contains("CN=idcard SPECIMEN Digital Citizen CA"));
    let limits: BasicConstraints = extension(&ca).unwrap();
    assert!(limits.ca && limits.path_len_constraint == Some(0));
    assert!(extension::<KeyUsage>(&ca).unwrap().key_cert_sign());
}

#[test]
fn holders_are_certified_by_the_citizen_ca() {
    let ca = parse(pki::CA);
    for image in ALL {
        assert_eq!(read(image, "ca.der"), pki::CA.der, "{image}");
        for (file, suffix) in [("sign.der", " - SIG"), ("auth.der", " - AUT")] {
            let holder = certificate(image, file);
            assert!(issued_by(&ca, &holder), "{image}/{file}");
            assert_eq!(holder.to_der().unwrap(), read(image, file), "{image}/{file}: DER must be canonical");
            assert_eq!(holder.tbs_certificate().serial_number().as_bytes().len(), 16, "{image}/{file}");
            let names = subject(&holder);
            let (_, common) = names.last().unwrap();
            assert!(common.starts_with("000") && common.ends_with(suffix), "{image}/{file}: {common}");
            assert!(names.iter().any(|(_, value)| value.contains("SPECIMEN")), "{image}/{file} must say SPECIMEN");
            assert!(!format!("{names:?}").contains("NOCR"), "{image}/{file} must not imitate the real issuer");
        }
    }
}

#[test]
fn the_specimen_holder_is_the_one_of_section_7() {
    for image in ["specimen", "specimen-p256"] {
        for (file, suffix) in [("sign.der", "SIG"), ("auth.der", "AUT")] {
            let expected = [
                ("2.5.4.6", "IR"),
                ("2.5.4.11", "SPECIMEN Citizen"),
                ("2.5.4.42", "نمونه"),
                ("2.5.4.4", "شناسه\u{200C}پور"),
                ("2.5.4.3", &format!("0003141594 - {suffix}")),
            ];
            let expected = expected.map(|(oid, value)| (oid.to_string(), value.to_string()));
            let holder = certificate(image, file);
            assert_eq!(subject(&holder), expected, "{image}/{file}");
            assert_eq!(days(&holder), [(2024, 3, 20), (2031, 3, 20)], "{image}/{file}");
        }
    }
}

#[test]
fn extensions_name_purpose_policy_and_addresses() {
    for image in SPECIMENS {
        let (sign, auth) = (certificate(image, "sign.der"), certificate(image, "auth.der"));
        let usage: KeyUsage = extension(&sign).unwrap();
        assert!(usage.digital_signature() && usage.non_repudiation());
        let usage: KeyUsage = extension(&auth).unwrap();
        assert!(usage.digital_signature() && !usage.non_repudiation());
        let purposes: ExtendedKeyUsage = extension(&auth).unwrap();
        assert_eq!(purposes.0.iter().map(ToString::to_string).collect::<Vec<_>>(), ["1.3.6.1.5.5.7.3.2"]);
        for holder in [&sign, &auth] {
            assert_eq!(extension::<CertificatePolicies>(holder).unwrap().0.len(), 1);
            let crn = subject(holder).last().unwrap().1[..10].to_string();
            let names: SubjectAltName = extension(holder).unwrap();
            assert!(
                matches!(&names.0[..], [GeneralName::Rfc822Name(mail)] if mail.as_str() == format!("ir{crn}@specimen.invalid"))
            );
            let lists = extension::<CrlDistributionPoints>(holder).unwrap().to_der().unwrap();
            assert!(lists.ends_with(b"http://127.0.0.1:8731/ca.crl"));
            let access: AuthorityInfoAccessSyntax = extension(holder).unwrap();
            let ocsp = access.0.iter().find(|one| one.access_method.to_string() == "1.3.6.1.5.5.7.48.1").unwrap();
            assert!(
                matches!(&ocsp.access_location, GeneralName::UniformResourceIdentifier(url) if url.as_str() == "http://127.0.0.1:8731/ocsp")
            );
        }
    }
}

/// SubjectPublicKeyInfo that follows from a private key.
fn public(image: &str, key: &[u8]) -> Vec<u8> {
    if image == "specimen-p256" || image == "pki" {
        p256::SecretKey::from_pkcs8_der(key).unwrap().public_key().to_public_key_der().unwrap().into_vec()
    } else {
        let key = rsa::RsaPrivateKey::from_pkcs8_der(key).unwrap();
        key.to_public_key().to_public_key_der().unwrap().into_vec()
    }
}

#[test]
fn each_key_belongs_to_its_certificate_and_to_no_other() {
    let mut seen = std::collections::HashSet::new();
    for image in ALL {
        for name in ["sign", "auth"] {
            let certified = certificate(image, &format!("{name}.der"));
            let certified = certified.tbs_certificate().subject_public_key_info().to_der().unwrap();
            assert_eq!(public(image, &read(image, &format!("{name}.key"))), certified, "{image}/{name}");
            assert!(seen.insert(certified), "{image}/{name}: a key was used twice");
        }
    }
    for (certificate, key) in [
        (pki::ROOT, pki::ROOT_KEY),
        (pki::CA, pki::CA_KEY),
        (pki::DOCUMENT_SIGNER, pki::DOCUMENT_SIGNER_KEY),
        (pki::OCSP_SIGNER, pki::OCSP_SIGNER_KEY),
        (pki::REVOKED, pki::REVOKED_KEY),
    ] {
        let certified = parse(certificate).tbs_certificate().subject_public_key_info().to_der().unwrap();
        assert_eq!(public("pki", key.der), certified, "{}", key.name);
        assert!(seen.insert(certified), "{}: a key was used twice", key.name);
    }
}

#[test]
fn an_rsa_certificate_has_the_size_of_a_real_one() {
    for image in ALL.into_iter().filter(|image| *image != "specimen-p256") {
        let size = read(image, "sign.der").len();
        assert!((1350..1600).contains(&size), "{image}: {size}");
    }
}
