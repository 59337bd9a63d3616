//! Options of `info`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Info {
    /// Show what the page of this family knows, with its evidence
    #[arg(long)]
    pub map: bool,
}
