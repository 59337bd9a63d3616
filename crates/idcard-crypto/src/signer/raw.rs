//! The bare signature of a document, without any structure around it.

use super::{Signature, Signer, ToBeSigned};
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::hash::{self, Content, for_each_piece};
use crate::passed_off::Head;
use crate::sign_error::{SignError, SignFault};

/// Hashes a document for a bare signature; [`ToBeSigned::sign`] finishes it.
///
/// # Errors
/// [`SignFault`]: an unreadable document, one that changed while it was read, one that is a set of signed attributes
/// ([`SignFault::AttributesAsContent`]), or what [`ToBeSigned::new`] refuses.
pub fn to_be_signed<C: Content>(
    content: &mut C,
    certificate: &Certificate,
    scheme: Option<SignatureScheme>,
    hash: HashAlgorithm,
) -> Result<ToBeSigned, SignFault> {
    // An unsuitable key is told before a long document is read.
    ToBeSigned::new(certificate, scheme, hash, vec![0; hash.digest_len()])?;
    let digest = hash_document(content, hash)?;
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

/// As [`hash_unchanged`], of what is a document and nothing that a signature could be cut out of.
fn hash_document<C: Content>(content: &mut C, hash: HashAlgorithm) -> Result<Vec<u8>, SignFault> {
    let before = content.stamp().map_err(SignFault::Read)?;
    let (mut hasher, mut head) = (hash.hasher(), Head::default());
    let reader = content.open().map_err(SignFault::Read)?;
    let read = for_each_piece(reader, |piece| {
        hasher.update(piece);
        head.take(piece);
        Ok(())
    });
    read.map_err(SignFault::Read)?;
    if content.stamp().map_err(SignFault::Read)? != before {
        return Err(SignFault::ContentChanged);
    }
    if head.is_attributes() { Err(SignFault::AttributesAsContent) } else { Ok(hasher.finish()) }
}

/// Hashes a document whose stamp is the same before and after.
pub(crate) fn hash_unchanged<C: Content>(content: &mut C, hash: HashAlgorithm) -> Result<(Vec<u8>, u64), SignFault> {
    let before = content.stamp().map_err(SignFault::Read)?;
    let digest = hash::digest(content.open().map_err(SignFault::Read)?, hash).map_err(SignFault::Read)?;
    if content.stamp().map_err(SignFault::Read)? == before { Ok(digest) } else { Err(SignFault::ContentChanged) }
}
