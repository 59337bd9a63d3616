//! The search for a path from a certificate to an anchor: every candidate is tried, within bounds.

use super::anchor::Anchor;
use super::chain::{Chain, ChainState, Reason};
use super::effort::{DEPTH, Effort};
use super::query::Query;
use super::rules;
use crate::certificate::Certificate;
use std::collections::BTreeMap;

/// One search. The certificate in question is the first of `pool`.
pub(super) struct Search<'a> {
    pool: Vec<&'a Certificate>,
    anchors: &'a [Anchor],
    query: &'a Query,
    /// What was found about the signature of one certificate under one key.
    signatures: BTreeMap<(usize, Issuer), Result<(), String>>,
    left: Effort,
    exhausted: Option<&'static str>,
    best: Option<Chain>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Issuer {
    Anchor(usize),
    Certificate(usize),
}

impl<'a> Search<'a> {
    pub(super) fn new(
        target: &'a Certificate,
        candidates: impl IntoIterator<Item = &'a Certificate>,
        anchors: &'a [Anchor],
        query: &'a Query,
    ) -> Self {
        // An anchor's own certificate among the candidates leads nowhere that the anchor does not.
        let useful = |candidate: &&Certificate| {
            *candidate != target && !anchors.iter().any(|anchor| anchor.has_identity_of(candidate))
        };
        let mut pool = vec![target];
        pool.extend(candidates.into_iter().filter(useful));
        Self { pool, anchors, query, signatures: BTreeMap::new(), left: Effort::of_one(), exhausted: None, best: None }
    }

    pub(super) fn run(self) -> Chain {
        self.run_within(&mut Effort::of_one())
    }

    /// The same within what is left for a whole document.
    pub(super) fn run_within(mut self, effort: &mut Effort) -> Chain {
        let share = effort.share();
        self.left = share;
        let chain = self.find();
        effort.spend(share, self.left);
        chain
    }

    fn find(&mut self) -> Chain {
        let target = self.pool.first().copied();
        for anchor in self.anchors {
            if target.is_some_and(|target| anchor.is(target)) {
                let mut found = self.anchor_findings(0, anchor);
                found.extend(target.and_then(|target| self.query.usage.check(target)));
                self.take(&[0], Some(anchor), found);
                break;
            }
        }
        if !self.done() {
            self.extend(&mut vec![0]);
        }
        let bound = self.exhausted.map(Reason::Limit);
        match self.best.take() {
            Some(mut chain) => {
                chain.reasons.extend(bound.filter(|_| chain.state != ChainState::Trusted));
                chain
            }
            None => {
                let path = target.into_iter().cloned().collect();
                Chain::judge(path, None, vec![bound.unwrap_or(Reason::Limit("its beginning"))], false)
            }
        }
    }

    fn done(&self) -> bool {
        self.exhausted.is_some() || self.best.as_ref().is_some_and(|chain| chain.state == ChainState::Trusted)
    }

    /// Tries everything that could stand above the last certificate of `path`.
    fn extend(&mut self, path: &mut Vec<usize>) {
        if !self.left.step() {
            self.exhausted = Some("its number of steps");
        }
        let Some((last, current)) = path.last().and_then(|last| Some((*last, *self.pool.get(*last)?))) else { return };
        let mut refused = None;
        let mut above = false;
        for (issuer, name) in self.issuers(last, path) {
            if self.done() {
                return;
            }
            match self.signed(last, issuer) {
                Ok(()) => {
                    above = true;
                    match issuer {
                        Issuer::Anchor(index) => self.finish(path, index),
                        Issuer::Certificate(_) if path.len() >= DEPTH => {
                            self.take(path, None, vec![Reason::Limit("its depth")]);
                        }
                        Issuer::Certificate(index) => {
                            path.push(index);
                            self.extend(path);
                            path.pop();
                        }
                    }
                }
                // A key that the certificate does not name is another key, no forgery.
                Err(fault) if names_key(current, name.as_deref()) => refused = Some(fault),
                Err(_) => {}
            }
        }
        if above || self.done() {
            return;
        }
        let at = path.len().saturating_sub(1);
        let end = if let Some(fault) = refused {
            Reason::Signature { at, fault }
        } else if current.is_self_signed() {
            Reason::UnknownRoot { subject: current.subject().clone() }
        } else {
            Reason::IssuerMissing { issuer: current.issuer().clone() }
        };
        let mut found = self.findings(path);
        found.insert(0, end);
        self.take(path, None, found);
    }

