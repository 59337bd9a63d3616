//! The one error of the library: which part of the evidence is at fault.

use crate::algorithm::AlgorithmFault;
use crate::certificate::CertificateFault;
use crate::key::{KeyFault, SignatureFault};
use thiserror::Error;

/// What went wrong between bytes that claim something and a verdict on them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes that should be a certificate are none.
    #[error(transparent)]
    Certificate(#[from] CertificateFault),
    /// A public key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// A signature is not accepted.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// An algorithm is unknown or its parameters are wrong.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmFault),
}
