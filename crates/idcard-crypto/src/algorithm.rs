//! Hash functions and signature schemes, by name and by object identifier.

mod identifier;

pub use identifier::AlgorithmFault;

use const_oid::ObjectIdentifier;
use sha2::Digest as _;
use std::fmt;

/// A hash function that signatures around the card use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashAlgorithm {
    /// SHA-1 (FIPS 180-4): only the legacy roots use it; it counts as weak.
    Sha1,
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
}

impl HashAlgorithm {
    /// Every hash function known here.
    pub const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The object identifier (RFC 8017, appendix B.1).
    #[must_use]
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => const_oid::db::rfc5912::ID_SHA_1,
            Self::Sha256 => const_oid::db::rfc5912::ID_SHA_256,
            Self::Sha384 => const_oid::db::rfc5912::ID_SHA_384,
            Self::Sha512 => const_oid::db::rfc5912::ID_SHA_512,
        }
    }

    /// The hash function of an object identifier.
    ///
    /// # Errors
    /// [`AlgorithmFault::Unknown`] for every other identifier, MD5 among them.
    pub fn from_oid(oid: ObjectIdentifier) -> Result<Self, AlgorithmFault> {
        Self::ALL.into_iter().find(|hash| hash.oid() == oid).ok_or(AlgorithmFault::Unknown(oid))
    }

    /// The length of a digest, in bytes.
    #[must_use]
    pub fn digest_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of `data`.
    ///
    /// ```
    /// use idcard_crypto::algorithm::HashAlgorithm;
    /// let digest = HashAlgorithm::Sha256.digest(b"abc");
    /// assert_eq!(digest.get(..4), Some(&[0xba, 0x78, 0x16, 0xbf][..]));
    /// ```
    #[must_use]
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher();
        hasher.update(data);
        hasher.finish()
    }

    /// A hash calculation that takes its input in pieces.
    #[must_use]
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Sha1 => State::Sha1(sha1::Sha1::new()),
            Self::Sha256 => State::Sha256(sha2::Sha256::new()),
            Self::Sha384 => State::Sha384(sha2::Sha384::new()),
            Self::Sha512 => State::Sha512(sha2::Sha512::new()),
        })
    }

    /// Whether signatures over this hash prove nothing any more.
    #[must_use]
    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// A hash calculation under way; also a [`std::io::Write`] that never fails.
#[derive(Debug, Clone)]
pub struct Hasher(State);

#[derive(Debug, Clone)]
enum State {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// Takes the next piece of the input.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Sha1(state) => state.update(data),
            State::Sha256(state) => state.update(data),
            State::Sha384(state) => state.update(data),
            State::Sha512(state) => state.update(data),
        }
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::Sha384(state) => state.finalize().to_vec(),
            State::Sha512(state) => state.finalize().to_vec(),
        }
    }
}

impl std::io::Write for Hasher {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.update(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How a digest becomes a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    Pkcs1v15,
    /// RSASSA-PSS (RFC 8017, 8.1) with MGF1 over the hash of the signature and trailer BC.
    Pss {
        /// The length of the salt, in bytes; exactly this length verifies.
        salt_length: usize,
    },
    /// ECDSA (FIPS 186-5, 6.4) over the curve of the key.
    Ecdsa,
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs1v15 => "RSA PKCS#1 v1.5",
            Self::Pss { .. } => "RSA-PSS",
            Self::Ecdsa => "ECDSA",
        })
    }
}

#[cfg(test)]
mod tests;
