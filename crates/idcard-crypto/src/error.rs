//! The one error of the library: which part of the evidence is at fault.

use crate::algorithm::AlgorithmFault;
use crate::certificate::CertificateFault;
use crate::key::{KeyFault, SignatureFault};
use std::path::PathBuf;
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
    /// A file that the user named cannot be used.
    #[error("{}: {fault}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        fault: FileFault,
    },
    /// The page of anchors inside the program cannot be read: a fault of the build.
    #[error("the trust anchors of this build cannot be read")]
    AnchorPage,
}

/// Why a file cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileFault {
    /// It cannot be opened or read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is a pipe, a device or the like.
    #[error("it is no regular file")]
    NotRegular,
    /// It is larger than what is looked at.
    #[error("stopped at the limit of {0}")]
    Limit(&'static str),
    /// Everybody may write to it, and it is to hold trust.
    #[error("everybody may write to it; take that right away (chmod o-w)")]
    OpenToAll,
    /// It holds no certificate, or a broken one.
    #[error(transparent)]
    Certificate(#[from] CertificateFault),
    /// It holds no revocation list, or a broken one.
    #[error("there is no revocation list in it")]
    NoList,
    /// It names an anchor whose key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFault),
}
