//! What is known about a signed document once its signatures are checked; chains and revocation come after.

use std::time::SystemTime;

use const_oid::ObjectIdentifier;

use super::finding::{Finding, Weight};
use crate::algorithm::HashAlgorithm;
use crate::certificate::Certificate;

/// Whether the bytes of a signature belong to the signer's key and to what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureState {
    /// They do, and no rule is broken.
    Valid,
    /// They do not, or a rule is broken.
    Invalid,
}

/// Whether the document is the one that was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentState {
    /// It is.
    Match,
    /// It is not.
    Mismatch,
}

/// The shape of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// CMS with the attributes of the baseline B-B (ETSI EN 319 122-1, 6.3).
    CadesBB,
    /// Any other CMS.
    #[default]
    Cms,
    /// A bare signature.
    Raw,
}

impl Format {
    /// The name in JSON documents: `cades-b-b`, `cms`, `raw`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CadesBB => "cades-b-b",
            Self::Cms => "cms",
            Self::Raw => "raw",
        }
    }
}

/// One signer.
#[derive(Debug, Clone, Default)]
pub struct CheckedSigner {
    /// The signer's certificate; whether to trust it is another question.
    pub certificate: Option<Certificate>,
    /// `None`: it could not be checked, [`Self::findings`] say why.
    pub signature: Option<SignatureState>,
    /// `None`: it could not be told.
    pub content: Option<ContentState>,
    /// The time that the signer claims. It proves nothing.
    pub claimed_time: Option<SystemTime>,
    /// The shape of the signature.
    pub format: Format,
    /// The hash under the signature.
    pub hash: Option<HashAlgorithm>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Those who signed this signature.
    pub countersignatures: Vec<CheckedSigner>,
}

impl CheckedSigner {
    /// The weight of the worst finding.
    #[must_use]
    pub fn weight(&self) -> Weight {
        self.findings.iter().map(Finding::weight).max().unwrap_or(Weight::Note)
    }

    /// A broken rule makes the signature invalid, whatever its bytes say.
    pub(crate) fn settle(&mut self) {
        // A document that differs is told by `content`; the signature over its digest may be sound.
        let broken = |finding: &Finding| finding.weight() == Weight::Fault && *finding != Finding::ContentDiffers;
        if self.findings.iter().any(broken) {
            self.signature = Some(SignatureState::Invalid);
        }
    }
}

/// A document with its signatures.
#[derive(Debug, Clone, Default)]
pub struct CheckedDocument {
    /// The signers, in the order of the file.
    pub signers: Vec<CheckedSigner>,
    /// What was found about the structure as a whole.
    pub findings: Vec<Finding>,
    /// The type of the content.
    pub content_type: Option<ObjectIdentifier>,
    /// The length of the document, in bytes.
    pub content_length: u64,
    /// The certificates inside the signature.
    pub certificates: Vec<Certificate>,
    /// The revocation lists inside the signature, DER.
    pub crls: Vec<Vec<u8>>,
}

impl CheckedDocument {
    /// The weight of the worst finding, that of every signer included. Chains and revocation are not in it.
    #[must_use]
    pub fn weight(&self) -> Weight {
        let own = self.findings.iter().map(Finding::weight);
        own.chain(self.signers.iter().map(CheckedSigner::weight)).max().unwrap_or(Weight::Note)
    }
}
