//! Passive authentication: what the security object of a card says about the files that were read (ICAO Doc 9303-11, 5.1).
//!
//! It shows that the files are as the issuer signed them. It does not show that the chip is the issuer's: a copy of all
//! files is as authentic as the original.

mod lds;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use const_oid::ObjectIdentifier;
use thiserror::Error;

use crate::certificate::{Certificate, KeyPurpose};
use crate::cms::{self, Finding, VerifyError, Weight};
use crate::trust::{self, Chain, ChainState, Query, Store, Usage};
use lds::LdsSecurityObject;

/// The content type of the security object (ICAO Doc 9303-10, 4.6.2.2).
pub(crate) const LDS_SECURITY_OBJECT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.136.1.1.1");

/// What the files amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SodVerdict {
    /// Signed by a document signer below an anchor, and every file that was read is as it was signed.
    Authentic,
    /// All of that, but the signer is not shown to be one of the issuer's.
    UntrustedSigner,
    /// The signature or a file is wrong.
    NotAuthentic,
    /// Nobody looked; never the outcome of [`check`].
    #[default]
    NotChecked,
}

impl SodVerdict {
    /// The word of JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::UntrustedSigner => "untrusted_signer",
            Self::NotAuthentic => "not_authentic",
            Self::NotChecked => "not_checked",
        }
    }
}

/// One data group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
    /// The file is as it was signed.
    Match,
    /// It is not, or the security object does not cover it.
    Mismatch,
    /// It is covered and was not read.
    NotRead,
}

impl GroupState {
    /// The word of JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::NotRead => "not_read",
        }
    }
}

