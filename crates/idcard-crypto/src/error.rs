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
    /// Others may write to it, and it is to hold trust.
    #[error("others may write to it, so that it keeps no trust; run: {fix} '{}'", path.display())]
    OpenToOthers {
        /// The command that mends it, without the path.
        fix: &'static str,
        /// The file or folder.
        path: PathBuf,
    },
    /// It belongs to another user, and is to hold trust.
    #[error("it belongs to another user (number {0}), so that it keeps no trust of yours")]
    ForeignOwner(u32),
    /// It is a symbolic link, and is to hold trust.
    #[error("it is a symbolic link, behind which no trust is kept; put the file or folder itself here")]
    Link,
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
