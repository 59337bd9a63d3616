//! Options of `trace`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum TraceCommand {
    /// List what a trace holds, each command by its name
    Show(TraceShow),
    /// Mask what the answers of a trace tell about the holder
    Redact(TraceRedact),
    /// Check that a trace is well formed and replays whole
    Replay(TraceReplay),
}

#[derive(Debug, Args)]
pub(crate) struct TraceShow {
    /// The trace
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Add how long the exchanges take on each of eight kinds of links
    #[arg(long)]
    pub timing: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceRedact {
    /// The trace
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The file to write; stdout where it is - or not given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TraceReplay {
    /// The trace
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
