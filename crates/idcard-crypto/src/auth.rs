//! Authentication tokens in the Web eID format, both halves: the holder's answer and the relying party's check.
//!
//! The card signs hash(origin) ‖ hash(nonce), hashed once more by the signature algorithm; the origin binds the answer
//! to one site, the nonce to one attempt (Web eID architecture document, "Authentication token format").

mod challenge;
mod check;
#[cfg(test)]
mod tests;

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

pub use challenge::{Challenge, ChallengeFault};
pub use check::{Authentication, Expected, TokenFault};

use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::key::KeyKind;
use crate::sign_error::{SignError, SignFault};
use crate::signer::{Signature, Signer, ToBeSigned};

/// The format of the tokens made here.
pub const FORMAT: &str = "web-eid:1.0";

/// The program and version in the tokens made here.
const APP_VERSION: &str = concat!("idcard/", env!("CARGO_PKG_VERSION"));

/// A token, in the fields of its JSON form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// The holder's authentication certificate, base64 of DER. Nothing vouches for it before the check.
    pub unverified_certificate: String,
    /// The algorithm of the signature: `RS256`, `ES256`, `ES384` … (RFC 7518, 3.1).
    pub algorithm: String,
    /// The signature, base64; ECDSA as r‖s.
    pub signature: String,
    /// `web-eid:1.0`.
    pub format: String,
    /// The program that made the token.
    pub app_version: String,
}

/// Lets the authentication key answer a challenge.
///
/// # Errors
/// The key's own error; [`SignFault`] when the certificate cannot be used or the answer does not verify.
pub fn respond<S: Signer>(signer: &mut S, challenge: &Challenge) -> Result<Token, SignError<S::Error>> {
    let certificate = Certificate::from_der(signer.certificate()).map_err(SignFault::from)?;
    let to_be_signed = to_be_signed(challenge, &certificate)?;
    let signature = to_be_signed.sign(signer)?;
    Ok(token(&to_be_signed, &signature)?)
}

/// What the key of this certificate is to sign for a challenge: in case the key is asked elsewhere.
///
/// # Errors
/// [`SignFault`] when the key has no algorithm here.
pub fn to_be_signed(challenge: &Challenge, certificate: &Certificate) -> Result<ToBeSigned, SignFault> {
    let algorithm = Algorithm::of_key(certificate.key().map_err(Clone::clone)?.kind());
    let digest = challenge.digest(algorithm.hash());
    ToBeSigned::new(certificate, Some(algorithm.scheme()), algorithm.hash(), digest)
}

/// Puts a checked signature into a token.
///
/// # Errors
/// [`SignFault::Scheme`] when it was made with a scheme that such tokens have no name for.
pub fn token(to_be_signed: &ToBeSigned, signature: &Signature) -> Result<Token, SignFault> {
    let certificate = to_be_signed.certificate();
    let key = certificate.key().map_err(Clone::clone)?.kind();
    let named = Algorithm::ALL.into_iter().find(|algorithm| {
        algorithm.goes_with(key)
            && (algorithm.scheme(), algorithm.hash()) == (to_be_signed.scheme(), to_be_signed.hash())
    });
    let algorithm = named.ok_or(SignFault::Scheme { key, scheme: to_be_signed.scheme() })?;
    Ok(Token {
        unverified_certificate: Base64::encode_string(certificate.der()),
        algorithm: algorithm.name().to_owned(),
        signature: Base64::encode_string(signature.to_plain()),
        format: FORMAT.to_owned(),
        app_version: APP_VERSION.to_owned(),
    })
}

/// The algorithms of tokens that can be made or checked here (RFC 7518, 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Es256,
    Es384,
    Rs(HashAlgorithm),
    Ps(HashAlgorithm),
}

impl Algorithm {
    const ALL: [Self; 8] = [
        Self::Es256,
        Self::Es384,
        Self::Rs(HashAlgorithm::Sha256),
        Self::Rs(HashAlgorithm::Sha384),
        Self::Rs(HashAlgorithm::Sha512),
        Self::Ps(HashAlgorithm::Sha256),
        Self::Ps(HashAlgorithm::Sha384),
        Self::Ps(HashAlgorithm::Sha512),
    ];

    /// The one that a key answers with.
    const fn of_key(key: KeyKind) -> Self {
        match key {
            KeyKind::Rsa { .. } => Self::Rs(HashAlgorithm::Sha256),
            KeyKind::P256 => Self::Es256,
            KeyKind::P384 => Self::Es384,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs(HashAlgorithm::Sha384) => "RS384",
            Self::Rs(HashAlgorithm::Sha512) => "RS512",
            Self::Rs(_) => "RS256",
            Self::Ps(HashAlgorithm::Sha384) => "PS384",
            Self::Ps(HashAlgorithm::Sha512) => "PS512",
            Self::Ps(_) => "PS256",
        }
    }

    const fn hash(self) -> HashAlgorithm {
        match self {
            Self::Es256 => HashAlgorithm::Sha256,
            Self::Es384 => HashAlgorithm::Sha384,
            Self::Rs(hash) | Self::Ps(hash) => hash,
        }
    }

    fn scheme(self) -> SignatureScheme {
        match self {
            Self::Es256 | Self::Es384 => SignatureScheme::Ecdsa,
            Self::Rs(_) => SignatureScheme::Pkcs1v15,
            Self::Ps(hash) => SignatureScheme::Pss { salt_length: hash.digest_len() },
        }
    }

    /// An ECDSA name stands for one curve.
    const fn goes_with(self, key: KeyKind) -> bool {
        matches!(
            (self, key),
            (Self::Es256, KeyKind::P256)
                | (Self::Es384, KeyKind::P384)
                | (Self::Rs(_) | Self::Ps(_), KeyKind::Rsa { .. })
        )
    }
}
