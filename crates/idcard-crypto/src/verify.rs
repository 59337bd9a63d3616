//! The verdict on a signed document: its signatures, the chains of its signers and their revocation, at a given time.

mod raw;
mod report;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{Read, Write};

pub use report::{Report, SignerReport};

use crate::certificate::Certificate;
use crate::cms::{self, CheckedDocument, CheckedSigner, Finding, VerifyError, Weight};
use crate::hash::Content;
use crate::trust::revocation::{OcspOptions, Revocation, RevocationList, RevocationLists, RevocationState};
use crate::trust::{Chain, ChainState, Effort, Query, Store, Usage};

/// What a signature amounts to, the worst last: the worst signer decides for the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything that was asked for holds.
    Valid,
    /// Nothing is wrong, and not everything could be shown: chain, dates, revocation.
    Inconclusive,
    /// An algorithm is too weak to show anything; printed as inconclusive, too.
    Weak,
    /// The signature, the document or the structure is wrong, or a certificate is revoked.
    Invalid,
}

impl Verdict {
    /// The word of JSON documents: `valid`, `inconclusive`, `invalid`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Inconclusive | Self::Weak => "inconclusive",
            Self::Invalid => "invalid",
        }
    }

    fn of_weight(weight: Weight) -> Self {
        match weight {
            Weight::Note => Self::Valid,
            Weight::Unknown => Self::Inconclusive,
            Weight::Weak => Self::Weak,
            Weight::Fault => Self::Invalid,
        }
    }

    fn of_chain(state: ChainState) -> Self {
        match state {
            ChainState::Trusted => Self::Valid,
            ChainState::Weak => Self::Weak,
            ChainState::Expired | ChainState::NotYetValid | ChainState::Untrusted | ChainState::Incomplete => {
                Self::Inconclusive
            }
        }
    }

    fn of_revocation(state: RevocationState) -> Self {
        match state {
            RevocationState::NotChecked | RevocationState::Good => Self::Valid,
            RevocationState::Unknown => Self::Inconclusive,
            RevocationState::Revoked => Self::Invalid,
        }
    }
}

/// What a verdict rests on: whom to trust, at what time, and what is known about revocation.
///
/// ```
/// use idcard_crypto::trust::{Query, Store};
/// use idcard_crypto::verify::{Verdict, Verifier};
///
/// fn holds(p7s: &[u8], document: &[u8]) -> Result<bool, Box<dyn std::error::Error>> {
///     let store = Store::builtin()?;
///     let verified = Verifier::new(&store, Query::at(std::time::SystemTime::now())).detached(p7s, document)?;
///     for reason in verified.signers.iter().flat_map(|signer| signer.reasons()) {
///         eprintln!("{reason}");
///     }
///     Ok(verified.verdict == Verdict::Valid)
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'a> {
    /// Anchors and intermediate certificates.
    pub store: &'a Store,
    /// The time of the check and what is good enough; its usage is set by the kind of the check.
    pub query: Query,
    /// Revocation lists. `Some`, even if empty, asks for revocation.
    pub lists: Option<&'a RevocationLists>,
    /// Asks responders over the network. `Some` asks for revocation.
    pub ocsp: Option<&'a OcspOptions>,
    /// Certificates of signers that may be missing in a signature.
    pub certificates: &'a [Certificate],
}

impl<'a> Verifier<'a> {
    /// Trust of a store, without revocation.
    #[must_use]
    pub const fn new(store: &'a Store, query: Query) -> Self {
        Self { store, query, lists: None, ocsp: None, certificates: &[] }
    }

    /// Checks a CMS file that holds its document; what `out` receives is not genuine before the verdict.
    ///
    /// # Errors
    /// As [`cms::verify_attached`].
    pub fn attached(&self, signature: impl Read + Send, out: Option<&mut dyn Write>) -> Result<Verified, VerifyError> {
        Ok(self.judge(cms::verify_attached(signature, out, self.certificates)?))
    }

    /// Checks a CMS file against the document beside it.
    ///
    /// # Errors
    /// As [`cms::verify_detached`].
    pub fn detached(&self, signature: impl Read + Send, content: impl Read + Send) -> Result<Verified, VerifyError> {
        Ok(self.judge(cms::verify_detached(signature, content, self.certificates)?))
    }

