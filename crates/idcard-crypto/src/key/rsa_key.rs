//! RSA keys: their limits, and signatures that are accepted in exactly one form.

use super::{KeyFault, SignatureFault};
use crate::algorithm::{AlgorithmFault, HashAlgorithm, SignatureScheme};
use const_oid::db::rfc5912 as oid;
use der::{Decode, Encode};
use rsa::pkcs1::RsaPublicKeyRef as RsaPublicNumbers;
use rsa::traits::{PublicKeyParts, SignatureScheme as _};
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};

/// An RSA key, and the RSA-PSS parameters it is bound to, if any.
#[derive(Clone)]
pub(super) struct RsaKey {
    key: RsaPublicKey,
    /// The modulus, big-endian without leading zeros: a signature is a number below it.
    modulus: Box<[u8]>,
    only: Restriction,
}

/// What RFC 4055, 1.2 lets a key say about its own use.
#[derive(Clone, Copy)]
enum Restriction {
    None,
    Pss,
    PssWith { hash: HashAlgorithm, least_salt: usize },
}

impl RsaKey {
    pub(super) fn read(spki: &SubjectPublicKeyInfoRef<'_>, bits: &[u8]) -> Result<Self, KeyFault> {
        let only = match (spki.algorithm.oid, spki.algorithm.parameters) {
            (oid::ID_RSASSA_PSS, None) => Restriction::Pss,
            (oid::ID_RSASSA_PSS, Some(_)) => {
                let der = spki.algorithm.to_der().map_err(|_| KeyFault::Malformed("parameters"))?;
                let id = AlgorithmIdentifierOwned::from_der(&der).map_err(|_| KeyFault::Malformed("parameters"))?;
                match SignatureScheme::from_algorithm_identifier(&id)? {
                    (SignatureScheme::Pss { salt_length }, Some(hash)) => {
                        Restriction::PssWith { hash, least_salt: salt_length }
                    }
                    _ => return Err(AlgorithmFault::Parameters(id.oid).into()),
                }
            }
            (_, Some(null)) if null.is_null() => Restriction::None,
            // RFC 3279, 2.3.1: the parameters MUST be NULL.
            _ => return Err(KeyFault::Malformed("an RSA key without NULL parameters")),
        };
        let numbers = RsaPublicNumbers::from_der(bits).map_err(|_| KeyFault::Malformed("not PKCS#1"))?;
        let modulus = numbers.modulus.as_bytes();
        let length = bit_length(modulus);
        if !(1024..=8192).contains(&length) {
            return Err(KeyFault::Size(length));
        }
        let n = rsa::BoxedUint::from_be_slice_vartime(modulus);
        let e = rsa::BoxedUint::from_be_slice_vartime(numbers.public_exponent.as_bytes());
        let key = RsaPublicKey::new(n, e).map_err(|_| KeyFault::Malformed("modulus or exponent out of range"))?;
        // One is odd and would make every padded digest its own signature.
        if numbers.public_exponent.as_bytes() == [1] {
            return Err(KeyFault::Malformed("modulus or exponent out of range"));
        }
        Ok(Self { key, modulus: modulus.into(), only })
    }

    pub(super) fn bits(&self) -> usize {
        bit_length(&self.modulus)
    }

    pub(super) fn verify_pkcs1v15(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        if !matches!(self.only, Restriction::None) {
            return Err(SignatureFault::KeyRestriction);
        }
        self.check_range(signature)?;
        // The library rebuilds the whole encoded message and compares: no lax padding, no parameters left out.
        let scheme = match hash {
            HashAlgorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
            HashAlgorithm::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
            HashAlgorithm::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
            HashAlgorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
        };
        scheme.verify(&self.key, digest, signature).map_err(|_| SignatureFault::Invalid)
    }

    pub(super) fn verify_pkcs1v15_bytes(&self, bytes: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        if !matches!(self.only, Restriction::None) {
            return Err(SignatureFault::KeyRestriction);
        }
        self.check_range(signature)?;
        Pkcs1v15Sign::new_unprefixed().verify(&self.key, bytes, signature).map_err(|_| SignatureFault::Invalid)
    }

    pub(super) fn verify_pss(
        &self,
        hash: HashAlgorithm,
        salt_length: usize,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        if let Restriction::PssWith { hash: only, least_salt } = self.only
            && (only != hash || salt_length < least_salt)
        {
            return Err(SignatureFault::KeyRestriction);
        }
        self.check_range(signature)?;
        if salt_length > self.modulus.len() {
            return Err(SignatureFault::Malformed("the salt is longer than the key"));
        }
        match hash {
            HashAlgorithm::Sha1 => Pss::<sha1::Sha1>::new_with_salt(salt_length).verify(&self.key, digest, signature),
            HashAlgorithm::Sha256 => {
                Pss::<sha2::Sha256>::new_with_salt(salt_length).verify(&self.key, digest, signature)
            }
            HashAlgorithm::Sha384 => {
                Pss::<sha2::Sha384>::new_with_salt(salt_length).verify(&self.key, digest, signature)
            }
            HashAlgorithm::Sha512 => {
                Pss::<sha2::Sha512>::new_with_salt(salt_length).verify(&self.key, digest, signature)
            }
        }
        .map_err(|_| SignatureFault::Invalid)
    }

    /// RFC 8017, 5.2.2 and 8.2.2: as long as the modulus, and a number below it.
    fn check_range(&self, signature: &[u8]) -> Result<(), SignatureFault> {
        debug_assert_eq!(self.key.size(), self.modulus.len());
        if signature.len() != self.modulus.len() {
            return Err(SignatureFault::Malformed("its length is not that of the key"));
        }
        if signature >= &*self.modulus {
            return Err(SignatureFault::Malformed("it is not below the modulus"));
        }
        Ok(())
    }
}

/// The length in bits of a big-endian number without leading zero bytes.
fn bit_length(number: &[u8]) -> usize {
    let zeros = number.first().map_or(0, |first| first.leading_zeros() as usize);
    (number.len() * 8).saturating_sub(zeros)
}
