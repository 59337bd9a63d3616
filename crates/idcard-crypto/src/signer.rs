//! The seam to the key on the card: a digest goes down, a signature comes up, and nobody sees it before it is checked.

mod raw;
mod signature;
#[cfg(test)]
mod tests;

pub(crate) use raw::hash_unchanged;
pub use raw::{sign_raw, to_be_signed};
pub use signature::Signature;

use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::key::{KeyKind, PublicKey};
use crate::sign_error::{SignError, SignFault};

/// A key that signs digests, on a card or elsewhere, and the certificate of that key.
pub trait Signer {
    /// Why the key did not sign: a wrong PIN, a card that was taken out.
    type Error: std::error::Error + 'static;

    /// The certificate of the key, DER. Its public key decides what the key can do and checks each signature.
    fn certificate(&self) -> &[u8];

    /// Signs a digest that was made with `hash`.
    ///
    /// RSA answers the signature (RFC 8017); ECDSA answers r‖s, each as long as the order of the curve, or DER.
    ///
    /// # Errors
    /// The key's own.
    fn sign_digest(
        &mut self,
        scheme: SignatureScheme,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, Self::Error>;
}

impl<S: Signer + ?Sized> Signer for &mut S {
    type Error = S::Error;

    fn certificate(&self) -> &[u8] {
        (**self).certificate()
    }

    fn sign_digest(
        &mut self,
        scheme: SignatureScheme,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, Self::Error> {
        (**self).sign_digest(scheme, hash, digest)
    }
}

/// A digest that waits for its signature: everything is known before the PIN is asked for.
#[derive(Debug, Clone)]
pub struct ToBeSigned {
    certificate: Certificate,
    key: PublicKey,
    scheme: SignatureScheme,
    hash: HashAlgorithm,
    digest: Vec<u8>,
}

impl ToBeSigned {
    /// Sets a digest before the key of `certificate`. Without a scheme the kind of the key chooses: PKCS#1 v1.5 or ECDSA.
    ///
    /// # Errors
    /// [`SignFault`] when the certificate or its key cannot be used, the scheme is not one of the key, the hash is weak
    /// or the digest has another length.
    pub fn new(
        certificate: &Certificate,
        scheme: Option<SignatureScheme>,
        hash: HashAlgorithm,
        digest: Vec<u8>,
    ) -> Result<Self, SignFault> {
        let key = certificate.key().map_err(Clone::clone)?.clone();
        let scheme = scheme_for(key.kind(), scheme)?;
        if hash.is_weak() {
            return Err(SignFault::WeakHash(hash));
        }
        if digest.len() != hash.digest_len() {
            return Err(SignFault::DigestLength { hash, found: digest.len() });
        }
        Ok(Self { certificate: certificate.clone(), key, scheme, hash, digest })
    }

    /// The certificate of the key.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// How the digest becomes a signature.
    #[must_use]
    pub const fn scheme(&self) -> SignatureScheme {
        self.scheme
    }

    /// The hash that made the digest.
    #[must_use]
    pub const fn hash(&self) -> HashAlgorithm {
        self.hash
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// Lets the key sign and checks its answer.
    ///
    /// # Errors
    /// The key's own error; [`SignFault::OtherCertificate`] when the key is not the one that was prepared for;
    /// [`SignFault::NotGenuine`] as in [`Self::accept`].
    pub fn sign<S: Signer>(&self, signer: &mut S) -> Result<Signature, SignError<S::Error>> {
        if signer.certificate() != self.certificate.der() {
            return Err(SignFault::OtherCertificate.into());
        }
        let answer = signer.sign_digest(self.scheme, self.hash, &self.digest).map_err(SignError::Signer)?;
        Ok(self.accept(&answer)?)
    }

    /// Takes the answer of the key if it is a signature of this digest by the certificate's key.
    ///
    /// A lost leading zero of an RSA signature is put back; ECDSA may be r‖s or DER.
    ///
    /// # Errors
    /// [`SignFault::NotGenuine`] for everything else; the answer is then of no use and is not handed on.
    pub fn accept(&self, answer: &[u8]) -> Result<Signature, SignFault> {
        let signature = Signature::read(&self.key, answer).map_err(SignFault::NotGenuine)?;
        self.key
            .verify_prehash(self.scheme, self.hash, &self.digest, signature.to_der())
            .map_err(SignFault::NotGenuine)?;
        Ok(signature)
    }
}

/// The scheme asked for, if the key has it, or the usual one of the key.
pub(crate) fn scheme_for(key: KeyKind, asked: Option<SignatureScheme>) -> Result<SignatureScheme, SignFault> {
    use SignatureScheme::{Ecdsa, Pkcs1v15, Pss};
    match (key, asked) {
        (KeyKind::Rsa { .. }, None) => Ok(Pkcs1v15),
        (KeyKind::P256 | KeyKind::P384, None) => Ok(Ecdsa),
        (KeyKind::Rsa { .. }, Some(scheme @ (Pkcs1v15 | Pss { .. })))
        | (KeyKind::P256 | KeyKind::P384, Some(scheme @ Ecdsa)) => Ok(scheme),
        (_, Some(scheme)) => Err(SignFault::Scheme { key, scheme }),
    }
}
