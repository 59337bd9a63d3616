//! What is judged beside the signatures: lists that a file brings along, files that nobody signed, signers without a certificate.

use x509_cert::certificate::Rfc5280;
use x509_cert::crl::{RevokedCert, TbsCertList};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

use super::*;
use crate::cms::{ContentState, SignatureState};
use crate::time::date_time;
use crate::trust::made::{Draft, Tree, algorithm, extended_key_usage, key_usage};

fn tree_store(tree: &Tree) -> Store {
    let mut store = Store::empty();
    store.add_anchor(tree.root.root(), Origin::Caller).unwrap();
    store
}

/// The holder's serial number in the tree.
const HOLDER: u8 = 0x11;

/// A list of the tree's authority around 2026-11-22, DER, with the serial numbers that are revoked.
fn list(tree: &Tree, revoked: &[u8]) -> Vec<u8> {
    let time = |day| Time::from(date_time(parse_rfc3339(day).unwrap()));
    let entry = |serial: &u8| RevokedCert::<Rfc5280> {
        serial_number: SerialNumber::new(&[*serial]).unwrap(),
        revocation_date: time("2026-06-01"),
        crl_entry_extensions: None,
    };
    tree.authority.sign(&TbsCertList {
        version: x509_cert::Version::V2,
        signature: algorithm(),
        issuer: tree.authority.name.clone(),
        this_update: time("2026-11-20"),
        next_update: Some(time("2026-11-23")),
        revoked_certificates: (!revoked.is_empty()).then(|| revoked.iter().map(entry).collect()),
        crl_extensions: None,
    })
}

/// A document that `certificate` signed well, with lists in the file.
fn signed_by(tree: &Tree, certificate: Certificate, crls: Vec<Vec<u8>>) -> CheckedDocument {
    let signer = CheckedSigner {
        certificate: Some(certificate),
        signature: Some(SignatureState::Valid),
        content: Some(ContentState::Match),
        ..CheckedSigner::default()
    };
    let certificates = vec![tree.authority_certificate()];
    CheckedDocument { signers: vec![signer], certificates, crls, ..CheckedDocument::default() }
}

/// The verdict, the revocation state and the reasons of the file on the day of the lists, with `own` lists to go by.
fn judged(store: &Store, own: Option<&RevocationLists>, document: CheckedDocument) -> (Verdict, String, Vec<String>) {
    let verifier = Verifier { lists: own, ..Verifier::new(store, at("2026-11-22")) };
    let verified = verifier.judge(document);
    let report = verified.report();
    let revocation = report.signers.first().map_or_else(String::new, |signer| signer.revocation.clone());
    (verified.verdict, revocation, report.reasons)
}

#[test]
fn lists_in_the_file_count_where_revocation_is_asked_for() {
    let tree = Tree::new();
    let holder = tree.holder_certificate();
    let store = tree_store(&tree);
    let (good, revoked) = (list(&tree, &[HOLDER + 1]), list(&tree, &[HOLDER]));
    let empty = RevocationLists::empty();
    let ask = |own, brought: &Vec<u8>| judged(&store, own, signed_by(&tree, holder.clone(), vec![brought.clone()]));
    // The authority has no list of its issuer: that of the holder is not all there is to ask.
    let mut of_root = empty.clone();
    of_root.add(RevocationList::from_der(&root_list(&tree)).unwrap());
    assert_eq!(ask(Some(&of_root), &good), (Verdict::Valid, "good".into(), vec![]));
    assert_eq!(ask(Some(&empty), &revoked), (Verdict::Invalid, "revoked".into(), vec![]));
    assert_eq!(ask(None, &revoked), (Verdict::Valid, "not_checked".into(), vec![]));
}

/// A list of the tree's root that names nobody.
fn root_list(tree: &Tree) -> Vec<u8> {
    list(&Tree { authority: tree.root.clone(), ..Tree::new() }, &[])
}

#[test]
fn an_unreadable_list_gets_a_word_and_other_kinds_of_revocation_data_none() {
    let tree = Tree::new();
    let store = tree_store(&tree);
    let empty = RevocationLists::empty();
    // OtherRevocationInfoFormat is [1] (RFC 5652, 10.2.1).
    let other = vec![0xA1, 0x03, 0x02, 0x01, 0x05];
    for own in [None, Some(&empty)] {
        let reasons = |der: Vec<u8>| judged(&store, own, signed_by(&tree, tree.holder_certificate(), vec![der])).2;
        assert_eq!(reasons(vec![0x30, 0x03, 0x02, 0x01, 0x05]), ["a revocation list in the signature cannot be read"]);
        assert_eq!(reasons(other.clone()), [""; 0]);
        assert_eq!(reasons(list(&tree, &[])), [""; 0]);
    }
}

#[test]
fn what_nobody_signed_is_never_valid() {
    let store = Store::empty();
    for (findings, verdict) in [
        (vec![], Verdict::Invalid),
        (vec![Finding::UnreadableList], Verdict::Invalid),
        (vec![Finding::NoSigner], Verdict::Invalid),
        // Signers may stand behind the limit.
        (vec![Finding::Limit("8 MiB")], Verdict::Inconclusive),
        (vec![Finding::Limit("8 MiB"), Finding::TrailingData], Verdict::Invalid),
    ] {
        let document = CheckedDocument { findings: findings.clone(), ..CheckedDocument::default() };
        assert_eq!(judged(&store, None, document).0, verdict, "{findings:?}");
    }
}

#[test]
fn a_signer_without_a_certificate_is_of_unknown_standing() {
    let store = Store::empty();
    let empty = RevocationLists::empty();
    for (own, revocation) in [(None, "not_checked"), (Some(&empty), "unknown")] {
        let signer = CheckedSigner { findings: vec![Finding::NoCertificate], ..CheckedSigner::default() };
        let document = CheckedDocument { signers: vec![signer], ..CheckedDocument::default() };
        assert_eq!(judged(&store, own, document), (Verdict::Inconclusive, revocation.into(), vec![]));
    }
}

#[test]
fn who_signs_documents_needs_a_certificate_for_it_whatever_was_asked_for_before() {
    let tree = Tree::new();
    let store = tree_store(&tree);
    let purpose = extended_key_usage(&[const_oid::db::rfc5912::ID_KP_SERVER_AUTH]);
    let usage = key_usage(0b1000_0000, 7);
    let server = tree.authority.issue(Draft::holder(tree.holder.clone()).with(usage).with(purpose));
    for asked in [Usage::Any, Usage::Issue, Usage::Sign] {
        let verifier = Verifier::new(&store, Query { usage: asked, ..at("2026-11-22") });
        let verdict = |certificate| verifier.judge(signed_by(&tree, certificate, vec![])).verdict;
        assert_eq!(verdict(tree.holder_certificate()), Verdict::Valid, "{asked:?}");
        assert_eq!(verdict(server.clone()), Verdict::Inconclusive, "{asked:?}");
    }
}
