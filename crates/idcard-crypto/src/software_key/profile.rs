//! What a certificate made for a test says (RFC 5280, 4.1).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280;
use der::Encode;

use super::SoftwareKey;
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::cms::der as write;
use crate::signer::Signature;

const BOOLEAN_TRUE: [u8; 3] = [0x01, 0x01, 0xFF];
const BIT_STRING: u32 = 0x03;
const UTF8_STRING: u32 = 0x0C;
const UTC_TIME: u32 = 0x17;

/// The subject of a certificate and what it is for.
#[derive(Clone)]
pub(crate) struct Profile {
    /// The common name; the P-256 key follows from it.
    pub(crate) subject: &'static str,
    /// Whether the key signs certificates.
    pub(crate) ca: bool,
    /// The keyUsage, DER; without it nonRepudiation and digitalSignature, or keyCertSign and cRLSign.
    pub(crate) key_usage: Option<&'static [u8]>,
    /// An extended key usage.
    pub(crate) purpose: Option<ObjectIdentifier>,
    /// The validity, as UTCTime.
    pub(crate) validity: (&'static str, &'static str),
    /// The serial number.
    pub(crate) serial: u8,
}

impl Profile {
    /// A key that signs documents, valid 2024 to 2031.
    pub(crate) fn new(subject: &'static str) -> Self {
        Self {
            subject,
            ca: false,
            key_usage: None,
            purpose: None,
            validity: ("240320000000Z", "310320000000Z"),
            serial: 0x11,
        }
    }

    /// A key that signs certificates, valid 2020 to 2045.
    pub(crate) fn ca(subject: &'static str) -> Self {
        Self { ca: true, validity: ("200101000000Z", "450101000000Z"), ..Self::new(subject) }
    }

    pub(super) fn certificate(&self, spki: &[u8], issuer: Option<&SoftwareKey>, own: &SoftwareKey) -> Vec<u8> {
        let issuer_name = issuer.map(|key| Certificate::from_der(&key.certificate).unwrap().subject().der().to_vec());
        let issuer = issuer.unwrap_or(own);
        let scheme = if issuer.is_rsa() { SignatureScheme::Pkcs1v15 } else { SignatureScheme::Ecdsa };
        let algorithm = scheme.algorithm_identifier(HashAlgorithm::Sha256).unwrap().to_der().unwrap();
        let validity = [self.validity.0, self.validity.1].map(|time| write::element(UTC_TIME, time.as_bytes()));
        let tbs = write::constructed(
            write::SEQUENCE,
            &[
                &[0xA0, 0x03, 0x02, 0x01, 0x02],
                &write::element(write::INTEGER, &[self.serial]),
                &algorithm,
                &issuer_name.unwrap_or_else(|| name(self.subject)),
                &write::element(write::SEQUENCE, &validity.concat()),
                &name(self.subject),
                spki,
                &write::element(0xA3, &write::element(write::SEQUENCE, &self.extensions(spki))),
            ],
        );
        let digest = HashAlgorithm::Sha256.digest(&tbs);
        let raw = issuer.raw(scheme, HashAlgorithm::Sha256, &digest);
        let key = crate::key::PublicKey::from_spki_der(&match issuer.certificate.as_slice() {
            [] => spki.to_vec(),
            der => Certificate::from_der(der).unwrap().spki_der().to_vec(),
        })
        .unwrap();
        let signature = Signature::read(&key, &raw).unwrap();
        let bits = [&[0], signature.to_der()].concat();
        write::constructed(write::SEQUENCE, &[&tbs, &algorithm, &write::element(BIT_STRING, &bits)])
    }

    fn extensions(&self, spki: &[u8]) -> Vec<u8> {
        let key_id = HashAlgorithm::Sha1.digest(spki);
        let usual: &[u8] = if self.ca { &[0x03, 0x02, 0x01, 0x06] } else { &[0x03, 0x02, 0x06, 0xC0] };
        let key_usage = self.key_usage.unwrap_or(usual);
        let constraints: &[u8] = if self.ca { &BOOLEAN_TRUE } else { &[] };
        let mut all = vec![
            extension(rfc5280::ID_CE_BASIC_CONSTRAINTS, true, &write::element(write::SEQUENCE, constraints)),
            extension(rfc5280::ID_CE_KEY_USAGE, true, key_usage),
            extension(rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER, false, &write::element(write::OCTET_STRING, &key_id)),
        ];
        if let Some(purpose) = self.purpose {
            let purposes = write::element(write::SEQUENCE, &write::oid(purpose));
            all.push(extension(rfc5280::ID_CE_EXT_KEY_USAGE, false, &purposes));
        }
        all.concat()
    }
}

fn name(common_name: &str) -> Vec<u8> {
    let value = write::element(UTF8_STRING, common_name.as_bytes());
    let attribute = write::constructed(write::SEQUENCE, &[&write::oid(const_oid::db::rfc4519::CN), &value]);
    write::element(write::SEQUENCE, &write::element(write::SET, &attribute))
}

fn extension(oid: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &BOOLEAN_TRUE } else { &[] };
    write::constructed(write::SEQUENCE, &[&write::oid(oid), critical, &write::element(write::OCTET_STRING, value)])
}
