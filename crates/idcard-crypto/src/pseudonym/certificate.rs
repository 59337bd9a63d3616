//! Certificates re-encoded: another subject, key, serial number and validity, a signature by a throw-away key, and a mark.

use super::patch::{Place, inside, places, put};
use super::{Pseudonyms, Replaced};
use crate::certificate::Certificate;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc4519, rfc5912};
use der::Decode;

/// With these bytes begins the serial number of a re-encoded certificate, where it is long enough: "PSEUDO".
pub const MARK: [u8; 6] = *b"PSEUDO";

/// What a certificate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A holder, until the opposite is shown.
    Somebody,
    /// An office: an authority, a document signer. Such certificates are the same on thousands of cards.
    Office,
}

/// Parts of a certificate (RFC 5280, 4.1).
pub(super) struct Parts {
    pub(super) tbs: Place,
    pub(super) signature: Place,
    pub(super) serial: Place,
    pub(super) issuer: Place,
    pub(super) validity: Place,
    pub(super) subject: Place,
    pub(super) key: Place,
    pub(super) extensions: Option<Place>,
}

impl Parts {
    pub(super) fn of(der: &[u8]) -> Option<Self> {
        let outer = places(der, 0..der.len()).ok()?;
        let [outer] = outer.as_slice() else { return None };
        let all = inside(der, outer).ok()?;
        let [tbs, _, signature] = all.as_slice() else { return None };
        let fields = inside(der, tbs).ok()?;
        let fields = match fields.as_slice() {
            [version, fields @ ..] if version.tag == 0xA0 => fields,
            fields => fields,
        };
        let [serial, _, issuer, validity, subject, key, rest @ ..] = fields else { return None };
        Some(Self {
            tbs: tbs.clone(),
            signature: signature.clone(),
            serial: serial.clone(),
            issuer: issuer.clone(),
            validity: validity.clone(),
            subject: subject.clone(),
            key: key.clone(),
            extensions: rest.iter().find(|part| part.tag == 0xA3).cloned(),
        })
    }
}

impl Pseudonyms {
    /// A certificate of the same length about nobody. The one of an authority stays as it is: it is not the holder's.
    /// None where the bytes are no certificate.
    ///
    /// What stays: issuer, algorithms, country and organisation, the years of validity, all extensions but the
    /// identifier of the subject's key, other names, and those that are not known.
    pub fn certificate(&mut self, der: &[u8]) -> Option<Vec<u8>> {
        let certificate = Certificate::from_der(der).ok()?;
        match about(&certificate) {
            About::Office if certificate.is_ca() => Some(der.to_vec()),
            _ => self.re_encoded(&certificate),
        }
    }

    fn re_encoded(&mut self, certificate: &Certificate) -> Option<Vec<u8>> {
        let old = certificate.der();
        let parts = Parts::of(old)?;
        let mut der = old.to_vec();
        self.serial_number(&mut der, &parts.serial)?;
        self.name(&mut der, &parts.subject)?;
        self.note(Replaced::Subject);
        if certificate.is_self_issued() || names_somebody(certificate.issuer()) {
            self.name(&mut der, &parts.issuer)?;
        }
        for time in inside(old, &parts.validity).ok()? {
            let other = self.time(old.get(time.value.clone())?)?;
            put(&mut der, &time.value, &other)?;
        }
        self.public_key(&mut der, &parts.key)?;
        if let Some(extensions) = &parts.extensions {
            self.extensions(&mut der, extensions)?;
        }
        // A policy that speaks of its holder.
        self.wherever(der.get_mut(parts.tbs.value.clone())?);
        self.sign_anew(&mut der, &parts, certificate)?;
        Some(der)
    }

    /// Puts a signature by a throw-away key in the place of the issuer's.
    pub(super) fn sign_anew(&mut self, der: &mut [u8], parts: &Parts, certificate: &Certificate) -> Option<()> {
        // The first byte of a BIT STRING counts unused bits.
        let range = parts.signature.value.start.saturating_add(1)..parts.signature.value.end;
        let old = der.get(range.clone())?.to_vec();
        let algorithm = certificate.signature_algorithm().ok()?;
        let signed = der.get(parts.tbs.whole.clone())?.to_vec();
        let other = self.signature(algorithm, &signed, &old)?;
        put(der, &range, &other)
    }

    fn serial_number(&mut self, der: &mut [u8], place: &Place) -> Option<()> {
        let old = der.get(place.value.clone())?.to_vec();
        self.note(Replaced::SerialNumber);
        self.telling(&old);
        let mut other = self.integer(&old);
        let sign = usize::from(old.len() > 1 && old.first() == Some(&0));
        if old.len() >= MARK.len().saturating_mul(2) {
            for (at, byte) in MARK.into_iter().enumerate() {
                // Behind a sign byte the highest bit is set, or the sign byte would be none.
                let byte = if at == 0 && sign == 1 { byte | 0x80 } else { byte };
                *other.get_mut(sign.saturating_add(at))? = byte;
            }
        }
        put(der, &place.value, &other)
    }

    /// The attributes of a name but country, organisation and unit.
    fn name(&mut self, der: &mut [u8], name: &Place) -> Option<()> {
        for set in inside(der, name).ok()? {
            for attribute in inside(der, &set).ok()? {
                let parts = inside(der, &attribute).ok()?;
                let [kind, value] = parts.as_slice() else { return None };
                let kind = ObjectIdentifier::from_der(der.get(kind.whole.clone())?).ok()?;
                let bytes = der.get(value.value.clone())?.to_vec();
                let other = match kind {
                    rfc4519::C => continue,
                    rfc4519::O | rfc4519::OU if value.tag != 0x1E && !holds_a_number(&bytes) => continue,
                    rfc4519::CN => self.common_name(value.tag, &bytes),
                    _ => self.string(value.tag, &bytes),
                };
                put(der, &value.value, &other)?;
            }
        }
        Some(())
    }

