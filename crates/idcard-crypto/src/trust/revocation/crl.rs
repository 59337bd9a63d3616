//! One revocation list (RFC 5280, 5), walked where it lies: a list of fifty megabytes costs no memory beside itself.

mod entries;

use super::finding::{Doubt, Finding};
use crate::algorithm::SignatureScheme;
use crate::certificate::{Certificate, DistinguishedName, KeyPurpose};
use crate::key::PublicKey;
use crate::trust::query::Query;
use const_oid::db::rfc5280;
use der::asn1::BitString;
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use spki::AlgorithmIdentifierOwned;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{CrlDistributionPoints, CrlReason, IssuingDistributionPoint};
use x509_cert::name::Name;
use x509_cert::time::Time;

/// A revocation list. It owns its DER, which makes its equality; its signature is verified each time it is asked.
#[derive(Clone)]
pub struct RevocationList {
    /// Shared by those who hold the list: it may be long.
    der: Arc<Vec<u8>>,
    /// What is signed.
    tbs: Range<usize>,
    /// The entries, without the header around them.
    entries: Range<usize>,
    issuer: DistinguishedName,
    this_update: SystemTime,
    next_update: Option<SystemTime>,
    algorithm: AlgorithmIdentifierOwned,
    inner_algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
    extensions: Vec<Extension>,
}

impl RevocationList {
    /// Reads exactly one list; `None` when it is none. Its entries are read when it is asked.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        Some(Self { der: Arc::new(der.to_vec()), ..Self::read(der).ok()? })
    }

    /// The same of bytes that it keeps: there is one copy of a long list.
    pub(super) fn of(der: Vec<u8>) -> Option<Self> {
        let list = Self::read(&der).ok()?;
        Some(Self { der: Arc::new(der), ..list })
    }

    /// All but its bytes.
    fn read(der: &[u8]) -> der::Result<Self> {
        let mut outer = SliceReader::new(der)?;
        Header::decode(&mut outer)?.tag().assert_eq(Tag::Sequence)?;
        let start = usize::try_from(outer.position())?;
        let tbs_bytes = outer.tlv_bytes()?;
        let algorithm = AlgorithmIdentifierOwned::decode(&mut outer)?;
        let signature = BitString::decode(&mut outer)?;
        outer.finish()?;

        let mut tbs = SliceReader::new(tbs_bytes)?;
        Header::decode(&mut tbs)?.tag().assert_eq(Tag::Sequence)?;
        if Tag::peek(&tbs)? == Tag::Integer {
            // Version 2 is the only one that is written.
            if u8::decode(&mut tbs)? != 1 {
                return Err(Tag::Integer.value_error().into());
            }
        }
        let inner_algorithm = AlgorithmIdentifierOwned::decode(&mut tbs)?;
        let name = tbs.tlv_bytes()?;
        let issuer = DistinguishedName::new(&Name::from_der(name)?, name);
        let this_update = Time::decode(&mut tbs)?.to_system_time();
        let next_update = match peek(&tbs) {
            Some(Tag::UtcTime | Tag::GeneralizedTime) => Some(Time::decode(&mut tbs)?.to_system_time()),
            _ => None,
        };
        let mut entries = start..start;
        if peek(&tbs) == Some(Tag::Sequence) {
            let header = Header::decode(&mut tbs)?;
            let begin = start.saturating_add(usize::try_from(tbs.position())?);
            entries = begin..begin.saturating_add(usize::try_from(header.length())?);
            tbs.read_slice(header.length())?;
        }
        let extensions = tbs.context_specific::<Vec<Extension>>(TagNumber(0), der::TagMode::Explicit)?;
        tbs.finish()?;
        Ok(Self {
            tbs: start..start.saturating_add(tbs_bytes.len()),
            entries,
            issuer,
            this_update,
            next_update,
            algorithm,
            inner_algorithm,
            signature,
            extensions: extensions.unwrap_or_default(),
            der: Arc::default(),
        })
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// When the list was made.
    #[must_use]
    pub fn this_update(&self) -> SystemTime {
        self.this_update
    }

    /// When the next list was to be made, at the latest.
    #[must_use]
    pub fn next_update(&self) -> Option<SystemTime> {
        self.next_update
    }

    /// What the list says about a certificate whose issuer has this key and, where it is at hand, this certificate.
    #[must_use]
    pub fn look_up(
        &self,
        certificate: &Certificate,
        issuer_key: &PublicKey,
        issuer: Option<&Certificate>,
        query: &Query,
    ) -> Finding {
        match self.examine(certificate, issuer_key, issuer, query) {
            Ok(finding) => finding,
            Err(doubt) => Finding::Unknown(doubt),
        }
    }

    fn examine(
        &self,
        certificate: &Certificate,
        issuer_key: &PublicKey,
        issuer: Option<&Certificate>,
        query: &Query,
    ) -> Result<Finding, Doubt> {
        if !self.issuer.matches(certificate.issuer()) {
            return Err(Doubt::Scope);
        }
        self.verify(issuer_key, query)?;
        if issuer.is_some_and(|issuer| !issuer.allows(KeyPurpose::CRLSign)) {
            return Err(Doubt::KeyUsage);
        }
        let partial = self.check_scope(certificate)?;
        let serial = certificate.parsed().tbs_certificate().serial_number().as_bytes();
        let entries = self.der.get(self.entries.clone()).unwrap_or_default();
        // A revocation stands, however old the list is; so does one in a list that tells a part, which says nothing else.
        if let Some((at, reason)) = entries::find(entries, serial)?
            && (partial.is_none() || reason != CrlReason::RemoveFromCRL)
        {
            return Ok(Finding::revoked(at, reason.into(), query.time, self.this_update));
        }
        if let Some(part) = partial {
            return Err(Doubt::Unsupported(part));
        }
        match self.next_update {
            None => return Err(Doubt::Endless),
            Some(next) if next < query.time => return Err(Doubt::Stale(next)),
            Some(_) => {}
        }
        // A list from after the time asked for would still name the certificate, unless that had expired by then.
        if self.this_update > query.time && self.this_update > certificate.not_after() {
            return Err(Doubt::TooLate(self.this_update));
        }
        Ok(Finding::Good { this_update: self.this_update, revoked_later: None, from_signature: false })
    }

    fn verify(&self, key: &PublicKey, query: &Query) -> Result<(), Doubt> {
        if self.algorithm != self.inner_algorithm {
            return Err(Doubt::Malformed);
        }
        let (scheme, hash) = SignatureScheme::from_algorithm_identifier(&self.algorithm)
            .map_err(|_| Doubt::Unsupported("an unknown signature algorithm"))?;
        let hash = hash.ok_or(Doubt::Malformed)?;
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        let signature = self.signature.as_bytes().ok_or(Doubt::Malformed)?;
        key.verify(scheme, hash, tbs, signature).map_err(|_| Doubt::Signature)?;
        if hash.is_weak() && !query.allow_legacy_sha1 {
            return Err(Doubt::WeakHash(hash));
        }
        Ok(())
    }

    /// Whether the list is by the issuer alone, and covers this certificate; what it is where it tells a part only.
    fn check_scope(&self, certificate: &Certificate) -> Result<Option<&'static str>, Doubt> {
        let mut part = None;
        for (index, extension) in self.extensions.iter().enumerate() {
            if self.extensions.iter().skip(index.saturating_add(1)).any(|other| other.extn_id == extension.extn_id) {
                return Err(Doubt::Malformed);
            }
            match extension.extn_id {
                rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT => {
                    // The type carries another identifier in the library, so it is not asked for by that.
                    let point = IssuingDistributionPoint::from_der(extension.extn_value.as_bytes());
                    let point = point.map_err(|_| Doubt::Malformed)?;
                    check_point(&point, certificate)?;
                    part = part.or(point.only_some_reasons.map(|_| "some reasons only"));
                }
                rfc5280::ID_CE_DELTA_CRL_INDICATOR => part = Some("changes only (a delta list)"),
                rfc5280::ID_CE_CRL_NUMBER | rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER => {}
                _ if extension.critical => return Err(Doubt::Unsupported("an unknown critical extension")),
                _ => {}
            }
        }
        Ok(part)
    }
}

