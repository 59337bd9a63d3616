//! Options of `page`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum PageCommand {
    /// Check a card page, each fault with its line
    Check(PageCheck),
}

#[derive(Debug, Args)]
pub(crate) struct PageCheck {
    /// The page
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
