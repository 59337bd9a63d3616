//! Authorities in the user's hands: what a file holds, what is known about it, and keeping it for later runs.

mod keep;

use super::anchor::Anchor;
use super::builtin::{KnownAuthority, known_authorities};
use super::chain::{Chain, ChainState};
use super::query::Query;
use super::store::Store;
use super::usage::Usage;
use crate::certificate::Certificate;
use crate::error::{Error, FileFault};
use std::path::{Path, PathBuf};

/// What the program knows about a certificate by its fingerprint.
#[derive(Debug, Clone)]
pub enum Pinned {
    /// It is the certificate of this anchor of the program.
    Anchor(Box<Anchor>),
    /// It is this authority below one.
    Authority(KnownAuthority),
}

impl Pinned {
    /// The built-in facts about this certificate, if there are any.
    ///
    /// # Errors
    /// [`Error::AnchorPage`].
    pub fn of(certificate: &Certificate) -> Result<Option<Self>, Error> {
        let anchors = Store::builtin()?;
        if let Some(anchor) = anchors.anchors().iter().find(|anchor| anchor.is(certificate)) {
            return Ok(Some(Self::Anchor(Box::new(anchor.clone()))));
        }
        let sha256 = certificate.sha256();
        Ok(known_authorities().into_iter().find(|known| known.sha256 == sha256).map(Self::Authority))
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Anchor(anchor) => &anchor.title,
            Self::Authority(authority) => &authority.title,
        }
    }
}

/// One certificate of a file, looked at.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The certificate.
    pub certificate: Certificate,
    /// What is known of it by its fingerprint.
    pub pinned: Option<Pinned>,
    /// Its path to an anchor of the store, through the other certificates of the file.
    pub chain: Chain,
}

impl Checked {
    /// Whether it is pinned or proved: a path leads to an anchor, and nothing but dates or weakness speaks against it.
    #[must_use]
    pub fn is_vouched_for(&self) -> bool {
        let proved = matches!(
            self.chain.state,
            ChainState::Trusted | ChainState::Weak | ChainState::Expired | ChainState::NotYetValid
        );
        self.pinned.is_some() || proved
    }
}

/// Looks at every certificate of a file, as authorities.
///
/// # Errors
/// [`Error::File`]: it cannot be read, or holds no certificate.
pub fn check(path: &Path, store: &Store, query: &Query) -> Result<Vec<Checked>, Error> {
    let content = super::store::read(path, crate::certificate::MAX_FILE)?;
    let found = Certificate::from_pem_or_der(&content);
    let found = found.map_err(|fault| Error::File { path: path.to_owned(), fault: FileFault::Certificate(fault) })?;
    let query = Query { usage: Usage::Issue, ..*query };
    let look = |certificate: &Certificate| {
        Ok(Checked {
            certificate: certificate.clone(),
            pinned: Pinned::of(certificate)?,
            chain: store.chain(certificate, &found, &query),
        })
    };
    found.iter().map(look).collect()
}

/// What the user says about a file to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consent {
    /// Nothing: only what is pinned or proved by an anchor is kept.
    #[default]
    None,
    /// The user compared the fingerprints and trusts the file.
    Trust,
}

/// What became of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Import {
    /// It is kept in this file. Self-signed ones are anchors in later runs, the others may stand in a path.
    Kept(PathBuf),
    /// It was already there.
    Known(PathBuf),
    /// It is no authority, so that nothing can be below it.
    NoAuthority,
    /// Nobody vouches for it, and the user did not either.
    NeedsTrust,
}

/// Keeps the authorities of a file in a directory, each as `<sha256>.pem`, readable by the user alone.
/// [`Store::add_kept`] reads them again.
///
/// # Errors
/// [`Error::File`]: the file cannot be read, or the directory cannot be written.
pub fn import(
    path: &Path,
    store: &Store,
    query: &Query,
    consent: Consent,
    directory: &Path,
) -> Result<Vec<(Checked, Import)>, Error> {
    let mut done = Vec::new();
    for checked in check(path, store, query)? {
        let import = if !may_stand_above(&checked.certificate) {
            Import::NoAuthority
        } else if consent == Consent::Trust || checked.is_vouched_for() || keep::has(&checked.certificate, directory) {
            keep::keep(&checked.certificate, directory)?
        } else {
            Import::NeedsTrust
        };
        done.push((checked, import));
    }
    Ok(done)
}

/// Whether anything can be below it: an authority, or a root from before a certificate could say so.
fn may_stand_above(certificate: &Certificate) -> bool {
    certificate.is_ca() || certificate.predates_extensions() && certificate.is_self_signed()
}

#[cfg(test)]
mod tests;
