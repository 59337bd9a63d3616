//! The certificates at hand: anchors and what stands between, from the program and from files.

mod files;
pub(crate) mod guard;

pub use files::Loaded;
pub(crate) use files::{files, read};

use super::anchor::{Anchor, Origin, Purpose};
use super::builtin;
use super::chain::Chain;
use super::effort::Effort;
use super::path::Search;
use super::query::Query;
use crate::certificate::Certificate;
use crate::key::KeyFault;

/// Anchors and intermediate certificates.
#[derive(Debug, Clone, Default)]
pub struct Store {
    anchors: Vec<Anchor>,
    intermediates: Vec<Certificate>,
}

impl Store {
    /// A store that trusts nobody.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The anchors of the program. The specimen root is not among them.
    ///
    /// # Errors
    /// [`crate::Error::AnchorPage`] when the page of the program cannot be read: a fault of the build.
    pub fn builtin() -> Result<Self, crate::Error> {
        let anchors = builtin::anchors().ok_or(crate::Error::AnchorPage)?;
        Ok(Self { anchors, intermediates: Vec::new() })
    }

    /// The anchors.
    #[must_use]
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// The intermediate certificates.
    #[must_use]
    pub fn intermediates(&self) -> &[Certificate] {
        &self.intermediates
    }

    /// Trusts the name and key of a certificate, for every purpose.
    ///
    /// # Errors
    /// [`KeyFault`] when its key cannot be used.
    pub fn add_anchor(&mut self, certificate: Certificate, origin: Origin) -> Result<(), KeyFault> {
        if self.anchors.iter().any(|anchor| anchor.certificate.as_ref() == Some(&certificate)) {
            return Ok(());
        }
        let anchor = Anchor::from_certificate(certificate, origin)?;
        // What the caller names comes first: it serves every purpose, the built-in twin perhaps not.
        self.anchors.insert(0, anchor);
        Ok(())
    }

    /// The purpose of a built-in anchor of this name and key, and whether it is a legacy one.
    fn built_in_limits(&self, certificate: &Certificate) -> Option<(Purpose, bool)> {
        let own = |anchor: &&Anchor| matches!(anchor.origin, Origin::Builtin { .. });
        let twin = self.anchors.iter().filter(own).find(|anchor| anchor.has_identity_of(certificate))?;
        Some((twin.purpose, twin.legacy))
    }

    /// As [`Self::add_anchor`], with the limits of a built-in twin: to keep its certificate lends it no more trust.
    fn add_limited(
        &mut self,
        certificate: Certificate,
        origin: Origin,
        limits: (Purpose, bool),
    ) -> Result<(), KeyFault> {
        let before = self.anchors.len();
        self.add_anchor(certificate, origin)?;
        let is_new = self.anchors.len() > before;
        if let Some(added) = self.anchors.first_mut().filter(|_| is_new) {
            (added.purpose, added.legacy) = limits;
        }
        Ok(())
    }

    /// Adds a certificate that may stand in a path; it lends no trust.
    pub fn add_intermediate(&mut self, certificate: Certificate) {
        if !self.intermediates.contains(&certificate) {
            self.intermediates.push(certificate);
        }
    }

    /// The best path from a certificate to an anchor, through the store and the `others` that came with it
    /// (from the card, from a CMS file). Every candidate of a name is tried: two certificates may certify one key.
    #[must_use]
    pub fn chain(&self, target: &Certificate, others: &[Certificate], query: &Query) -> Chain {
        self.chain_within(target, others, query, &mut Effort::of_one())
    }

    /// The same, within what is left for a whole document.
    pub(crate) fn chain_within(
        &self,
        target: &Certificate,
        others: &[Certificate],
        query: &Query,
        effort: &mut Effort,
    ) -> Chain {
        Search::new(target, self.intermediates.iter().chain(others), &self.anchors, query).run_within(effort)
    }
}

#[cfg(test)]
mod tests;
