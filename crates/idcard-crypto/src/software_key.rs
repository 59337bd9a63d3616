//! Keys in memory with certificates made for the moment: what tests sign with in place of a card.

mod profile;

use std::convert::Infallible;

use p256::ecdsa::signature::hazmat::PrehashSigner;
use rsa::Pkcs1v15Sign;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::rand_core::{TryCryptoRng, TryRng};

pub(crate) use profile::Profile;

use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::signer::Signer;

/// A key and its certificate.
pub(crate) struct SoftwareKey {
    key: Key,
    certificate: Vec<u8>,
}

enum Key {
    P256(p256::ecdsa::SigningKey),
    Rsa(Box<rsa::RsaPrivateKey>),
}

impl SoftwareKey {
    /// A P-256 key that follows from the name, and its self-signed certificate.
    pub(crate) fn p256(name: &'static str) -> Self {
        Self::with(Self::p256_key(name), &Profile::new(name), None)
    }

    /// A P-256 key that follows from the name, and its self-signed certificate as one that signs others.
    pub(crate) fn root(name: &'static str) -> Self {
        Self::with(Self::p256_key(name), &Profile { serial: 1, ..Profile::ca(name) }, None)
    }

    /// The one RSA key, and its self-signed certificate under this name.
    pub(crate) fn rsa(name: &'static str) -> Self {
        Self::with(Self::rsa_key(), &Profile::new(name), None)
    }

    /// A P-256 key with a certificate by `issuer`.
    pub(crate) fn p256_issued(profile: &Profile, issuer: &Self) -> Self {
        Self::with(Self::p256_key(profile.subject), profile, Some(issuer))
    }

    /// The RSA key with a certificate by `issuer`.
    pub(crate) fn rsa_issued(profile: &Profile, issuer: &Self) -> Self {
        Self::with(Self::rsa_key(), profile, Some(issuer))
    }

    fn p256_key(name: &str) -> Key {
        let scalar = HashAlgorithm::Sha256.digest(name.as_bytes());
        Key::P256(p256::ecdsa::SigningKey::from_slice(&scalar).unwrap())
    }

    fn rsa_key() -> Key {
        Key::Rsa(Box::new(rsa::RsaPrivateKey::from_pkcs8_pem(include_str!("software_key/rsa-2048.pem")).unwrap()))
    }

    fn with(key: Key, profile: &Profile, issuer: Option<&Self>) -> Self {
        let spki = match &key {
            Key::P256(key) => key.verifying_key().to_public_key_der().unwrap(),
            Key::Rsa(key) => key.to_public_key().to_public_key_der().unwrap(),
        };
        let mut made = Self { key, certificate: vec![] };
        let certificate = profile.certificate(spki.as_bytes(), issuer, &made);
        made.certificate = certificate;
        made
    }

    /// The private key, PKCS#8 in PEM, for OpenSSL.
    pub(crate) fn to_pkcs8_pem(&self) -> String {
        match &self.key {
            Key::P256(key) => p256::SecretKey::from(key).to_pkcs8_pem(LineEnding::LF).unwrap().to_string(),
            Key::Rsa(key) => key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string(),
        }
    }

    pub(crate) fn is_rsa(&self) -> bool {
        matches!(self.key, Key::Rsa(_))
    }
}

impl Signer for SoftwareKey {
    type Error = Infallible;

    fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    fn sign_digest(
        &mut self,
        scheme: SignatureScheme,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, Infallible> {
        Ok(self.raw(scheme, hash, digest))
    }
}

impl SoftwareKey {
    /// As the card does it: ECDSA answers r‖s and cuts a longer digest.
    pub(crate) fn raw(&self, scheme: SignatureScheme, hash: HashAlgorithm, digest: &[u8]) -> Vec<u8> {
        match (&self.key, scheme, hash) {
            (Key::P256(key), SignatureScheme::Ecdsa, _) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
                signature.to_bytes().to_vec()
            }
            (Key::Rsa(key), SignatureScheme::Pkcs1v15, hash) => {
                let padding = match hash {
                    HashAlgorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
                    HashAlgorithm::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
                    HashAlgorithm::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
                    HashAlgorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
                };
                key.sign(padding, digest).unwrap()
            }
            (Key::Rsa(key), SignatureScheme::Pss { salt_length }, hash) => {
                let mut counter = Counter(7);
                match hash {
                    HashAlgorithm::Sha256 => {
                        key.sign_with_rng(&mut counter, rsa::Pss::<sha2::Sha256>::new_with_salt(salt_length), digest)
                    }
                    HashAlgorithm::Sha384 => {
                        key.sign_with_rng(&mut counter, rsa::Pss::<sha2::Sha384>::new_with_salt(salt_length), digest)
                    }
                    _ => key.sign_with_rng(&mut counter, rsa::Pss::<sha2::Sha512>::new_with_salt(salt_length), digest),
                }
                .unwrap()
            }
            _ => panic!("a scheme that is not one of the key"),
        }
    }
}

/// Salt for tests: never random, so that every run is the same.
struct Counter(u64);

#[allow(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.try_next_u64()? as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        into.fill_with(|| (self.try_next_u64().unwrap() >> 32) as u8);
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
