//! Who may speak for an issuer: itself, or one whom it certified for that (RFC 6960, 4.2.2.2).

use super::request::key_hash;
use crate::certificate::{Certificate, DistinguishedName};
use crate::key::PublicKey;
use crate::trust::anchor::{Anchor, Origin};
use crate::trust::chain::{Chain, ChainState};
use crate::trust::path::Search;
use crate::trust::query::Query;
use crate::trust::revocation::finding::Doubt;
use crate::trust::{Purpose, Usage};
use certval::ocsp::ResponderId;
use der::Encode;
use std::time::SystemTime;

/// The key of the responder that the answer names, if it may speak for the issuer of this position; `sent` are the
/// certificates of the answer, in DER.
pub(super) fn authorised(
    id: &ResponderId,
    sent: &[Vec<u8>],
    chain: &Chain,
    position: usize,
    now: SystemTime,
    query: &Query,
) -> Result<PublicKey, Doubt> {
    let (name, key) = chain.issuer_of(position).ok_or(Doubt::NoIssuer)?;
    if is(id, name, key.spki_der()) {
        return Ok(key.clone());
    }
    let anchor = issuer_as_anchor(chain, position)?;
    let query = Query { time: now, purpose: Purpose::Any, usage: Usage::OcspSign, ..*query };
    for delegate in sent.iter().filter_map(|der| Certificate::from_der(der).ok()) {
        if !is(id, delegate.subject(), delegate.spki_der()) {
            continue;
        }
        let found = Search::new(&delegate, [], std::slice::from_ref(&anchor), &query).run();
        if found.state == ChainState::Trusted {
            return delegate.key().cloned().map_err(|_| Doubt::Unauthorised);
        }
    }
    Err(Doubt::Unauthorised)
}

/// The delegate must be issued by the issuer itself, so that is the only anchor for it.
fn issuer_as_anchor(chain: &Chain, position: usize) -> Result<Anchor, Doubt> {
    match chain.path.get(position.saturating_add(1)) {
        Some(issuer) => Anchor::from_certificate(issuer.clone(), Origin::Caller).map_err(|_| Doubt::NoIssuer),
        None => chain.anchor.clone().map(|anchor| Anchor { purpose: Purpose::Any, ..anchor }).ok_or(Doubt::NoIssuer),
    }
}

fn is(id: &ResponderId, name: &DistinguishedName, spki: &[u8]) -> bool {
    match id {
        ResponderId::ByName(wanted) => wanted.to_der().is_ok_and(|wanted| wanted == name.der()),
        ResponderId::ByKey(hash) => key_hash(spki).is_ok_and(|own| own == hash.as_bytes()),
    }
}
