//! The answer of a responder, and whether it counts.

use super::OcspOptions;
use super::request::OcspRequest;
use super::responder;
use crate::algorithm::SignatureScheme;
use crate::key::PublicKey;
use crate::trust::chain::Chain;
use crate::trust::query::Query;
use crate::trust::revocation::finding::{Doubt, Finding, RevokedFor};
use certval::ocsp::{BasicOcspResponse, CertStatus, OcspResponse, OcspResponseStatus, SingleResponse};
use const_oid::db::rfc6960;
use der::asn1::OctetString;
use der::{Decode, Header, Reader, SliceReader};
use std::time::{Duration, SystemTime};
use x509_cert::ext::Extension;

/// How far the clock of a responder may be ahead of ours.
const SKEW: Duration = Duration::from_secs(300);

/// How old an answer may be that does not say until when it holds.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// A responder's answer; nothing in it is believed before [`Self::look_up`].
#[derive(Debug, Clone)]
pub struct OcspAnswer {
    basic: BasicOcspResponse,
    /// What is signed, as it came.
    tbs: Vec<u8>,
    /// The certificates sent along, as they came.
    certificates: Vec<Vec<u8>>,
}

impl OcspAnswer {
    /// Reads an OCSPResponse that carries a basic response.
    ///
    /// # Errors
    /// [`Doubt::Refused`] for the error answers of RFC 6960, 2.3; [`Doubt::Malformed`]; [`Doubt::Unsupported`].
    pub fn from_der(der: &[u8]) -> Result<Self, Doubt> {
        let malformed = |_| Doubt::Malformed;
        let response = OcspResponse::from_der(der).map_err(malformed)?;
        match response.response_status {
            OcspResponseStatus::Successful => {}
            OcspResponseStatus::MalformedRequest => return Err(Doubt::Refused("the question is malformed")),
            OcspResponseStatus::InternalError => return Err(Doubt::Refused("internal error")),
            OcspResponseStatus::TryLater => return Err(Doubt::Refused("try later")),
            OcspResponseStatus::SigRequired => return Err(Doubt::Refused("the question must be signed")),
            OcspResponseStatus::Unauthorized => return Err(Doubt::Refused("not authorised to ask")),
        }
        let bytes = response.response_bytes.ok_or(Doubt::Malformed)?;
        if bytes.response_type != rfc6960::ID_PKIX_OCSP_BASIC {
            return Err(Doubt::Unsupported("another type of answer than the basic one"));
        }
        let basic = BasicOcspResponse::from_der(bytes.response.as_bytes()).map_err(malformed)?;
        let (tbs, certificates) = parts(bytes.response.as_bytes()).map_err(malformed)?;
        Ok(Self { basic, tbs, certificates })
    }

    /// What the answer says about the certificate that was asked about.
    #[must_use]
    pub fn look_up(&self, request: &OcspRequest, chain: &Chain, options: &OcspOptions, query: &Query) -> Finding {
        self.examine(request, chain, options, query).unwrap_or_else(Finding::Unknown)
    }

