//! Options of `page`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum PageCommand {
    /// Check a card page, each fault with its line
    Check(PageCheck),
    /// Draft a card page from traces: what answered, what was read, why it is taken for what it is
    Suggest(PageSuggest),
}

#[derive(Debug, Args)]
pub(crate) struct PageCheck {
    /// The page
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PageSuggest {
    /// The traces, all of cards of one family
    #[arg(value_name = "TRACE", required = true)]
    pub traces: Vec<PathBuf>,
    /// The file of the page; stdout where it is - or not given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The name of the family; a known one has its page put aside by --page
    #[arg(long, value_name = "NAME", default_value = "draft")]
    pub family: String,
}
