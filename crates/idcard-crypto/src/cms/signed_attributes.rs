//! The signed attributes of a SignerInfo, read back and held to their rules (RFC 5652, 5.3 and 11; RFC 5035; RFC 6211).

use std::collections::BTreeSet;
use std::time::SystemTime;

use ::der::Decode;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use x509_cert::time::Time;

use super::der;
use super::finding::Finding;
use super::signer_info::SignerInfo;
use super::walk::{Broken, Element};
use crate::algorithm::HashAlgorithm;
use crate::certificate::Certificate;

/// The attribute that repeats the algorithms under the signature (RFC 6211).
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// One attribute: its kind and its values.
type Attribute<'a> = (ObjectIdentifier, Vec<Element<'a>>);

/// The attributes that a check asks for.
#[derive(Debug, Default)]
pub(super) struct SignedAttributes<'a> {
    /// The DER of the SET OF, over which the signature is made.
    pub(super) der: Vec<u8>,
    pub(super) content_type: Option<ObjectIdentifier>,
    pub(super) message_digest: Option<&'a [u8]>,
    pub(super) signing_time: Option<SystemTime>,
    /// The certificate references.
    pub(super) references: Vec<Reference<'a>>,
    pub(super) findings: Vec<Finding>,
}

/// What a certificate reference tells of the signer's certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference<'a> {
    hash: HashAlgorithm,
    value: &'a [u8],
    /// Issuer and serial number, where they are told, too.
    named: Option<(&'a [u8], &'a [u8])>,
}

impl Reference<'_> {
    fn is_to(&self, certificate: &Certificate) -> bool {
        self.hash.digest(certificate.der()) == self.value
    }

    fn names(&self, certificate: &Certificate) -> bool {
        self.named.is_none_or(|(issuer, serial)| certificate.is_named(issuer, serial))
    }
}

/// The attributes inside a `[0]` or `[1]` of a SignerInfo.
pub(super) fn attributes(set: Element<'_>) -> Result<Vec<Attribute<'_>>, Finding> {
    let mut all = Vec::new();
    for element in set.inside()?.rest()? {
        let mut parts = Element::only(element.raw, der::SEQUENCE, "an attribute that is no SEQUENCE")?.inside()?;
        let kind = parts.take(der::OID, "an attribute without its kind")?.identifier()?;
        let values = parts.take(der::SET, "an attribute without its values")?.inside()?.rest()?;
        parts.end()?;
        all.push((kind, values));
    }
    Ok(all)
}

impl<'a> SignedAttributes<'a> {
    pub(super) fn read(info: &SignerInfo<'a>, set: Element<'a>) -> Result<Self, Finding> {
        let all = attributes(set)?;
        let mut read = Self { der: canonical(&all), ..Self::default() };
        // The tag of the set inside a SignerInfo is [0] in place of SET OF.
        if read.der.get(1..) != set.raw.get(1..) {
            read.findings.push(Finding::AttributesNotDer);
        }
        let mut seen = BTreeSet::new();
        for (kind, values) in all {
            if !seen.insert(kind) {
                read.findings.push(Finding::AttributeRepeated(kind));
                continue;
            }
            read.take(info, kind, &values);
        }
        Ok(read)
    }

    fn take(&mut self, info: &SignerInfo<'a>, kind: ObjectIdentifier, values: &[Element<'a>]) {
        let value = match (values, kind) {
            ([value], _) => *value,
            ([], _) => return self.findings.push(Finding::AttributeMalformed(kind)),
            (
                _,
                rfc5911::ID_CONTENT_TYPE
                | rfc5911::ID_MESSAGE_DIGEST
                | rfc5911::ID_SIGNING_TIME
                | rfc5911::ID_AA_SIGNING_CERTIFICATE
                | rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2
                | ALGORITHM_PROTECTION,
            ) => return self.findings.push(Finding::AttributeRepeated(kind)),
            _ => return,
        };
        let malformed = |_| Finding::AttributeMalformed(kind);
        let taken = match kind {
            rfc5911::ID_CONTENT_TYPE => {
                let content_type = ObjectIdentifier::from_der(value.raw);
                content_type.map(|it| self.content_type = Some(it)).map_err(|_| Finding::AttributeMalformed(kind))
            }
            rfc5911::ID_MESSAGE_DIGEST => Element::only(value.raw, der::OCTET_STRING, "no digest")
                .map(|digest| self.message_digest = Some(digest.value))
                .map_err(malformed),
            rfc5911::ID_SIGNING_TIME => Time::from_der(value.raw)
                .map(|time| self.signing_time = Some(time.to_system_time()))
                .map_err(|_| Finding::AttributeMalformed(kind)),
            rfc5911::ID_AA_SIGNING_CERTIFICATE | rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2 => {
                reference(kind, value).map(|reference| self.references.push(reference))
            }
            ALGORITHM_PROTECTION => match protected(info, value) {
                Ok(true) => Ok(()),
                Ok(false) => Err(Finding::AlgorithmsDiffer),
                Err(broken) => Err(malformed(broken)),
            },
            rfc5911::ID_COUNTERSIGNATURE => Err(Finding::AttributeForbidden(kind)),
            _ => Ok(()),
        };
        self.findings.extend(taken.err());
    }

    /// Whether every certificate reference names this certificate.
    pub(super) fn refers_to(&self, certificate: &Certificate) -> bool {
        self.references.iter().all(|reference| reference.is_to(certificate))
    }

    /// Whether issuer and serial number in the certificate references, where they have them, are those of this certificate.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        self.references.iter().all(|reference| reference.names(certificate))
    }

    /// Whether everything is there that CAdES B-B asks for (EN 319 122-1, 6.3).
    pub(super) const fn is_cades(&self) -> bool {
        self.content_type.is_some()
            && self.message_digest.is_some()
            && self.signing_time.is_some()
            && !self.references.is_empty()
    }
}

