//! The rules of RFC 5280 and the uses of a key: every breach is refused with its reason.

use super::at;
use crate::Certificate;
use crate::trust::made::{
    Draft, Party, Tree, basic_constraints, extended_key_usage, extension, key_usage, name, sequence,
};
use crate::trust::{Chain, ChainState, Origin, Query, Reason, Rule, Store, Usage};
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc4519, rfc5280};
use der::{Decode, Encode};
use x509_cert::ext::Extension;

fn judge(root: Certificate, authority: Certificate, holder: &Certificate, usage: Usage) -> Chain {
    let mut store = Store::empty();
    store.add_anchor(root, Origin::Caller).unwrap();
    store.add_intermediate(authority);
    store.chain(holder, &[], &Query { usage, ..Query::at(at("2026-11-22")) })
}

/// The chain of the plain tree with another draft of the authority and of the holder.
fn with(authority: impl Fn(Draft) -> Draft, holder: impl Fn(Draft) -> Draft) -> Chain {
    let tree = Tree::new();
    let authority = tree.root.issue(authority(Draft::authority(tree.authority.clone(), Some(0))));
    let holder = tree.authority.issue(holder(Draft::holder(tree.holder.clone())));
    judge(tree.root.root(), authority, &holder, Usage::Sign)
}

fn same(draft: Draft) -> Draft {
    draft
}

#[track_caller]
fn refused(chain: &Chain, at: usize, rule: Rule) {
    assert_eq!(chain.state, ChainState::Untrusted, "{:?}", chain.reasons);
    assert!(chain.reasons.contains(&Reason::Rule { at, rule }), "{:?}", chain.reasons);
}

#[test]
fn an_issuer_must_be_an_authority() {
    refused(&with(|draft| draft.with(basic_constraints(false, None)), same), 1, Rule::BasicConstraints);
    refused(&with(|draft| draft.without(rfc5280::ID_CE_BASIC_CONSTRAINTS), same), 1, Rule::BasicConstraints);
    // digitalSignature only.
    refused(&with(|draft| draft.with(key_usage(0b1000_0000, 7)), same), 1, Rule::KeyUsage);
}

/// RFC 5280, 6.1.4 (n): keyUsage binds where it is; every other rule holds without it, too.
#[test]
fn an_issuer_without_key_usage_is_held_to_the_other_rules() {
    let bare = |draft: Draft| draft.without(rfc5280::ID_CE_KEY_USAGE);
    assert_eq!(with(bare, same).state, ChainState::Trusted);
    refused(&with(|draft| bare(draft).with(basic_constraints(false, None)), same), 1, Rule::BasicConstraints);
    let unknown = || extension(ObjectIdentifier::new_unwrap("1.2.3.4"), true, &[0x05, 0x00]);
    refused(&with(|draft| bare(draft).with(unknown()), same), 1, Rule::CriticalExtension);
    refused(&with(bare, |draft| draft.with(unknown())), 0, Rule::CriticalExtension);
    // One that is there and cannot be read is not taken for none.
    let broken = |draft: Draft| draft.with(extension(rfc5280::ID_CE_KEY_USAGE, true, &[0x05, 0x00]));
    assert_eq!(with(broken, same).state, ChainState::Untrusted);
    // Beside one without, one that may not issue is seen.
    let tree = Tree::new();
    let below = Party::new("Below", 8);
    let top = tree.root.issue(bare(Draft::authority(tree.authority.clone(), None)));
    let second = tree.authority.issue(Draft::authority(below.clone(), None).with(key_usage(0b1000_0000, 7)));
    let holder = below.issue(Draft::holder(tree.holder.clone()));
    let mut store = Store::empty();
    store.add_anchor(tree.root.root(), Origin::Caller).unwrap();
    store.add_intermediate(top);
    store.add_intermediate(second);
    let chain = store.chain(&holder, &[], &Query { usage: Usage::Sign, ..Query::at(at("2026-11-22")) });
    assert!(
        chain.reasons.iter().any(|reason| matches!(reason, Reason::Rule { rule: Rule::KeyUsage, .. })),
        "{chain:?}"
    );
}

#[test]
fn a_version_1_certificate_is_no_issuer() {
    let chain = with(|draft| Draft { version: None, extensions: vec![], ..draft }, same);
    assert_eq!(chain.state, ChainState::Untrusted);
}

