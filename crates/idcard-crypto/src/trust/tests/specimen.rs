//! The specimen's authorities, as the program `idcard sim pki` gives them: never trusted unless named.

use super::at;
use crate::Certificate;
use crate::trust::revocation::{Revocation, RevocationLists, RevocationState};
use crate::trust::{Chain, ChainState, Origin, Query, Reason, Store, Usage};
use std::path::PathBuf;

fn place(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../idcard-sim")).join(name)
}

fn certificate(name: &str) -> Certificate {
    Certificate::from_card(&std::fs::read(place(name)).unwrap()).unwrap()
}

fn query() -> Query {
    Query { usage: Usage::Sign, ..Query::at(at("2026-11-22")) }
}

fn named() -> Store {
    let mut store = Store::builtin().unwrap();
    store.add_anchor(certificate("pki/root.der"), Origin::Caller).unwrap();
    store
}

fn chain(store: &Store, name: &str, usage: Usage) -> Chain {
    store.chain(&certificate(name), &[certificate("pki/ca.der")], &Query { usage, ..query() })
}

#[test]
fn cards_are_trusted_under_the_named_root_only() {
    for card in ["specimen", "specimen-p256", "specimen-2"] {
        for (slot, usage, role) in [("sign", Usage::Sign, "SIG"), ("auth", Usage::Authenticate, "AUT")] {
            let name = format!("images/{card}/{slot}.der");
            let chain = chain(&named(), &name, usage);
            assert_eq!(chain.state, ChainState::Trusted, "{name}: {:?}", chain.reasons);
            assert_eq!(chain.path.first().and_then(Certificate::role), Some(role));
            let unnamed = self::chain(&Store::builtin().unwrap(), &name, usage);
            assert_eq!(unnamed.state, ChainState::Incomplete, "{name}");
        }
        // A certificate of authentication signs no documents.
        let auth = chain(&named(), &format!("images/{card}/auth.der"), Usage::Sign);
        assert_eq!(auth.state, ChainState::Untrusted);
        assert!(matches!(auth.reasons.first(), Some(Reason::Usage(_))));
    }
}

#[test]
fn the_holder_of_the_specification_is_named_in_it() {
    // specimen.md, sections 6 and 7.
    let holder = certificate("images/specimen/sign.der");
    assert_eq!(holder.crn(), Some("0003141594"));
    assert_eq!((holder.given_name(), holder.surname()), (Some("نمونه"), Some("شناسه\u{200c}پور")));
    assert_eq!(holder.mail_addresses(), ["ir0003141594@specimen.invalid"]);
    assert_eq!(holder.crl_urls(), ["http://127.0.0.1:8731/ca.crl"]);
    assert_eq!(holder.ocsp_urls(), ["http://127.0.0.1:8731/ocsp"]);
    assert_eq!(
        (holder.not_before_rfc3339().as_str(), holder.not_after_rfc3339().as_str()),
        ("2024-03-20T00:00:00Z", "2031-03-20T00:00:00Z")
    );
}

#[test]
fn the_lists_tell_the_revoked_from_the_others() {
    let mut lists = RevocationLists::empty();
    assert_eq!(lists.add_path(&place("pki/ca.crl")).unwrap(), 1);
    assert_eq!(lists.add_path(&place("pki/root.crl.pem")).unwrap(), 1);
    let state = |name: &str, query: &Query| {
        let chain = chain(&named(), name, Usage::Sign);
        Revocation::check(&chain, &lists, None, query).state
    };
    assert_eq!(state("images/specimen/sign.der", &query()), RevocationState::Good);
    assert_eq!(state("images/specimen-2/sign.der", &query()), RevocationState::Good);
    assert_eq!(state("pki/revoked.der", &query()), RevocationState::Revoked);
    // Revoked for a lost key: earlier signatures are in doubt as well.
    assert_eq!(state("pki/revoked.der", &Query::at(at("2024-04-01"))), RevocationState::Revoked);
    assert_eq!(state("images/specimen/sign.der", &Query::at(at("2045-06-01"))), RevocationState::Unknown);
}

#[test]
fn the_signers_of_the_infrastructure_are_what_they_are() {
    assert_eq!(chain(&named(), "pki/docsigner.der", Usage::Sign).state, ChainState::Trusted);
    assert_eq!(chain(&named(), "pki/ocsp.der", Usage::OcspSign).state, ChainState::Trusted);
    assert_eq!(chain(&named(), "pki/docsigner.der", Usage::OcspSign).state, ChainState::Untrusted);
    assert_eq!(chain(&named(), "pki/docsigner.der", Usage::Issue).state, ChainState::Untrusted);
}
