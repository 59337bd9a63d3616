//! Revocation lists at hand, from files that the user names and from the signature; which of them decides.

use super::crl::RevocationList;
use super::finding::{Doubt, Finding, RevokedFor};
use crate::certificate::{CertificateFault, pem};
use crate::error::{Error, FileFault};
use crate::trust::chain::Chain;
use crate::trust::query::Query;
use crate::trust::store::{files, read};
use std::path::Path;

/// The largest list that is looked through, in bytes: with the program it stays below 64 MiB.
const MAX_LIST: usize = 52 * 1024 * 1024;

/// The most lists of one issuer that are asked of those that came with a signature, which may be hostile.
const MAX_BROUGHT: usize = 32;

/// The most doubts that are told about one certificate.
const MAX_DOUBTS: usize = 8;

/// Endings of files that are looked into when a directory is named.
const ENDINGS: [&str; 3] = ["crl", "pem", "der"];

/// Revocation lists, each once.
#[derive(Debug, Clone, Default)]
pub struct RevocationLists {
    /// The user's own.
    own: Vec<RevocationList>,
    /// Those that came inside of a signature.
    brought: Vec<RevocationList>,
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
        self.own.is_empty() && self.brought.is_empty()
    }

    /// Adds a list of the user's.
    pub fn add(&mut self, list: RevocationList) {
        if !self.own.contains(&list) {
            self.own.push(list);
        }
    }

    /// Adds a list that came inside of a signature: whoever signed chose it among the lists of the issuer.
    pub fn add_brought(&mut self, list: RevocationList) {
        if !self.own.contains(&list) && !self.brought.contains(&list) {
            self.brought.push(list);
        }
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
        let lists = blocks.unwrap_or_else(|| vec![content]);
        let lists: Option<Vec<_>> = lists.into_iter().map(RevocationList::of).collect();
        let lists = lists.filter(|lists| !lists.is_empty()).ok_or_else(|| fault(FileFault::NoList))?;
        let count = lists.len();
        lists.into_iter().for_each(|list| self.add(list));
        Ok(count)
    }

    /// What the lists say about the certificate at a position of the path; empty when it is an anchor.
    ///
    /// Of the lists that the issuer signed and that cover the certificate, the newest decides; of two of one time, the
    /// user's own. It decides also when it is out of date: an older list that is not, which a signer may have brought
    /// for that very reason, does not stand in for it. A revocation in any of them stands, since only a suspension can
    /// be lifted (RFC 5280, 5.3.1). Where no list counts, the doubts about each are told.
    #[must_use]
    pub fn look_up(&self, chain: &Chain, position: usize, query: &Query) -> Vec<Finding> {
        let Some(certificate) = chain.path.get(position) else { return Vec::new() };
        if chain.anchor.as_ref().is_some_and(|anchor| anchor.is(certificate)) || self.is_empty() {
            return Vec::new();
        }
        let Some((name, key)) = chain.issuer_of(position) else { return vec![Finding::Unknown(Doubt::NoIssuer)] };
        let issuer = chain.path.get(position.saturating_add(1));
        let issuer = issuer.or_else(|| chain.anchor.as_ref().and_then(|anchor| anchor.certificate.as_ref()));
        let of_issuer = |list: &&RevocationList| list.issuer().matches(name);
        let own = self.own.iter().filter(of_issuer).map(|list| (list, false));
        let brought = self.brought.iter().filter(of_issuer).take(MAX_BROUGHT).map(|list| (list, true));
        let mut doubts = Vec::new();
        let mut voices = Vec::new();
        for (list, brought) in own.chain(brought) {
            let finding = list.look_up(certificate, key, issuer, query).marked(brought);
            if has_a_voice(&finding) {
                voices.push(((list.this_update(), !brought), finding));
            } else if !doubts.contains(&finding) && doubts.len() < MAX_DOUBTS {
                doubts.push(finding);
            }
        }
        voices.sort_by_key(|(rank, _)| *rank);
        let stands = voices.iter().rposition(|(_, finding)| is_final(finding));
        let decides = stands.or(voices.len().checked_sub(1)).map(|index| voices.swap_remove(index).1);
        match decides {
            Some(finding) => vec![finding],
            None if doubts.is_empty() => vec![Finding::Unknown(Doubt::NoList)],
            None => doubts,
        }
    }
}

/// Whether the issuer says this of the certificate in a list for it, were it only that the list is out of date.
fn has_a_voice(finding: &Finding) -> bool {
    match finding {
        Finding::Good { .. } | Finding::Revoked { .. } => true,
        Finding::Unknown(doubt) => matches!(doubt, Doubt::Stale(_) | Doubt::Endless),
    }
}

/// Whether no later list takes it back.
fn is_final(finding: &Finding) -> bool {
    matches!(finding, Finding::Revoked { reason, .. } if *reason != RevokedFor::CertificateHold)
}

#[cfg(test)]
mod tests;
