//! Options of `trace`.

use clap::{Args, Subcommand, ValueEnum};
use idcard_core::transport::trace::import::LogFormat;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum TraceCommand {
    /// List what a trace holds, each command by its name
    Show(TraceShow),
    /// Replace what the answers of a trace tell about the holder by pseudonyms
    Redact(TraceRedact),
    /// Make traces of the log of another program, secrets masked
    Import(TraceImport),
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
    /// Mask it instead
    #[arg(long)]
    pub mask: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceReplay {
    /// The trace
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TraceImport {
    /// The log: of pcscd --apdu, OpenSC (OPENSC_DEBUG=3), libpcscspy, scriptor or opensc-tool -s; stdin where it is -
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The file of the trace; where the log holds several, the others are numbered: OUT-2, OUT-3
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// What wrote the log; its content tells where this is not given
    #[arg(long, value_enum, value_name = "PROGRAM")]
    pub from: Option<LogName>,
}

/// The programs whose logs are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogName {
    /// pcscd --apdu
    Pcscd,
    /// OpenSC with OPENSC_DEBUG=3 or more
    Opensc,
    /// The raw file of libpcscspy
    Pcscspy,
    /// scriptor
    Scriptor,
    /// opensc-tool -s
    OpenscTool,
}

impl From<LogName> for LogFormat {
    fn from(name: LogName) -> Self {
        match name {
            LogName::Pcscd => Self::Pcscd,
            LogName::Opensc => Self::OpenSc,
            LogName::Pcscspy => Self::PcscSpy,
            LogName::Scriptor => Self::Scriptor,
            LogName::OpenscTool => Self::OpenScTool,
        }
    }
}