#[test]
fn path_lengths_count() {
    let tree = Tree::new();
    let below = Party::new("Below", 8);
    let top = tree.root.issue(Draft::authority(tree.authority.clone(), Some(0)));
    let second = tree.authority.issue(Draft::authority(below.clone(), None));
    let holder = below.issue(Draft::holder(tree.holder.clone()));
    let mut store = Store::empty();
    store.add_anchor(tree.root.root(), Origin::Caller).unwrap();
    let query = Query::at(at("2026-11-22"));
    refused(&store.chain(&holder, &[top, second.clone()], &query), 1, Rule::PathLength);
    let wider = tree.root.issue(Draft::authority(tree.authority.clone(), Some(1)));
    assert_eq!(store.chain(&holder, &[wider, second], &query).state, ChainState::Trusted);
}

#[test]
fn the_path_length_of_the_anchor_counts() {
    let tree = Tree::new();
    let root = tree.root.issue(Draft::authority(tree.root.clone(), Some(0)));
    let chain = judge(root, tree.authority_certificate(), &tree.holder_certificate(), Usage::Sign);
    refused(&chain, 1, Rule::PathLength);
}

#[test]
fn critical_extensions_must_be_understood() {
    let unknown = |critical| extension(ObjectIdentifier::new_unwrap("1.2.3.4.5"), critical, &[0x05, 0x00]);
    refused(&with(same, |draft| draft.with(unknown(true))), 0, Rule::CriticalExtension);
    refused(&with(|draft| draft.with(unknown(true)), same), 1, Rule::CriticalExtension);
    assert_eq!(with(|draft| draft.with(unknown(false)), same).state, ChainState::Trusted);
    assert_eq!(with(same, |draft| draft.with(unknown(false))).state, ChainState::Trusted);
}

#[test]
fn a_malformed_extension_is_refused() {
    let broken = |oid| move |draft: Draft| draft.with(extension(oid, false, &[0x30, 0x05, 0x01]));
    for oid in [rfc5280::ID_CE_KEY_USAGE, rfc5280::ID_CE_BASIC_CONSTRAINTS, rfc5280::ID_CE_CERTIFICATE_POLICIES] {
        assert_eq!(with(broken(oid), same).state, ChainState::Untrusted, "{oid}");
        assert_eq!(with(same, broken(oid)).state, ChainState::Untrusted, "{oid}");
    }
}

#[test]
fn an_extension_may_not_occur_twice() {
    let tree = Tree::new();
    let mut draft = Draft::holder(tree.holder.clone());
    draft.extensions.push(key_usage(0b1100_0000, 6));
    let twice = Certificate::from_der(&tree.authority.issue_der(draft));
    let oid = rfc5280::ID_CE_KEY_USAGE;
    assert_eq!(twice, Err(crate::certificate::CertificateFault::DuplicateExtension(oid)));
}

/// The state of a holder directly below a root that says of itself what `draft` makes of it.
fn below(root: Draft) -> Chain {
    let tree = Tree::new();
    let root = tree.root.issue(root);
    let holder = tree.root.issue(Draft::holder(tree.holder.clone()));
    let mut store = Store::empty();
    store.add_anchor(root, Origin::Caller).unwrap();
    store.chain(&holder, &[], &Query { usage: Usage::Sign, ..Query::at(at("2026-11-22")) })
}

#[test]
fn an_anchor_that_is_no_authority_vouches_for_itself_alone() {
    let root = || Draft::authority(Tree::new().root, None);
    let bare = || root().without(rfc5280::ID_CE_KEY_USAGE);
    assert_eq!(below(root()).state, ChainState::Trusted);
    assert_eq!(below(bare()).state, ChainState::Trusted);
    refused(&below(bare().with(basic_constraints(false, None))), 1, Rule::BasicConstraints);
    refused(&below(root().with(basic_constraints(false, None))), 1, Rule::BasicConstraints);
    refused(&below(root().without(rfc5280::ID_CE_BASIC_CONSTRAINTS)), 1, Rule::BasicConstraints);
    refused(&below(Draft { extensions: vec![], ..root() }), 1, Rule::BasicConstraints);
    refused(&below(root().with(key_usage(0b1000_0000, 7))), 1, Rule::KeyUsage);
    // Extensions bind where they are, whatever the version says.
    assert_eq!(
        below(Draft { version: None, ..bare().with(basic_constraints(false, None)) }).state,
        ChainState::Untrusted
    );

    let tree = Tree::new();
    let alone = tree.holder.issue(Draft::holder(tree.holder.clone()));
    let mut store = Store::empty();
    store.add_anchor(alone.clone(), Origin::Caller).unwrap();
    let query = Query { usage: Usage::Sign, ..Query::at(at("2026-11-22")) };
    assert_eq!(store.chain(&alone, &[], &query).state, ChainState::Trusted);
}