    /// Who could have issued the certificate, anchors first, then those it names by key, then those valid now;
    /// each with its key identifier.
    fn issuers(&self, last: usize, path: &[usize]) -> Vec<(Issuer, Option<String>)> {
        let Some(current) = self.pool.get(last) else { return Vec::new() };
        let anchors = self.anchors.iter().enumerate().filter(|(_, anchor)| anchor.subject.matches(current.issuer()));
        let mut found: Vec<_> = anchors.map(|(index, anchor)| (Issuer::Anchor(index), anchor.key_id.clone())).collect();
        let used = |candidate: &Certificate| {
            path.iter()
                .filter_map(|index| self.pool.get(*index))
                .any(|used| used.subject() == candidate.subject() && used.spki_der() == candidate.spki_der())
        };
        let above = self.pool.iter().enumerate();
        let above = above.filter(|(_, candidate)| candidate.subject().matches(current.issuer()) && !used(candidate));
        let mut above: Vec<_> = above.map(|(index, candidate)| (index, candidate.subject_key_id())).collect();
        above.sort_by_key(|(index, id)| {
            let valid = self
                .pool
                .get(*index)
                .is_some_and(|candidate| (candidate.not_before()..=candidate.not_after()).contains(&self.query.time));
            (!names_key(current, id.as_deref()), !valid)
        });
        found.extend(above.into_iter().map(|(index, id)| (Issuer::Certificate(index), id)));
        found
    }

    fn signed(&mut self, certificate: usize, issuer: Issuer) -> Result<(), String> {
        if let Some(known) = self.signatures.get(&(certificate, issuer)) {
            return known.clone();
        }
        if !self.left.signature() {
            self.exhausted = Some("its number of signatures");
            return Err(String::new());
        }
        let key = match issuer {
            Issuer::Anchor(index) => self.anchors.get(index).map(|anchor| Ok(&anchor.key)),
            Issuer::Certificate(index) => self.pool.get(index).map(|issuer| issuer.key()),
        };
        let result = match (self.pool.get(certificate), key) {
            (Some(certificate), Some(Ok(key))) => certificate.verify_signature(key).map_err(|fault| fault.to_string()),
            (_, Some(Err(fault))) => Err(fault.to_string()),
            _ => Err(String::new()),
        };
        self.signatures.insert((certificate, issuer), result.clone());
        result
    }

    /// A path that reached an anchor.
    fn finish(&mut self, path: &[usize], anchor: usize) {
        let Some(anchor) = self.anchors.get(anchor) else { return };
        if !self.left.path() {
            self.exhausted = Some("its number of paths");
            return;
        }
        let mut found = self.findings(path);
        found.extend(self.anchor_findings(path.len(), anchor));
        let certificates: Vec<_> = path.iter().filter_map(|index| self.pool.get(*index).copied()).collect();
        if let Err((at, rule)) = rules::validate(&certificates, anchor) {
            found.insert(0, Reason::Rule { at, rule });
        }
        self.take(path, Some(anchor), found);
    }

    /// What the certificates of a path say against it, apart from the rules over the whole path.
    fn findings(&self, path: &[usize]) -> Vec<Reason> {
        let mut found = Vec::new();
        for (at, certificate) in path.iter().filter_map(|index| self.pool.get(*index)).enumerate() {
            found.extend(self.dates(at, certificate.not_before(), certificate.not_after()));
            match certificate.signature_algorithm() {
                Ok((_, hash)) if hash.is_weak() => found.push(Reason::WeakHash { at, hash }),
                _ => {}
            }
            match certificate.key() {
                Ok(key) if key.is_weak() => found.push(Reason::WeakKey { at, kind: key.kind() }),
                _ => {}
            }
            if at == 0 {
                found.extend(self.query.usage.check(certificate));
            }
        }
        found
    }

    fn anchor_findings(&self, at: usize, anchor: &Anchor) -> Vec<Reason> {
        let mut found = Vec::new();
        if !anchor.purpose.serves(self.query.purpose) {
            found.push(Reason::OtherPurpose { title: anchor.title.clone(), purpose: anchor.purpose });
        }
        if anchor.legacy {
            found.push(Reason::LegacyAnchor { title: anchor.title.clone() });
        }
        if anchor.key.is_weak() {
            found.push(Reason::WeakKey { at, kind: anchor.key.kind() });
        }
        found.extend(self.dates(at, anchor.not_before, anchor.not_after));
        found
    }

    fn dates(&self, at: usize, not_before: std::time::SystemTime, not_after: std::time::SystemTime) -> Option<Reason> {
        if self.query.time < not_before {
            return Some(Reason::NotYetValid { at, not_before });
        }
        // The last second of the validity is in it to its end.
        (self.query.time >= not_after + std::time::Duration::from_secs(1)).then_some(Reason::Expired { at, not_after })
    }

    fn take(&mut self, path: &[usize], anchor: Option<&Anchor>, found: Vec<Reason>) {
        let certificates = path.iter().filter_map(|index| self.pool.get(*index)).map(|c| (*c).clone()).collect();
        let chain = Chain::judge(certificates, anchor.cloned(), found, self.query.allow_legacy_sha1);
        if self.best.as_ref().is_none_or(|best| chain.state < best.state) {
            self.best = Some(chain);
        }
    }
}

/// Whether the authorityKeyIdentifier of a certificate is this key identifier, or one of both is not there.
fn names_key(certificate: &Certificate, key_id: Option<&str>) -> bool {
    match (certificate.authority_key_id(), key_id) {
        (Some(wanted), Some(key_id)) => wanted == key_id,
        _ => true,
    }
}