/// The SET OF as DER has it: values and attributes in ascending order.
fn canonical(all: &[Attribute<'_>]) -> Vec<u8> {
    let attribute = |(kind, values): &Attribute<'_>| {
        let values = der::set_of(der::SET, values.iter().map(|value| value.raw.to_vec()).collect());
        der::constructed(der::SEQUENCE, &[&der::oid(*kind), &values])
    };
    der::set_of(der::SET, all.iter().map(attribute).collect())
}

/// The first certificate reference, of either version (RFC 5035, 3 and 4; RFC 2634, 5.4).
fn reference(kind: ObjectIdentifier, value: Element<'_>) -> Result<Reference<'_>, Finding> {
    let broken = || Finding::AttributeMalformed(kind);
    let read = || {
        let what = "a certificate reference of another form";
        let mut outer = Element::only(value.raw, der::SEQUENCE, what)?.inside()?;
        let mut reference = outer.take(der::SEQUENCE, what)?.inside()?.take(der::SEQUENCE, what)?.inside()?;
        let algorithm = reference.optional(der::SEQUENCE)?;
        let hash = reference.take(der::OCTET_STRING, what)?.value;
        let named = reference.optional(der::SEQUENCE)?.map(|named| issuer_and_serial(named, what)).transpose()?;
        reference.end()?;
        Ok::<_, Broken>((algorithm, hash, named))
    };
    let (algorithm, value, named) = read().map_err(|_| broken())?;
    let hash = match (algorithm, kind) {
        (None, rfc5911::ID_AA_SIGNING_CERTIFICATE) => HashAlgorithm::Sha1,
        (None, _) => HashAlgorithm::Sha256,
        (Some(algorithm), rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2) => {
            let id = spki::AlgorithmIdentifierOwned::from_der(algorithm.raw).map_err(|_| broken())?;
            HashAlgorithm::from_algorithm_identifier(&id).map_err(Finding::Algorithm)?
        }
        (Some(_), _) => return Err(broken()),
    };
    Ok(Reference { hash, value, named })
}

/// IssuerSerial: the one directoryName of the issuer, and the serial number (RFC 5035, 4).
fn issuer_and_serial<'a>(named: Element<'a>, what: &'static str) -> Result<(&'a [u8], &'a [u8]), Broken> {
    let mut parts = named.inside()?;
    let mut names = parts.take(der::SEQUENCE, what)?.inside()?;
    let mut directory = names.take(0xA4, what)?.inside()?;
    let issuer = directory.take(der::SEQUENCE, what)?;
    let serial = parts.take(der::INTEGER, what)?;
    directory.end()?;
    names.end()?;
    parts.end()?;
    Ok((issuer.raw, serial.raw))
}

/// Whether the protected algorithms are those of the SignerInfo (RFC 6211, 2).
fn protected(info: &SignerInfo<'_>, value: Element<'_>) -> Result<bool, Broken> {
    let broken = "an algorithm protection of another form";
    let mut walk = Element::only(value.raw, der::SEQUENCE, broken)?.inside()?;
    let digest = walk.take(der::SEQUENCE, broken)?;
    let signature = walk.take(0xA1, broken)?;
    walk.end()?;
    Ok(digest.raw == info.algorithms.0 && signature.value == info.algorithms.1.value)
}
