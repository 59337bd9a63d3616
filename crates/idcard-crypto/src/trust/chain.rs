//! What a path of certificates amounts to: a state, never without its reasons.

use super::anchor::{Anchor, Purpose};
use super::rules::Rule;
use crate::algorithm::HashAlgorithm;
use crate::certificate::{Certificate, DistinguishedName};
use crate::key::{KeyKind, PublicKey};
use crate::time::rfc3339;
use std::fmt;
use std::time::SystemTime;

/// The state of a chain. The order is that of usefulness: of several paths, the least is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChainState {
    /// A path leads to an anchor, and every rule holds at the time asked for.
    Trusted,
    /// A path leads to an anchor, through an algorithm or key that proves nothing any more.
    Weak,
    /// A path leads to an anchor, and a certificate of it has expired at the time asked for.
    Expired,
    /// A path leads to an anchor, and a certificate of it is not yet valid at the time asked for.
    NotYetValid,
    /// A rule is broken, a signature is wrong, or the path ends at a root that is no anchor.
    Untrusted,
    /// The certificate of an issuer is not at hand.
    Incomplete,
}

impl fmt::Display for ChainState {
    /// As in JSON documents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trusted => "trusted",
            Self::Weak => "weak",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Untrusted => "untrusted",
            Self::Incomplete => "incomplete",
        })
    }
}

/// The certificate at a position of a path, in words.
pub(super) fn place(at: usize) -> String {
    match at {
        0 => "the certificate".to_owned(),
        1 => "the certificate of its issuer".to_owned(),
        _ => format!("the certificate {at} steps above it"),
    }
}

/// One thing to know about a path. `at` is the position: 0 is the certificate in question, 1 its issuer …
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No certificate of the issuer is at hand.
    #[error("the certificate of the issuer is not at hand: {issuer}")]
    IssuerMissing {
        /// The name of the issuer.
        issuer: DistinguishedName,
    },
    /// The path ends at a self-signed certificate that nobody named as an anchor.
    #[error("the path ends at a root that is no trust anchor: {subject}")]
    UnknownRoot {
        /// The name of the root.
        subject: DistinguishedName,
    },
    /// The issuer's key did not make the signature.
    #[error("the signature on {} is not confirmed by the key of its issuer: {fault}", place(*.at))]
    Signature {
        /// The position.
        at: usize,
        /// What is wrong with it.
        fault: String,
    },
    /// A certificate has expired.
    #[error("{} expired at {}", place(*.at), rfc3339(*.not_after))]
    Expired {
        /// The position; the anchor is the last one.
        at: usize,
        /// The end of its validity.
        not_after: SystemTime,
    },
    /// A certificate is not yet valid.
    #[error("{} is not valid before {}", place(*.at), rfc3339(*.not_before))]
    NotYetValid {
        /// The position; the anchor is the last one.
        at: usize,
        /// The beginning of its validity.
        not_before: SystemTime,
    },
    /// A certificate is signed over a weak hash.
    #[error("{} is signed over {hash}", place(*.at))]
    WeakHash {
        /// The position.
        at: usize,
        /// The hash.
        hash: HashAlgorithm,
    },
    /// A key is too short.
    #[error("the key of {} is weak: {kind}", place(*.at))]
    WeakKey {
        /// The position; the anchor is the last one.
        at: usize,
        /// The key.
        kind: KeyKind,
    },
    /// The anchor counts as weak.
    #[error("the trust anchor {title} is a legacy one")]
    LegacyAnchor {
        /// Its title.
        title: String,
    },
    /// The anchor vouches for something else.
    #[error("the trust anchor {title} is one for {purpose}")]
    OtherPurpose {
        /// Its title.
        title: String,
        /// Its purpose.
        purpose: Purpose,
    },
    /// The certificate is not made for the use in question.
    #[error("the certificate is not made for this use: {0}")]
    Usage(&'static str),
    /// A certificate of the path breaks a rule of RFC 5280.
    #[error("{} breaks a rule of RFC 5280: {rule}", place(*.at))]
    Rule {
        /// The position; the anchor is the last one.
        at: usize,
        /// The rule.
        rule: Rule,
    },
    /// The search ended at a bound.
    #[error("the search for a path stopped at {0}")]
    Limit(&'static str),
}

impl Reason {
    /// The state that this reason alone puts a path in.
    #[must_use]
    pub fn state(&self) -> ChainState {
        match self {
            Self::IssuerMissing { .. } => ChainState::Incomplete,
            Self::Expired { .. } => ChainState::Expired,
            Self::NotYetValid { .. } => ChainState::NotYetValid,
            Self::WeakHash { .. } | Self::WeakKey { .. } | Self::LegacyAnchor { .. } => ChainState::Weak,
            Self::UnknownRoot { .. }
            | Self::Signature { .. }
            | Self::OtherPurpose { .. }
            | Self::Usage(_)
            | Self::Rule { .. }
            | Self::Limit(_) => ChainState::Untrusted,
        }
    }
}

/// The best path that was found, and what is to be said about it.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The state.
    pub state: ChainState,
    /// Everything that speaks against the path; empty when it is trusted.
    pub reasons: Vec<Reason>,
    /// Weaknesses that the caller consented to.
    pub tolerated: Vec<Reason>,
    /// The certificates: the one in question first, the one below the anchor last. When the certificate in
    /// question is the anchor itself, it stands here alone.
    pub path: Vec<Certificate>,
    /// The anchor the path leads to.
    pub anchor: Option<Anchor>,
}

impl Chain {
    /// Sorts the findings about one path into a chain.
    pub(super) fn judge(path: Vec<Certificate>, anchor: Option<Anchor>, found: Vec<Reason>, allow_weak: bool) -> Self {
        let weak = |reason: &Reason| allow_weak && reason.state() == ChainState::Weak;
        let (tolerated, reasons): (Vec<_>, Vec<_>) = found.into_iter().partition(weak);
        // Within one path the worst finding decides, and a weakness outweighs a date: it cannot be mended by `--at`.
        let rank = |state: &ChainState| match state {
            ChainState::Trusted => 0,
            ChainState::NotYetValid => 1,
            ChainState::Expired => 2,
            ChainState::Weak => 3,
            ChainState::Incomplete => 4,
            ChainState::Untrusted => 5,
        };
        // Without an anchor there is no trust, whatever the findings.
        let best = if anchor.is_some() { ChainState::Trusted } else { ChainState::Untrusted };
        let state = reasons.iter().map(Reason::state).max_by_key(rank).unwrap_or(best);
        Self { state, reasons, tolerated, path, anchor }
    }

    /// The name and key that issued the certificate at this position of the path.
    #[must_use]
    pub fn issuer_of(&self, position: usize) -> Option<(&DistinguishedName, &PublicKey)> {
        let certificate = self.path.get(position)?;
        if let Some(issuer) = self.path.get(position.saturating_add(1)) {
            return Some((issuer.subject(), issuer.key().ok()?));
        }
        let anchor = self.anchor.as_ref().filter(|anchor| anchor.subject.matches(certificate.issuer()))?;
        Some((&anchor.subject, &anchor.key))
    }
}
