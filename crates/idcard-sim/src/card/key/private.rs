//! The private keys and what each algorithm byte makes of them (`specimen.md` 5).

#![allow(clippy::disallowed_types)] // the keys of the specimen are public by design

use p256::ecdsa::SigningKey;
use pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Sha256, Sha384, Sha512};
use signature::hazmat::PrehashSigner as _;

use crate::card::random::Random;

/// How the bytes given become a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::card) enum Algorithm {
    /// RSA PKCS#1 v1.5 over the bytes given.
    RsaBare,
    /// RSA PKCS#1 v1.5; the card adds the DigestInfo.
    RsaPkcs1(Hash),
    /// RSA-PSS, MGF1 with the same hash, salt as long as the hash.
    RsaPss(Hash),
    /// ECDSA over the bytes given.
    EcdsaBare,
    /// ECDSA over a hash, cut to the size of the curve.
    Ecdsa(Hash),
}

/// The hash that the bytes given are the output of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::card) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl Algorithm {
    pub(super) fn of_byte(byte: u8) -> Option<Self> {
        let hash = match byte >> 4 {
            0 => {
                return match byte {
                    0x02 => Some(Self::RsaBare),
                    0x04 => Some(Self::EcdsaBare),
                    _ => None,
                };
            }
            4 => Hash::Sha256,
            5 => Hash::Sha384,
            6 => Hash::Sha512,
            _ => return None,
        };
        match byte & 0x0F {
            2 => Some(Self::RsaPkcs1(hash)),
            4 => Some(Self::Ecdsa(hash)),
            5 => Some(Self::RsaPss(hash)),
            _ => None,
        }
    }

    /// Whether so many bytes can be signed: a hash has its length, bare bytes must fit the key.
    pub(super) fn takes(self, length: usize) -> bool {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => length == hash.size(),
            Self::RsaBare => (1..=245).contains(&length), // 256 - 11 (RFC 8017, 9.2)
            Self::EcdsaBare => (16..=64).contains(&length),
        }
    }
}

/// A private key of either kind.
pub(super) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(SigningKey),
}

impl PrivateKey {
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        if let Ok(key) = SigningKey::from_pkcs8_der(der) {
            return Some(Self::P256(key));
        }
        RsaPrivateKey::from_pkcs8_der(der).ok().map(|key| Self::Rsa(Box::new(key)))
    }

    pub(super) fn knows(&self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::RsaBare | Algorithm::RsaPkcs1(_) | Algorithm::RsaPss(_) => matches!(self, Self::Rsa(_)),
            Algorithm::EcdsaBare | Algorithm::Ecdsa(_) => matches!(self, Self::P256(_)),
        }
    }

    pub(super) fn signature_size(&self) -> usize {
        match self {
            Self::Rsa(key) => key.size(),
            Self::P256(_) => 64,
        }
    }

    pub(super) fn sign(&self, algorithm: Algorithm, bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
        match (self, algorithm) {
            (Self::Rsa(key), Algorithm::RsaBare) => key.sign(Pkcs1v15Sign::new_unprefixed(), bytes).ok(),
            (Self::Rsa(key), Algorithm::RsaPkcs1(hash)) => {
                let scheme = match hash {
                    Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                };
                key.sign(scheme, bytes).ok()
            }
            (Self::Rsa(key), Algorithm::RsaPss(hash)) => match hash {
                Hash::Sha256 => key.sign_with_rng(random, Pss::<Sha256>::new(), bytes).ok(),
                Hash::Sha384 => key.sign_with_rng(random, Pss::<Sha384>::new(), bytes).ok(),
                Hash::Sha512 => key.sign_with_rng(random, Pss::<Sha512>::new(), bytes).ok(),
            },
            (Self::P256(key), Algorithm::EcdsaBare | Algorithm::Ecdsa(_)) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(bytes).ok()?;
                Some(signature.to_bytes().to_vec())
            }
            _ => None,
        }
    }
}