/// issuingDistributionPoint (RFC 5280, 5.2.5).
fn check_point(point: &IssuingDistributionPoint, certificate: &Certificate) -> Result<(), Doubt> {
    if point.indirect_crl {
        return Err(Doubt::Unsupported("entries of other issuers (an indirect list)"));
    }
    let misses = point.only_contains_attribute_certs
        || (point.only_contains_user_certs && certificate.is_ca())
        || (point.only_contains_ca_certs && !certificate.is_ca());
    if misses {
        return Err(Doubt::Scope);
    }
    match &point.distribution_point {
        None => Ok(()),
        Some(DistributionPointName::FullName(names)) if shares_name(names, certificate) => Ok(()),
        Some(_) => Err(Doubt::Scope),
    }
}

fn shares_name(names: &[GeneralName], certificate: &Certificate) -> bool {
    let points = certificate.extension::<CrlDistributionPoints>().ok().flatten().map(|(_, points)| points.0);
    points.into_iter().flatten().any(|point| match point.distribution_point {
        Some(DistributionPointName::FullName(wanted)) => wanted.iter().any(|name| names.contains(name)),
        _ => false,
    })
}

fn peek(reader: &SliceReader<'_>) -> Option<Tag> {
    if reader.is_finished() { None } else { Tag::peek(reader).ok() }
}

impl PartialEq for RevocationList {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for RevocationList {}

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevocationList({:?}, {} bytes)", self.this_update, self.der.len())
    }
}

#[cfg(test)]
pub(super) mod tests;
