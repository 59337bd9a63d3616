//! Whether the certificates of a path were revoked: from lists in files, and from a responder where the caller asks.
//!
//! What cannot be found out is unknown, never good. A certificate is good when a list or an answer of its issuer says
//! so for the time asked for. The path is good when its first certificate is, and every authority above it too that
//! names a place where its revocation would be published.

mod crl;
mod finding;
mod http;
mod lists;
mod ocsp;

pub use crl::RevocationList;
pub use finding::{Doubt, Finding, RevokedFor};
pub use http::FetchFault;
pub use lists::RevocationLists;
pub use ocsp::{OcspAnswer, OcspOptions, OcspRequest};

use super::chain::{Chain, place};
use super::query::Query;
use crate::certificate::Certificate;
use std::fmt;

/// The state of a whole path, in the words of JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RevocationState {
    /// Nobody asked.
    #[default]
    NotChecked,
    /// Not revoked, by the word of the issuers.
    Good,
    /// A certificate of the path is revoked.
    Revoked,
    /// It could not be found out.
    Unknown,
}

impl fmt::Display for RevocationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotChecked => "not_checked",
            Self::Good => "good",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
        })
    }
}

/// What was found out about a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revocation {
    /// The state of the path.
    pub state: RevocationState,
    /// For each certificate, as far as it was looked at: its position in the path and what one source said of it.
    pub findings: Vec<(usize, Finding)>,
}

impl Revocation {
    /// Nobody asked.
    #[must_use]
    pub fn not_checked() -> Self {
        Self::default()
    }

    /// Looks the path up in lists, and asks responders when `ocsp` is given: then, and only then, the network is used.
    #[must_use]
    pub fn check(chain: &Chain, lists: &RevocationLists, ocsp: Option<&OcspOptions>, query: &Query) -> Self {
        let mut findings = Vec::new();
        for position in 0..chain.path.len() {
            findings.extend(lists.look_up(chain, position, query).into_iter().map(|finding| (position, finding)));
            if let Some(options) = ocsp {
                findings.extend(ocsp::ask(chain, position, options, query).map(|finding| (position, finding)));
            }
        }
        Self::judge(chain, findings)
    }

    /// Sorts findings, from whatever source, into the state of the path.
    #[must_use]
    pub fn judge(chain: &Chain, findings: Vec<(usize, Finding)>) -> Self {
        let about = |position: usize| findings.iter().filter(move |(at, _)| *at == position).map(|(_, found)| found);
        let mut state = RevocationState::Good;
        for (position, certificate) in chain.path.iter().enumerate() {
            if about(position).any(|found| matches!(found, Finding::Revoked { .. })) {
                return Self { state: RevocationState::Revoked, findings };
            }
            if is_needed(chain, position, certificate)
                && !about(position).any(|found| matches!(found, Finding::Good { .. }))
            {
                state = RevocationState::Unknown;
            }
        }
        if chain.path.is_empty() {
            state = RevocationState::Unknown;
        }
        Self { state, findings }
    }

    /// One line for each finding that speaks against a certificate or leaves it in doubt.
    #[must_use]
    pub fn reasons(&self, chain: &Chain) -> Vec<String> {
        if self.state == RevocationState::NotChecked {
            return Vec::new();
        }
        let mut lines = Vec::new();
        for (position, certificate) in chain.path.iter().enumerate() {
            let of = self.findings.iter().filter(|(at, _)| *at == position).map(|(_, finding)| finding);
            let good = of.clone().any(|finding| matches!(finding, Finding::Good { .. }));
            if of.clone().next().is_none() && is_needed(chain, position, certificate) {
                lines.push(format!("{}: {}", place(position), Doubt::NoList));
            }
            for finding in of {
                match finding {
                    Finding::Revoked { .. } => lines.push(format!("{} {finding}", place(position))),
                    Finding::Unknown(_) if !good => lines.push(format!("{}: {finding}", place(position))),
                    Finding::Good { revoked_later: Some(_), .. } | Finding::Good { from_signature: true, .. } => {
                        lines.push(format!("{} {finding}", place(position)));
                    }
                    _ => {}
                }
            }
        }
        lines
    }
}

/// Whether the path is good only if this certificate is: the first one, and every authority that names a place where
/// its revocation would be published. An anchor is beyond revocation.
fn is_needed(chain: &Chain, position: usize, certificate: &Certificate) -> bool {
    let is_anchor = chain.anchor.as_ref().is_some_and(|anchor| anchor.is(certificate));
    let published = position == 0 || !certificate.crl_urls().is_empty() || !certificate.ocsp_urls().is_empty();
    published && !is_anchor
}
