//! Why no signature was made: the key's own reason is kept whole, so that "wrong PIN, 2 left" reaches the user.

use std::io;

use thiserror::Error;

use crate::algorithm::{AlgorithmFault, HashAlgorithm, SignatureScheme};
use crate::certificate::CertificateFault;
use crate::key::{KeyFault, KeyKind, SignatureFault};

/// Why a key of kind `E` did not sign.
#[derive(Debug, Error)]
pub enum SignError<E: std::error::Error + 'static> {
    /// The key refused or was lost.
    #[error(transparent)]
    Signer(E),
    /// Everything else.
    #[error(transparent)]
    Fault(#[from] SignFault),
}

/// What goes wrong around the key: in the document, the certificate, the answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignFault {
    /// The document cannot be read.
    #[error("cannot read the document: {0}")]
    Read(#[source] io::Error),
    /// The signed document cannot be written.
    #[error("cannot write the signed document: {0}")]
    Write(#[source] io::Error),
    /// The document is not the same as when it was hashed; what was written is to be thrown away.
    #[error("the document changed while it was being signed; sign it again when nobody writes to it")]
    ContentChanged,
    /// The certificate of the key cannot be read.
    #[error("the certificate of the signing key: {0}")]
    Certificate(#[from] CertificateFault),
    /// The key in the certificate cannot be used.
    #[error("the signing key: {0}")]
    Key(#[from] KeyFault),
    /// The scheme belongs to another kind of key.
    #[error("a key of type {key} does not sign with {scheme}")]
    Scheme {
        /// The key.
        key: KeyKind,
        /// The scheme that was asked for.
        scheme: SignatureScheme,
    },
    /// The scheme has no identifier with these parameters.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmFault),
    /// Nothing is signed with a hash that proves nothing.
    #[error("{0} is too weak to sign with")]
    WeakHash(HashAlgorithm),
    /// The document is a set of signed attributes: a bare signature over it passes for a CMS one over another document.
    #[error(
        "this is no document but the signed attributes of a CMS signature: a bare signature over it would pass for one over another document"
    )]
    AttributesAsContent,
    /// The digest was not made with the hash.
    #[error("a digest of {found} bytes is no {hash} digest")]
    DigestLength {
        /// The hash.
        hash: HashAlgorithm,
        /// The length of the digest.
        found: usize,
    },
    /// The time of signing cannot be written.
    #[error("the time of signing is outside of the years 1970 to 9999")]
    Time,
    /// The key that answers is not the one whose certificate the signature was prepared for.
    #[error("the card now holds another certificate than the one the signature was prepared for")]
    OtherCertificate,
    /// The answer of the key is not a signature of the digest by the certificate's key; it is withheld.
    #[error("the key's answer does not verify with its own certificate and is withheld: {0}")]
    NotGenuine(#[source] SignatureFault),
}
