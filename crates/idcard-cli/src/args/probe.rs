//! Options of `probe`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Probe {
    /// Write what was found as a bundle to be sent to others, with pseudonyms for what is the holder's
    #[arg(long, value_name = "FILE")]
    pub share: Option<PathBuf>,
    /// Do not ask whether the bundle is to be written
    #[arg(long, requires = "share")]
    pub yes: bool,
}
