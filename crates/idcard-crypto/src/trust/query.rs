//! What is asked about a certificate, and when.

use super::anchor::Purpose;
use super::usage::Usage;
use std::time::SystemTime;

/// What is asked about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The time at which everything has to be valid.
    pub time: SystemTime,
    /// Which anchors may vouch.
    pub purpose: Purpose,
    /// What the certificate does.
    pub usage: Usage,
    /// Whether SHA-1, RSA below 2048 bits and legacy anchors are good enough.
    pub allow_legacy_sha1: bool,
}

impl Query {
    /// The plain question at a time: any anchor, any use, nothing weak.
    #[must_use]
    pub fn at(time: SystemTime) -> Self {
        Self { time, purpose: Purpose::Any, usage: Usage::Any, allow_legacy_sha1: false }
    }
}
