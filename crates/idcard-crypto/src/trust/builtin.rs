//! The page of anchors that is part of the program: `anchors.toml`.

use super::anchor::{Anchor, Origin, Purpose};
use crate::certificate::DistinguishedName;
use crate::key::PublicKey;
use crate::time::parse_rfc3339;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519;
use der::asn1::{Any, SetOfVec};
use der::{Decode, Encode, Tag};
use serde::Deserialize;
use std::sync::OnceLock;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

const PAGE: &str = include_str!("../../anchors.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    anchor: Vec<AnchorEntry>,
    authority: Vec<AuthorityEntry>,
    policy: Vec<PolicyEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnchorEntry {
    id: String,
    title: String,
    purpose: Purpose,
    legacy: bool,
    operator: String,
    provenance: String,
    name: Vec<NameEntry>,
    serial: String,
    not_before: String,
    not_after: String,
    path_len: Option<u8>,
    key_id: String,
    sha256: String,
    exponent: u32,
    modulus: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameEntry {
    r#type: NameType,
    string: NameString,
    value: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum NameType {
    C,
    O,
    OU,
    CN,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NameString {
    Utf8,
    Printable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityEntry {
    title: String,
    anchor: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyEntry {
    oid: String,
    title: String,
}

/// An authority below a built-in anchor that is known by fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAuthority {
    /// A title for people.
    pub title: String,
    /// The short name of the anchor above it.
    pub anchor: String,
    /// SHA-256 of its certificate, lower-case hex.
    pub sha256: String,
}

/// The page is part of the program and a test reads it whole, so that `None` cannot occur in a build that passed.
fn page() -> Option<&'static Page> {
    static READ: OnceLock<Option<Page>> = OnceLock::new();
    READ.get_or_init(|| toml::from_str(PAGE).ok()).as_ref()
}

/// The built-in anchors, in the order of the page.
pub(super) fn anchors() -> Option<Vec<Anchor>> {
    page()?.anchor.iter().map(anchor).collect()
}

/// The authorities that are known by fingerprint. Being listed lends no trust.
#[must_use]
pub fn known_authorities() -> Vec<KnownAuthority> {
    let entries = page().map(|page| page.authority.as_slice()).unwrap_or_default();
    let known = |entry: &AuthorityEntry| KnownAuthority {
        title: entry.title.clone(),
        anchor: entry.anchor.clone(),
        sha256: entry.sha256.clone(),
    };
    entries.iter().map(known).collect()
}

/// The name of a certificate policy in the arc of Iran, where it is known.
///
/// ```
/// let silver = "2.16.364.101.1.1.2".parse().ok();
/// assert_eq!(silver.and_then(idcard_crypto::trust::policy_title), Some("Silver (level 2)"));
/// ```
#[must_use]
pub fn policy_title(oid: ObjectIdentifier) -> Option<&'static str> {
    let text = oid.to_string();
    page()?.policy.iter().find(|entry| entry.oid == text).map(|entry| entry.title.as_str())
}

fn anchor(entry: &AnchorEntry) -> Option<Anchor> {
    let modulus: String = entry.modulus.split_whitespace().collect();
    Some(Anchor {
        title: entry.title.clone(),
        purpose: entry.purpose,
        legacy: entry.legacy,
        origin: Origin::Builtin {
            id: entry.id.clone(),
            operator: entry.operator.clone(),
            provenance: entry.provenance.clone(),
        },
        subject: name(&entry.name)?,
        key: PublicKey::from_rsa_numbers(&hex::decode(modulus).ok()?, &entry.exponent.to_be_bytes()).ok()?,
        serial: entry.serial.clone(),
        sha256: entry.sha256.clone(),
        key_id: Some(entry.key_id.clone()),
        not_before: parse_rfc3339(&entry.not_before)?,
        not_after: parse_rfc3339(&entry.not_after)?,
        path_len: entry.path_len,
        certificate: None,
    })
}

fn name(entries: &[NameEntry]) -> Option<DistinguishedName> {
    let rdns = entries.iter().map(|entry| {
        let oid = match entry.r#type {
            NameType::C => rfc4519::C,
            NameType::O => rfc4519::O,
            NameType::OU => rfc4519::OU,
            NameType::CN => rfc4519::CN,
        };
        let tag = match entry.string {
            NameString::Utf8 => Tag::Utf8String,
            NameString::Printable => Tag::PrintableString,
        };
        let value = Any::new(tag, entry.value.as_bytes()).ok()?;
        SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }]).ok()
    });
    let der = rdns.collect::<Option<Vec<_>>>()?.to_der().ok()?;
    Some(DistinguishedName::new(&Name::from_der(&der).ok()?, &der))
}

#[cfg(test)]
mod tests;
