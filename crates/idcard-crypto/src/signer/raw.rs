//! The bare signature of a document, without any structure around it.

use super::{Signature, Signer, ToBeSigned};
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::hash::{self, Content};
use crate::sign_error::{SignError, SignFault};

/// Hashes a document for a bare signature; [`ToBeSigned::sign`] finishes it.
///
/// # Errors
/// [`SignFault`]: an unreadable document, one that changed while it was read, or what [`ToBeSigned::new`] refuses.
pub fn to_be_signed<C: Content>(
    content: &mut C,
    certificate: &Certificate,
    scheme: Option<SignatureScheme>,
    hash: HashAlgorithm,
) -> Result<ToBeSigned, SignFault> {
    // An unsuitable key is told before a long document is read.
    ToBeSigned::new(certificate, scheme, hash, vec![0; hash.digest_len()])?;
    let (digest, _) = hash_unchanged(content, hash)?;
    ToBeSigned::new(certificate, scheme, hash, digest)
}

/// Signs a document without any structure around the signature.
///
/// # Errors
/// The key's own, and those of [`to_be_signed`] and [`ToBeSigned::accept`].
pub fn sign_raw<S: Signer, C: Content>(
    signer: &mut S,
    mut content: C,
    scheme: Option<SignatureScheme>,
    hash: HashAlgorithm,
) -> Result<Signature, SignError<S::Error>> {
    let certificate = Certificate::from_der(signer.certificate()).map_err(SignFault::from)?;
    to_be_signed(&mut content, &certificate, scheme, hash)?.sign(signer)
}

/// Hashes a document whose stamp is the same before and after.
pub(crate) fn hash_unchanged<C: Content>(content: &mut C, hash: HashAlgorithm) -> Result<(Vec<u8>, u64), SignFault> {
    let before = content.stamp().map_err(SignFault::Read)?;
    let digest = hash::digest(content.open().map_err(SignFault::Read)?, hash).map_err(SignFault::Read)?;
    if content.stamp().map_err(SignFault::Read)? == before { Ok(digest) } else { Err(SignFault::ContentChanged) }
}