    /// Checks a bare signature with the certificate of its signer. The scheme and the hash are found by trying:
    /// PKCS#1 v1.5, PSS with a salt as long as the hash or the longest, ECDSA as DER or r‖s.
    ///
    /// # Errors
    /// [`VerifyError::ReadContent`]. A signature of a length that this key never makes is an invalid one.
    pub fn raw<C: Content>(
        &self,
        signature: &[u8],
        content: &mut C,
        certificate: &Certificate,
    ) -> Result<Verified, VerifyError> {
        Ok(self.judge(raw::check(signature, content, certificate)?))
    }

    /// Adds chains and revocation to signatures that were checked.
    #[must_use]
    pub fn judge(&self, mut document: CheckedDocument) -> Verified {
        let others: Vec<Certificate> = document.certificates.iter().chain(self.certificates).cloned().collect();
        let mut lists = self.lists.cloned();
        // Answers of responders and other kinds are no SEQUENCE (RFC 5652, 10.2.1).
        for der in document.crls.iter().filter(|der| der.first() == Some(&0x30)) {
            match (RevocationList::from_der(der), &mut lists) {
                (Some(list), Some(lists)) => lists.add_brought(list),
                (None, _) => document.findings.push(Finding::UnreadableList),
                _ => {}
            }
        }
        // One certificate under many signatures is looked at once.
        let mut standings = BTreeMap::new();
        let mut effort = Effort::of_document();
        let judge = |signer: &CheckedSigner| {
            let standing = signer.certificate.as_ref().map(|certificate| {
                let look = || self.standing(certificate, &others, lists.as_ref(), Usage::Sign, &mut effort);
                standings.entry(certificate.der().to_vec()).or_insert_with(look).clone()
            });
            self.signer(signer.clone(), standing)
        };
        let signers: Vec<VerifiedSigner> = document.signers.iter().map(judge).collect();
        let structure = document.findings.iter().map(Finding::weight).max().unwrap_or(Weight::Note);
        let own = signers.iter().map(|signer| signer.verdict);
        // A document without signers is never valid, whatever was found about it.
        let nobody = match signers.as_slice() {
            [] if structure == Weight::Unknown => Verdict::Inconclusive,
            [] => Verdict::Invalid,
            _ => Verdict::Valid,
        };
        let verdict = own.chain([nobody, Verdict::of_weight(structure)]).max().unwrap_or(Verdict::Invalid);
        Verified { verdict, signers, document }
    }

    fn signer(&self, checked: CheckedSigner, standing: Option<(Chain, Revocation, Verdict)>) -> VerifiedSigner {
        let consented = |finding: &&Finding| matches!(finding, Finding::WeakHash(_)) && self.query.allow_legacy_sha1;
        let weights = checked.findings.iter().filter(|finding| !consented(finding)).map(Finding::weight);
        let own = Verdict::of_weight(weights.max().unwrap_or(Weight::Note));
        let (chain, revocation, standing) = match standing {
            Some((chain, revocation, standing)) => (Some(chain), revocation, standing),
            None => {
                let state =
                    if self.asks_for_revocation() { RevocationState::Unknown } else { RevocationState::NotChecked };
                (None, Revocation { state, ..Revocation::default() }, Verdict::Inconclusive)
            }
        };
        VerifiedSigner { verdict: own.max(standing), checked, chain, revocation }
    }

    const fn asks_for_revocation(&self) -> bool {
        self.lists.is_some() || self.ocsp.is_some()
    }

    /// Chain and revocation of one certificate.
    pub(crate) fn standing(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        lists: Option<&RevocationLists>,
        usage: Usage,
        effort: &mut Effort,
    ) -> (Chain, Revocation, Verdict) {
        let query = Query { usage, ..self.query };
        let chain = self.store.chain_within(certificate, others, &query, effort);
        let revocation = if self.asks_for_revocation() {
            Revocation::check(&chain, lists.unwrap_or(&RevocationLists::empty()), self.ocsp, &query)
        } else {
            Revocation::not_checked()
        };
        let verdict = Verdict::of_chain(chain.state).max(Verdict::of_revocation(revocation.state));
        (chain, revocation, verdict)
    }
}

/// One signer, judged.
#[derive(Debug, Clone)]
pub struct VerifiedSigner {
    /// What this signature amounts to.
    pub verdict: Verdict,
    /// The signature itself.
    pub checked: CheckedSigner,
    /// The chain of the signer's certificate; `None` without a certificate.
    pub chain: Option<Chain>,
    /// Whether a certificate of the chain is revoked.
    pub revocation: Revocation,
}

/// A signed document, judged.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What the document amounts to.
    pub verdict: Verdict,
    /// The signers, in the order of the file.
    pub signers: Vec<VerifiedSigner>,
    /// Everything else that is known.
    pub document: CheckedDocument,
}
