//! Lists made for a test: each way in which one does not count (RFC 5280, 5 and 6.3).

use super::*;
use crate::trust::made::{Draft, Party, Tree, algorithm, extension, key_usage, sequence};
use crate::trust::revocation::{Revocation, RevocationLists, RevocationState, RevokedFor};
use crate::trust::{Chain, ChainState, Origin, Store};
use x509_cert::crl::{RevokedCert, TbsCertList};
use x509_cert::serial_number::SerialNumber;

pub(in crate::trust::revocation) fn at(text: &str) -> SystemTime {
    crate::time::parse_rfc3339(text).unwrap()
}

fn time(text: &str) -> Time {
    Time::from(crate::time::date_time(at(text)))
}

pub(in crate::trust::revocation) fn query() -> Query {
    Query::at(at("2026-11-22"))
}

/// A path of the tree under its root.
pub(in crate::trust::revocation) fn chain(tree: &Tree, holder: &Certificate) -> Chain {
    let mut store = Store::empty();
    store.add_anchor(tree.root.root(), Origin::Caller).unwrap();
    let chain = store.chain(holder, &[tree.authority_certificate()], &query());
    assert_eq!(chain.state, ChainState::Trusted);
    chain
}

pub(in crate::trust::revocation) fn entry(serial: u8, date: &str, reason: Option<u8>) -> RevokedCert {
    let reason = reason.map(|code| vec![extension(rfc5280::ID_CE_CRL_REASONS, false, &[0x0a, 0x01, code])]);
    RevokedCert {
        serial_number: SerialNumber::new(&[serial]).unwrap(),
        revocation_date: time(date),
        crl_entry_extensions: reason,
    }
}

/// A list of three days around the time of the query.
pub(in crate::trust::revocation) fn list(issuer: &Party, entries: Vec<RevokedCert>) -> TbsCertList {
    TbsCertList {
        version: x509_cert::Version::V2,
        signature: algorithm(),
        issuer: issuer.name.clone(),
        this_update: time("2026-11-20"),
        next_update: Some(time("2026-11-23")),
        revoked_certificates: (!entries.is_empty()).then_some(entries),
        crl_extensions: None,
    }
}

pub(in crate::trust::revocation) fn signed(issuer: &Party, list: &TbsCertList) -> RevocationList {
    RevocationList::from_der(&issuer.sign(list)).unwrap()
}

fn look_up(change: impl Fn(&mut TbsCertList)) -> Finding {
    at_time(change, "2026-11-22")
}

fn at_time(change: impl Fn(&mut TbsCertList), time: &str) -> Finding {
    let tree = Tree::new();
    let mut tbs = list(&tree.authority, vec![]);
    change(&mut tbs);
    let key = PublicKey::from_spki(&tree.authority.spki()).unwrap();
    let query = Query::at(at(time));
    signed(&tree.authority, &tbs).look_up(&tree.holder_certificate(), &key, Some(&tree.authority_certificate()), &query)
}

fn good(finding: &Finding) -> bool {
    matches!(finding, Finding::Good { revoked_later: None, .. })
}

#[test]
fn who_is_not_listed_is_good() {
    assert!(good(&look_up(|_| {})));
    assert!(good(&look_up(|list| list.revoked_certificates = Some(vec![entry(0x12, "2026-01-01", None)]))));
}

#[test]
fn who_is_listed_is_revoked_even_in_an_old_list() {
    let listed = |list: &mut TbsCertList| list.revoked_certificates = Some(vec![entry(0x11, "2026-01-01", Some(4))]);
    let revoked = Finding::Revoked { at: at("2026-01-01"), reason: RevokedFor::Superseded };
    assert_eq!(look_up(listed), revoked);
    assert_eq!(at_time(listed, "2028-01-01"), revoked);
}

/// A day that has not come does not help who stands on the list of the day.
#[test]
fn who_is_listed_with_a_day_to_come_is_revoked() {
    let listed = |list: &mut TbsCertList| list.revoked_certificates = Some(vec![entry(0x11, "2026-12-02", Some(4))]);
    let revoked = Finding::Revoked { at: at("2026-12-02"), reason: RevokedFor::Superseded };
    assert_eq!(look_up(listed), revoked);
    // Before the list was made he was not on it.
    assert!(matches!(at_time(listed, "2026-11-19"), Finding::Good { revoked_later: Some(_), .. }));
}

