//! Which reader is meant: by name, or the only one with a card.

use super::slots::{self, ReaderState, Slot, Slots};
use super::{LinkError, bounded};
use std::time::{Duration, Instant};

/// What one look at the readers decides.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// No reader, or none by that name.
    NoReader,
    /// The readers that are meant hold no card yet.
    NoCard,
    /// The readers that are meant and hold a card.
    Cards(Vec<ReaderState>),
}

/// A name that is exactly the one given wins over names that contain it.
pub(super) fn choose(readers: Vec<ReaderState>, name: Option<&str>) -> Choice {
    let name = name.unwrap_or_default();
    let exact = readers.iter().any(|reader| reader.name == name);
    let meant = |reader: &ReaderState| if exact { reader.name == name } else { reader.name.contains(name) };
    let meant: Vec<_> = readers.into_iter().filter(meant).collect();
    if meant.is_empty() {
        return Choice::NoReader;
    }
    let cards: Vec<_> = meant.into_iter().filter(|reader| matches!(reader.slot, Slot::Card | Slot::Mute)).collect();
    if cards.is_empty() { Choice::NoCard } else { Choice::Cards(cards) }
}

/// Waits until a reader that is meant holds a card.
pub(super) fn wait(name: Option<&str>, limit: Duration) -> Result<Vec<ReaderState>, LinkError> {
    let name = name.map(str::to_owned);
    // The service gets a moment more than the user waits for a card.
    bounded::run(limit.saturating_add(Duration::from_secs(2)), move || {
        let context = slots::context()?;
        let until = Instant::now().checked_add(limit);
        loop {
            let slots = Slots::look(&context)?;
            match choose(slots.states(), name.as_deref()) {
                Choice::NoReader => return Err(LinkError::NoReader { wanted: name.filter(|name| !name.is_empty()) }),
                Choice::Cards(cards) => return Ok(cards),
                Choice::NoCard => {}
            }
            let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(LinkError::NoCard);
            }
            slots.wait(&context, left)?;
        }
    })
}
