//! Revocation lists at hand, from files that the user names.

use super::crl::RevocationList;
use super::finding::{Doubt, Finding};
use crate::certificate::{CertificateFault, pem};
use crate::error::{Error, FileFault};
use crate::trust::chain::Chain;
use crate::trust::query::Query;
use crate::trust::store::{files, read};
use std::path::Path;

/// The largest list that is looked through, in bytes.
const MAX_LIST: usize = 64 * 1024 * 1024;

/// The most lists of one issuer that are asked: they may have come with a hostile signature.
const MAX_LISTS: usize = 32;

/// Endings of files that are looked into when a directory is named.
const ENDINGS: [&str; 3] = ["crl", "pem", "der"];

/// Revocation lists.
#[derive(Debug, Clone, Default)]
pub struct RevocationLists {
    lists: Vec<RevocationList>,
}

impl RevocationLists {
    /// No lists.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Whether there is no list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Adds a list.
    pub fn add(&mut self, list: RevocationList) {
        self.lists.push(list);
    }

    /// Takes the lists of a file (DER, or PEM blocks `X509 CRL`), or of the files in a directory that end in crl, pem
    /// or der; the number of lists.
    ///
    /// # Errors
    /// [`Error::File`]. In a directory, files that hold no list are passed over.
    pub fn add_path(&mut self, path: &Path) -> Result<usize, Error> {
        if !path.is_dir() {
            return self.add_file(path);
        }
        let mut count = 0_usize;
        for file in files(path, &ENDINGS)? {
            match self.add_file(&file) {
                Ok(added) => count = count.saturating_add(added),
                Err(Error::File { fault: FileFault::Certificate(_) | FileFault::NoList, .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(count)
    }

    fn add_file(&mut self, path: &Path) -> Result<usize, Error> {
        let content = read(path, MAX_LIST)?;
        let fault = |fault: FileFault| Error::File { path: path.to_owned(), fault };
        let blocks = pem::blocks(&content, &["X509 CRL", "CRL"]).map_err(|pem: CertificateFault| fault(pem.into()))?;
        let lists = match &blocks {
            None => vec![content.as_slice()],
            Some(blocks) => blocks.iter().map(Vec::as_slice).collect(),
        };
        let lists: Option<Vec<_>> = lists.into_iter().map(RevocationList::from_der).collect();
        let lists = lists.filter(|lists| !lists.is_empty()).ok_or_else(|| fault(FileFault::NoList))?;
        let count = lists.len();
        self.lists.extend(lists);
        Ok(count)
    }

    /// What the lists say about the certificate at a position of the path; empty when it is an anchor.
    #[must_use]
    pub fn look_up(&self, chain: &Chain, position: usize, query: &Query) -> Vec<Finding> {
        let Some(certificate) = chain.path.get(position) else { return Vec::new() };
        if chain.anchor.as_ref().is_some_and(|anchor| anchor.is(certificate)) || self.is_empty() {
            return Vec::new();
        }
        let Some((name, key)) = chain.issuer_of(position) else { return vec![Finding::Unknown(Doubt::NoIssuer)] };
        let lists = self.lists.iter().filter(|list| list.issuer() == name).take(MAX_LISTS);
        let issuer = chain.path.get(position.saturating_add(1));
        let issuer = issuer.or_else(|| chain.anchor.as_ref().and_then(|anchor| anchor.certificate.as_ref()));
        let found: Vec<_> = lists.map(|list| list.look_up(certificate, key, issuer, query)).collect();
        if found.is_empty() { vec![Finding::Unknown(Doubt::NoList)] } else { found }
    }
}
