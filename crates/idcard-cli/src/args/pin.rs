//! Options of `pin`, and the ways by which a PIN comes in.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Where secrets come from: never from an argument or a variable.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "PIN")]
pub(crate) struct PinOptions {
    /// Read the PIN from this open file descriptor, one secret a line; Persian and Arabic digits count as Latin ones
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
    /// Show the tries left, and whether the objects of a PIN agree; no try is spent
    Status(PinStatus),
    /// Present a PIN to all objects that hold it
    Verify(PinUse),
    /// Change a PIN: two lines, the old PIN and the new one
    Change(PinUse),
    /// Unblock a PIN with its PUK: two lines, the PUK and the new PIN
    Unblock(PinUse),
    /// Finish a change that was interrupted: two lines, the old PIN (with --puk the PUK) and the new PIN
    Resume(PinResume),
}

#[derive(Debug, Args)]
pub(crate) struct PinStatus {
    /// Only this PIN
    #[arg(long, value_enum)]
    pub pin_kind: Option<PinKind>,
}

/// Which PIN, and where it comes from.
#[derive(Debug, Args)]
pub(crate) struct PinUse {
    /// Which PIN
    #[arg(long, value_enum)]
    pub pin_kind: PinKind,
    #[command(flatten)]
    pub pin: PinOptions,
}

#[derive(Debug, Args)]
pub(crate) struct PinResume {
    /// Which PIN
    #[arg(long, value_enum, default_value_t = PinKind::Id)]
    pub pin_kind: PinKind,
    /// Finish with the PUK in the place of the old PIN
    #[arg(long)]
    pub puk: bool,
    #[command(flatten)]
    pub pin: PinOptions,
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
