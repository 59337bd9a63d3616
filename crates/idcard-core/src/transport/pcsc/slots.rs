//! Which readers there are and what is in them, told without connecting to any card.

use super::{LinkError, code};
use crate::transport::scard::{self, Step};
use pcsc::{Context, Error, Scope, State};
use std::ffi::CString;
use std::time::{Duration, Instant};

/// What a reader says about its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// No card is in.
    Empty,
    /// A card is in.
    Card,
    /// A card is in that does not answer.
    Mute,
    /// The reader itself does not answer.
    Unavailable,
}

/// A reader and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderState {
    /// The name of the reader.
    pub name: String,
    /// What is in it.
    pub slot: Slot,
    /// The answer to reset of the card that is in, raw; empty where none is.
    pub atr: Vec<u8>,
    /// A program is connected to the card.
    pub in_use: bool,
    /// A program has the card for itself alone.
    pub exclusive: bool,
    /// How often a card was put in or taken out since the service knows the reader, modulo 65,536; 0 where the system
    /// does not count.
    pub(super) events: u32,
    /// The name as PC/SC wants it back.
    pub(super) id: CString,
}

impl ReaderState {
    /// How often a card was put in or taken out since the service knows the reader, modulo 65,536; `None` where the
    /// system does not count.
    #[must_use]
    pub fn events(&self) -> Option<u32> {
        (self.events != 0).then_some(self.events)
    }
}

/// Readers whose state PC/SC keeps in view, so that a change can be waited for.
pub(super) struct Slots {
    states: Vec<pcsc::ReaderState>,
}

/// Older services take no more readers than sixteen at a time, the pseudo-reader for changes among them.
const AT_ONCE: usize = 15;

/// Between listing the readers and asking for their state one may vanish; then both are done again.
const ATTEMPTS: usize = 5;

/// Takes up contact with the service.
pub(super) fn context() -> Result<Context, LinkError> {
    Context::establish(Scope::User).map_err(|error| match error {
        // The service took the call and hung up: so it does with clients that its policy turns away.
        Error::CommError => LinkError::NoAccess { code: code(error) },
        error => connecting(error),
    })
}

pub(super) fn connecting(error: Error) -> LinkError {
    scard::link_error(code(error), Step::Connect, Duration::ZERO)
}

impl Slots {
    pub(super) fn look(context: &Context) -> Result<Self, LinkError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match Self::try_look(context) {
                Ok(slots) => return Ok(slots),
                Err(Error::InsufficientBuffer | Error::UnknownReader | Error::ReaderUnavailable)
                    if attempt < ATTEMPTS => {}
                Err(error) => return Err(connecting(error)),
            }
        }
    }

    fn try_look(context: &Context) -> Result<Self, Error> {
        let names = context.list_readers_owned()?;
        let mut states: Vec<_> = names.into_iter().map(|name| pcsc::ReaderState::new(name, State::UNAWARE)).collect();
        for some in states.chunks_mut(AT_ONCE) {
            match context.get_status_change(Duration::ZERO, some) {
                Ok(()) | Err(Error::Timeout) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { states })
    }

    pub(super) fn states(&self) -> Vec<ReaderState> {
        self.states.iter().map(told).collect()
    }

    /// Waits until something changes, at most `limit` and at most a second: the pseudo-reader for coming and going
    /// readers is not known everywhere, and a change just before the call may be missed.
    pub(super) fn wait(mut self, context: &Context, limit: Duration) -> Result<(), LinkError> {
        self.states.truncate(AT_ONCE);
        for state in &mut self.states {
            state.sync_current_state();
        }
        let known_readers = self.states.len();
        self.states.push(pcsc::ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE));
        let limit = limit.min(Duration::from_secs(1)).max(Duration::from_millis(1));
        let asked = Instant::now();
        match context.get_status_change(limit, &mut self.states) {
            Err(Error::Timeout) => Ok(()),
            Err(Error::UnknownReader | Error::ReaderUnavailable) => Ok(()),
            Ok(()) => {
                let changed = self.states.iter().take(known_readers).any(|s| s.event_state().contains(State::CHANGED));
                if !changed && asked.elapsed() < Duration::from_millis(5) {
                    // Some systems report the pseudo-reader as changed for ever: the readers alone are waited for.
                    self.states.truncate(known_readers);
                    match context.get_status_change(limit.min(Duration::from_millis(250)), &mut self.states) {
                        Ok(()) | Err(Error::Timeout | Error::UnknownReader | Error::ReaderUnavailable) => {}
                        Err(error) => return Err(connecting(error)),
                    }
                }
                Ok(())
            }
            Err(error) => Err(connecting(error)),
        }
    }
}

fn told(state: &pcsc::ReaderState) -> ReaderState {
    let flags = state.event_state();
    let slot = if flags.intersects(State::UNAVAILABLE | State::UNKNOWN) {
        Slot::Unavailable
    } else if !flags.contains(State::PRESENT) {
        Slot::Empty
    } else if flags.contains(State::MUTE) {
        Slot::Mute
    } else {
        Slot::Card
    };
    ReaderState {
        name: state.name().to_string_lossy().into_owned(),
        slot,
        atr: if slot == Slot::Card { state.atr().to_vec() } else { Vec::new() },
        in_use: flags.contains(State::INUSE),
        exclusive: flags.contains(State::EXCLUSIVE),
        events: state.event_count(),
        id: state.name().to_owned(),
    }
}

/// Whether the reader has no card now, or loses it within `limit`: readers report a removal later than a lost answer.
pub(super) fn card_leaves(context: &Context, reader: &CString, limit: Duration) -> bool {
    let until = Instant::now() + limit;
    let mut states = [pcsc::ReaderState::new(reader.clone(), State::UNAWARE)];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match context.get_status_change(left, &mut states) {
            Ok(()) => {}
            Err(_) => return false,
        }
        let [state] = &mut states;
        if state.event_state().contains(State::EMPTY) {
            return true;
        }
        if state.event_state().intersects(State::UNAVAILABLE | State::UNKNOWN) || left.is_zero() {
            return false;
        }
        state.sync_current_state();
    }
}
