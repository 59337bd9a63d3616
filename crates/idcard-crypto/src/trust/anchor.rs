//! A trust anchor: a name and a key that are believed without proof, and why.

use crate::certificate::{Certificate, DistinguishedName};
use crate::key::{KeyFault, PublicKey};
use std::path::PathBuf;
use std::time::SystemTime;

/// What an anchor, or a question, is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The national card.
    Card,
    /// The governmental hierarchy: officials, companies, tax seals.
    Gpki,
    /// Everything.
    #[default]
    Any,
}

impl Purpose {
    /// Whether an anchor of this purpose answers a question of purpose `asked`.
    #[must_use]
    pub fn serves(self, asked: Self) -> bool {
        self == Self::Any || asked == Self::Any || self == asked
    }
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Card => "card",
            Self::Gpki => "gpki",
            Self::Any => "any",
        })
    }
}

/// Where the trust in an anchor comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The page of anchors in this library.
    Builtin {
        /// A short name for it.
        id: String,
        /// Who operates it.
        operator: String,
        /// Where its numbers were taken from, and when.
        provenance: String,
    },
    /// A file that the user named.
    File(PathBuf),
    /// A certificate that the caller handed over.
    Caller,
}

/// A trust anchor.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// A title for people.
    pub title: String,
    /// What it may vouch for.
    pub purpose: Purpose,
    /// Whether it counts as weak and needs the caller's consent to SHA-1.
    pub legacy: bool,
    /// Where the trust in it comes from.
    pub origin: Origin,
    /// Its name.
    pub subject: DistinguishedName,
    /// Its key.
    pub key: PublicKey,
    /// The serial number of its certificate, upper-case hex.
    pub serial: String,
    /// SHA-256 of its certificate, lower-case hex.
    pub sha256: String,
    /// Its subjectKeyIdentifier, upper-case hex.
    pub key_id: Option<String>,
    /// Since when it may be used.
    pub not_before: SystemTime,
    /// Until when, this second included.
    pub not_after: SystemTime,
    /// How many authorities may stand below it, where it says so.
    pub path_len: Option<u8>,
    /// Its certificate, where it is at hand: constraints in it bind the paths below.
    pub certificate: Option<Certificate>,
}

impl Anchor {
    /// Trusts the key and the name of a certificate, for every purpose.
    ///
    /// # Errors
    /// [`KeyFault`] when its key cannot be used here.
    pub fn from_certificate(certificate: Certificate, origin: Origin) -> Result<Self, KeyFault> {
        Ok(Self {
            title: certificate.subject().to_string(),
            purpose: Purpose::Any,
            legacy: false,
            origin,
            subject: certificate.subject().clone(),
            key: certificate.key().map_err(Clone::clone)?.clone(),
            serial: certificate.serial(),
            sha256: certificate.sha256(),
            key_id: certificate.subject_key_id(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            path_len: certificate.path_len(),
            certificate: Some(certificate),
        })
    }

    /// Whether this is the very certificate of the anchor.
    #[must_use]
    pub fn is(&self, certificate: &Certificate) -> bool {
        self.sha256 == certificate.sha256()
    }

    /// Whether a certificate carries the name and the key of the anchor.
    #[must_use]
    pub(crate) fn has_identity_of(&self, certificate: &Certificate) -> bool {
        self.subject == *certificate.subject() && self.key.spki_der() == certificate.spki_der()
    }
}
