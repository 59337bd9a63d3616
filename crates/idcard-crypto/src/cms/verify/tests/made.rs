//! SignedData made part by part, so that a test can break each part.

use ::der::Encode;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;

use super::DOCUMENT;
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::cms::der;
use crate::signer::{Signature, Signer};
use crate::software_key::SoftwareKey;

/// A SignedData in parts.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) content_type: ObjectIdentifier,
    /// Attributes, each DER; `None`: the signature is over the content.
    pub(super) attributes: Option<Vec<Vec<u8>>>,
    /// Whether the attributes stand in the file in the order given.
    pub(super) keep_order: bool,
    /// Whether what is signed is sorted, whatever stands in the file.
    pub(super) sign_sorted: bool,
    pub(super) announced: Vec<HashAlgorithm>,
    pub(super) digest: HashAlgorithm,
    pub(super) version: u8,
    pub(super) unsigned: Vec<Vec<u8>>,
    pub(super) certificates: Option<Vec<Vec<u8>>>,
}

pub(super) fn attribute(kind: ObjectIdentifier, values: &[Vec<u8>]) -> Vec<u8> {
    der::constructed(der::SEQUENCE, &[&der::oid(kind), &der::set_of(der::SET, values.to_vec())])
}

pub(super) fn content_type(kind: ObjectIdentifier) -> Vec<u8> {
    attribute(rfc5911::ID_CONTENT_TYPE, &[der::oid(kind)])
}

pub(super) fn message_digest(content: &[u8]) -> Vec<u8> {
    let digest = HashAlgorithm::Sha256.digest(content);
    attribute(rfc5911::ID_MESSAGE_DIGEST, &[der::element(der::OCTET_STRING, &digest)])
}

impl Made {
    /// A plain CMS over [`DOCUMENT`] that is in order.
    pub(super) fn new() -> Self {
        Self {
            content_type: rfc5911::ID_DATA,
            attributes: Some(vec![content_type(rfc5911::ID_DATA), message_digest(DOCUMENT)]),
            keep_order: false,
            sign_sorted: true,
            announced: vec![HashAlgorithm::Sha256],
            digest: HashAlgorithm::Sha256,
            version: 1,
            unsigned: vec![],
            certificates: None,
        }
    }

    pub(super) fn without_certificates(self) -> Self {
        Self { certificates: Some(vec![]), ..self }
    }

    pub(super) fn attributes(self, attributes: Vec<Vec<u8>>) -> Self {
        Self { attributes: Some(attributes), ..self }
    }

    pub(super) fn signer_info(&self, key: &SoftwareKey, content: &[u8]) -> Vec<u8> {
        let certificate = Certificate::from_der(key.certificate()).unwrap();
        let scheme = if key.is_rsa() { SignatureScheme::Pkcs1v15 } else { SignatureScheme::Ecdsa };
        let (in_file, to_sign) = match &self.attributes {
            None => (vec![], content.to_vec()),
            Some(attributes) => {
                let sorted = der::set_of(der::SET, attributes.clone());
                let as_given = der::element(der::SET, &attributes.concat());
                let mut in_file = if self.keep_order { as_given.clone() } else { sorted.clone() };
                in_file[0] = 0xA0;
                (in_file, if self.sign_sorted { sorted } else { as_given })
            }
        };
        let digest = HashAlgorithm::Sha256.digest(&to_sign);
        let raw = key.raw(scheme, HashAlgorithm::Sha256, &digest);
        let signature = Signature::read(certificate.key().unwrap(), &raw).unwrap();
        let serial = certificate.parsed().tbs_certificate().serial_number().to_der().unwrap();
        let unsigned = if self.unsigned.is_empty() { vec![] } else { der::set_of(0xA1, self.unsigned.clone()) };
        der::constructed(
            der::SEQUENCE,
            &[
                &[2, 1, self.version],
                &der::constructed(der::SEQUENCE, &[certificate.issuer().der(), &serial]),
                &self.digest.algorithm_identifier().to_der().unwrap(),
                &in_file,
                &scheme.algorithm_identifier(HashAlgorithm::Sha256).unwrap().to_der().unwrap(),
                &der::element(der::OCTET_STRING, signature.to_der()),
                &unsigned,
            ],
        )
    }

    /// The signature beside [`DOCUMENT`].
    pub(super) fn detached(&self, key: &SoftwareKey) -> Vec<u8> {
        self.assemble(&[self.signer_info(key, DOCUMENT)], key, None)
    }

    /// Around SignerInfos that are at hand.
    pub(super) fn assemble(&self, signers: &[Vec<u8>], key: &SoftwareKey, content: Option<&[u8]>) -> Vec<u8> {
        let algorithms = self.announced.iter().map(|hash| hash.algorithm_identifier().to_der().unwrap()).collect();
        let content = content.map(|bytes| der::element(0xA0, &der::element(der::OCTET_STRING, bytes)));
        let certificates = self.certificates.clone().unwrap_or_else(|| vec![key.certificate().to_vec()]);
        let signed_data = der::constructed(
            der::SEQUENCE,
            &[
                &[2, 1, 1],
                &der::set_of(der::SET, algorithms),
                &der::constructed(der::SEQUENCE, &[&der::oid(self.content_type), &content.unwrap_or_default()]),
                &if certificates.is_empty() { vec![] } else { der::set_of(0xA0, certificates) },
                &der::set_of(der::SET, signers.to_vec()),
            ],
        );
        der::constructed(der::SEQUENCE, &[&der::oid(rfc5911::ID_SIGNED_DATA), &der::element(0xA0, &signed_data)])
    }
}
