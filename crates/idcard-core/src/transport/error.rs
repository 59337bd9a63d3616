//! Why a link to the card failed, in the terms of PC/SC.

use crate::apdu::Status;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// A failure between us and the card; the card itself is not to blame.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The smart-card service does not run or cannot be reached.
    #[error("the smart-card service cannot be reached ({code})")]
    NoService {
        /// The PC/SC name of the failure, `SCARD_E_NO_SERVICE` and its like.
        code: &'static str,
    },
    /// The service refuses this user.
    #[error("the smart-card service refuses access ({code})")]
    NoAccess {
        /// The PC/SC name of the failure.
        code: &'static str,
    },
    /// No reader is attached, or none by that name.
    #[error("no card reader{}", match wanted { Some(name) => format!(" whose name contains \"{name}\""), None => String::new() })]
    NoReader {
        /// The name that was asked for.
        wanted: Option<String>,
    },
    /// Several cards that we know are in: the user has to choose.
    #[error("several cards are in: {}", readers.join(", "))]
    Ambiguous {
        /// The readers that hold one.
        readers: Vec<String>,
    },
    /// No card is in the reader.
    #[error("no card in the reader")]
    NoCard,
    /// A card is in but does not answer: upside down, dirty, or broken.
    #[error("the card does not answer to reset ({code})")]
    Mute {
        /// The PC/SC name of the failure.
        code: &'static str,
    },
    /// The card was taken out.
    #[error("the card was removed")]
    Removed,
    /// Another program reset the card: applet, file and PIN state are lost.
    #[error("the card was reset by another program")]
    Reset,
    /// Another card is in than before.
    #[error("another card is in the reader than before")]
    Changed,
    /// Another program held the card longer than the deadline.
    #[error("another program holds the card; waited {} s", waited.as_secs_f64())]
    Busy {
        /// How long was waited.
        waited: Duration,
    },
    /// The card or reader did not answer before the deadline.
    #[error("no answer within {} s", waited.as_secs_f64())]
    TimedOut {
        /// How long was waited.
        waited: Duration,
    },
    /// The user or the system cancelled.
    #[error("cancelled")]
    Cancelled,
    /// Anything else that PC/SC reports.
    #[error("the link to the card failed ({code})")]
    Lost {
        /// The PC/SC name of the failure.
        code: &'static str,
    },
    /// A command of fewer than four bytes was about to be sent, or an answer exceeded what the link can carry.
    #[error("not a valid APDU: {what}")]
    Unlawful {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The secure channel failed, and is closed.
    #[error("the secure channel failed: {what}{}", status.map_or_else(String::new, |status| format!(" ({status})")))]
    SecureChannel {
        /// What was wrong.
        what: &'static str,
        /// The status word that came without protection.
        status: Option<Status>,
    },
    /// A trace does not go on as the program does.
    #[error("{}:{line}: {what}", path.display())]
    Trace {
        /// The trace file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What differs: the recorded step and the step taken, secrets masked.
        what: String,
    },
    /// A trace file could not be read or written.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        what: String,
    },
}

impl LinkError {
    /// Whether the service may have been restarted: the old handles mean nothing, the card may still be there.
    pub(crate) fn is_of_a_restart(&self) -> bool {
        matches!(self, Self::NoService { .. } | Self::Lost { code: "SCARD_E_INVALID_HANDLE" })
    }
}
