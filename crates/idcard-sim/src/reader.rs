//! A reader inside the process: the virtual card behind the seam of the library, and a handle to look inside.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use idcard_core::transport::pad::PinPad;
use idcard_core::transport::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};

use self::slot::Slot;
use crate::card::Card;

pub use self::action::Action;
pub use self::handle::{Handle, PinCounter};
pub use self::pad::Holder;
pub use self::slot::{Entry, Outcome};

mod action;
mod handle;
mod pad;
mod slot;
#[cfg(test)]
mod tests;

/// A virtual card in a reader of its own.
///
/// Several are independent of one another. Time is modelled, never spent: see [`Exchange::elapsed`].
#[derive(Debug)]
pub struct SimTransport {
    slot: Arc<Mutex<Slot>>,
    name: String,
    atr: Vec<u8>,
    protocol: Protocol,
    /// Insertions seen when the last transaction began.
    seen: u64,
}

impl SimTransport {
    /// Puts the card into a reader.
    pub fn new(card: Card) -> Self {
        let name = format!("virtual reader: {}", card.image().name);
        let (atr, protocol) = (card.atr().to_vec(), card.protocol());
        Self { slot: Arc::new(Mutex::new(Slot::new(card))), name, atr, protocol, seen: 0 }
    }

    /// The same reader, its answer to reset read anew.
    pub(crate) fn refreshed(mut self) -> Self {
        let shown = lock(&self.slot).card().map(|card| (card.atr().to_vec(), card.protocol()));
        if let Some((atr, protocol)) = shown {
            (self.atr, self.protocol) = (atr, protocol);
        }
        self
    }

    /// A handle on the reader and the card; it may be used between exchanges and from other threads.
    pub fn handle(&self) -> Handle {
        Handle::new(Arc::clone(&self.slot))
    }
}

impl Transport for SimTransport {
    fn reader(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        let mut slot = lock(&self.slot);
        slot.take_up()?;
        self.seen = slot.insertions();
        if let Some(card) = slot.card() {
            self.atr = card.atr().to_vec();
            self.protocol = card.protocol();
        }
        drop(slot);
        Ok(Box::new(Conversation { slot: &self.slot, seen: self.seen }))
    }
}

/// A transaction with the virtual card.
struct Conversation<'a> {
    slot: &'a Mutex<Slot>,
    seen: u64,
}

impl Transaction for Conversation<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        if command.len() < 4 {
            return Err(LinkError::Unlawful { what: "a command has at least four bytes" });
        }
        let mut slot = lock(self.slot);
        slot.same_card(self.seen)?;
        let elapsed = slot.exchange(command, answer)?;
        Ok(Exchange { elapsed, redacted: false })
    }

    fn has_pad(&mut self) -> bool {
        lock(self.slot).holder.is_some()
    }

    fn verify_on_pad(&mut self, request: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        let mut slot = lock(self.slot);
        slot.same_card(self.seen)?;
        let Some(holder) = slot.holder.clone() else {
            return Err(LinkError::Lost { code: "SCARD_E_UNSUPPORTED_FEATURE" });
        };
        let reference = request.command.get(3).copied().unwrap_or_default();
        let known = slot.card().and_then(|card| card.pin_here(reference));
        let elapsed = match pad::complete(&holder, known, request) {
            Ok(command) => slot.exchange(&command, answer)?,
            Err((told, waited)) => {
                answer.extend(told);
                waited
            }
        };
        Ok(Exchange { elapsed, redacted: false })
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        let mut slot = lock(self.slot);
        slot.same_card(self.seen)?;
        slot.take_up()
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        let mut slot = lock(self.slot);
        slot.same_card(self.seen)?;
        slot.take_up()
    }

    fn end(self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        let mut slot = lock(self.slot);
        slot.same_card(self.seen)?;
        slot.leave(leaving);
        Ok(())
    }
}

/// A thread that panicked in a test does not make the card unusable for the others.
fn lock(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
