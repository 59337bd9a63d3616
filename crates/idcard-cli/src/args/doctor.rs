//! Options of `doctor`.

use clap::Args;
use std::time::SystemTime;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Judge by this time and not by the clock of the machine: 2026-12-01 or 2026-12-01T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = super::verify::time)]
    pub at: Option<SystemTime>,
}
