//! X.509 certificates (RFC 5280): read from a card or a file, and asked what they say.

mod encoding;
mod extensions;
mod name;
pub(crate) mod pem;

pub use encoding::der_length;
pub use extensions::KeyPurpose;
pub use name::{Attribute, DistinguishedName};
pub use pem::{MAX_BLOCKS, MAX_FILE};

use crate::algorithm::{AlgorithmFault, HashAlgorithm, SignatureScheme};
use crate::key::{KeyFault, PublicKey, SignatureFault};
use crate::time::rfc3339;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519;
use der::Decode;
use encoding::Parts;
use std::fmt;
use std::time::SystemTime;
use thiserror::Error;

/// The longest certificate that is looked at, in bytes; real ones have about 1400.
pub const MAX_CERTIFICATE: usize = 64 * 1024;

/// Why bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The bytes do not begin with a DER SEQUENCE.
    #[error("this does not begin like a certificate")]
    NoSequence,
    /// The DER length goes beyond the bytes that are there.
    #[error("the certificate is cut off: {expected} bytes by its length, {found} are there")]
    Truncated {
        /// The length by the DER header.
        expected: usize,
        /// The bytes that are there.
        found: usize,
    },
    /// Bytes follow the certificate where none may.
    #[error("{0} bytes follow the certificate")]
    Trailing(usize),
    /// The certificate is longer than [`MAX_CERTIFICATE`].
    #[error("a certificate of {0} bytes is too long")]
    TooLong(usize),
    /// The structure is not that of RFC 5280.
    #[error("the certificate is malformed: {0}")]
    Malformed(der::Error),
    /// An extension occurs twice (RFC 5280, 4.2).
    #[error("the extension {0} occurs twice")]
    DuplicateExtension(ObjectIdentifier),
    /// An extension is not encoded as prescribed.
    #[error("the extension {0} is malformed")]
    Extension(ObjectIdentifier),
    /// A PEM file breaks RFC 7468 or a limit.
    #[error("line {line}: {what}")]
    Pem {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A file holds no certificate.
    #[error("there is no certificate in it")]
    None,
    /// A file or list is larger than its limit.
    #[error("stopped at the limit of {0}")]
    Limit(&'static str),
}

/// A certificate. It owns its DER; equality is that of the DER.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parts: Parts,
    parsed: x509_cert::Certificate,
    subject: DistinguishedName,
    issuer: DistinguishedName,
    key: Result<PublicKey, KeyFault>,
}

impl Certificate {
    /// Reads exactly one certificate; nothing is cut.
    ///
    /// # Errors
    /// [`CertificateFault`]; a date before 1970 is one of them. A key of an unsupported kind is no error here but one of
    /// [`Self::key`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateFault> {
        let length = der_length(der)?;
        if length < der.len() {
            return Err(CertificateFault::Trailing(der.len() - length));
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(CertificateFault::Malformed)?;
        let parts = Parts::of(der).map_err(CertificateFault::Malformed)?;
        let tbs = parsed.tbs_certificate();
        extensions::refuse_duplicates(tbs)?;
        Ok(Self {
            subject: DistinguishedName::new(tbs.subject(), parts.subject(der)),
            issuer: DistinguishedName::new(tbs.issuer(), parts.issuer(der)),
            key: PublicKey::from_spki_der(parts.spki(der)),
            parts,
            der: der.to_vec(),
            parsed,
        })
    }

    /// Reads the certificate at the head of a card file and cuts what follows its DER length: such files are
    /// padded, or still hold the tail of an older certificate. [`der_length`] tells how much was used.
    ///
    /// # Errors
    /// [`CertificateFault`].
    pub fn from_card(file: &[u8]) -> Result<Self, CertificateFault> {
        let length = der_length(file)?;
        Self::from_der(file.get(..length).unwrap_or_default())
    }

    /// Reads every certificate of a file: one in DER, or any number of PEM blocks `CERTIFICATE` (RFC 7468).
    /// Text between blocks and blocks with other labels are skipped.
    ///
    /// # Errors
    /// [`CertificateFault`]: a malformed block, no certificate at all, or more than [`MAX_BLOCKS`] or [`MAX_FILE`].
    pub fn from_pem_or_der(file: &[u8]) -> Result<Vec<Self>, CertificateFault> {
        let blocks = pem::blocks(file, &["CERTIFICATE", "X509 CERTIFICATE"])?;
        match blocks {
            None => Ok(vec![Self::from_der(file)?]),
            Some(blocks) if blocks.is_empty() => Err(CertificateFault::None),
            Some(blocks) => blocks.iter().map(|der| Self::from_der(der)).collect(),
        }
    }

