//! Readers and cards as they come and go.

use super::slots::{self, ReaderState, Slot, Slots};
use super::{LinkError, bounded};
use pcsc::Context;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A reader was attached, or was there from the beginning.
    ReaderAttached {
        /// The reader.
        reader: String,
    },
    /// A reader was detached.
    ReaderDetached {
        /// The reader.
        reader: String,
    },
    /// A card was put in, or was in from the beginning.
    Inserted {
        /// The reader.
        reader: String,
        /// The answer to reset, raw; empty when the card does not answer or has left again already.
        atr: Vec<u8>,
    },
    /// The card was taken out.
    Removed {
        /// The reader.
        reader: String,
    },
    /// The service cannot be reached; what comes and goes until it is back is told then.
    ServiceLost {
        /// Why.
        error: LinkError,
    },
    /// The service is back.
    ServiceBack,
}

/// Tells events until it is dropped, through restarts of the service; as an iterator it waits for each.
///
/// ```no_run
/// use idcard_core::transport::pcsc::{Event, Watcher};
/// for event in Watcher::start()? {
///     if let Event::Inserted { reader, atr } = event {
///         println!("{reader}: an ATR of {} bytes", atr.len());
///     }
/// }
/// # Ok::<(), idcard_core::LinkError>(())
/// ```
pub struct Watcher {
    events: Receiver<Event>,
    _stop: SyncSender<()>,
}

/// How long is waited before a service that is gone is sought again.
const RETRY: Duration = Duration::from_millis(500);
/// How many cards that came and left between two looks are told at most.
const MISSED: u32 = 16;

impl Watcher {
    /// Begins to watch.
    ///
    /// # Errors
    /// [`LinkError`] when no thread can be started; a service that cannot be reached is an event.
    pub fn start() -> Result<Self, LinkError> {
        let (events, told) = sync_channel(64);
        let (stop, stopped) = sync_channel(0);
        bounded::spawn(move || watch(&events, &stopped))?;
        Ok(Self { events: told, _stop: stop })
    }

    /// The next event, or nothing within `limit`.
    #[must_use]
    pub fn next_within(&self, limit: Duration) -> Option<Event> {
        self.events.recv_timeout(limit).ok()
    }
}

impl Iterator for Watcher {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.events.recv().ok()
    }
}

fn watch(events: &SyncSender<Event>, stopped: &Receiver<()>) {
    let mut known = Vec::new();
    let mut lost = false;
    loop {
        let served = slots::context().and_then(|context| {
            if std::mem::take(&mut lost) && events.send(Event::ServiceBack).is_err() {
                return Ok(());
            }
            observe(&context, &mut known, events, stopped)
        });
        let Err(error) = served else { return };
        if !std::mem::replace(&mut lost, true) && events.send(Event::ServiceLost { error }).is_err() {
            return;
        }
        // A service that starts anew counts anew.
        known.iter_mut().for_each(|reader: &mut ReaderState| reader.events = 0);
        if stopped.recv_timeout(RETRY) != Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Watches until the service fails; `Ok` when nobody listens any more.
fn observe(
    context: &Context,
    known: &mut Vec<ReaderState>,
    events: &SyncSender<Event>,
    stopped: &Receiver<()>,
) -> Result<(), LinkError> {
    loop {
        let slots = Slots::look(context)?;
        let now = slots.states();
        for event in changes(known, &now) {
            if events.send(event).is_err() {
                return Ok(());
            }
        }
        *known = now;
        if stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Disconnected) {
            return Ok(());
        }
        slots.wait(context, Duration::MAX)?;
    }
}

/// What happened between two looks at the readers.
pub(super) fn changes(before: &[ReaderState], now: &[ReaderState]) -> Vec<Event> {
    let mut events = Vec::new();
    for old in before.iter().filter(|old| now.iter().all(|new| new.id != old.id)) {
        if has_card(old) {
            events.push(Event::Removed { reader: old.name.clone() });
        }
        events.push(Event::ReaderDetached { reader: old.name.clone() });
    }
    for new in now {
        let reader = || new.name.clone();
        let inserted = || Event::Inserted { reader: reader(), atr: new.atr.clone() };
        let Some(old) = before.iter().find(|old| old.id == new.id) else {
            events.push(Event::ReaderAttached { reader: reader() });
            if has_card(new) {
                events.push(inserted());
            }
            continue;
        };
        // Where the service counts, each card that came or left counts one, also between two looks.
        let counted = old.events != 0 && new.events != 0;
        let moves = if counted { new.events.wrapping_sub(old.events) & 0xFFFF } else { 0 };
        match (has_card(old), has_card(new)) {
            (false, true) => events.push(inserted()),
            (true, false) => events.push(Event::Removed { reader: reader() }),
            (true, true) if moves >= 2 || (!counted && old.atr != new.atr) => {
                events.push(Event::Removed { reader: reader() });
                events.push(inserted());
            }
            (false, false) => {
                for _ in 0..(moves / 2).min(MISSED) {
                    events.push(Event::Inserted { reader: reader(), atr: Vec::new() });
                    events.push(Event::Removed { reader: reader() });
                }
            }
            (true, true) => {}
        }
    }
    events
}

const fn has_card(reader: &ReaderState) -> bool {
    matches!(reader.slot, Slot::Card | Slot::Mute)
}
