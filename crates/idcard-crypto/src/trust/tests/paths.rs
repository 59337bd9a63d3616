//! The search for a path on certificates made for it.

use super::at;
use crate::Certificate;
use crate::trust::made::{Draft, Party, Tree, authority_key_id};
use crate::trust::{Chain, ChainState, Effort, Origin, Query, Reason, Store, Usage};

fn store(root: &Certificate) -> Store {
    let mut store = Store::empty();
    store.add_anchor(root.clone(), Origin::Caller).unwrap();
    store
}

fn query() -> Query {
    Query { usage: Usage::Sign, ..Query::at(at("2026-11-22")) }
}

fn chain(tree: &Tree, others: &[Certificate]) -> Chain {
    store(&tree.root.root()).chain(&tree.holder_certificate(), others, &query())
}

#[test]
fn a_whole_path_is_trusted() {
    let tree = Tree::new();
    let chain = chain(&tree, &[tree.authority_certificate()]);
    assert_eq!(chain.state, ChainState::Trusted, "{:?}", chain.reasons);
    assert_eq!(chain.path.len(), 2);
    assert!(chain.anchor.is_some_and(|anchor| anchor.is(&tree.root.root())));
}

#[test]
fn a_missing_issuer_is_named() {
    let tree = Tree::new();
    let chain = chain(&tree, &[]);
    assert_eq!(chain.state, ChainState::Incomplete);
    let text = chain.reasons.first().unwrap().to_string();
    assert_eq!(text, "the certificate of the issuer is not at hand: CN=Authority,O=Fictitious,C=IR");
}

#[test]
fn a_root_that_came_with_the_signature_is_no_anchor() {
    let tree = Tree::new();
    let others = [tree.authority_certificate(), tree.root.root()];
    let chain = Store::empty().chain(&tree.holder_certificate(), &others, &query());
    assert_eq!(chain.state, ChainState::Untrusted);
    assert!(matches!(chain.reasons.first(), Some(Reason::UnknownRoot { .. })), "{:?}", chain.reasons);
    assert!(chain.anchor.is_none());
}

#[test]
fn the_valid_twin_is_found_wherever_it_stands() {
    let tree = Tree::new();
    let twin = |serial, not_before, not_after| {
        let draft = Draft { serial, not_before, not_after, ..Draft::authority(tree.authority.clone(), Some(0)) };
        tree.root.issue(draft)
    };
    let expired = twin(&[7], "2020-01-01", "2024-06-01");
    let current = twin(&[8], "2024-01-01", "2030-01-01");
    let future = twin(&[9], "2029-01-01", "2035-01-01");
    for others in [
        [&expired, &current, &future],
        [&current, &expired, &future],
        [&future, &expired, &current],
        [&expired, &future, &current],
    ] {
        let others: Vec<_> = others.into_iter().cloned().collect();
        let chain = chain(&tree, &others);
        assert_eq!(chain.state, ChainState::Trusted);
        assert_eq!(chain.path.get(1), Some(&current));
    }
    assert_eq!(chain(&tree, &[expired.clone(), future.clone()]).state, ChainState::Expired);
    assert_eq!(chain(&tree, &[future]).state, ChainState::NotYetValid);
}

#[test]
fn another_key_of_the_same_name_is_passed_over() {
    let tree = Tree::new();
    let namesake = Party { key: Party::new("", 9).key, ..tree.authority.clone() };
    let other = tree.root.issue(Draft { serial: &[7], ..Draft::authority(namesake, Some(0)) });
    assert_eq!(chain(&tree, &[other.clone(), tree.authority_certificate()]).state, ChainState::Trusted);
    // Alone it is either a forgery or another key: the key identifier tells.
    let alone = chain(&tree, std::slice::from_ref(&other));
    assert_eq!(alone.state, ChainState::Untrusted);
    assert!(matches!(alone.reasons.first(), Some(Reason::Signature { at: 0, .. })));
    let named = Draft::holder(tree.holder.clone()).with(authority_key_id(&tree.authority.key_id()));
    let alone = store(&tree.root.root()).chain(&tree.authority.issue(named), &[other], &query());
    assert_eq!(alone.state, ChainState::Incomplete);
}