/// RFC 5280, 6.1.4 (k): of versions before 3, other knowledge decides; here the word of the user.
#[test]
fn an_old_root_without_extensions_is_what_the_user_says() {
    let old = Draft { version: None, extensions: vec![], ..Draft::authority(Tree::new().root, None) };
    let chain = below(old);
    assert_eq!(chain.state, ChainState::Trusted, "{:?}", chain.reasons);
}

/// nameConstraints: a permitted [0] or excluded [1] directory name.
fn names(tag: u8, directory: &[(ObjectIdentifier, &str)]) -> x509_cert::ext::Extension {
    let directory = name(directory).to_der().unwrap();
    let base = [&[0xa4, u8::try_from(directory.len()).unwrap()], directory.as_slice()].concat();
    let subtrees = sequence(&base);
    let content = [&[tag, u8::try_from(subtrees.len()).unwrap()], subtrees.as_slice()].concat();
    extension(rfc5280::ID_CE_NAME_CONSTRAINTS, true, &sequence(&content))
}

#[test]
fn name_constraints_bind_the_names_below() {
    let here = [(rfc4519::C, "IR"), (rfc4519::O, "Fictitious")];
    let elsewhere = [(rfc4519::C, "IR"), (rfc4519::O, "Elsewhere")];
    let constrained = |extension: x509_cert::ext::Extension| with(|draft| draft.with(extension.clone()), same);
    assert_eq!(constrained(names(0xa0, &here)).state, ChainState::Trusted);
    refused(&constrained(names(0xa0, &elsewhere)), 0, Rule::NameConstraints);
    refused(&constrained(names(0xa1, &here)), 0, Rule::NameConstraints);
    assert_eq!(constrained(names(0xa1, &elsewhere)).state, ChainState::Trusted);
}

#[test]
fn name_constraints_of_the_anchor_bind_too() {
    let tree = Tree::new();
    let elsewhere = names(0xa0, &[(rfc4519::C, "IR"), (rfc4519::O, "Elsewhere")]);
    let root = tree.root.issue(Draft::authority(tree.root.clone(), None).with(elsewhere));
    let chain = judge(root, tree.authority_certificate(), &tree.holder_certificate(), Usage::Sign);
    assert!(chain.reasons.iter().any(|reason| matches!(reason, Reason::Rule { rule: Rule::NameConstraints, .. })));
}

#[test]
fn required_policies_must_be_there() {
    let policies = |oid: &str| {
        let oid = ObjectIdentifier::new_unwrap(oid).to_der().unwrap();
        extension(rfc5280::ID_CE_CERTIFICATE_POLICIES, false, &sequence(&sequence(&oid)))
    };
    // requireExplicitPolicy 0.
    let explicit = extension(rfc5280::ID_CE_POLICY_CONSTRAINTS, true, &sequence(&[0x80, 0x01, 0x00]));
    let authority = |draft: Draft| draft.with(policies("2.16.364.101.1.1.2")).with(explicit.clone());
    assert_eq!(with(authority, |draft| draft.with(policies("2.16.364.101.1.1.2"))).state, ChainState::Trusted);
    refused(&with(authority, |draft| draft.with(policies("2.16.364.101.1.1.3"))), 0, Rule::Policy);
    refused(&with(authority, same), 0, Rule::Policy);
}