/// RFC 5280, 5.2.4: a list of changes tells who was revoked since, and of nobody that he was not.
#[test]
fn a_list_that_tells_a_part_revokes_and_says_nothing_else() {
    let delta = |serial, reason| {
        look_up(move |list| {
            list.revoked_certificates = Some(vec![entry(serial, "2026-11-01", reason)]);
            list.crl_extensions = Some(vec![extension(rfc5280::ID_CE_DELTA_CRL_INDICATOR, true, &[0x02, 0x01, 0x01])]);
        })
    };
    assert_eq!(delta(0x11, Some(4)), Finding::Revoked { at: at("2026-11-01"), reason: RevokedFor::Superseded });
    assert!(matches!(delta(0x11, Some(8)), Finding::Unknown(Doubt::Unsupported(_))), "removeFromCRL");
    assert!(matches!(delta(0x12, Some(4)), Finding::Unknown(Doubt::Unsupported(_))), "somebody else");
    // So does a list of some reasons (5.2.5).
    let some = |serial| {
        look_up(move |list| {
            list.revoked_certificates = Some(vec![entry(serial, "2026-11-01", Some(1))]);
            let point = sequence(&[0x83, 0x02, 0x06, 0x40]);
            list.crl_extensions = Some(vec![extension(rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT, true, &point)]);
        })
    };
    assert_eq!(some(0x11), Finding::Revoked { at: at("2026-11-01"), reason: RevokedFor::KeyCompromise });
    assert!(matches!(some(0x12), Finding::Unknown(Doubt::Unsupported(_))));
}

#[test]
fn a_later_revocation_leaves_earlier_times_alone_unless_the_key_was_lost() {
    let listed = |reason| {
        move |list: &mut TbsCertList| list.revoked_certificates = Some(vec![entry(0x11, "2026-11-01", reason)])
    };
    let earlier = at_time(listed(Some(4)), "2026-10-01");
    assert!(matches!(earlier, Finding::Good { revoked_later: Some(later), .. } if later == at("2026-11-01")));
    let lost = at_time(listed(Some(1)), "2026-10-01");
    assert_eq!(lost, Finding::Revoked { at: at("2026-11-01"), reason: RevokedFor::KeyCompromise });
}

#[test]
fn time_decides_what_a_list_is_worth() {
    assert_eq!(at_time(|_| {}, "2026-11-24"), Finding::Unknown(Doubt::Stale(at("2026-11-23"))));
    assert_eq!(look_up(|list| list.next_update = None), Finding::Unknown(Doubt::Endless));
    // The holder's certificate ended 2031-03-20.
    let late = |list: &mut TbsCertList| {
        list.this_update = time("2031-04-01");
        list.next_update = Some(time("2031-05-01"));
    };
    assert_eq!(look_up(late), Finding::Unknown(Doubt::TooLate(at("2031-04-01"))));
    // A later list from within the validity would still name the certificate.
    let later = |list: &mut TbsCertList| {
        list.this_update = time("2030-04-01");
        list.next_update = Some(time("2030-05-01"));
    };
    assert!(good(&look_up(later)));
}

#[test]
fn only_the_issuer_speaks() {
    let tree = Tree::new();
    let key = PublicKey::from_spki(&tree.authority.spki()).unwrap();
    let holder = tree.holder_certificate();
    let forged =
        signed(&Party { key: tree.holder.key.clone(), ..tree.authority.clone() }, &list(&tree.authority, vec![]));
    assert_eq!(forged.look_up(&holder, &key, None, &query()), Finding::Unknown(Doubt::Signature));
    let other = signed(&tree.root, &list(&tree.root, vec![]));
    assert_eq!(other.look_up(&holder, &key, None, &query()), Finding::Unknown(Doubt::Scope));
    // keyCertSign alone.
    let issuer = tree.root.issue(Draft::authority(tree.authority.clone(), None).with(key_usage(0b0000_0100, 2)));
    let own = signed(&tree.authority, &list(&tree.authority, vec![]));
    assert_eq!(own.look_up(&holder, &key, Some(&issuer), &query()), Finding::Unknown(Doubt::KeyUsage));
}

fn with_extension(oid: const_oid::ObjectIdentifier, critical: bool, value: &[u8]) -> Finding {
    look_up(|list| list.crl_extensions = Some(vec![extension(oid, critical, value)]))
}

fn point(content: &[u8]) -> Finding {
    with_extension(rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT, true, &sequence(content))
}

#[test]
fn lists_of_another_kind_say_nothing() {
    let unsupported = |finding| matches!(finding, Finding::Unknown(Doubt::Unsupported(_)));
    assert!(unsupported(with_extension(rfc5280::ID_CE_DELTA_CRL_INDICATOR, true, &[0x02, 0x01, 0x01])));
    assert!(unsupported(point(&[0x84, 0x01, 0xff])), "indirect");
    assert!(unsupported(point(&[0x83, 0x02, 0x06, 0x40])), "some reasons");
    let unknown = const_oid::ObjectIdentifier::new_unwrap("1.2.3.4");
    assert!(unsupported(with_extension(unknown, true, &[0x05, 0x00])));
    assert!(good(&with_extension(unknown, false, &[0x05, 0x00])));
    assert!(good(&with_extension(rfc5280::ID_CE_CRL_NUMBER, false, &[0x02, 0x01, 0x01])));
}

