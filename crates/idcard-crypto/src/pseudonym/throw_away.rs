//! Signatures by keys that exist for one value and are forgotten.

use super::{Pseudonyms, Replaced};
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};

/// How many keys are tried until a signature is as long as the one it stands for.
const TRIES: u64 = 1_024;

/// How long a signature on P-256 is in DER, but for one in thousands.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 69..=72;

/// A key pair on P-256.
pub(super) struct ThrowAway(SigningKey);

impl ThrowAway {
    /// The point, uncompressed.
    pub(super) fn point(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }

    /// A signature in DER.
    pub(super) fn sign(&self, digest: &[u8]) -> Option<Vec<u8>> {
        let signature: Signature = self.0.sign_prehash(digest).ok()?;
        Some(signature.to_der().as_bytes().to_vec())
    }
}

impl Pseudonyms {
    /// The key pairs that follow from a value, one after the other.
    pub(super) fn throw_away_keys(&self, value: &[u8]) -> impl Iterator<Item = ThrowAway> {
        let mut stream = self.stream("key", value);
        (0..TRIES).filter_map(move |_| SigningKey::from_slice(&stream.block32()).ok().map(ThrowAway))
    }

    /// Counts a signature; false when there were enough.
    pub(super) fn may_sign(&mut self) -> bool {
        let may = self.signatures > 0;
        self.signatures = self.signatures.saturating_sub(1);
        may
    }

    /// Another signature in the place of `old`, of the same length: by a throw-away key where there is one of the kind.
    pub(super) fn signature(
        &mut self,
        (scheme, hash): (SignatureScheme, HashAlgorithm),
        signed: &[u8],
        old: &[u8],
    ) -> Option<Vec<u8>> {
        self.original(old);
        let digest = hash.digest(signed);
        let may = self.may_sign();
        let made = match scheme {
            _ if !may => None,
            SignatureScheme::Ecdsa if LENGTHS.contains(&old.len()) => {
                let mut keys = self.throw_away_keys(signed);
                keys.find_map(|key| key.sign(&digest).filter(|signature| signature.len() == old.len()))
            }
            SignatureScheme::Pkcs1v15 if hash == HashAlgorithm::Sha256 => {
                let made = self.rsa.as_mut().and_then(|sign| sign(&digest));
                made.filter(|signature| signature.len() == old.len())
            }
            _ => None,
        };
        if let Some(made) = made {
            self.note(Replaced::Signature);
            return Some(made);
        }
        self.note(Replaced::SignatureBytes);
        if scheme == SignatureScheme::Ecdsa {
            return self.integers(old);
        }
        let mut bytes = self.stream("signature", old).take(old.len());
        // Below any modulus of that length.
        if let Some(first) = bytes.first_mut() {
            *first = 0;
        }
        Some(bytes)
    }

    /// A sequence of integers, each by another one of its length.
    fn integers(&self, old: &[u8]) -> Option<Vec<u8>> {
        let mut der = old.to_vec();
        let outer = super::patch::places(old, 0..old.len()).ok()?;
        for number in super::patch::inside(old, outer.first()?).ok()? {
            let value = old.get(number.value.clone())?;
            let other = self.integer(value);
            super::patch::put(&mut der, &number.value, &other)?;
        }
        Some(der)
    }

    /// Another positive integer of the same length in DER.
    pub(super) fn integer(&self, value: &[u8]) -> Vec<u8> {
        let mut other = self.stream("integer", value).take(value.len());
        match (value, other.as_mut_slice()) {
            ([0, _, ..], [first, second, ..]) => {
                *first = 0;
                *second |= 0x80;
            }
            (_, [first, ..]) => *first = (*first & 0x7F).max(1),
            _ => {}
        }
        other
    }
}
