//! What one source says about one certificate.

use super::http::FetchFault;
use crate::algorithm::HashAlgorithm;
use crate::time::rfc3339;
use std::fmt;
use std::time::SystemTime;
use thiserror::Error;

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevokedFor {
    /// No reason is given.
    Unspecified,
    /// The key is in other hands.
    KeyCompromise,
    /// The key of the authority is in other hands.
    CaCompromise,
    /// Names or other facts have changed.
    AffiliationChanged,
    /// A newer certificate takes its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It is suspended, and may come back.
    CertificateHold,
    /// A privilege was withdrawn.
    PrivilegeWithdrawn,
}

impl RevokedFor {
    /// Whether signatures from before the date of the revocation are in doubt as well.
    pub(super) fn reaches_back(self) -> bool {
        matches!(self, Self::KeyCompromise | Self::CaCompromise)
    }
}

impl fmt::Display for RevokedFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "no reason given",
            Self::KeyCompromise => "its key is in other hands",
            Self::CaCompromise => "the key of its issuer is in other hands",
            Self::AffiliationChanged => "what it says has changed",
            Self::Superseded => "it was replaced",
            Self::CessationOfOperation => "it is no longer needed",
            Self::CertificateHold => "it is suspended",
            Self::PrivilegeWithdrawn => "a privilege was withdrawn",
        })
    }
}

/// What one source says about one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Not revoked at the time asked for.
    Good {
        /// When the source was made.
        this_update: SystemTime,
        /// When it was revoked after that time.
        revoked_later: Option<SystemTime>,
        /// Whether the source came inside of the signature: the signer chose it.
        from_signature: bool,
    },
    /// Revoked.
    Revoked {
        /// Since when.
        at: SystemTime,
        /// Why.
        reason: RevokedFor,
    },
    /// The source says nothing that counts.
    Unknown(Doubt),
}

impl Finding {
    /// A revocation, seen from the time asked for.
    pub(super) fn revoked(at: SystemTime, reason: RevokedFor, time: SystemTime, this_update: SystemTime) -> Self {
        // Who is listed at that time is revoked, whatever day stands there; only a later list tells of a later day.
        if at > time && this_update > time && !reason.reaches_back() {
            Self::Good { this_update, revoked_later: Some(at), from_signature: false }
        } else {
            Self::Revoked { at, reason }
        }
    }
}

impl Finding {
    /// The same, from a list that the signer brought.
    pub(super) fn marked(self, brought: bool) -> Self {
        match self {
            Self::Good { this_update, revoked_later, .. } => {
                Self::Good { this_update, revoked_later, from_signature: brought }
            }
            other => other,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good { this_update, revoked_later: None, from_signature: false } => {
                write!(f, "is not revoked, as of {}", rfc3339(*this_update))
            }
            Self::Good { this_update, revoked_later: None, from_signature: true } => write!(
                f,
                "is not revoked by a list of {} that came inside of the signature; a newer one may say otherwise",
                rfc3339(*this_update)
            ),
            Self::Good { revoked_later: Some(at), .. } => write!(f, "was revoked later, at {}", rfc3339(*at)),
            Self::Revoked { at, reason } => write!(f, "was revoked at {} ({reason})", rfc3339(*at)),
            Self::Unknown(doubt) => write!(f, "{doubt}"),
        }
    }
}

/// Why a source says nothing that counts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Doubt {
    /// No list of the issuer is at hand.
    #[error("no revocation list of its issuer is at hand")]
    NoList,
    /// The name and key of the issuer are not known, so that nothing of it can be verified.
    #[error("without the certificate of its issuer no revocation can be verified")]
    NoIssuer,
    /// The source is out of date.
    #[error("the revocation data ended at {}", rfc3339(*.0))]
    Stale(SystemTime),
    /// The source says not until when it holds.
    #[error("the revocation data does not say until when it holds")]
    Endless,
    /// The source is from after the certificate expired, when revoked ones are dropped from it.
    #[error("the revocation data of {} is from after the certificate expired", rfc3339(*.0))]
    TooLate(SystemTime),
    /// The source claims a time that has not come.
    #[error("the revocation data claims to be from {}", rfc3339(*.0))]
    Future(SystemTime),
    /// The signature is not that of the issuer, nor of one it named.
    #[error("the revocation data is not signed by the issuer of the certificate")]
    Signature,
    /// The issuer may not sign lists.
    #[error("the issuer may not sign revocation lists by its keyUsage")]
    KeyUsage,
    /// The signature is over a weak hash.
    #[error("the revocation data is signed over {0}")]
    WeakHash(HashAlgorithm),
    /// The source has a form that is not supported.
    #[error("revocation data with {0} is not supported")]
    Unsupported(&'static str),
    /// The list covers other certificates.
    #[error("the revocation list does not cover this certificate")]
    Scope,
    /// The answer or list is malformed.
    #[error("the revocation data is malformed")]
    Malformed,
    /// The responder refused to answer.
    #[error("the responder answered: {0}")]
    Refused(&'static str),
    /// The answer is about other certificates.
    #[error("the answer of the responder is about another certificate")]
    OtherCertificate,
    /// The responder does not know the certificate.
    #[error("the responder does not know the certificate")]
    NotKnown,
    /// The answer does not repeat the nonce.
    #[error("the answer of the responder does not repeat our nonce, it may be an old one")]
    Nonce,
    /// Who signed the answer may not speak for the issuer.
    #[error("the responder is not authorised by the issuer of the certificate")]
    Unauthorised,
    /// The responder could not be asked.
    #[error("the responder could not be asked: {0}")]
    Fetch(FetchFault),
}