    /// The DER, as it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as one PEM block (RFC 7468).
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }

    /// The parsed structure, for code that assembles CMS files.
    #[must_use]
    pub fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// The bytes that the issuer signed.
    #[must_use]
    pub fn tbs_der(&self) -> &[u8] {
        self.parts.tbs(&self.der)
    }

    /// The subject.
    #[must_use]
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// Whether it has this issuer and this serial number, both DER.
    pub(crate) fn is_named(&self, issuer: &[u8], serial: &[u8]) -> bool {
        use der::Encode;
        let own = self.parsed().tbs_certificate().serial_number().to_der();
        self.issuer().der() == issuer && own.is_ok_and(|own| own == serial)
    }

    /// The serial number, upper-case hex, at least one byte, no sign byte.
    #[must_use]
    pub fn serial(&self) -> String {
        let bytes = self.parsed.tbs_certificate().serial_number().as_bytes();
        let unsigned = match bytes {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        hex::encode_upper(unsigned)
    }

    /// When the validity begins.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.parsed.tbs_certificate().validity().not_before.to_system_time()
    }

    /// When the validity ends; this second is still in it.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.parsed.tbs_certificate().validity().not_after.to_system_time()
    }

    /// When the validity begins, as RFC 3339 in UTC.
    #[must_use]
    pub fn not_before_rfc3339(&self) -> String {
        rfc3339(self.not_before())
    }

    /// When the validity ends, as RFC 3339 in UTC.
    #[must_use]
    pub fn not_after_rfc3339(&self) -> String {
        rfc3339(self.not_after())
    }

    /// The public key.
    ///
    /// # Errors
    /// The reason why the key cannot be used here.
    pub fn key(&self) -> Result<&PublicKey, &KeyFault> {
        self.key.as_ref()
    }

    /// The SubjectPublicKeyInfo, as it stands in the certificate.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        self.parts.spki(&self.der)
    }

    /// SHA-256 over the DER, lower-case hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex::encode(HashAlgorithm::Sha256.digest(&self.der))
    }

    /// The scheme and hash of the issuer's signature.
    ///
    /// # Errors
    /// [`AlgorithmFault`]; also when the signed and the unsigned name of the algorithm differ (RFC 5280, 4.1.1.2).
    pub fn signature_algorithm(&self) -> Result<(SignatureScheme, HashAlgorithm), AlgorithmFault> {
        let outer = self.parsed.signature_algorithm();
        if outer != self.parsed.tbs_certificate().signature() {
            return Err(AlgorithmFault::Parameters(outer.oid));
        }
        match SignatureScheme::from_algorithm_identifier(outer)? {
            (scheme, Some(hash)) => Ok((scheme, hash)),
            (_, None) => Err(AlgorithmFault::Unknown(outer.oid)),
        }
    }

    /// Whether `issuer_key` made the signature of this certificate. Names and dates play no part.
    ///
    /// # Errors
    /// [`SignatureFault`], also for an algorithm that is not known.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), SignatureFault> {
        let (scheme, hash) = self.signature_algorithm()?;
        let signature = self.parsed.signature().as_bytes();
        let signature = signature.ok_or(SignatureFault::Malformed("unused bits in the signature"))?;
        issuer_key.verify(scheme, hash, self.tbs_der(), signature)
    }

    /// Whether subject and issuer are the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether the certificate is signed with its own key and names itself as issuer.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.key().is_ok_and(|key| self.verify_signature(key).is_ok())
    }

    /// The given name (2.5.4.42) of the subject.
    #[must_use]
    pub fn given_name(&self) -> Option<&str> {
        self.subject.first(rfc4519::GIVEN_NAME)
    }

    /// The surname (2.5.4.4) of the subject.
    #[must_use]
    pub fn surname(&self) -> Option<&str> {
        self.subject.first(rfc4519::SN)
    }

    /// The common name (2.5.4.3) of the subject.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.subject.first(rfc4519::CN)
    }

    /// The serialNumber attribute (2.5.4.5) of the subject: the national number on tokens of the governmental
    /// hierarchy, not on the card.
    #[must_use]
    pub fn subject_serial_number(&self) -> Option<&str> {
        self.subject.first(rfc4519::SERIAL_NUMBER)
    }

    /// The card reference number: the ten digits of a common name `0003141594 - SIG` (nid-card.md, section 10).
    #[must_use]
    pub fn crn(&self) -> Option<&str> {
        self.crn_and_role().map(|(crn, _)| crn)
    }

    /// The role of the key: `SIG` of a common name `0003141594 - SIG`.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        self.crn_and_role().map(|(_, role)| role)
    }

    fn crn_and_role(&self) -> Option<(&str, &str)> {
        let (crn, role) = self.common_name()?.split_once(" - ")?;
        let digits = crn.len() == 10 && crn.bytes().all(|byte| byte.is_ascii_digit());
        let letters = (3..=4).contains(&role.len()) && role.bytes().all(|byte| byte.is_ascii_uppercase());
        (digits && letters).then_some((crn, role))
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    /// The fingerprint only: the subject of a citizen's certificate is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.sha256())
    }
}

#[cfg(test)]
mod tests;
