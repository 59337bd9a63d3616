//! The numbers of a public key, for programs that want them one by one (PKCS#11).

use super::{Inner, KeyKind, PublicKey, SignatureFault};
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use der::{Decode, Encode};
use rsa::pkcs1::RsaPublicKeyRef;
use spki::SubjectPublicKeyInfoRef;

/// What a public key consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyNumbers {
    /// An RSA key.
    Rsa {
        /// The modulus, big-endian, without leading zeros.
        modulus: Vec<u8>,
        /// The public exponent, big-endian, without leading zeros.
        exponent: Vec<u8>,
    },
    /// A key on an elliptic curve.
    Ec {
        /// The name of the curve: an object identifier in DER (RFC 5480, 2.1.1).
        curve: Vec<u8>,
        /// The point as the certificate has it (SEC 1, 2.3.3).
        point: Vec<u8>,
    },
}

impl PublicKey {
    /// The numbers of the key.
    #[must_use]
    pub fn numbers(&self) -> KeyNumbers {
        let bits = self.bits();
        if let Inner::Rsa(_) = self.inner {
            let numbers = RsaPublicKeyRef::from_der(&bits);
            let number = |bytes: Option<&[u8]>| bytes.unwrap_or_default().to_vec();
            return KeyNumbers::Rsa {
                modulus: number(numbers.as_ref().ok().map(|numbers| numbers.modulus.as_bytes())),
                exponent: number(numbers.as_ref().ok().map(|numbers| numbers.public_exponent.as_bytes())),
            };
        }
        let spki = SubjectPublicKeyInfoRef::from_der(&self.spki).ok();
        let curve = spki.and_then(|spki| spki.algorithm.parameters).and_then(|curve| curve.to_der().ok());
        KeyNumbers::Ec { curve: curve.unwrap_or_default(), point: bits }
    }

    /// The name of the key by its bits: SHA-1 over the value of subjectPublicKey (RFC 5280, 4.2.1.2, method 1).
    #[must_use]
    pub fn key_identifier(&self) -> Vec<u8> {
        HashAlgorithm::Sha1.digest(&self.bits())
    }

    fn bits(&self) -> Vec<u8> {
        let spki = SubjectPublicKeyInfoRef::from_der(&self.spki).ok();
        spki.map(|spki| spki.subject_public_key.raw_bytes().to_vec()).unwrap_or_default()
    }

    /// Verifies an RSA PKCS#1 v1.5 signature whose padding encloses these very bytes (RFC 8017, 9.2 from step 3 on):
    /// a DigestInfo of any hash, or something else.
    ///
    /// # Errors
    /// [`SignatureFault`]; a key on a curve is a mismatch.
    pub fn verify_pkcs1v15_bytes(&self, bytes: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        match &self.inner {
            Inner::Rsa(key) => key.verify_pkcs1v15_bytes(bytes, signature),
            _ => Err(SignatureFault::Mismatch { key: self.kind(), scheme: SignatureScheme::Pkcs1v15 }),
        }
    }
}

impl KeyKind {
    /// The length of a raw signature in bytes: that of the modulus, or r and s one after the other.
    #[must_use]
    pub const fn signature_length(self) -> usize {
        match self {
            Self::Rsa { bits } => bits.div_ceil(8),
            Self::P256 => 64,
            Self::P384 => 96,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Store;

    #[test]
    fn the_numbers_make_the_key_again() {
        let store = Store::builtin().unwrap();
        let mut small = 0;
        for anchor in store.anchors() {
            let KeyNumbers::Rsa { modulus, exponent } = anchor.key.numbers() else { continue };
            assert_eq!(modulus.len(), anchor.key.kind().signature_length());
            assert_eq!(PublicKey::from_rsa_numbers(&modulus, &exponent).unwrap(), anchor.key);
            small += usize::from(exponent == [3]);
        }
        assert_eq!(small, 1, "the root of 2008 has the exponent 3");
    }

    /// The subjectKeyIdentifier of IRAN Root CA1, as its issuer made it (`nid-card.md` 10).
    #[test]
    fn the_name_of_a_key_is_the_one_that_its_issuer_gave() {
        let store = Store::builtin().unwrap();
        let names: Vec<_> =
            store.anchors().iter().map(|anchor| hex::encode_upper(anchor.key.key_identifier())).collect();
        assert!(names.contains(&"DCB800866DFD0C3D4E784E18E4B538498EC8DEB4".to_owned()), "{names:?}");
    }
}
