//! The Online Certificate Status Protocol (RFC 6960), asked only where the caller says so.

mod answer;
mod request;
mod responder;

pub use answer::OcspAnswer;
pub use request::OcspRequest;

use super::finding::{Doubt, Finding};
use super::http::{self, FetchFault};
use crate::trust::chain::Chain;
use crate::trust::query::Query;
use std::time::{Duration, SystemTime};

/// The largest answer that is taken, in bytes; real ones have two or three thousand.
const MAX_ANSWER: u64 = 64 * 1024;

/// How responders are asked. To have one is to consent to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspOptions {
    /// Asks this responder about the first certificate of the path, in place of the one named there.
    pub url: Option<String>,
    /// How long one question may take, from the look-up of the name to the last byte.
    pub timeout: Duration,
    /// Whether an answer that does not repeat our nonce is worthless. Some responders never repeat one; without this,
    /// an old answer passes while it is in its own dates.
    pub require_nonce: bool,
    /// The present time: an answer must be fresh, whatever time the certificates are checked at.
    pub now: SystemTime,
}

impl OcspOptions {
    /// The plain way: the responder named in the certificate, ten seconds, the nonce required.
    #[must_use]
    pub fn new(now: SystemTime) -> Self {
        Self { url: None, timeout: Duration::from_secs(10), require_nonce: true, now }
    }
}

/// Asks about the certificate at a position of the path; `None` when there is nobody to ask about an authority.
pub(super) fn ask(chain: &Chain, position: usize, options: &OcspOptions, query: &Query) -> Option<Finding> {
    let certificate = chain.path.get(position)?;
    if chain.anchor.as_ref().is_some_and(|anchor| anchor.is(certificate)) {
        return None;
    }
    let given = options.url.clone().filter(|_| position == 0);
    let url = given.or_else(|| certificate.ocsp_urls().into_iter().next());
    let Some(url) = url else {
        return (position == 0).then_some(Finding::Unknown(Doubt::Fetch(FetchFault::NoAddress)));
    };
    Some(converse(chain, position, &url, options, query).unwrap_or_else(Finding::Unknown))
}

fn converse(chain: &Chain, position: usize, url: &str, options: &OcspOptions, query: &Query) -> Result<Finding, Doubt> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|_| Doubt::Fetch(FetchFault::Random))?;
    let request = OcspRequest::new(chain, position, nonce.to_vec())?;
    let answer = http::post(url, "application/ocsp-request", request.der(), MAX_ANSWER, options.timeout);
    let answer = OcspAnswer::from_der(&answer.map_err(Doubt::Fetch)?)?;
    Ok(answer.look_up(&request, chain, options, query))
}

#[cfg(test)]
mod tests;
