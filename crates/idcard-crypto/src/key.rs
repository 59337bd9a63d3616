//! Public keys, and whether a signature is theirs.

mod numbers;
mod rsa_key;

pub use numbers::KeyNumbers;

use crate::algorithm::{AlgorithmFault, HashAlgorithm, SignatureScheme};
use const_oid::db::rfc5912 as oid;
use der::{Decode, Encode};
use ecdsa::signature::hazmat::PrehashVerifier;
use rsa_key::RsaKey;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use std::fmt;
use thiserror::Error;

/// The kind and size of a key; printed as in JSON documents: `rsa-2048`, `p-256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// The length of the modulus.
        bits: usize,
    },
    /// The curve P-256 (secp256r1).
    P256,
    /// The curve P-384 (secp384r1).
    P384,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "rsa-{bits}"),
            Self::P256 => f.write_str("p-256"),
            Self::P384 => f.write_str("p-384"),
        }
    }
}

/// Why bytes are no public key that can be used here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// The SubjectPublicKeyInfo is not DER, or its parts do not fit its algorithm.
    #[error("the public key is malformed: {0}")]
    Malformed(&'static str),
    /// The algorithm or the curve is not supported.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmFault),
    /// An RSA modulus outside of 1024 to 8192 bits.
    #[error("an RSA key of {0} bits is outside of 1024 to 8192")]
    Size(usize),
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureFault {
    /// The signature does not belong to this key and this digest.
    #[error("the signature does not verify")]
    Invalid,
    /// The signature has not the form of its scheme.
    #[error("the signature is malformed: {0}")]
    Malformed(&'static str),
    /// The scheme is for another kind of key.
    #[error("{scheme} does not go with a key of type {key}")]
    Mismatch {
        /// The key.
        key: KeyKind,
        /// The scheme.
        scheme: SignatureScheme,
    },
    /// The digest has not the length of its hash.
    #[error("a digest of {found} bytes is no {hash} digest")]
    DigestLength {
        /// The hash that was named.
        hash: HashAlgorithm,
        /// The length of the digest given.
        found: usize,
    },
    /// The algorithm that is named is none that can be verified.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmFault),
    /// The key is bound to other RSA-PSS parameters (RFC 4055, 1.2).
    #[error("the key allows other RSA-PSS parameters only")]
    KeyRestriction,
}

/// A public key of RSA, P-256 or P-384.
#[derive(Clone)]
pub struct PublicKey {
    inner: Inner,
    spki: Vec<u8>,
}

#[derive(Clone)]
enum Inner {
    Rsa(Box<RsaKey>),
    P256(Box<p256::ecdsa::VerifyingKey>),
    P384(Box<p384::ecdsa::VerifyingKey>),
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    ///
    /// RSA of 1024 to 8192 bits with an odd exponent from 3 to 2³³, e = 3 included; named curves only.
    /// What is accepted may still be weak: ask [`Self::is_weak`].
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyFault> {
        let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyFault::Malformed("not DER"))?;
        let bits = spki.subject_public_key.as_bytes().ok_or(KeyFault::Malformed("unused bits in the key"))?;
        let inner = match spki.algorithm.oid {
            oid::RSA_ENCRYPTION | oid::ID_RSASSA_PSS => Inner::Rsa(Box::new(RsaKey::read(&spki, bits)?)),
            oid::ID_EC_PUBLIC_KEY => {
                let curve = spki.algorithm.parameters_oid().map_err(|_| KeyFault::Malformed("no named curve"))?;
                let point = |_| KeyFault::Malformed("the point is not on the curve");
                match curve {
                    oid::SECP_256_R_1 => {
                        Inner::P256(Box::new(p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).map_err(point)?))
                    }
                    oid::SECP_384_R_1 => {
                        Inner::P384(Box::new(p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).map_err(point)?))
                    }
                    other => return Err(AlgorithmFault::Unknown(other).into()),
                }
            }
            other => return Err(AlgorithmFault::Unknown(other).into()),
        };
        Ok(Self { inner, spki: der.to_vec() })
    }

    /// As [`Self::from_spki_der`], from the parsed structure.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, KeyFault> {
        Self::from_spki_der(&spki.to_der().map_err(|_| KeyFault::Malformed("not DER"))?)
    }

    /// The RSA key of these numbers, both big-endian.
    ///
    /// # Errors
    /// [`KeyFault`], under the same limits as [`Self::from_spki_der`].
    pub fn from_rsa_numbers(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        let malformed = |_| KeyFault::Malformed("not a number");
        let pkcs1 = rsa::pkcs1::RsaPublicKey {
            modulus: der::asn1::UintRef::new(modulus).map_err(malformed)?,
            public_exponent: der::asn1::UintRef::new(exponent).map_err(malformed)?,
        };
        let pkcs1 = pkcs1.to_der().map_err(malformed)?;
        let spki = SubjectPublicKeyInfoRef {
            algorithm: rsa::pkcs1::ALGORITHM_ID,
            subject_public_key: der::asn1::BitStringRef::from_bytes(&pkcs1).map_err(malformed)?,
        };
        Self::from_spki_der(&spki.to_der().map_err(malformed)?)
    }

    /// The SubjectPublicKeyInfo, as it was read.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 over the SubjectPublicKeyInfo, lower-case hex.
    #[must_use]
    pub fn spki_sha256(&self) -> String {
        hex::encode(HashAlgorithm::Sha256.digest(&self.spki))
    }

    /// The kind and size.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match &self.inner {
            Inner::Rsa(key) => KeyKind::Rsa { bits: key.bits() },
            Inner::P256(_) => KeyKind::P256,
            Inner::P384(_) => KeyKind::P384,
        }
    }

    /// Whether the key is too short to prove anything: RSA below 2048 bits.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        matches!(self.kind(), KeyKind::Rsa { bits } if bits < 2048)
    }

    /// Verifies a signature over a digest. An ECDSA signature is strict DER (RFC 3279, 2.2.3).
    ///
    /// # Errors
    /// [`SignatureFault`]: every way in which the signature is not this key's.
    pub fn verify_prehash(
        &self,
        scheme: SignatureScheme,
        hash: HashAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        check_digest(hash, digest)?;
        match (&self.inner, scheme) {
            (Inner::Rsa(key), SignatureScheme::Pkcs1v15) => key.verify_pkcs1v15(hash, digest, signature),
            (Inner::Rsa(key), SignatureScheme::Pss { salt_length }) => {
                key.verify_pss(hash, salt_length, digest, signature)
            }
            (Inner::P256(key), SignatureScheme::Ecdsa) => {
                let signature = p256::ecdsa::DerSignature::from_bytes(signature).map_err(|_| NOT_DER)?;
                key.verify_prehash(digest, &signature).map_err(|_| SignatureFault::Invalid)
            }
            (Inner::P384(key), SignatureScheme::Ecdsa) => {
                let signature = p384::ecdsa::DerSignature::from_bytes(signature).map_err(|_| NOT_DER)?;
                key.verify_prehash(digest, &signature).map_err(|_| SignatureFault::Invalid)
            }
            _ => Err(SignatureFault::Mismatch { key: self.kind(), scheme }),
        }
    }

    /// Verifies an ECDSA signature in its plain form r‖s, each as long as the order of the curve.
    ///
    /// # Errors
    /// [`SignatureFault`]; an RSA key is a mismatch.
    pub fn verify_prehash_raw(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        check_digest(hash, digest)?;
        match &self.inner {
            Inner::Rsa(_) => Err(SignatureFault::Mismatch { key: self.kind(), scheme: SignatureScheme::Ecdsa }),
            Inner::P256(key) => {
                let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| NOT_RAW)?;
                key.verify_prehash(digest, &signature).map_err(|_| SignatureFault::Invalid)
            }
            Inner::P384(key) => {
                let signature = p384::ecdsa::Signature::from_slice(signature).map_err(|_| NOT_RAW)?;
                key.verify_prehash(digest, &signature).map_err(|_| SignatureFault::Invalid)
            }
        }
    }

    /// Verifies a signature over a message that is at hand in full.
    ///
    /// # Errors
    /// [`SignatureFault`].
    pub fn verify(
        &self,
        scheme: SignatureScheme,
        hash: HashAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        self.verify_prehash(scheme, hash, &hash.digest(message), signature)
    }
}

const NOT_DER: SignatureFault = SignatureFault::Malformed("no DER sequence of two numbers in the range of the curve");
const NOT_RAW: SignatureFault = SignatureFault::Malformed("not two numbers in the range of the curve");

fn check_digest(hash: HashAlgorithm, digest: &[u8]) -> Result<(), SignatureFault> {
    if digest.len() == hash.digest_len() {
        Ok(())
    } else {
        Err(SignatureFault::DigestLength { hash, found: digest.len() })
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {})", self.kind(), self.spki_sha256())
    }
}

#[cfg(test)]
mod tests;
