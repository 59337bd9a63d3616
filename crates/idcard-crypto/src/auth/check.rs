//! The relying party's half: does this token answer my challenge, and who answers?

use std::time::{Duration, SystemTime};

use base64ct::{Base64, Encoding};
use thiserror::Error;

use super::{Algorithm, Challenge, Token};
use crate::certificate::{Certificate, CertificateFault};
use crate::key::{KeyFault, KeyKind, SignatureFault};
use crate::time::rfc3339;
use crate::trust::revocation::{Revocation, RevocationState};
use crate::trust::{Chain, Effort, Usage};
use crate::verify::{Verdict, Verifier};

/// The longest field that is decoded, in characters.
const LONGEST: usize = 64 << 10;

/// What the relying party asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its own origin and the nonce of this attempt.
    pub challenge: Challenge,
    /// When the nonce was issued and how long it lives; `None` where the caller has seen to that already.
    pub issued: Option<(SystemTime, Duration)>,
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// The format is none of version 1.
    #[error("the token is not of the format web-eid:1")]
    Format,
    /// A field is not base64.
    #[error("the field {0} is not base64")]
    Base64(&'static str),
    /// The certificate cannot be read.
    #[error("the certificate in the token: {0}")]
    Certificate(CertificateFault),
    /// The key in the certificate cannot be used.
    #[error("the certificate in the token: {0}")]
    Key(KeyFault),
    /// The algorithm is not one of these tokens, or of another kind of key.
    #[error("the algorithm of the token does not go with the key {0}")]
    Algorithm(KeyKind),
    /// The certificate is not one for authentication.
    #[error("the certificate in the token is not one for authentication: its extendedKeyUsage has no clientAuth")]
    NotForAuthentication,
    /// The signature is not over this origin and this nonce.
    #[error("the token does not answer this challenge: {0}")]
    Signature(SignatureFault),
    /// The nonce was issued after the time of the check.
    #[error("the nonce is of the future: issued at {}", rfc3339(*.0))]
    Early(SystemTime),
    /// The nonce has run out.
    #[error("the nonce ran out at {}", rfc3339(*.0))]
    Late(SystemTime),
}

/// What a token amounts to.
#[derive(Debug, Clone)]
pub struct Authentication {
    /// Valid: the holder of the certificate was at the card, for this origin and this nonce.
    pub verdict: Verdict,
    /// The holder's certificate; believe its names only if the verdict is valid.
    pub certificate: Option<Certificate>,
    /// What is wrong with the token itself.
    pub faults: Vec<TokenFault>,
    /// The chain of the certificate.
    pub chain: Option<Chain>,
    /// Whether a certificate of the chain is revoked.
    pub revocation: Revocation,
}

impl Authentication {
    /// Everything that speaks against the token, in sentences.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        if let Some(chain) = &self.chain {
            reasons.extend(chain.reasons.iter().map(ToString::to_string));
            reasons.extend(self.revocation.reasons(chain));
        }
        reasons
    }
}

impl Verifier<'_> {
    /// Checks a token against a challenge. The certificate has to be one for authentication (keyUsage
    /// digitalSignature, extendedKeyUsage clientAuth) and to lead to an anchor of the store; certificates between
    /// them come from the store or from [`Verifier::certificates`].
    ///
    /// ```
    /// use idcard_crypto::auth::{Challenge, ChallengeFault, Expected, Token};
    /// use idcard_crypto::verify::{Verdict, Verifier};
    ///
    /// fn logs_in(verifier: &Verifier<'_>, token: &Token, nonce: &str) -> Result<bool, ChallengeFault> {
    ///     let challenge = Challenge::new("https://example.ir", nonce)?;
    ///     // The caller has made sure that the nonce is its own, young, and used once.
    ///     let checked = verifier.token(token, &Expected { challenge, issued: None });
    ///     Ok(checked.verdict == Verdict::Valid)
    /// }
    /// ```
    #[must_use]
    pub fn token(&self, token: &Token, expected: &Expected) -> Authentication {
        let mut result = Authentication {
            verdict: Verdict::Invalid,
            certificate: None,
            faults: Vec::new(),
            chain: None,
            revocation: Revocation { state: RevocationState::NotChecked, ..Revocation::default() },
        };
        if token.format != "web-eid:1" && !token.format.starts_with("web-eid:1.") {
            result.faults.push(TokenFault::Format);
        }
        result.faults.extend(fresh(expected, self.query.time).err());
        let certificate = match certificate(token) {
            Ok(certificate) => certificate,
            Err(fault) => {
                result.faults.push(fault);
                return result;
            }
        };
        result.faults.extend(signature(token, &certificate, &expected.challenge).err());
        // Without any extendedKeyUsage a key serves every use; here it must be meant for this one.
        if !certificate.extended_key_usage().contains(&const_oid::db::rfc5912::ID_KP_CLIENT_AUTH) {
            result.faults.push(TokenFault::NotForAuthentication);
        }
        let (chain, revocation, standing) =
            self.standing(&certificate, self.certificates, self.lists, Usage::Authenticate, &mut Effort::of_one());
        result.verdict = if result.faults.is_empty() { standing } else { Verdict::Invalid };
        result.certificate = Some(certificate);
        result.chain = Some(chain);
        result.revocation = revocation;
        result
    }
}

fn fresh(expected: &Expected, time: SystemTime) -> Result<(), TokenFault> {
    let Some((issued, lifetime)) = expected.issued else { return Ok(()) };
    let age = time.duration_since(issued).map_err(|_| TokenFault::Early(issued))?;
    if age <= lifetime { Ok(()) } else { Err(TokenFault::Late(issued.checked_add(lifetime).unwrap_or(issued))) }
}

fn decode(text: &str, field: &'static str) -> Result<Vec<u8>, TokenFault> {
    if text.len() > LONGEST {
        return Err(TokenFault::Base64(field));
    }
    Base64::decode_vec(text).map_err(|_| TokenFault::Base64(field))
}

fn certificate(token: &Token) -> Result<Certificate, TokenFault> {
    let der = decode(&token.unverified_certificate, "unverifiedCertificate")?;
    Certificate::from_der(&der).map_err(TokenFault::Certificate)
}

fn signature(token: &Token, certificate: &Certificate, challenge: &Challenge) -> Result<(), TokenFault> {
    let key = certificate.key().map_err(|fault| TokenFault::Key(fault.clone()))?;
    let named = Algorithm::named(&token.algorithm).filter(|algorithm| algorithm.goes_with(key.kind()));
    let algorithm = named.ok_or(TokenFault::Algorithm(key.kind()))?;
    let signature = decode(&token.signature, "signature")?;
    let digest = challenge.digest(algorithm.hash());
    let verified = match algorithm {
        Algorithm::Es256 | Algorithm::Es384 => key.verify_prehash_raw(algorithm.hash(), &digest, &signature),
        Algorithm::Rs(_) | Algorithm::Ps(_) => {
            key.verify_prehash(algorithm.scheme(), algorithm.hash(), &digest, &signature)
        }
    };
    verified.map_err(TokenFault::Signature)
}
