//! The handle with which a test looks into the reader and acts on it between exchanges.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use idcard_core::transport::LinkError;
use idcard_core::transport::clock::Link;

use super::action::Action;
use super::lock;
use super::pad::Holder;
use super::slot::{Entry, Slot};
use crate::card::Card;
use crate::fault::Fault;

/// The counters of one PIN and of its PUK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinCounter {
    /// The name of the PIN in the image: `id-0200`, `id-0500`, `id-81`, `sign`.
    pub name: String,
    /// Presentations left.
    pub tries_left: u8,
    /// Whether it counts as verified now.
    pub verified: bool,
    /// Presentations of the PUK left.
    pub puk_left: Option<u8>,
}

/// A view into a virtual reader, independent of the transaction that may run.
#[derive(Debug, Clone)]
pub struct Handle {
    slot: Arc<Mutex<Slot>>,
}

impl Handle {
    pub(super) fn new(slot: Arc<Mutex<Slot>>) -> Self {
        Self { slot }
    }

    /// Exchanges attempted so far, failed ones included. The next one has this number in [`Handle::at`].
    pub fn exchanges(&self) -> usize {
        lock(&self.slot).exchanges()
    }

    /// Bytes of all commands and of all answers so far.
    pub fn bytes(&self) -> (usize, usize) {
        lock(&self.slot).bytes()
    }

    /// The virtual time that all exchanges took together.
    pub fn elapsed(&self) -> Duration {
        lock(&self.slot).elapsed()
    }

    /// The link whose time is modelled; without, that of a usual reader with the card that is in.
    pub fn set_link(&self, link: Link) {
        lock(&self.slot).link = Some(link);
    }

    /// From now on every exchange is kept, secrets included: for tests.
    pub fn keep_log(&self) {
        lock(&self.slot).log.get_or_insert_default();
    }

    /// The exchanges kept since [`Handle::keep_log`].
    pub fn log(&self) -> Vec<Entry> {
        lock(&self.slot).log.clone().unwrap_or_default()
    }

    /// All PINs of the card with their counters, in the order of the image.
    pub fn pins(&self) -> Vec<PinCounter> {
        let slot = lock(&self.slot);
        let Some(card) = slot.card() else { return Vec::new() };
        let applets = card.image().applets.iter();
        applets
            .flat_map(|applet| applet.pins.iter().map(move |pin| (applet, pin)))
            .map(|(applet, pin)| PinCounter {
                name: pin.name.clone(),
                tries_left: pin.tries.saturating_sub(pin.failed),
                verified: card.is_verified(&pin.name),
                puk_left: applet
                    .puks
                    .iter()
                    .find(|puk| Some(&puk.name) == pin.puk.as_ref())
                    .map(|puk| puk.tries.saturating_sub(puk.failed)),
            })
            .collect()
    }

    /// The counters of one PIN.
    pub fn pin(&self, name: &str) -> Option<PinCounter> {
        self.pins().into_iter().find(|pin| pin.name == name)
    }

    /// Looks at the card, or changes it behind its back; nothing where no card is in.
    pub fn with_card<T>(&self, look: impl FnOnce(&mut Card) -> T) -> Option<T> {
        lock(&self.slot).card_mut().map(look)
    }

    /// Lets something happen now; a failure or an answer comes with the next exchange.
    pub fn act(&self, action: Action) {
        lock(&self.slot).act(action);
    }

    /// Lets something happen just before the exchange of that number, counted from 0.
    pub fn at(&self, exchange: usize, action: Action) {
        lock(&self.slot).plan(exchange, action);
    }

    /// Puts a fault that lies in the answers or in the link before those that are there. A fault that lies in the
    /// card's memory changes the card that is in; false where it has nothing to change.
    pub fn add_fault(&self, fault: Fault) -> bool {
        let mut slot = lock(&self.slot);
        let Some(card) = slot.card_mut() else { return false };
        let fits = fault.prepare(card.image_mut());
        if fits {
            slot.add_fault(fault);
        }
        fits
    }

    /// One raw exchange outside any transaction, as the server of virtual readers makes it.
    ///
    /// # Errors
    /// [`LinkError`] where something planned befalls the card or the link.
    pub fn exchange(&self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        let mut answer = Vec::new();
        lock(&self.slot).exchange(command, &mut answer)?;
        Ok(answer)
    }

    /// Whether another program selects its own applet whenever a transaction begins or gives way.
    pub fn bystander(&self, present: bool) {
        lock(&self.slot).bystander = present;
    }

    /// How long the host waits for an answer, or for others to let go of the card.
    pub fn set_patience(&self, patience: Duration) {
        lock(&self.slot).patience = Some(patience);
    }

    /// Gives the reader a pin pad, with a holder before it; or takes it away.
    pub fn set_pad(&self, holder: Option<Holder>) {
        lock(&self.slot).holder = holder;
    }
}
