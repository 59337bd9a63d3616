//! Options of `cert`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum CertCommand {
    /// List the certificates
    List,
    /// Write one of the certificates
    Export(CertExport),
}

#[derive(Debug, Args)]
pub(crate) struct CertExport {
    /// Which of them
    #[arg(long, value_enum)]
    pub slot: Slot,
    /// The file to write; stdout where it is -, or not given and stdout is no terminal
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write PEM instead of DER
    #[arg(long)]
    pub pem: bool,
}

/// Which certificate of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Slot {
    /// The holder's signing certificate
    Sign,
    /// The holder's authentication certificate
    Auth,
    /// The certificate of the authority that issued them
    Ca,
}

impl From<Slot> for idcard_core::session::Slot {
    fn from(slot: Slot) -> Self {
        match slot {
            Slot::Sign => Self::Sign,
            Slot::Auth => Self::Auth,
            Slot::Ca => Self::Ca,
        }
    }
}
