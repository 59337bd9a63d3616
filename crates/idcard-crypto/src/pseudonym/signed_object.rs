//! The document security object: other hashes, and a signature by a throw-away key that the embedded certificate bears.

use super::certificate::{About, Parts, about};
use super::patch::{Place, inside, places, put};
use super::throw_away::{LENGTHS, ThrowAway};
use super::{Pseudonyms, Replaced};
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::Decode;
use spki::AlgorithmIdentifierOwned;

/// Gives for the hash of a file that of the one in its place.
pub type Renewed<'r> = &'r dyn Fn(HashAlgorithm, &[u8]) -> Option<Vec<u8>>;

/// Where the parts of a SignedData lie (RFC 5652, 5.1).
struct Signed {
    content: Place,
    certificates: Vec<Place>,
    signers: Vec<Place>,
}

impl Signed {
    fn of(der: &[u8]) -> Option<Self> {
        let tagged = places(der, 0..der.len()).ok()?;
        let first = tagged.first()?;
        let info = if first.tag == 0x77 { inside(der, first).ok()?.first()?.clone() } else { first.clone() };
        let info = inside(der, &info).ok()?;
        let data = inside(der, info.get(1)?).ok()?;
        let fields = inside(der, data.first()?).ok()?;
        let content = inside(der, fields.get(2)?).ok()?;
        let content = inside(der, content.get(1)?).ok()?.first()?.clone();
        let certificates = fields.iter().find(|field| field.tag == 0xA0);
        Some(Self {
            content,
            certificates: certificates.map(|set| inside(der, set)).transpose().ok()?.unwrap_or_default(),
            signers: inside(der, fields.last()?).ok()?,
        })
    }
}

impl Pseudonyms {
    /// A security object of the same length, tag 77 on it. `renewed` gives for the hash of a file that of the one in its
    /// place; a hash that it does not know becomes any other.
    /// None where the bytes are no security object.
    pub fn security_object(&mut self, old: &[u8], renewed: Renewed<'_>) -> Option<Vec<u8>> {
        let signed = Signed::of(old)?;
        let mut der = old.to_vec();
        self.hashes(&mut der, &signed.content, renewed)?;
        for certificate in &signed.certificates {
            let bytes = old.get(certificate.whole.clone())?;
            let parsed = Certificate::from_der(bytes).ok()?;
            if about(&parsed) == About::Somebody {
                let other = self.certificate(bytes)?;
                put(&mut der, &certificate.whole, &other)?;
            }
        }
        let key = self.signer_key(&mut der, &signed)?;
        if let Some(key) = &key {
            self.vouch(&mut der, &signed, key)?;
        }
        Some(der)
    }

    fn hashes(&mut self, der: &mut [u8], content: &Place, renewed: Renewed<'_>) -> Option<()> {
        let list = inside(der, content).ok()?;
        let fields = inside(der, list.first()?).ok()?;
        let [_, algorithm, groups, ..] = fields.as_slice() else { return None };
        let algorithm = AlgorithmIdentifierOwned::from_der(der.get(algorithm.whole.clone())?).ok()?;
        let hash = HashAlgorithm::from_algorithm_identifier(&algorithm).ok()?;
        for group in inside(der, groups).ok()? {
            let value = inside(der, &group).ok()?.get(1)?.value.clone();
            let old = der.get(value.clone())?.to_vec();
            self.note(Replaced::Hash);
            self.original(&old);
            let other = renewed(hash, &old).filter(|other| other.len() == old.len());
            let other = other.unwrap_or_else(|| self.stream("hash", &old).take(old.len()));
            put(der, &value, &other)?;
        }
        Some(())
    }

    /// Signs with throw-away keys until every signature is as long as the one it stands for; the key of the last round.
    /// None within, where the signature is of another kind: bytes are put in its place then.
    #[allow(clippy::option_option, reason = "an object that cannot be taken apart, and one that is not signed anew")]
    fn signer_key(&mut self, der: &mut [u8], signed: &Signed) -> Option<Option<ThrowAway>> {
        let content = der.get(signed.content.value.clone())?.to_vec();
        let mut kept = None;
        for signer in &signed.signers {
            let fields = inside(der, signer).ok()?;
            let [_, _, digest, attributes, algorithm, signature, ..] = fields.as_slice() else { return None };
            let digest = AlgorithmIdentifierOwned::from_der(der.get(digest.whole.clone())?).ok()?;
            let hash = HashAlgorithm::from_algorithm_identifier(&digest).ok()?;
            self.attributes(der, attributes, &hash.digest(&content))?;
            let algorithm = AlgorithmIdentifierOwned::from_der(der.get(algorithm.whole.clone())?).ok()?;
            let (scheme, named) = SignatureScheme::from_algorithm_identifier(&algorithm).ok()?;
            let mut to_sign = der.get(attributes.whole.clone())?.to_vec();
            // RFC 5652, 5.4: signed as a SET OF.
            *to_sign.first_mut()? = 0x31;
            let old = der.get(signature.value.clone())?.to_vec();
            let may = LENGTHS.contains(&old.len()) && self.may_sign();
            let made = if may && scheme == SignatureScheme::Ecdsa {
                let digest = named.unwrap_or(hash).digest(&to_sign);
                self.throw_away_keys(&to_sign).find_map(|key| {
                    let made = key.sign(&digest).filter(|made| made.len() == old.len())?;
                    Some((key, made))
                })
            } else {
                None
            };
            let other = match made {
                Some((key, made)) => {
                    self.original(&old);
                    self.note(Replaced::Signature);
                    kept = Some(key);
                    made
                }
                None => self.signature((scheme, named.unwrap_or(hash)), &to_sign, &old)?,
            };
            put(der, &signature.value, &other)?;
        }
        Some(kept)
    }

    /// The digest of the content and the time of signing among the signed attributes.
    fn attributes(&mut self, der: &mut [u8], attributes: &Place, digest: &[u8]) -> Option<()> {
        for attribute in inside(der, attributes).ok()? {
            let parts = inside(der, &attribute).ok()?;
            let [kind, values] = parts.as_slice() else { return None };
            let kind = ObjectIdentifier::from_der(der.get(kind.whole.clone())?).ok()?;
            for value in inside(der, values).ok()? {
                let old = der.get(value.value.clone())?.to_vec();
                if kind == rfc5911::ID_MESSAGE_DIGEST {
                    self.original(&old);
                    put(der, &value.value, digest)?;
                } else if kind == rfc5911::ID_SIGNING_TIME {
                    let other = self.time(&old)?;
                    put(der, &value.value, &other)?;
                }
            }
        }
        Some(())
    }

    /// Has the certificate of the signer bear the throw-away key, where it has one of its kind.
    fn vouch(&mut self, der: &mut [u8], signed: &Signed, key: &ThrowAway) -> Option<()> {
        for place in &signed.certificates {
            let bytes = der.get(place.whole.clone())?.to_vec();
            let parsed = Certificate::from_der(&bytes).ok()?;
            let parts = Parts::of(&bytes)?;
            let bits = inside(&bytes, &parts.key).ok()?.get(1)?.value.clone();
            let bits = bits.start.saturating_add(1)..bits.end;
            if parsed.is_ca() || bits.len() != key.point().len() {
                continue;
            }
            let mut other = bytes.clone();
            put(&mut other, &bits, &key.point())?;
            self.note(Replaced::PublicKey);
            self.sign_anew(&mut other, &parts, &parsed)?;
            put(der, &place.whole, &other)?;
        }
        Some(())
    }
}