/// What speaks against the files or their signer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SodReason {
    /// The bytes are no CMS file.
    #[error("the security object is no signed object: {0}")]
    NotSigned(&'static str),
    /// The signed content is not a list of hashes.
    #[error("the security object does not hold an LDSSecurityObject")]
    ContentType,
    /// The list of hashes is broken.
    #[error("the list of hashes is malformed: {0}")]
    Malformed(&'static str),
    /// The hashes are made with an algorithm that shows nothing or is not known.
    #[error("the hashes are made with {0}, which shows nothing here")]
    Hash(ObjectIdentifier),
    /// Something about the signature.
    #[error(transparent)]
    Signature(Finding),
    /// A file was changed.
    #[error("data group {0} is not as it was signed")]
    Differs(u8),
    /// A file was read for which there is no hash.
    #[error("data group {0} is not covered by the security object")]
    NotCovered(u8),
    /// Something about the signer's chain.
    #[error(transparent)]
    Chain(trust::Reason),
    /// The certificate is one for something else: a holder who signs his own files.
    #[error("the signer's certificate is not that of a document signer: {0}")]
    NotADocumentSigner(&'static str),
}

/// The outcome of passive authentication.
#[derive(Debug, Clone, Default)]
pub struct SodReport {
    /// What the files amount to.
    pub verdict: SodVerdict,
    /// Each data group that is covered or was read.
    pub groups: BTreeMap<u8, GroupState>,
    /// The document signer's certificate.
    pub signer: Option<Certificate>,
    /// Its chain.
    pub chain: Option<Chain>,
    /// Whether the signer is untrusted for no other reason than that a certificate of its chain has expired: the
    /// warning `signer_expired`.
    pub signer_expired: bool,
    /// Everything that speaks against the files or the signer.
    pub reasons: Vec<SodReason>,
}

/// Checks files against the security object of their card.
///
/// `sod` is the CMS object; tag 77 around it may be left on. `groups` are the numbers and the whole objects, tag to
/// end of value without padding, of the files that were read (specimen.md, section 4). The signer must stand directly
/// below an anchor of the store, as document signers do (ICAO Doc 9303-12, 7.1), at the time of the query.
///
/// What cannot be verified is not authentic: a missing certificate, an unknown algorithm.
#[must_use]
pub fn check(sod: &[u8], groups: &[(u8, &[u8])], store: &Store, query: &Query) -> SodReport {
    let mut report = SodReport::default();
    for (number, _) in groups {
        report.groups.insert(*number, GroupState::Mismatch);
    }
    let mut content = Vec::new();
    let document = match cms::verify_attached(lds::without_tag(sod), Some(&mut content), &[]) {
        Ok(document) => document,
        Err(error) => {
            let what = if let VerifyError::NotASignature(what) = error { what } else { "it holds no content" };
            report.reasons.push(SodReason::NotSigned(what));
            report.verdict = SodVerdict::NotAuthentic;
            return report;
        }
    };
    let findings = document.findings.iter().chain(document.signers.iter().flat_map(|signer| &signer.findings));
    report.reasons.extend(findings.filter(|it| it.weight() > Weight::Note).cloned().map(SodReason::Signature));
    if document.content_type == Some(LDS_SECURITY_OBJECT) {
        compare(&content, groups, &mut report);
    } else {
        report.reasons.push(SodReason::ContentType);
    }
    let sound = report.reasons.is_empty();
    let mut trusted = true;
    for signer in document.signers.iter().filter_map(|signer| signer.certificate.as_ref()) {
        trusted &= judge(signer, &document.certificates, store, query, &mut report);
    }
    report.verdict = match (sound, trusted) {
        (false, _) => SodVerdict::NotAuthentic,
        (true, false) => SodVerdict::UntrustedSigner,
        (true, true) => SodVerdict::Authentic,
    };
    report
}

/// Compares the files with the signed hashes.
fn compare(content: &[u8], groups: &[(u8, &[u8])], report: &mut SodReport) {
    let object = match LdsSecurityObject::read(content) {
        Ok(object) => object,
        Err(reason) => return report.reasons.push(reason),
    };
    let mut compared: BTreeMap<u8, GroupState> = object.hashes.keys().map(|it| (*it, GroupState::NotRead)).collect();
    for (number, file) in groups {
        let state = match object.hashes.get(number) {
            Some(hash) if object.hash.digest(file) == *hash => GroupState::Match,
            Some(_) => {
                report.reasons.push(SodReason::Differs(*number));
                GroupState::Mismatch
            }
            None => {
                report.reasons.push(SodReason::NotCovered(*number));
                GroupState::Mismatch
            }
        };
        // Of two files under one number the worse counts.
        let known = compared.entry(*number).or_insert(state);
        if *known != GroupState::Mismatch {
            *known = state;
        }
    }
    report.groups.extend(compared);
}

/// Whether a certificate is that of a trusted document signer.
fn judge(signer: &Certificate, others: &[Certificate], store: &Store, query: &Query, report: &mut SodReport) -> bool {
    let chain = store.chain(signer, others, &Query { usage: Usage::Any, ..*query });
    let not_a_signer = not_a_document_signer(signer, &chain);
    report.signer_expired |= chain.state == ChainState::Expired && not_a_signer.is_none();
    report.reasons.extend(chain.reasons.iter().cloned().map(SodReason::Chain));
    report.reasons.extend(not_a_signer.map(SodReason::NotADocumentSigner));
    let trusted = chain.state == ChainState::Trusted && not_a_signer.is_none();
    report.signer = Some(signer.clone());
    report.chain = Some(chain);
    trusted
}

/// A holder's certificate leads to the same root. He could sign files of his own making with his card, were it enough.
fn not_a_document_signer(signer: &Certificate, chain: &Chain) -> Option<&'static str> {
    if signer.is_ca() {
        Some("it is one of an authority")
    } else if !signer.allows(KeyPurpose::DigitalSignature) {
        Some("its keyUsage has no digitalSignature")
    } else if signer.key_usage().is_some() && signer.allows(KeyPurpose::NonRepudiation) {
        Some("its keyUsage has nonRepudiation, as a person's has")
    } else if !signer.extended_key_usage().is_empty() {
        Some("its extendedKeyUsage names other uses")
    } else if chain.anchor.is_some() && chain.path.len() != 1 {
        Some("it does not stand directly below an anchor")
    } else {
        None
    }
}