    fn examine(
        &self,
        request: &OcspRequest,
        chain: &Chain,
        options: &OcspOptions,
        query: &Query,
    ) -> Result<Finding, Doubt> {
        let data = &self.basic.tbs_response_data;
        let certificate = chain.path.get(request.position).ok_or(Doubt::NoIssuer)?;
        let responder =
            responder::authorised(&data.responder_id, &self.certificates, chain, request.position, options.now, query)?;
        self.verify(&responder, query)?;
        let extensions = data.response_extensions.as_deref().unwrap_or_default();
        understood(extensions)?;
        check_nonce(extensions, &request.nonce, options)?;

        let single = data.responses.iter().find(|single| single.cert_id == request.id);
        // A responder may leave the NULL of the hash algorithm away.
        let same = |single: &&SingleResponse| {
            let (ours, theirs) = (&request.id, &single.cert_id);
            ours.hash_algorithm.oid == theirs.hash_algorithm.oid
                && ours.issuer_name_hash == theirs.issuer_name_hash
                && ours.issuer_key_hash == theirs.issuer_key_hash
                && ours.serial_number == theirs.serial_number
        };
        let single = single.or_else(|| data.responses.iter().find(same)).ok_or(Doubt::OtherCertificate)?;
        understood(single.single_extensions.as_deref().unwrap_or_default())?;
        let this_update = single.this_update.0.to_system_time();
        let next_update = single.next_update.map(|next| next.0.to_system_time());
        if this_update > later(options.now, SKEW) {
            return Err(Doubt::Future(this_update));
        }
        let end = next_update.unwrap_or_else(|| later(this_update, FRESH));
        match single.cert_status {
            CertStatus::Revoked(info) => {
                // A revocation stands, however old the answer is.
                let reason = info.revocation_reason.map_or(RevokedFor::Unspecified, RevokedFor::from);
                Ok(Finding::revoked(info.revocation_time.0.to_system_time(), reason, query.time, this_update))
            }
            _ if options.now > later(end, SKEW) => Err(Doubt::Stale(end)),
            CertStatus::Unknown(_) => Err(Doubt::NotKnown),
            CertStatus::Good(_) if this_update > query.time && this_update > certificate.not_after() => {
                Err(Doubt::TooLate(this_update))
            }
            // An answer of long ago says nothing about a later time that is asked for.
            CertStatus::Good(_) if query.time > later(end, SKEW) => Err(Doubt::Stale(end)),
            CertStatus::Good(_) => Ok(Finding::Good { this_update, revoked_later: None, from_signature: false }),
        }
    }

    fn verify(&self, key: &PublicKey, query: &Query) -> Result<(), Doubt> {
        let (scheme, hash) = SignatureScheme::from_algorithm_identifier(&self.basic.signature_algorithm)
            .map_err(|_| Doubt::Unsupported("an unknown signature algorithm"))?;
        let hash = hash.ok_or(Doubt::Malformed)?;
        let signature = self.basic.signature.as_bytes().ok_or(Doubt::Malformed)?;
        key.verify(scheme, hash, &self.tbs, signature).map_err(|_| Doubt::Signature)?;
        if (hash.is_weak() || key.is_weak()) && !query.allow_legacy_sha1 {
            return Err(Doubt::WeakHash(hash));
        }
        Ok(())
    }
}

/// The value is an OCTET STRING (RFC 8954); some responders send its bytes bare, as older ones did.
fn check_nonce(extensions: &[Extension], nonce: &[u8], options: &OcspOptions) -> Result<(), Doubt> {
    let found = extensions.iter().find(|extension| extension.extn_id == rfc6960::ID_PKIX_OCSP_NONCE);
    match found.map(|extension| extension.extn_value.as_bytes()) {
        None if options.require_nonce => Err(Doubt::Nonce),
        None => Ok(()),
        Some(value) => {
            let wrapped = OctetString::from_der(value).is_ok_and(|inner| inner.as_bytes() == nonce);
            if wrapped || value == nonce { Ok(()) } else { Err(Doubt::Nonce) }
        }
    }
}

fn understood(extensions: &[Extension]) -> Result<(), Doubt> {
    let foreign = |extension: &&Extension| extension.critical && extension.extn_id != rfc6960::ID_PKIX_OCSP_NONCE;
    match extensions.iter().find(foreign) {
        None => Ok(()),
        Some(_) => Err(Doubt::Unsupported("an unknown critical extension")),
    }
}

/// Certificates in one answer that are looked at.
const MAX_CERTIFICATES: usize = 8;

/// tbsResponseData and the certificates, each with its header. What was signed is never encoded anew: a certificate
/// that writes a date in an uncommon way would no longer verify.
fn parts(basic: &[u8]) -> der::Result<(Vec<u8>, Vec<Vec<u8>>)> {
    let mut reader = SliceReader::new(basic)?;
    Header::decode(&mut reader)?;
    let tbs = reader.tlv_bytes()?.to_vec();
    reader.tlv_bytes()?; // signatureAlgorithm
    reader.tlv_bytes()?; // signature
    let mut certificates = Vec::new();
    if !reader.is_finished() {
        Header::decode(&mut reader)?; // [0]
        Header::decode(&mut reader)?; // SEQUENCE OF
        while !reader.is_finished() && certificates.len() < MAX_CERTIFICATES {
            certificates.push(reader.tlv_bytes()?.to_vec());
        }
    }
    Ok((tbs, certificates))
}

fn later(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_add(by).unwrap_or(time)
}