    /// The number of `0003141594 - SIG`; the role stays.
    fn common_name(&mut self, tag: u8, bytes: &[u8]) -> Vec<u8> {
        let role = bytes.iter().position(|byte| *byte == b' ').and_then(|at| bytes.split_at_checked(at));
        match role {
            Some((number, role)) if role.starts_with(b" - ") && number.iter().all(u8::is_ascii_digit) => {
                let number = self.string(tag, number);
                [&number, role].concat()
            }
            _ => self.string(tag, bytes),
        }
    }

    /// A string of ASN.1, by its tag.
    pub(super) fn string(&mut self, tag: u8, bytes: &[u8]) -> Vec<u8> {
        let other = if tag == 0x1E { self.utf16(bytes) } else { self.utf8(bytes) };
        other.unwrap_or_else(|| self.bytes(bytes))
    }

    fn public_key(&mut self, der: &mut [u8], key: &Place) -> Option<()> {
        let parts = inside(der, key).ok()?;
        let [algorithm, bits] = parts.as_slice() else { return None };
        self.note(Replaced::PublicKey);
        let range = bits.value.start.saturating_add(1)..bits.value.end;
        let old = der.get(range.clone())?.to_vec();
        self.original(&old);
        let names = inside(der, algorithm).ok()?;
        let kind = ObjectIdentifier::from_der(der.get(names.first()?.whole.clone())?).ok()?;
        if kind == rfc5912::RSA_ENCRYPTION {
            // Modulus and exponent; the number in the place of the modulus has no known factors.
            let numbers = places(der, range).ok()?;
            let numbers = inside(der, numbers.first()?).ok()?;
            let modulus = numbers.first()?.value.clone();
            let bytes = der.get(modulus.clone())?.to_vec();
            self.original(&bytes);
            let mut other = self.integer(&bytes);
            *other.last_mut()? |= 1;
            return put(der, &modulus, &other);
        }
        let point = self.throw_away_keys(&old).next()?.point();
        let other =
            if point.len() == old.len() { point } else { super::scrambled(&old, &mut self.stream("point", &old)) };
        put(der, &range, &other)
    }

    fn extensions(&mut self, der: &mut [u8], extensions: &Place) -> Option<()> {
        for list in inside(der, extensions).ok()? {
            for extension in inside(der, &list).ok()? {
                let parts = inside(der, &extension).ok()?;
                let kind = ObjectIdentifier::from_der(der.get(parts.first()?.whole.clone())?).ok()?;
                let value = parts.last()?;
                let old = der.get(value.value.clone())?.to_vec();
                let other = match kind {
                    rfc5912::ID_CE_KEY_USAGE
                    | rfc5912::ID_CE_EXT_KEY_USAGE
                    | rfc5912::ID_CE_BASIC_CONSTRAINTS
                    | rfc5912::ID_CE_CERTIFICATE_POLICIES
                    | rfc5912::ID_CE_AUTHORITY_KEY_IDENTIFIER
                    | rfc5912::ID_CE_CRL_DISTRIBUTION_POINTS
                    | rfc5912::ID_PE_AUTHORITY_INFO_ACCESS => continue,
                    rfc5912::ID_CE_SUBJECT_ALT_NAME => self.other_names(&old)?,
                    _ => self.plain_der(&old).unwrap_or_else(|| self.bytes(&old)),
                };
                put(der, &value.value, &other)?;
            }
        }
        Some(())
    }

    /// Mail addresses keep their domain, and their form where it is `ir` and a number.
    fn other_names(&mut self, old: &[u8]) -> Option<Vec<u8>> {
        let mut der = old.to_vec();
        let outer = places(old, 0..old.len()).ok()?;
        for name in inside(old, outer.first()?).ok()? {
            let bytes = old.get(name.value.clone())?;
            let other = if name.tag & 0x20 != 0 {
                self.plain_der(bytes).unwrap_or_else(|| self.bytes(bytes))
            } else {
                let at = bytes.iter().position(|byte| *byte == b'@').unwrap_or(bytes.len());
                let (local, domain) = bytes.split_at_checked(at)?;
                let local = match local.strip_prefix(b"ir") {
                    Some(number) if number.iter().all(u8::is_ascii_digit) => {
                        [b"ir", self.string(0x16, number).as_slice()].concat()
                    }
                    _ => self.string(0x16, local),
                };
                [&local, domain].concat()
            };
            put(&mut der, &name.value, &other)?;
        }
        Some(der)
    }
}

pub(super) fn about(certificate: &Certificate) -> About {
    if names_somebody(certificate.subject()) { About::Somebody } else { About::Office }
}

/// Six digits or more in a row, of any of the three sets.
fn has_a_long_number(text: &str) -> bool {
    text.split(|c| super::characters::value(c).is_none()).any(|digits| digits.chars().count() >= 6)
}

/// As far as it is UTF-8; what is not is not read as words either.
fn holds_a_number(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(has_a_long_number)
}

/// A given name, a surname, a serial number, a mail address, or a long number anywhere in it, or a
/// value that cannot be read.
fn names_somebody(name: &crate::certificate::DistinguishedName) -> bool {
    let personal = [rfc4519::GIVEN_NAME, rfc4519::SN, rfc4519::SERIAL_NUMBER, rfc4519::UID];
    name.attributes()
        .iter()
        .any(|attribute| personal.contains(&attribute.oid) || attribute.value.as_deref().is_none_or(has_a_long_number))
}
