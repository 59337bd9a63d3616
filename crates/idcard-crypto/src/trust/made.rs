//! Certificates made for a test, with every part in the test's hands.

use crate::Certificate;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc4519, rfc5280, rfc5912};
use der::asn1::{Any, BitString, Int, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence, Tag};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use sha2::Digest;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::time::{date_time, parse_rfc3339};

#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    version: Option<u8>,
    serial: Int,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct Validity {
    not_before: Time,
    not_after: Time,
}

#[derive(Sequence)]
pub(crate) struct Signed {
    tbs: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// A name and a key that sign.
#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) name: Name,
    pub(crate) key: SigningKey,
}

/// What a certificate will say; every field may be changed before it is signed.
pub(crate) struct Draft {
    pub(crate) version: Option<u8>,
    pub(crate) serial: &'static [u8],
    pub(crate) not_before: &'static str,
    pub(crate) not_after: &'static str,
    pub(crate) subject: Party,
    pub(crate) extensions: Vec<Extension>,
}

impl Party {
    /// The key follows from the seed alone, so that two names can share a key.
    pub(crate) fn new(common_name: &str, seed: u8) -> Self {
        let key = SigningKey::from_slice(&sha2::Sha256::digest([seed])).unwrap();
        Self { name: name(&[(rfc4519::C, "IR"), (rfc4519::O, "Fictitious"), (rfc4519::CN, common_name)]), key }
    }

    pub(crate) fn spki(&self) -> SubjectPublicKeyInfoOwned {
        let document = self.key.verifying_key().to_public_key_der().unwrap();
        SubjectPublicKeyInfoOwned::from_der(document.as_bytes()).unwrap()
    }

    pub(crate) fn key_id(&self) -> Vec<u8> {
        sha1::Sha1::digest(self.spki().subject_public_key.raw_bytes()).to_vec()
    }

    /// A self-signed root, 2020 to 2050.
    pub(crate) fn root(&self) -> Certificate {
        self.issue(Draft { not_after: "2050-01-01", ..Draft::authority(self.clone(), None) })
    }

    /// Signs a certificate.
    pub(crate) fn issue(&self, draft: Draft) -> Certificate {
        Certificate::from_der(&self.issue_der(draft)).unwrap()
    }

    pub(crate) fn issue_der(&self, draft: Draft) -> Vec<u8> {
        let time = |text| Time::from(date_time(parse_rfc3339(text).unwrap()));
        let tbs = Tbs {
            version: draft.version,
            serial: Int::new(draft.serial).unwrap(),
            algorithm: algorithm(),
            issuer: self.name.clone(),
            validity: Validity { not_before: time(draft.not_before), not_after: time(draft.not_after) },
            subject: draft.subject.name.clone(),
            key: draft.subject.spki(),
            extensions: (!draft.extensions.is_empty()).then_some(draft.extensions),
        };
        self.sign(&tbs)
    }

    /// SEQUENCE { what is signed, algorithm, signature }: certificates and revocation lists alike.
    pub(crate) fn sign(&self, tbs: &impl Encode) -> Vec<u8> {
        let tbs = tbs.to_der().unwrap();
        let signature: DerSignature = self.key.sign(&tbs);
        let signature = BitString::from_bytes(signature.as_bytes()).unwrap();
        Signed { tbs: Any::from_der(&tbs).unwrap(), algorithm: algorithm(), signature }.to_der().unwrap()
    }
}

impl Draft {
    /// An authority, 2020 to 2045.
    pub(crate) fn authority(subject: Party, path_len: Option<u8>) -> Self {
        let key_id = extension(rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER, false, &octets(&subject.key_id()));
        Self {
            version: Some(2),
            serial: &[2],
            not_before: "2020-01-01",
            not_after: "2045-01-01",
            subject,
            extensions: vec![basic_constraints(true, path_len), key_usage(0b0000_0110, 1), key_id],
        }
    }

