//! SignerInfo: who signed, with what, and what was signed (RFC 5652, 5.3).

use ::der::Decode;
use spki::AlgorithmIdentifierOwned;

use super::der;
use super::walk::{Broken, Element};
use crate::certificate::Certificate;

/// How the signer's certificate is named.
#[derive(Debug, Clone, Copy)]
pub(super) enum SignerIdentifier<'a> {
    /// By issuer and serial number, both DER.
    IssuerAndSerial(&'a [u8], &'a [u8]),
    /// By subjectKeyIdentifier.
    KeyIdentifier(&'a [u8]),
}

impl SignerIdentifier<'_> {
    /// Whether it names this certificate.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial(issuer, serial) => certificate.is_named(issuer, serial),
            Self::KeyIdentifier(id) => certificate.subject_key_id().is_some_and(|own| own == hex::encode_upper(id)),
        }
    }
}

/// One SignerInfo.
#[derive(Debug, Clone)]
pub(super) struct SignerInfo<'a> {
    pub(super) version: u8,
    pub(super) sid: SignerIdentifier<'a>,
    pub(super) digest_algorithm: AlgorithmIdentifierOwned,
    pub(super) signed_attributes: Option<Element<'a>>,
    pub(super) signature_algorithm: AlgorithmIdentifierOwned,
    pub(super) signature: &'a [u8],
    pub(super) unsigned_attributes: Option<Element<'a>>,
    /// The two algorithms as they are encoded.
    pub(super) algorithms: (&'a [u8], Element<'a>),
}

impl<'a> SignerInfo<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Broken> {
        let mut walk = Element::only(bytes, der::SEQUENCE, "a SignerInfo that is no SEQUENCE")?.inside()?;
        let version = walk.take(der::INTEGER, "no version in a SignerInfo")?;
        let &[version] = version.value else { return Err(Broken("an unknown version of a SignerInfo")) };
        let sid = match walk.optional(0x80)? {
            Some(id) => SignerIdentifier::KeyIdentifier(id.value),
            None => {
                let mut parts = walk.take(der::SEQUENCE, "no signer identifier")?.inside()?;
                let issuer = parts.take(der::SEQUENCE, "no issuer in a signer identifier")?;
                let serial = parts.take(der::INTEGER, "no serial number in a signer identifier")?;
                parts.end()?;
                SignerIdentifier::IssuerAndSerial(issuer.raw, serial.raw)
            }
        };
        let digest_element = walk.take(der::SEQUENCE, "no digest algorithm in a SignerInfo")?;
        let signed_attributes = walk.optional(0xA0)?;
        let signature_element = walk.take(der::SEQUENCE, "no signature algorithm in a SignerInfo")?;
        let signature = walk.take(der::OCTET_STRING, "no signature in a SignerInfo")?.value;
        let unsigned_attributes = walk.optional(0xA1)?;
        walk.end()?;
        Ok(Self {
            version,
            sid,
            digest_algorithm: algorithm(digest_element)?,
            signed_attributes,
            signature_algorithm: algorithm(signature_element)?,
            signature,
            unsigned_attributes,
            algorithms: (digest_element.raw, signature_element),
        })
    }

    /// Version 1 goes with issuer and serial number, version 3 with a key identifier.
    pub(super) const fn version_fits(&self) -> bool {
        match self.sid {
            SignerIdentifier::IssuerAndSerial(..) => self.version == 1,
            SignerIdentifier::KeyIdentifier(_) => self.version == 3,
        }
    }
}

fn algorithm(element: Element<'_>) -> Result<AlgorithmIdentifierOwned, Broken> {
    AlgorithmIdentifierOwned::from_der(element.raw).map_err(|_| Broken("an AlgorithmIdentifier of another form"))
}
