//! Options of `pin`, and the ways by which a PIN comes in.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Where secrets come from: never from an argument or a variable.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "PIN")]
pub(crate) struct PinOptions {
    /// Read the PIN from this open file descriptor, one secret a line
    #[arg(long, value_name = "N", conflicts_with = "pin_file")]
    pub pin_fd: Option<u16>,
    /// Read the PIN from this file, mode 0600, one secret a line
    #[arg(long, value_name = "FILE")]
    pub pin_file: Option<PathBuf>,
    /// Send the PIN though only one try is left or the number of tries is unknown
    #[arg(long)]
    pub last_try: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PinCommand {
    /// Show the tries left; none is spent
    Status(PinStatus),
}

#[derive(Debug, Args)]
pub(crate) struct PinStatus {
    /// Only this PIN
    #[arg(long, value_enum)]
    pub pin_kind: Option<PinKind>,
}

/// Which PIN of the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PinKind {
    /// Guards personal data and the authentication key
    Id,
    /// Guards the signing key
    Sign,
}

impl From<PinKind> for idcard_core::PinKind {
    fn from(kind: PinKind) -> Self {
        match kind {
            PinKind::Id => Self::Id,
            PinKind::Sign => Self::Sign,
        }
    }
}
