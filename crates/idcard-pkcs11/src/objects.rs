//! The objects of a slot: certificates, keys and files of the card with their attributes.

use crate::attributes::Attributes;
use crate::mechanism;
use crate::role::Role;
use cryptoki_sys::*;
use idcard_core::family::{ItemName, Page};
use idcard_crypto::algorithm::HashAlgorithm;
use idcard_crypto::key::{KeyKind, KeyNumbers};
use idcard_crypto::{Certificate, PublicKey};

/// One object of a slot.
pub(crate) struct Object {
    pub attributes: Attributes,
    pub nature: Nature,
}

/// What can be done with an object.
pub(crate) enum Nature {
    /// It can be read.
    Readable,
    /// It verifies.
    Public(Box<PublicKey>),
    /// It signs on the card.
    Private,
}

impl Object {
    pub(crate) const fn is_private_key(&self) -> bool {
        matches!(self.nature, Nature::Private)
    }
}

/// The certificates and keys of a slot.
pub(crate) fn of_role(role: Role, page: &Page, own: Option<&Certificate>, ca: Option<&Certificate>) -> Vec<Object> {
    let mut objects = Vec::new();
    if let Some(own) = own {
        objects.push(certificate(own, role.certificate_label()));
        if let Ok(key) = own.key() {
            if let Some(known) = role.key(page) {
                let mechanisms = mechanism::of_key(known, key.kind());
                objects.push(private_key(own, key, role, &mechanisms, known.pin_per_signature));
            }
            objects.push(public_key(own, key, role));
        }
    }
    objects.extend(ca.map(|ca| certificate(ca, "Issuing CA certificate")));
    objects
}

/// A file of the card.
pub(crate) fn file(name: ItemName, content: &[u8]) -> Object {
    let attributes = of_token(CKO_DATA, &name.to_string())
        .bytes(CKA_APPLICATION, b"idcard")
        .bytes(CKA_OBJECT_ID, b"")
        .bytes(CKA_VALUE, content);
    Object { attributes, nature: Nature::Readable }
}

/// What every object of the card has.
fn of_token(class: CK_OBJECT_CLASS, label: &str) -> Attributes {
    Attributes::default()
        .number(CKA_CLASS, class)
        .flag(CKA_TOKEN, true)
        .flag(CKA_PRIVATE, class == CKO_PRIVATE_KEY)
        .flags(false, &[CKA_MODIFIABLE, CKA_COPYABLE, CKA_DESTROYABLE])
        .bytes(CKA_LABEL, label.as_bytes())
}

fn certificate(certificate: &Certificate, label: &str) -> Object {
    const USER: CK_ULONG = 1;
    const AUTHORITY: CK_ULONG = 2;
    let check = HashAlgorithm::Sha1.digest(certificate.der());
    let mut attributes = of_token(CKO_CERTIFICATE, label)
        .number(CKA_CERTIFICATE_TYPE, CKC_X_509)
        .flag(CKA_TRUSTED, false)
        .number(CKA_CERTIFICATE_CATEGORY, if certificate.is_ca() { AUTHORITY } else { USER })
        .bytes(CKA_CHECK_VALUE, check.get(..3).unwrap_or_default())
        .bytes(CKA_START_DATE, &date(&certificate.not_before_rfc3339()))
        .bytes(CKA_END_DATE, &date(&certificate.not_after_rfc3339()))
        .bytes(CKA_PUBLIC_KEY_INFO, certificate.spki_der())
        .bytes(CKA_SUBJECT, certificate.subject().der())
        .bytes(CKA_ISSUER, certificate.issuer().der())
        .bytes(CKA_SERIAL_NUMBER, &serial_number(certificate))
        .bytes(CKA_VALUE, certificate.der())
        .bytes(CKA_URL, b"")
        .bytes(CKA_HASH_OF_SUBJECT_PUBLIC_KEY, b"")
        .bytes(CKA_HASH_OF_ISSUER_PUBLIC_KEY, b"");
    if let Ok(key) = certificate.key() {
        attributes = attributes.bytes(CKA_ID, &key.key_identifier());
    }
    Object { attributes, nature: Nature::Readable }
}

/// What both halves of a key pair have.
fn key_attributes(class: CK_OBJECT_CLASS, certificate: &Certificate, key: &PublicKey, role: Role) -> Attributes {
    let attributes = of_token(class, role.key_label())
        .bytes(CKA_ID, &key.key_identifier())
        .bytes(CKA_SUBJECT, certificate.subject().der())
        .bytes(CKA_START_DATE, &date(&certificate.not_before_rfc3339()))
        .bytes(CKA_END_DATE, &date(&certificate.not_after_rfc3339()))
        .flags(true, &[CKA_LOCAL])
        .flags(false, &[CKA_DERIVE])
        .number(CKA_KEY_GEN_MECHANISM, CK_UNAVAILABLE_INFORMATION)
        .bytes(CKA_PUBLIC_KEY_INFO, key.spki_der());
    match key.numbers() {
        KeyNumbers::Rsa { modulus, exponent } => attributes
            .number(CKA_KEY_TYPE, CKK_RSA)
            .bytes(CKA_MODULUS, &modulus)
            .bytes(CKA_PUBLIC_EXPONENT, &exponent)
            .number(CKA_MODULUS_BITS, bits(key.kind())),
        KeyNumbers::Ec { curve, point } => {
            let length = u8::try_from(point.len()).unwrap_or(0);
            attributes
                .number(CKA_KEY_TYPE, CKK_EC)
                .bytes(CKA_EC_PARAMS, &curve)
                .bytes(CKA_EC_POINT, &[&[0x04, length], point.as_slice()].concat())
        }
    }
}

fn public_key(certificate: &Certificate, key: &PublicKey, role: Role) -> Object {
    let attributes = key_attributes(CKO_PUBLIC_KEY, certificate, key, role)
        .flags(true, &[CKA_VERIFY])
        .flags(false, &[CKA_ENCRYPT, CKA_VERIFY_RECOVER, CKA_WRAP, CKA_TRUSTED]);
    Object { attributes, nature: Nature::Public(Box::new(key.clone())) }
}

fn private_key(
    certificate: &Certificate,
    key: &PublicKey,
    role: Role,
    mechanisms: &[CK_MECHANISM_TYPE],
    asks: bool,
) -> Object {
    let attributes = key_attributes(CKO_PRIVATE_KEY, certificate, key, role)
        .flags(true, &[CKA_SIGN, CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE])
        .flags(false, &[CKA_DECRYPT, CKA_SIGN_RECOVER, CKA_UNWRAP, CKA_EXTRACTABLE, CKA_WRAP_WITH_TRUSTED])
        .flag(CKA_ALWAYS_AUTHENTICATE, asks)
        .numbers(CKA_ALLOWED_MECHANISMS, mechanisms);
    Object { attributes, nature: Nature::Private }
}

fn bits(kind: KeyKind) -> CK_ULONG {
    match kind {
        KeyKind::Rsa { bits } => CK_ULONG::try_from(bits).unwrap_or(0),
        KeyKind::P256 => 256,
        KeyKind::P384 => 384,
    }
}

/// `CK_DATE` from RFC 3339: eight digits.
fn date(time: &str) -> Vec<u8> {
    time.bytes().take(10).filter(u8::is_ascii_digit).collect()
}

/// The serial number as an INTEGER in DER.
fn serial_number(certificate: &Certificate) -> Vec<u8> {
    let number = certificate.parsed().tbs_certificate().serial_number().as_bytes();
    let length = u8::try_from(number.len()).unwrap_or(0);
    [&[0x02, length], number].concat()
}