#[test]
fn a_changed_certificate_is_untrusted() {
    let tree = Tree::new();
    let mut der = tree.holder_certificate().der().to_vec();
    let place = der.windows(10).position(|window| window == b"0003141594").unwrap();
    der[place] = b'9';
    let forged = Certificate::from_der(&der).unwrap();
    assert_eq!(forged.crn(), Some("9003141594"));
    let chain = store(&tree.root.root()).chain(&forged, &[tree.authority_certificate()], &query());
    assert_eq!(chain.state, ChainState::Untrusted);
    assert!(matches!(chain.reasons.first(), Some(Reason::Signature { at: 0, .. })));
}

#[test]
fn circles_and_crowds_end() {
    // Two authorities that certify each other, and thirty twins on each of four levels.
    let tree = Tree::new();
    let a = Party::new("A", 20);
    let b = Party::new("B", 21);
    let circle = [
        a.issue(Draft::authority(b.clone(), None)),
        b.issue(Draft::authority(a.clone(), None)),
        a.issue(Draft::authority(tree.authority.clone(), None)),
    ];
    let chain = chain(&tree, &circle);
    assert!(matches!(chain.state, ChainState::Incomplete | ChainState::Untrusted), "{:?}", chain.reasons);

    let (holder, crowd) = crowd(&tree);
    let chain = store(&tree.root.root()).chain(&holder, &crowd, &query());
    assert_ne!(chain.state, ChainState::Trusted);
    assert!(chain.reasons.iter().any(|reason| matches!(reason, Reason::Limit(_))), "{:?}", chain.reasons);
}

/// Thirty twins on each of three levels, and a holder below them.
fn crowd(tree: &Tree) -> (Certificate, Vec<Certificate>) {
    let levels: Vec<Party> = (0..4).map(|level| Party::new(&format!("Level {level}"), 30 + level)).collect();
    let mut crowd = vec![];
    for pair in levels.windows(2) {
        for serial in b"abcdefghijklmnopqrstuvwxyzABCD".chunks(1) {
            crowd.push(pair[0].issue(Draft { serial, ..Draft::authority(pair[1].clone(), None) }));
        }
    }
    (levels[3].issue(Draft::holder(tree.holder.clone())), crowd)
}

/// Sixty-four signers may each have another certificate; their searches share one bound.
#[test]
fn the_signers_of_a_document_share_the_effort() {
    let tree = Tree::new();
    let (holder, crowd) = crowd(&tree);
    let (mut effort, store) = (Effort::of_document(), store(&tree.root.root()));
    let plain = tree.holder_certificate();
    let authority = [tree.authority_certificate()];
    for _ in 0..64 {
        assert_eq!(store.chain_within(&plain, &authority, &query(), &mut effort).state, ChainState::Trusted);
    }
    for _ in 0..4 {
        assert_ne!(store.chain_within(&holder, &crowd, &query(), &mut effort).state, ChainState::Trusted);
    }
    let late = store.chain_within(&plain, &authority, &query(), &mut effort);
    assert!(matches!(late.reasons[..], [Reason::Limit(_)]), "{:?}", late.reasons);
    // A document of its own is not concerned.
    assert_eq!(store.chain(&plain, &authority, &query()).state, ChainState::Trusted);
}

#[test]
fn a_path_longer_than_any_real_one_is_given_up() {
    let parties: Vec<Party> = (0..12).map(|level| Party::new(&format!("Level {level}"), 50 + level)).collect();
    let others: Vec<_> =
        parties.windows(2).map(|pair| pair[0].issue(Draft::authority(pair[1].clone(), None))).collect();
    let holder = parties[11].issue(Draft::holder(Party::new("0003141594 - SIG", 3)));
    let chain = store(&parties[0].root()).chain(&holder, &others, &query());
    assert_ne!(chain.state, ChainState::Trusted);
    assert!(chain.reasons.contains(&Reason::Limit("its depth")));
}

#[test]
fn reasons_are_sentences() {
    let tree = Tree::new();
    let old = Draft { not_after: "2025-06-01", ..Draft::authority(tree.authority.clone(), Some(0)) };
    let chain = chain(&tree, &[tree.root.issue(old)]);
    let lines: Vec<_> = chain.reasons.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["the certificate of its issuer expired at 2025-06-01T00:00:00Z"]);
}
