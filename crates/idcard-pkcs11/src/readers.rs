//! Where cards come from: the readers of the system, or those of a test.

use idcard_core::transport::pcsc::{self, PcscTransport, ReaderState, Timeouts, Watcher};
use idcard_core::{LinkError, Transport};
use std::time::{Duration, Instant};

/// How long the service may take to tell which readers there are.
const DEADLINE: Duration = Duration::from_secs(10);

/// A card that was put in: two that are equal are one and the same insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// How often a card came or went in this reader so far, where the system counts.
    pub events: Option<u32>,
    /// The answer to reset.
    pub atr: Vec<u8>,
}

/// A reader and the card in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The name of the reader.
    pub reader: String,
    /// The card that is in and answers.
    pub card: Option<Insertion>,
}

/// Connects to a card.
pub type Opening = Box<dyn FnOnce() -> std::result::Result<Box<dyn Transport>, LinkError> + Send>;

/// A set of readers.
pub trait Readers: Send {
    /// The readers that there are now. No card is disturbed.
    ///
    /// # Errors
    /// [`LinkError`] when the service does not tell; no reader at all is an empty list.
    fn look(&mut self) -> std::result::Result<Vec<Seen>, LinkError>;

    /// How to connect to the card that was in a reader at the last look. Connecting may take its time, and is done when
    /// nobody else waits for the readers.
    fn opening(&self, reader: &str) -> Opening;

    /// Begins to watch the readers.
    ///
    /// # Errors
    /// [`LinkError`] when that is not possible.
    fn watch(&self) -> std::result::Result<Box<dyn Watch>, LinkError>;
}

/// Waits for changes at the readers.
pub trait Watch {
    /// Whether something may have changed, after `limit` at the latest.
    fn wait(&mut self, limit: Duration) -> bool;
}

/// The readers of the system's PC/SC service.
#[derive(Debug, Default)]
pub struct PcscReaders {
    states: Vec<ReaderState>,
}

impl Readers for PcscReaders {
    fn look(&mut self) -> std::result::Result<Vec<Seen>, LinkError> {
        self.states = match pcsc::readers(DEADLINE) {
            Ok(states) => states,
            Err(LinkError::NoReader { .. } | LinkError::NoService { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let seen = self.states.iter().map(|state| Seen {
            reader: state.name.clone(),
            card: (state.slot == pcsc::Slot::Card)
                .then(|| Insertion { events: state.events(), atr: state.atr.clone() }),
        });
        Ok(seen.collect())
    }

    fn opening(&self, reader: &str) -> Opening {
        let state = self.states.iter().find(|state| state.name == reader).cloned();
        Box::new(move || {
            let state = state.ok_or(LinkError::NoReader { wanted: None })?;
            Ok(Box::new(PcscTransport::open(&state, Timeouts::default())?))
        })
    }

    fn watch(&self) -> std::result::Result<Box<dyn Watch>, LinkError> {
        Ok(Box::new(Watcher::start()?))
    }
}

impl Watch for Watcher {
    fn wait(&mut self, limit: Duration) -> bool {
        let begun = Instant::now();
        if self.next_within(limit).is_some() {
            return true;
        }
        // A watcher that has come to an end says so at once: then the readers are looked at as often as is waited.
        let left = limit.saturating_sub(begun.elapsed());
        std::thread::sleep(left);
        !left.is_zero()
    }
}
