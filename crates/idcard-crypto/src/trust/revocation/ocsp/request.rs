//! A question about one certificate.

use crate::algorithm::HashAlgorithm;
use crate::trust::chain::Chain;
use crate::trust::revocation::finding::Doubt;
use certval::ocsp::{CertId, OcspRequest as Structure, Request, TbsRequest, Version};
use const_oid::db::{rfc5912, rfc6960};
use der::asn1::{Any, OctetString};
use der::{Decode, Encode};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};
use x509_cert::ext::Extension;

/// A question about one certificate of a path, in DER.
#[derive(Debug, Clone)]
pub struct OcspRequest {
    pub(super) position: usize,
    pub(super) id: CertId,
    pub(super) nonce: Vec<u8>,
    der: Vec<u8>,
}

impl OcspRequest {
    /// Asks about the certificate at this position. The nonce has 1 to 32 bytes (RFC 8954) and is used once.
    ///
    /// # Errors
    /// [`Doubt::NoIssuer`] when its issuer is not at hand; [`Doubt::Malformed`] when the question cannot be written.
    pub fn new(chain: &Chain, position: usize, nonce: Vec<u8>) -> Result<Self, Doubt> {
        let certificate = chain.path.get(position).ok_or(Doubt::NoIssuer)?;
        let (name, key) = chain.issuer_of(position).ok_or(Doubt::NoIssuer)?;
        let malformed = |_| Doubt::Malformed;
        let id = CertId {
            // SHA-1 only names the issuer here (RFC 6960, 4.3); responders understand nothing else reliably.
            hash_algorithm: AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_1, parameters: Some(Any::null()) },
            issuer_name_hash: octets(&HashAlgorithm::Sha1.digest(name.der())).map_err(malformed)?,
            issuer_key_hash: octets(&key_hash(key.spki_der()).map_err(malformed)?).map_err(malformed)?,
            serial_number: certificate.parsed().tbs_certificate().serial_number().clone(),
        };
        let nonce_value = octets(&nonce).and_then(|nonce| nonce.to_der()).map_err(malformed)?;
        let nonce_extension = Extension {
            extn_id: rfc6960::ID_PKIX_OCSP_NONCE,
            critical: false,
            extn_value: octets(&nonce_value).map_err(malformed)?,
        };
        let structure = Structure {
            tbs_request: TbsRequest {
                version: Version::V1,
                requestor_name: None,
                request_list: vec![Request { req_cert: id.clone(), single_request_extensions: None }],
                request_extensions: Some(vec![nonce_extension]),
            },
            optional_signature: None,
        };
        let der = structure.to_der().map_err(malformed)?;
        Ok(Self { position, id, nonce, der })
    }

    /// The question, to be posted as `application/ocsp-request`.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// SHA-1 over the key bits of a SubjectPublicKeyInfo, as OCSP names keys (RFC 6960, 4.1.1 and 4.2.1).
pub(super) fn key_hash(spki: &[u8]) -> der::Result<Vec<u8>> {
    let spki = SubjectPublicKeyInfoRef::from_der(spki)?;
    Ok(HashAlgorithm::Sha1.digest(spki.subject_public_key.raw_bytes()))
}

fn octets(bytes: &[u8]) -> der::Result<OctetString> {
    OctetString::new(bytes)
}
