//! Options of `verify`, and the trust that checks rest on.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::SystemTime;

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The document, or a CMS file that holds it; - is stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The signature beside the document; by default FILE.p7s, FILE.sig or FILE.p7m
    #[arg(long, value_name = "FILE")]
    pub signature: Option<PathBuf>,
    /// The certificate of the signer, for a bare signature
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    #[command(flatten)]
    pub trust: TrustOptions,
    /// Write the document that the signature holds, if it is valid; - is stdout
    #[arg(short, long, value_name = "CONTENT")]
    pub output: Option<PathBuf>,
}

/// Whom to trust, at what time, and what is known about revocation.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Trust")]
pub(crate) struct TrustOptions {
    /// Trust the self-signed certificates in it, beside the built-in and the imported ones; the others may stand between
    #[arg(long, value_name = "FILE|DIR")]
    pub ca: Vec<PathBuf>,
    /// Look for revoked certificates in these lists
    #[arg(long, value_name = "FILE|DIR")]
    pub crl: Vec<PathBuf>,
    /// Ask the responders that the certificates name: this uses the network
    #[arg(long)]
    pub ocsp: bool,
    /// Ask this responder about the signer's certificate
    #[arg(long, value_name = "URL", requires = "ocsp")]
    pub ocsp_url: Option<String>,
    /// The time of the check: 2026-11-22 or 2026-11-22T12:00:00Z; now by default
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub at: Option<SystemTime>,
    /// Which anchors may vouch
    #[arg(long, value_enum, default_value_t = PurposeName::Any)]
    pub purpose: PurposeName,
    /// Let SHA-1 and short keys pass
    #[arg(long)]
    pub allow_legacy_sha1: bool,
}

/// What an anchor vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PurposeName {
    /// The national card
    Card,
    /// The governmental hierarchy
    Gpki,
    /// Everything
    Any,
}

pub(super) fn time(text: &str) -> Result<SystemTime, String> {
    idcard_crypto::time::parse_rfc3339(text)
        .ok_or_else(|| "a time is written as 2026-11-22 or 2026-11-22T12:00:00Z".to_owned())
}
