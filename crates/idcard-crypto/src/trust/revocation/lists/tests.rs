//! Several lists of one issuer: which of them decides.

use super::*;
use crate::trust::made::{Tree, extension};
use crate::trust::revocation::crl::tests::{at, chain, entry, list, query, signed};
use const_oid::db::rfc5280;
use der::{Any, Decode, Encode};
use std::time::SystemTime;
use x509_cert::time::Time;

/// The holder's serial number in the tree.
const HOLDER: u8 = 0x11;

/// A list of the authority: from and until which day, and why it names the holder.
fn of(tree: &Tree, from: &str, until: &str, revoked_for: Option<u8>) -> RevocationList {
    let entries = revoked_for.map(|code| entry(HOLDER, "2026-06-01", Some(code))).into_iter().collect();
    let mut tbs = list(&tree.authority, entries);
    tbs.this_update = Time::from(crate::time::date_time(at(from)));
    tbs.next_update = Some(Time::from(crate::time::date_time(at(until))));
    signed(&tree.authority, &tbs)
}

fn ask(own: &[&RevocationList], brought: &[&RevocationList]) -> Vec<Finding> {
    let tree = Tree::new();
    let mut lists = RevocationLists::empty();
    own.iter().for_each(|list| lists.add((*list).clone()));
    brought.iter().for_each(|list| lists.add_brought((*list).clone()));
    lists.look_up(&chain(&tree, &tree.holder_certificate()), 0, &query())
}

fn good(this_update: &str, from_signature: bool) -> Vec<Finding> {
    vec![Finding::Good { this_update: at(this_update), revoked_later: None, from_signature }]
}

fn revoked(reason: RevokedFor) -> Vec<Finding> {
    vec![Finding::Revoked { at: at("2026-06-01"), reason }]
}

const SUPERSEDED: Option<u8> = Some(4);
const HOLD: Option<u8> = Some(6);

#[test]
fn the_newest_list_decides_whoever_brought_it() {
    let tree = Tree::new();
    let old = of(&tree, "2026-11-01", "2026-12-30", None);
    let new = of(&tree, "2026-11-20", "2026-12-20", None);
    assert_eq!(ask(&[&old, &new], &[]), good("2026-11-20", false));
    assert_eq!(ask(&[&new], &[&old]), good("2026-11-20", false));
    assert_eq!(ask(&[&old], &[&new]), good("2026-11-20", true));
    assert_eq!(ask(&[], &[&old, &new]), good("2026-11-20", true));
    // One list in two files, and once more in the signature, is the user's, and once.
    assert_eq!(ask(&[&new, &new], &[&new]), good("2026-11-20", false));
}

#[test]
fn an_older_list_does_not_stand_in_for_a_newer_one_that_is_out_of_date() {
    let tree = Tree::new();
    let old = of(&tree, "2026-11-01", "2026-12-30", None);
    let stale = of(&tree, "2026-11-10", "2026-11-20", None);
    let unknown = vec![Finding::Unknown(Doubt::Stale(at("2026-11-20")))];
    assert_eq!(ask(&[&stale], &[&old]), unknown);
    assert_eq!(ask(&[&stale, &old], &[]), unknown);
    assert_eq!(ask(&[&of(&tree, "2026-11-21", "2026-11-30", None)], &[&stale]), good("2026-11-21", false));
}

#[test]
fn a_revocation_stands_and_a_suspension_may_be_lifted() {
    let tree = Tree::new();
    let new = of(&tree, "2026-11-20", "2026-12-20", None);
    let listed = |reason| of(&tree, "2026-11-01", "2026-12-30", reason);
    assert_eq!(ask(&[&listed(SUPERSEDED)], &[&new]), revoked(RevokedFor::Superseded));
    assert_eq!(ask(&[&new], &[&listed(SUPERSEDED)]), revoked(RevokedFor::Superseded));
    assert_eq!(ask(&[&new], &[&listed(HOLD)]), good("2026-11-20", false));
    let held = of(&tree, "2026-11-21", "2026-12-20", HOLD);
    assert_eq!(ask(&[&held], &[&new]), revoked(RevokedFor::CertificateHold));
    assert_eq!(ask(&[&new], &[&held]), revoked(RevokedFor::CertificateHold));
}

#[test]
fn a_list_that_the_issuer_did_not_sign_decides_nothing() {
    let tree = Tree::new();
    let own = of(&tree, "2026-11-01", "2026-12-30", None);
    let mut newer = list(&tree.authority, vec![]);
    newer.next_update = Some(Time::from(crate::time::date_time(SystemTime::UNIX_EPOCH)));
    let forged = signed(&tree.root, &newer);
    assert_eq!(ask(&[&own], &[&forged]), good("2026-11-01", false));
    let twice = signed(&tree.holder, &newer);
    assert_eq!(ask(&[&twice], &[&forged]), [Finding::Unknown(Doubt::Signature)]);
}

/// A delta list that revokes stands beside the complete list of which it tells the changes.
#[test]
fn changes_to_a_list_revoke() {
    let tree = Tree::new();
    let mut changes = list(&tree.authority, vec![entry(HOLDER, "2026-06-01", SUPERSEDED)]);
    let number = extension(rfc5280::ID_CE_DELTA_CRL_INDICATOR, true, &[0x02, 0x01, 0x01]);
    changes.crl_extensions = Some(vec![number]);
    let complete = signed(&tree.authority, &list(&tree.authority, vec![]));
    let delta = signed(&tree.authority, &changes);
    for order in [[&complete, &delta], [&delta, &complete]] {
        let mut lists = RevocationLists::empty();
        order.into_iter().for_each(|list| lists.add(list.clone()));
        let found = lists.look_up(&chain(&tree, &tree.holder_certificate()), 0, &query());
        assert_eq!(found, revoked(RevokedFor::Superseded));
    }
}

/// A list of 50 MB with 1.5 million entries, and the holder's behind them, is worked through; one of more than 52 MiB
/// is refused before it is.
#[test]
fn a_very_long_list_is_read_to_its_end_or_not_at_all() {
    let long =
        |content: &[u8]| [&[0x30, 0x84], &u32::try_from(content.len()).unwrap().to_be_bytes()[..], content].concat();
    let tree = Tree::new();
    let one = entry(HOLDER, "2026-06-01", SUPERSEDED);
    let (short, last) = (list(&tree.authority, vec![one.clone()]).to_der().unwrap(), one.to_der().unwrap());
    let other = entry(0x12, "2026-06-01", SUPERSEDED).to_der().unwrap();
    let at = short.windows(last.len()).position(|bytes| bytes == last).unwrap();
    let entries = [other.repeat(50_000_000 / other.len()), last].concat();
    // Without the headers around the whole, of three bytes, and around its one entry, of two.
    let tbs = long(&[&short[3..at - 2], &long(&entries)].concat());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.crl");
    std::fs::write(&path, tree.authority.sign(&Any::from_der(&tbs).unwrap())).unwrap();
    let mut lists = RevocationLists::empty();
    assert_eq!(lists.add_path(&path).unwrap(), 1);
    assert_eq!(lists.look_up(&chain(&tree, &tree.holder_certificate()), 0, &query()), revoked(RevokedFor::Superseded));

    std::fs::File::options().write(true).open(&path).unwrap().set_len((52 << 20) + 1).unwrap();
    let refused = lists.add_path(&path);
    assert!(matches!(refused, Err(Error::File { fault: FileFault::Limit(_), .. })), "{refused:?}");
}