    /// A holder who signs, 2024 to 2031.
    pub(crate) fn holder(subject: Party) -> Self {
        Self {
            version: Some(2),
            serial: &[0x11],
            not_before: "2024-03-20",
            not_after: "2031-03-20",
            subject,
            extensions: vec![basic_constraints(false, None), key_usage(0b1100_0000, 6)],
        }
    }

    pub(crate) fn with(mut self, extension: Extension) -> Self {
        self.extensions.retain(|other| other.extn_id != extension.extn_id);
        self.extensions.push(extension);
        self
    }

    pub(crate) fn without(mut self, oid: ObjectIdentifier) -> Self {
        self.extensions.retain(|other| other.extn_id != oid);
        self
    }
}

/// A root, an authority below it with path length 0, and a holder.
pub(crate) struct Tree {
    pub(crate) root: Party,
    pub(crate) authority: Party,
    pub(crate) holder: Party,
}

impl Tree {
    pub(crate) fn new() -> Self {
        Self {
            root: Party::new("Root", 1),
            authority: Party::new("Authority", 2),
            holder: Party::new("0003141594 - SIG", 3),
        }
    }

    pub(crate) fn authority_certificate(&self) -> Certificate {
        self.root.issue(Draft::authority(self.authority.clone(), Some(0)))
    }

    pub(crate) fn holder_certificate(&self) -> Certificate {
        self.authority.issue(Draft::holder(self.holder.clone()))
    }
}

pub(crate) fn algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: rfc5912::ECDSA_WITH_SHA_256, parameters: None }
}

pub(crate) fn name(attributes: &[(ObjectIdentifier, &str)]) -> Name {
    let rdn = |(oid, value): &(ObjectIdentifier, &str)| {
        let value = Any::new(Tag::Utf8String, value.as_bytes()).unwrap();
        SetOfVec::try_from(vec![AttributeTypeAndValue { oid: *oid, value }]).unwrap()
    };
    Name::from_der(&attributes.iter().map(rdn).collect::<Vec<_>>().to_der().unwrap()).unwrap()
}

pub(crate) fn extension(oid: ObjectIdentifier, critical: bool, der: &[u8]) -> Extension {
    Extension { extn_id: oid, critical, extn_value: OctetString::new(der).unwrap() }
}

pub(crate) fn basic_constraints(ca: bool, path_len: Option<u8>) -> Extension {
    let mut content = vec![];
    if ca {
        content.extend([0x01, 0x01, 0xff]);
    }
    if let Some(length) = path_len {
        content.extend([0x02, 0x01, length]);
    }
    extension(rfc5280::ID_CE_BASIC_CONSTRAINTS, true, &sequence(&content))
}

/// keyUsage of one byte: its bits from the left, and how many of them at the right are unused.
pub(crate) fn key_usage(bits: u8, unused: u8) -> Extension {
    extension(rfc5280::ID_CE_KEY_USAGE, true, &[0x03, 0x02, unused, bits])
}

pub(crate) fn extended_key_usage(oids: &[ObjectIdentifier]) -> Extension {
    let oids: Vec<u8> = oids.iter().flat_map(|oid| oid.to_der().unwrap()).collect();
    extension(rfc5280::ID_CE_EXT_KEY_USAGE, false, &sequence(&oids))
}

pub(crate) fn authority_key_id(key_id: &[u8]) -> Extension {
    let id = [&[0x80, u8::try_from(key_id.len()).unwrap()], key_id].concat();
    extension(rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER, false, &sequence(&id))
}

/// DER of a SEQUENCE of fewer than 128 bytes.
pub(crate) fn sequence(content: &[u8]) -> Vec<u8> {
    assert!(content.len() < 128);
    [&[0x30, u8::try_from(content.len()).unwrap()], content].concat()
}

pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    OctetString::new(content).unwrap().to_der().unwrap()
}