#[test]
fn an_empty_bit_string_of_reasons_is_no_panic() {
    // Of CVE-2026-0104: [3] with no content at all, and with a lone count of unused bits.
    assert_eq!(point(&[0x83, 0x00]), Finding::Unknown(Doubt::Malformed));
    assert!(matches!(point(&[0x83, 0x01, 0x00]), Finding::Unknown(_)));
    assert_eq!(point(&[0x83, 0x01, 0x07]), Finding::Unknown(Doubt::Malformed));
}

#[test]
fn a_list_covers_what_it_says() {
    assert!(good(&point(&[0x81, 0x01, 0xff])), "end entities only");
    assert_eq!(point(&[0x82, 0x01, 0xff]), Finding::Unknown(Doubt::Scope), "authorities only");
    assert_eq!(point(&[0x85, 0x01, 0xff]), Finding::Unknown(Doubt::Scope), "attribute certificates only");
    // A place that the certificate does not name.
    let name = b"http://a.invalid/1.crl";
    let name = [&[0xa0, 26, 0xa0, 24, 0x86, 22][..], name].concat();
    assert_eq!(point(&name), Finding::Unknown(Doubt::Scope));
}

#[test]
fn an_entry_of_another_issuer_spoils_the_list() {
    let foreign = |oid, critical| {
        look_up(move |list| {
            let mut other = entry(0x12, "2026-01-01", None);
            other.crl_entry_extensions = Some(vec![extension(oid, critical, &[0x30, 0x00])]);
            list.revoked_certificates = Some(vec![other]);
        })
    };
    assert!(matches!(foreign(rfc5280::ID_CE_CERTIFICATE_ISSUER, true), Finding::Unknown(Doubt::Unsupported(_))));
    let unknown = const_oid::ObjectIdentifier::new_unwrap("1.2.3.4");
    assert!(matches!(foreign(unknown, true), Finding::Unknown(Doubt::Unsupported(_))));
    assert!(good(&foreign(unknown, false)));
}

#[test]
fn a_path_is_good_when_everybody_who_publishes_is() {
    let tree = Tree::new();
    // The authority names the place of its root's list: [0] [0] [6] "http://a.invalid/1.crl".
    let place = [&[0xa0, 26, 0xa0, 24, 0x86, 22][..], b"http://a.invalid/1.crl"].concat();
    let place = extension(rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS, false, &sequence(&sequence(&place)));
    let authority = tree.root.issue(Draft::authority(tree.authority.clone(), Some(0)).with(place));
    assert_eq!(authority.crl_urls(), ["http://a.invalid/1.crl"]);
    let mut store = Store::empty();
    store.add_anchor(tree.root.root(), Origin::Caller).unwrap();
    let published = store.chain(&tree.holder_certificate(), &[authority], &query());
    let silent = chain(&tree, &tree.holder_certificate());

    let mut lists = RevocationLists::empty();
    let state = |chain: &Chain, lists: &RevocationLists| Revocation::check(chain, lists, None, &query()).state;
    assert_eq!(state(&silent, &lists), RevocationState::Unknown);
    let nothing = Revocation::check(&silent, &lists, None, &query()).reasons(&silent);
    assert_eq!(nothing, ["the certificate: no revocation list of its issuer is at hand"]);
    lists.add(signed(&tree.authority, &list(&tree.authority, vec![])));
    assert_eq!(state(&silent, &lists), RevocationState::Good);
    let report = Revocation::check(&published, &lists, None, &query());
    assert_eq!(report.state, RevocationState::Unknown);
    assert_eq!(report.reasons(&published).len(), 1, "{:?}", report.reasons(&published));
    lists.add(signed(&tree.root, &list(&tree.root, vec![])));
    assert_eq!(state(&published, &lists), RevocationState::Good);
    lists.add(signed(&tree.root, &list(&tree.root, vec![entry(2, "2026-11-21", Some(2))])));
    assert_eq!(state(&published, &lists), RevocationState::Revoked);
}

#[test]
fn no_mutation_of_a_list_makes_it_good_or_panics() {
    let tree = Tree::new();
    let key = PublicKey::from_spki(&tree.authority.spki()).unwrap();
    let holder = tree.holder_certificate();
    let tbs = list(&tree.authority, vec![entry(0x11, "2026-01-01", Some(1)), entry(0x12, "2026-01-01", None)]);
    let der = tree.authority.sign(&tbs);
    let never_good = |der: &[u8]| {
        if let Some(list) = RevocationList::from_der(der) {
            assert!(!good(&list.look_up(&holder, &key, None, &query())));
        }
    };
    for place in 0..der.len() {
        never_good(&der[..place]);
        let mut shorter = der.clone();
        shorter.remove(place);
        never_good(&shorter);
        for byte in [0x00, 0xff, 0x30, 0x80, der[place] ^ 1, der[place] ^ 0x80, der[place].wrapping_add(1)] {
            let mut other = der.clone();
            other[place] = byte;
            if byte != der[place] {
                // ECDSA: a signature that reads differently may still verify, and then the entry is found.
                never_good(&other);
            }
            other.insert(place, byte);
            never_good(&other);
        }
    }
}
