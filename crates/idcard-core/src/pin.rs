//! PINs: which there are, and a buffer that holds one, is wiped, and cannot be printed or copied.

use std::fmt;

/// Which PIN of the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinKind {
    /// The identity PIN (رمز شناسایی): guards personal files and the authentication key.
    Id,
    /// The signature PIN (رمز امضا): guards the signing key.
    Sign,
}

impl fmt::Display for PinKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "identity",
            Self::Sign => "signature",
        })
    }
}