/// RFC 5280, 4.1.2.5: an end that is not known, and years of two digits.
#[test]
fn odd_dates_fail_closed() {
    let endless = |draft: Draft| Draft { not_after: "9999-12-31", ..draft };
    assert_eq!(with(endless, endless).state, ChainState::Trusted);
    let tree = Tree::new();
    let der = tree.authority.issue_der(Draft::holder(tree.holder.clone()));
    let signed = &der[8..8 + usize::from(u16::from_be_bytes([der[6], der[7]]))];
    // Signed anew, with other bytes in the place of these.
    let other = |old: &[u8], new: &[u8]| {
        let at = signed.windows(old.len()).position(|bytes| bytes == old).unwrap();
        let content = [&signed[..at], new, &signed[at + old.len()..]].concat();
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        let tbs = [&[0x30, 0x82, length[0], length[1]][..], &content].concat();
        let made = Certificate::from_der(&tree.authority.sign(&der::Any::from_der(&tbs).unwrap()));
        made.ok().map(|holder| judge(tree.root.root(), tree.authority_certificate(), &holder, Usage::Sign).state)
    };
    let end = b"310320000000Z";
    // Of two digits, the years from 50 on are those of the last century.
    assert_ne!(other(end, b"500320000000Z"), Some(ChainState::Trusted));
    assert_eq!(other(end, b"490320000000Z"), Some(ChainState::Trusted));
}

/// RFC 5280, 4.1.2.2: positive, and 20 bytes at most; the byte that only says that a number is positive is not counted.
#[test]
fn odd_serial_numbers_fail_closed() {
    const LARGEST: &[u8] = b"\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    for serial in [&[0x7F; 20][..], &[0, 0x80], LARGEST] {
        assert_eq!(with(same, |draft| Draft { serial, ..draft }).state, ChainState::Trusted, "{serial:?}");
    }
    for serial in [&[0x80][..], &[0x80, 0x01], &[0x7F; 21]] {
        refused(&with(same, |draft| Draft { serial, ..draft }), 0, Rule::SerialNumber);
        refused(&with(|draft| Draft { serial, ..draft }, same), 1, Rule::SerialNumber);
    }
}

#[test]
fn a_key_is_used_as_its_certificate_says() {
    let mail = rfc5280::ID_KP_EMAIL_PROTECTION;
    let client = rfc5280::ID_KP_CLIENT_AUTH;
    let signs = |draft: Draft| draft.with(key_usage(0b1000_0000, 7));
    assert_eq!(with(same, signs).state, ChainState::Trusted);
    let unusable = with(same, |draft| draft.with(key_usage(0b0010_0000, 5)));
    assert_eq!(unusable.state, ChainState::Untrusted);
    assert!(matches!(unusable.reasons.first(), Some(Reason::Usage(_))));
    assert_eq!(with(same, |draft| signs(draft).with(extended_key_usage(&[mail]))).state, ChainState::Trusted);
    // A certificate of authentication does not sign documents, unless it commits to content as well.
    assert_eq!(with(same, |draft| signs(draft).with(extended_key_usage(&[client]))).state, ChainState::Untrusted);
    assert_eq!(with(same, |draft| draft.with(extended_key_usage(&[client]))).state, ChainState::Trusted);
    // A critical extendedKeyUsage is the last word, whatever the keyUsage says (RFC 5280, 4.2.1.12).
    let critical = |purpose| Extension { critical: true, ..extended_key_usage(&[purpose]) };
    for (purpose, state) in [
        (rfc5280::ID_KP_TIME_STAMPING, ChainState::Untrusted),
        (client, ChainState::Untrusted),
        (mail, ChainState::Trusted),
        (ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"), ChainState::Trusted),
        (ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"), ChainState::Trusted),
        (ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"), ChainState::Trusted),
        (rfc5280::ANY_EXTENDED_KEY_USAGE, ChainState::Trusted),
    ] {
        assert_eq!(with(same, |draft| draft.with(critical(purpose))).state, state, "{purpose}");
    }

    let tree = Tree::new();
    let issue = |draft: Draft| tree.authority.issue(draft);
    let as_usage =
        |holder: &Certificate, usage| judge(tree.root.root(), tree.authority_certificate(), holder, usage).state;
    let client = issue(signs(Draft::holder(tree.holder.clone())).with(extended_key_usage(&[client])));
    assert_eq!(as_usage(&client, Usage::Authenticate), ChainState::Trusted);
    assert_eq!(as_usage(&client, Usage::OcspSign), ChainState::Untrusted);
    assert_eq!(as_usage(&client, Usage::Issue), ChainState::Untrusted);
    assert_eq!(as_usage(&tree.authority_certificate(), Usage::Issue), ChainState::Trusted);
    let committed = issue(Draft::holder(tree.holder.clone()).with(key_usage(0b0100_0000, 6)));
    assert_eq!(as_usage(&committed, Usage::Authenticate), ChainState::Untrusted);
    assert_eq!(as_usage(&committed, Usage::Sign), ChainState::Trusted);
}
