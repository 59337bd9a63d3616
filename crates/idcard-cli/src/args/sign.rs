//! Options of `sign`.

use super::PinOptions;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The documents; - is stdin
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Where the signature goes: a file, an existing folder, or - for stdout; by default beside the document
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Put the document into the signature: FILE.p7m
    #[arg(long)]
    pub attached: bool,
    /// What is made
    #[arg(long = "type", value_enum, default_value_t = SignatureType::Cms)]
    pub kind: SignatureType,
    /// The hash of the document
    #[arg(long, value_enum, default_value_t = HashName::Sha256)]
    pub hash: HashName,
    /// How an RSA key signs; PKCS#1 v1.5 by default
    #[arg(long, value_enum)]
    pub scheme: Option<SchemeName>,
    /// Write PEM instead of DER
    #[arg(long)]
    pub pem: bool,
    #[command(flatten)]
    pub pin: PinOptions,
}

/// What `sign` makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignatureType {
    /// A CMS file with certificates, CAdES B-B: FILE.p7s
    Cms,
    /// The bare signature: FILE.sig
    Raw,
}

/// A hash that documents are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HashName {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

/// A scheme of RSA keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemeName {
    /// RSASSA-PKCS1-v1_5
    Pkcs1,
    /// RSASSA-PSS, the salt as long as the hash
    Pss,
}
