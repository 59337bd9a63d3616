//! Private keys that are public by design: made once from a fixed seed, kept when the file exists.

#![allow(clippy::disallowed_types)] // the keys of the specimen are public by design

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::path::Path;

use pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use signature::{SignatureEncoding, Signer};
use spki::SubjectPublicKeyInfoRef;

use crate::der;

/// What kind of key to make.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Rsa2048,
    P256,
}

/// A private key of either kind.
pub(crate) enum Key {
    Rsa(Box<rsa::RsaPrivateKey>),
    P256(p256::SecretKey),
}

impl Key {
    /// The key in `path` (PKCS#8 DER), made from the seed `label` if there is no such file.
    pub(crate) fn at(path: &Path, kind: Kind, label: &str) -> Result<Self, Box<dyn Error>> {
        if let Ok(bytes) = fs::read(path) {
            return Ok(match kind {
                Kind::Rsa2048 => Self::Rsa(Box::new(rsa::RsaPrivateKey::from_pkcs8_der(&bytes)?)),
                Kind::P256 => Self::P256(p256::SecretKey::from_pkcs8_der(&bytes)?),
            });
        }
        let mut seed = Seed::new(label);
        let (key, document) = match kind {
            Kind::Rsa2048 => {
                let key = rsa::RsaPrivateKey::new(&mut seed, 2048)?;
                let document = key.to_pkcs8_der()?;
                (Self::Rsa(Box::new(key)), document)
            }
            Kind::P256 => {
                let mut scalar = [0; 32];
                seed.try_fill_bytes(&mut scalar)?;
                let key = p256::SecretKey::from_slice(&scalar)?;
                let document = key.to_pkcs8_der()?;
                (Self::P256(key), document)
            }
        };
        fs::write(path, document.as_bytes())?;
        Ok(key)
    }

    /// SubjectPublicKeyInfo, DER.
    pub(crate) fn public(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(match self {
            Self::Rsa(key) => key.to_public_key().to_public_key_der()?.into_vec(),
            Self::P256(key) => key.public_key().to_public_key_der()?.into_vec(),
        })
    }

    /// The key identifier of RFC 5280, 4.2.1.2, method 1.
    pub(crate) fn identifier(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        let public = self.public()?;
        let info = SubjectPublicKeyInfoRef::try_from(public.as_slice())?;
        Ok(Sha1::digest(info.subject_public_key.raw_bytes()).to_vec())
    }

    /// The AlgorithmIdentifier of [`Key::sign`].
    pub(crate) fn algorithm(&self) -> Vec<u8> {
        match self {
            Self::Rsa(_) => der::seq(&[der::oid("1.2.840.113549.1.1.11"), der::null()]),
            Self::P256(_) => der::seq(&[der::oid("1.2.840.10045.4.3.2")]),
        }
    }

    /// sha256WithRSAEncryption or ecdsa-with-SHA256 (deterministic, RFC 6979).
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(match self {
            Self::Rsa(key) => {
                rsa::pkcs1v15::SigningKey::<Sha256>::new(key.as_ref().clone()).try_sign(message)?.to_vec()
            }
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature = p256::ecdsa::SigningKey::from(key).try_sign(message)?;
                signature.to_vec()
            }
        })
    }
}

/// SHA-256 in counter mode: the same label always gives the same bytes.
struct Seed {
    label: String,
    counter: u64,
}

impl Seed {
    fn new(label: &str) -> Self {
        Self { label: format!("idcard SPECIMEN key, public by design: {label}"), counter: 0 }
    }
}

impl TryRng for Seed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            let block = Sha256::new().chain_update(&self.label).chain_update(self.counter.to_be_bytes()).finalize();
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
            self.counter += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Seed {}
