//! The verdict in the words of the JSON document `idcard.verify/1`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Verified, VerifiedSigner};
use crate::cms::{CheckedSigner, ContentState, Finding, SignatureState};
use crate::time::rfc3339;

/// The most reasons that are told of one signer.
const MOST: usize = 32;

/// The document `idcard.verify/1` without its `schema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `valid`, `inconclusive`, `invalid`.
    pub verdict: &'static str,
    /// One entry for each signer.
    pub signers: Vec<SignerReport>,
    /// What was found about the file as a whole.
    pub reasons: Vec<String>,
}

/// One signer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignerReport {
    /// The subject of the certificate, RFC 4514.
    pub subject: Option<String>,
    /// SHA-256 of the certificate, lower-case hex.
    pub certificate_sha256: Option<String>,
    /// `valid`, `invalid`; `None` where it could not be checked.
    pub signature: Option<&'static str>,
    /// `match`, `mismatch`; `None` where it could not be told.
    pub content: Option<&'static str>,
    /// `trusted`, `incomplete`, `untrusted`, `expired`, `not_yet_valid`, `weak`.
    pub chain: String,
    /// `good`, `revoked`, `unknown`, `not_checked`.
    pub revocation: String,
    /// The time that the signer claims, RFC 3339 in UTC.
    pub claimed_time: Option<String>,
    /// `cades-b-b`, `cms`, `raw`.
    pub format: &'static str,
    /// Everything that speaks against the signature or is worth a word.
    pub reasons: Vec<String>,
}

impl Verified {
    /// The verdict as a document.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            verdict: self.verdict.name(),
            signers: self.signers.iter().map(VerifiedSigner::report).collect(),
            reasons: told(self.document.findings.iter().map(Finding::to_string)),
        }
    }
}

impl VerifiedSigner {
    /// The signer as a part of the document.
    #[must_use]
    pub fn report(&self) -> SignerReport {
        let checked = &self.checked;
        let certificate = checked.certificate.as_ref();
        SignerReport {
            subject: certificate.map(|certificate| certificate.subject().to_string()),
            certificate_sha256: certificate.map(crate::certificate::Certificate::sha256),
            signature: checked.signature.map(|state| match state {
                SignatureState::Valid => "valid",
                SignatureState::Invalid => "invalid",
            }),
            content: checked.content.map(|state| match state {
                ContentState::Match => "match",
                ContentState::Mismatch => "mismatch",
            }),
            chain: self.chain.as_ref().map_or_else(|| "incomplete".to_owned(), |chain| chain.state.to_string()),
            revocation: self.revocation.state.to_string(),
            claimed_time: checked.claimed_time.map(rfc3339),
            format: checked.format.name(),
            reasons: self.reasons(),
        }
    }

    /// Everything that speaks against the signature or is worth a word, in sentences, each once and not without end.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.checked.findings.iter().map(Finding::to_string).collect();
        if let Some(chain) = &self.chain {
            reasons.extend(chain.reasons.iter().map(ToString::to_string));
            reasons.extend(self.revocation.reasons(chain));
        }
        reasons.extend(self.checked.countersignatures.iter().map(countersigned));
        told(reasons)
    }
}

/// A hostile file may give the same cause, or causes of one kind, a hundred thousand times.
fn told(reasons: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut told: Vec<String> = reasons.into_iter().filter(|reason| seen.insert(reason.clone())).collect();
    let more = told.len().saturating_sub(MOST);
    if more > 0 {
        told.truncate(MOST);
        told.push(format!("and {more} more of them"));
    }
    told
}

fn countersigned(counter: &CheckedSigner) -> String {
    let by = counter.certificate.as_ref().map_or_else(|| "somebody unknown".to_owned(), |it| it.subject().to_string());
    let state = match (counter.signature, counter.content) {
        (Some(SignatureState::Valid), Some(ContentState::Match)) => "the numbers are right, the chain was not checked",
        (None, _) => "it could not be checked",
        _ => "it is not valid",
    };
    format!("countersigned by {by}: {state}")
}
