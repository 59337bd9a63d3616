//! Cards in readers, over the PC/SC service of the system.
//!
//! Every call into PC/SC may block for ever when another program holds the card, and none of them can be broken off.
//! So each runs on a thread of its own that owns the handles, and the caller waits no longer than it said. What does
//! not come back in time is left to its thread, which lets go of the card as soon as the call returns.
//!
//! ```no_run
//! use idcard_core::transport::pcsc::{Reader, Selection, Timeouts};
//! let card = Reader::connect(&Selection::default(), Timeouts::default())?;
//! # Ok::<(), idcard_core::LinkError>(())
//! ```

mod bounded;
mod choice;
mod hand;
mod link;
mod reader;
#[cfg(all(unix, not(target_os = "macos")))]
mod service;
mod slots;
#[cfg(test)]
mod tests;
mod watch;

pub use self::link::Interrupt;
pub use self::reader::{PcscTransport, Reader};
#[cfg(all(unix, not(target_os = "macos")))]
pub use self::service::{SOCKET, Service, service};
pub use self::slots::{ReaderState, Slot};
pub use self::watch::{Event, Watcher};

use super::{LinkError, scard};
use std::time::Duration;

/// How long is waited at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a card to be put into a reader.
    pub card: Duration,
    /// For a card that another program holds.
    pub busy: Duration,
    /// For any single answer of the card.
    pub answer: Duration,
}

impl Default for Timeouts {
    /// Ten seconds each.
    fn default() -> Self {
        Self::all(Duration::from_secs(10))
    }
}

impl Timeouts {
    /// The same time for each.
    #[must_use]
    pub const fn all(limit: Duration) -> Self {
        Self { card: limit, busy: limit, answer: limit }
    }
}

/// Tells whether a card is one of ours; it may talk to the card.
pub type Recognise<'a> = &'a dyn Fn(&mut dyn super::Transport) -> bool;

/// Which card is meant.
#[derive(Clone, Copy, Default)]
pub struct Selection<'a> {
    /// The reader's name or a part of it; the only reader that holds a card where it is `None` or empty.
    pub name: Option<&'a str>,
    /// Narrows the choice when several cards are in; without it several cards are [`LinkError::Ambiguous`].
    pub recognise: Option<Recognise<'a>>,
}

/// The readers and the cards in them. No card is connected to, so this disturbs nobody.
///
/// # Errors
/// [`LinkError`] when the service cannot be reached or does not answer within `deadline`.
pub fn readers(deadline: Duration) -> Result<Vec<ReaderState>, LinkError> {
    bounded::run(deadline, || {
        let context = slots::context()?;
        Ok(slots::Slots::look(&context)?.states())
    })
}

/// The PC/SC name of an error.
fn code(error: pcsc::Error) -> &'static str {
    scard::name(error as u32)
}
