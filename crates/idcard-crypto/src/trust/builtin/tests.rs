//! The page of anchors against the record in pki/README.md and the real files.

use super::*;
use crate::real_certificates::{G1_INTERMEDIATE, G1_ROOT, G3_ROOT, NID_ROOT, real, twins};

#[test]
fn the_page_is_read_whole() {
    let page: Page = toml::from_str(PAGE).unwrap();
    assert_eq!(anchors().unwrap().len(), page.anchor.len());
    let ids: Vec<_> = page.anchor.iter().map(|entry| (entry.id.as_str(), entry.purpose, entry.legacy)).collect();
    assert_eq!(
        ids,
        [
            ("iran-root-ca1", Purpose::Card, false),
            ("gpki-root-g3", Purpose::Gpki, false),
            ("gpki-root-g1", Purpose::Gpki, true)
        ]
    );
    assert_eq!(known_authorities().len(), 9);
    for entry in &page.anchor {
        assert!(!entry.provenance.is_empty() && !entry.operator.is_empty());
    }
    for authority in known_authorities() {
        assert!(page.anchor.iter().any(|entry| entry.id == authority.anchor));
    }
}

#[test]
fn no_anchor_is_a_specimen() {
    assert!(!PAGE.to_ascii_lowercase().contains("specimen"));
}

#[test]
fn every_anchor_is_its_real_certificate() {
    for (anchor, file) in anchors().unwrap().into_iter().zip([NID_ROOT, G3_ROOT, G1_ROOT]) {
        let Some(certificate) = real(file) else { return };
        assert!(anchor.is(&certificate), "{file}");
        assert!(anchor.has_identity_of(&certificate), "{file}");
        assert_eq!(anchor.subject.der(), certificate.subject().der());
        assert_eq!(anchor.serial, certificate.serial());
        assert_eq!(anchor.key_id, certificate.subject_key_id());
        assert_eq!(anchor.path_len, certificate.path_len());
        assert_eq!((anchor.not_before, anchor.not_after), (certificate.not_before(), certificate.not_after()));
    }
}

#[test]
fn known_authorities_are_the_real_files() {
    let mut files: Vec<String> = ["bronze", "silver", "gold", "platinum"].into_iter().flat_map(twins).collect();
    files.push(G1_INTERMEDIATE.to_owned());
    for (known, file) in known_authorities().iter().zip(&files) {
        let Some(certificate) = real(file) else { return };
        assert_eq!(known.sha256, certificate.sha256(), "{file}");
    }
}
