//! Options of `ca`.

use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::SystemTime;

#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    /// List the trust anchors, and why they are trusted
    List,
    /// Look at the certificates of a file as authorities
    Check(CaCheck),
    /// Keep the authorities of a file for later runs
    Import(CaImport),
}

#[derive(Debug, Args)]
pub(crate) struct CaCheck {
    /// The certificates, DER or PEM
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Trust the self-signed certificates in it, beside the built-in and the imported ones
    #[arg(long, value_name = "FILE|DIR")]
    pub ca: Vec<PathBuf>,
    /// The time of the check; now by default
    #[arg(long, value_name = "TIME", value_parser = super::verify::time)]
    pub at: Option<SystemTime>,
}

#[derive(Debug, Args)]
pub(crate) struct CaImport {
    /// The certificates, DER or PEM
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Keep them though no anchor vouches for them: you compared the fingerprints with those of their owner
    #[arg(long)]
    pub trust: bool,
}
