//! A signature in the making: the document is hashed, the attributes stand, the key has not been asked yet.

use std::time::SystemTime;

use ::der::Encode;

use super::signed::Signed;
use super::{attributes, der};
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::hash::{Content, Stamp};
use crate::sign_error::{SignError, SignFault};
use crate::signer::{Signer, ToBeSigned, hash_unchanged};

/// How to sign.
#[derive(Debug, Clone)]
pub struct SignOptions {
    /// The time that the signature claims.
    pub signing_time: SystemTime,
    /// The hash of the document and of the attributes.
    pub hash: HashAlgorithm,
    /// How the key signs; without it PKCS#1 v1.5 or ECDSA, as the key is.
    pub scheme: Option<SignatureScheme>,
    /// Certificates that go into the signature beside the signer's own: those of the issuers.
    pub issuers: Vec<Certificate>,
}

impl SignOptions {
    /// SHA-256, the usual scheme of the key, no certificate but the signer's.
    #[must_use]
    pub const fn at(signing_time: SystemTime) -> Self {
        Self { signing_time, hash: HashAlgorithm::Sha256, scheme: None, issuers: Vec::new() }
    }
}

impl From<SystemTime> for SignOptions {
    fn from(signing_time: SystemTime) -> Self {
        Self::at(signing_time)
    }
}

/// A CAdES B-B signature that lacks only the answer of the key.
///
/// With it the document can be hashed before the PIN is asked for: [`Draft::new`], then present the PIN, then
/// [`Draft::sign`], or take [`Draft::to_be_signed`] to a key elsewhere and come back with [`Draft::assemble`].
#[derive(Debug, Clone)]
pub struct Draft {
    to_be_signed: ToBeSigned,
    attributes: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    content_digest: Vec<u8>,
    content_length: u64,
    stamp: Stamp,
    /// Where the document begins in the file into which it was copied.
    pub(super) room: Option<u64>,
}

impl Draft {
    /// Hashes the document and sets up the signed attributes.
    ///
    /// # Errors
    /// [`SignFault`]: an unreadable document, one that changed while it was read, a key or scheme that does not fit.
    pub fn new<C: Content>(
        content: &mut C,
        certificate: &Certificate,
        options: &SignOptions,
    ) -> Result<Self, SignFault> {
        let hash = options.hash;
        // An unsuitable key or time is told before a long document is read.
        let unread = vec![0; hash.digest_len()];
        ToBeSigned::new(certificate, options.scheme, hash, unread.clone())?;
        attributes::cades(&unread, certificate, options.signing_time)?;

        let stamp = content.stamp().map_err(SignFault::Read)?;
        let (content_digest, content_length) = hash_unchanged(content, hash)?;
        let attributes = attributes::cades(&content_digest, certificate, options.signing_time)?;
        let to_be_signed = ToBeSigned::new(certificate, options.scheme, hash, hash.digest(&attributes))?;
        let mut certificates = vec![certificate.der().to_vec()];
        certificates.extend(options.issuers.iter().map(|issuer| issuer.der().to_vec()));
        certificates.sort();
        certificates.dedup();
        Ok(Self { to_be_signed, attributes, certificates, content_digest, content_length, stamp, room: None })
    }

    /// What the key is asked to sign.
    #[must_use]
    pub const fn to_be_signed(&self) -> &ToBeSigned {
        &self.to_be_signed
    }

    /// The digest of the document.
    #[must_use]
    pub fn content_digest(&self) -> &[u8] {
        &self.content_digest
    }

    /// The length of the document, in bytes.
    #[must_use]
    pub const fn content_length(&self) -> u64 {
        self.content_length
    }

    /// Whether the document still looks as it did when it was hashed: same length, same time, same file.
    ///
    /// # Errors
    /// [`SignFault::ContentChanged`], [`SignFault::Read`].
    pub fn check_unchanged<C: Content>(&self, content: &mut C) -> Result<(), SignFault> {
        let stamp = content.stamp().map_err(SignFault::Read)?;
        if stamp == self.stamp { Ok(()) } else { Err(SignFault::ContentChanged) }
    }

    /// Lets the key sign.
    ///
    /// # Errors
    /// The key's own, and those of [`ToBeSigned::sign`].
    pub fn sign<S: Signer>(&self, signer: &mut S) -> Result<Signed, SignError<S::Error>> {
        let signature = self.to_be_signed.sign(signer)?;
        self.with(signature.to_der()).map_err(SignError::from)
    }

    /// Takes the answer of a key that was asked elsewhere.
    ///
    /// # Errors
    /// [`SignFault::NotGenuine`] when the answer is no signature of this draft.
    pub fn assemble(&self, answer: &[u8]) -> Result<Signed, SignFault> {
        self.with(self.to_be_signed.accept(answer)?.to_der())
    }

    /// SignerInfo and the certificates (RFC 5652, 5.1 and 5.3).
    pub(super) fn with(&self, signature: &[u8]) -> Result<Signed, SignFault> {
        let encoding = |error| SignFault::Certificate(crate::certificate::CertificateFault::Malformed(error));
        let certificate = self.to_be_signed.certificate();
        let hash = self.to_be_signed.hash();
        let serial = certificate.parsed().tbs_certificate().serial_number().to_der().map_err(encoding)?;
        let digest_algorithm = hash.algorithm_identifier().to_der().map_err(encoding)?;
        let algorithm = self.to_be_signed.scheme().algorithm_identifier(hash)?.to_der().map_err(encoding)?;
        let mut attributes = self.attributes.clone();
        if let Some(tag) = attributes.first_mut() {
            *tag = 0xA0; // [0] IMPLICIT takes the place of the SET OF that was signed
        }
        let signer_info = der::constructed(
            der::SEQUENCE,
            &[
                &[0x02, 0x01, 0x01],
                &der::constructed(der::SEQUENCE, &[certificate.issuer().der(), &serial]),
                &digest_algorithm,
                &attributes,
                &algorithm,
                &der::element(der::OCTET_STRING, signature),
            ],
        );
        Ok(Signed {
            digest_algorithm,
            tail: [der::set_of(0xA0, self.certificates.clone()), der::element(der::SET, &signer_info)].concat(),
            hash,
            content_digest: self.content_digest.clone(),
            content_length: self.content_length,
            room: self.room,
        })
    }
}
