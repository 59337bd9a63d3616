//! Trust in the real certificates: the table of pki/README.md 6.3, at its time and at others.

mod paths;
mod rules;
mod specimen;

use super::*;
use crate::real_certificates::{G1_INTERMEDIATE, G1_ROOT, G3_ROOT, NID_ROOT, real, twins};
use crate::time::parse_rfc3339;
use std::time::SystemTime;

const LEVELS: [&str; 4] = ["bronze", "silver", "gold", "platinum"];

pub(super) fn at(text: &str) -> SystemTime {
    parse_rfc3339(text).unwrap()
}

fn state(file: &str, query: &Query) -> Option<ChainState> {
    Some(Store::builtin().unwrap().chain(&real(file)?, &[], query).state)
}

#[test]
fn the_roots_of_2026_are_anchors_and_the_legacy_one_is_weak() {
    let now = Query::at(at("2026-11-22"));
    let Some(card) = state(NID_ROOT, &now) else { return };
    assert_eq!(card, ChainState::Trusted);
    assert_eq!(state(G3_ROOT, &now), Some(ChainState::Trusted));
    assert_eq!(state(G1_ROOT, &now), Some(ChainState::Weak));
    let legacy = Query { allow_legacy_sha1: true, ..now };
    assert_eq!(state(G1_ROOT, &legacy), Some(ChainState::Trusted));
    let later = Query { time: at("2028-01-03"), ..legacy };
    assert_eq!(state(G1_ROOT, &later), Some(ChainState::Expired));
}

#[test]
fn of_the_twins_one_has_expired_in_2026_and_both_were_valid_in_2023() {
    for level in LEVELS {
        let [old, new] = twins(level);
        let Some(old_now) = state(&old, &Query::at(at("2026-11-22"))) else { return };
        assert_eq!(old_now, ChainState::Expired, "{old}");
        assert_eq!(state(&new, &Query::at(at("2026-11-22"))), Some(ChainState::Trusted), "{new}");
        assert_eq!(state(&old, &Query::at(at("2023-01-01"))), Some(ChainState::Trusted), "{old}");
        assert_eq!(state(&new, &Query::at(at("2023-01-01"))), Some(ChainState::Trusted), "{new}");
        assert_eq!(state(&old, &Query::at(at("2019-05-01"))), Some(ChainState::NotYetValid), "{old}");
        assert_eq!(state(&new, &Query::at(at("2027-05-02"))), Some(ChainState::Expired), "{new}");
    }
}

#[test]
fn the_last_second_of_a_validity_is_in_it() {
    let [_, new] = twins("bronze");
    let Some(before) = state(&new, &Query::at(at("2027-05-01T07:07:26Z"))) else { return };
    assert_eq!(before, ChainState::Trusted);
    assert_eq!(state(&new, &Query::at(at("2027-05-01T07:07:27Z"))), Some(ChainState::Expired));
    assert_eq!(state(&new, &Query::at(at("2022-05-01T06:57:26Z"))), Some(ChainState::Trusted));
    assert_eq!(state(&new, &Query::at(at("2022-05-01T06:57:25Z"))), Some(ChainState::NotYetValid));
}

#[test]
fn the_legacy_intermediate_needs_consent_to_sha1() {
    let Some(intermediate) = real(G1_INTERMEDIATE) else { return };
    let store = Store::builtin().unwrap();
    for time in ["2026-11-22", "2023-01-01"] {
        let query = Query::at(at(time));
        let chain = store.chain(&intermediate, &[], &query);
        assert_eq!(chain.state, ChainState::Weak);
        assert!(chain.reasons.contains(&Reason::WeakHash { at: 0, hash: crate::algorithm::HashAlgorithm::Sha1 }));
        let chain = store.chain(&intermediate, &[], &Query { allow_legacy_sha1: true, ..query });
        assert_eq!(chain.state, ChainState::Trusted);
        assert!(chain.reasons.is_empty() && chain.tolerated.len() == 2, "{:?}", chain.tolerated);
    }
    let late = Query { allow_legacy_sha1: true, ..Query::at(at("2026-12-21")) };
    assert_eq!(store.chain(&intermediate, &[], &late).state, ChainState::Expired);
    // Weak and expired: consent is asked for first, the dates are told as well.
    let chain = store.chain(&intermediate, &[], &Query::at(at("2026-12-21")));
    assert_eq!(chain.state, ChainState::Weak);
    assert!(chain.reasons.iter().any(|reason| matches!(reason, Reason::Expired { at: 0, .. })));
}

#[test]
fn one_hierarchy_does_not_vouch_for_another() {
    let [_, new] = twins("gold");
    let Some(gold) = real(&new) else { return };
    let card = Query { purpose: Purpose::Card, ..Query::at(at("2026-11-22")) };
    let chain = Store::builtin().unwrap().chain(&gold, &[], &card);
    assert_eq!(chain.state, ChainState::Untrusted);
    assert!(chain.reasons.iter().any(|reason| matches!(reason, Reason::OtherPurpose { purpose: Purpose::Gpki, .. })));
    let gpki = Query { purpose: Purpose::Gpki, ..card };
    assert_eq!(Store::builtin().unwrap().chain(&gold, &[], &gpki).state, ChainState::Trusted);
    // Under the other roots alone nobody issued it.
    let mut others = Store::empty();
    for root in [NID_ROOT, G1_ROOT] {
        others.add_anchor(real(root).unwrap(), Origin::Caller).unwrap();
    }
    assert_eq!(others.chain(&gold, &[], &gpki).state, ChainState::Incomplete);
    let root = real(NID_ROOT).unwrap();
    let chain = Store::empty().chain(&root, &[], &card);
    assert_eq!(chain.state, ChainState::Untrusted);
    assert_eq!(chain.reasons, [Reason::UnknownRoot { subject: root.subject().clone() }]);
}

#[test]
fn the_root_file_is_an_anchor_as_good_as_the_page() {
    let (Some(root), [old, new]) = (real(G3_ROOT), twins("silver")) else { return };
    let mut store = Store::empty();
    store.add_anchor(root, Origin::Caller).unwrap();
    let query = Query { purpose: Purpose::Gpki, usage: Usage::Issue, ..Query::at(at("2023-01-01")) };
    for file in [old, new] {
        let chain = store.chain(&real(&file).unwrap(), &[], &query);
        assert_eq!((chain.state, chain.path.len()), (ChainState::Trusted, 1), "{:?}", chain.reasons);
        assert_eq!(chain.issuer_of(0).map(|(name, _)| name), Some(chain.path[0].issuer()));
    }
}
