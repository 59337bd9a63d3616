//! What is in the reader: the card, what befell it, what was said.

use std::time::Duration;

use idcard_core::transport::clock::{Link, Reader};
use idcard_core::transport::{Leaving, LinkError};

use super::action::Action;
use super::pad::Holder;
use crate::card::Card;
use crate::fault::{self, Fault};

/// One exchange as the card saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The raw command, secrets included.
    pub command: Vec<u8>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The raw answer, status word included.
    Answer(Vec<u8>),
    /// The link failed instead.
    Failure(LinkError),
}

/// The place for one card.
#[derive(Debug)]
pub(super) struct Slot {
    card: Option<Card>,
    /// Counts cards put in with notice.
    insertions: u64,
    /// Another program reset the card since the link was taken up.
    was_reset: bool,
    exchanges: usize,
    command_bytes: usize,
    answer_bytes: usize,
    elapsed: Duration,
    /// What happens just before the exchange of that number.
    planned: Vec<(usize, Action)>,
    /// Tells the time of an exchange; none is the link of a usual reader with the card that is in.
    pub(super) link: Option<Link>,
    /// What misbehaves, the nearest to the host first.
    faults: Vec<Fault>,
    /// Another program selects its own applet whenever it gets a turn.
    pub(super) bystander: bool,
    /// How long the host waits; what a fault says itself where that is not known.
    pub(super) patience: Option<Duration>,
    /// Who stands before the pin pad; a reader without one has nobody.
    pub(super) holder: Option<Holder>,
    /// Kept only where a test asks for it: commands hold secrets.
    pub(super) log: Option<Vec<Entry>>,
}

impl Slot {
    pub(super) fn new(card: Card) -> Self {
        Self {
            card: Some(card),
            insertions: 0,
            was_reset: false,
            exchanges: 0,
            command_bytes: 0,
            answer_bytes: 0,
            elapsed: Duration::ZERO,
            planned: Vec::new(),
            link: None,
            faults: Vec::new(),
            bystander: false,
            patience: None,
            holder: None,
            log: None,
        }
    }

    pub(super) fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    pub(super) fn card_mut(&mut self) -> Option<&mut Card> {
        self.card.as_mut()
    }

    pub(super) fn insertions(&self) -> u64 {
        self.insertions
    }

    pub(super) fn exchanges(&self) -> usize {
        self.exchanges
    }

    pub(super) fn bytes(&self) -> (usize, usize) {
        (self.command_bytes, self.answer_bytes)
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The link to the card that is in begins anew; what other programs did to it is no news any more.
    pub(super) fn take_up(&mut self) -> Result<(), LinkError> {
        let bystander = self.bystander;
        let card = self.card.as_mut().ok_or(LinkError::Removed)?;
        if bystander {
            card.transmit(&[0x00, 0xA4, 0x04, 0x0C, 0x08, 0xA0, 0x00, 0x00, 0x00, 0x18, 0x43, 0x4D, 0x00]);
        }
        self.was_reset = false;
        Ok(())
    }

    /// Whether the card is still the one that was in at insertion number `seen`.
    pub(super) fn same_card(&self, seen: u64) -> Result<(), LinkError> {
        if self.card.is_none() || self.insertions != seen { Err(LinkError::Removed) } else { Ok(()) }
    }

    pub(super) fn exchange(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Duration, LinkError> {
        let outcome = self.attempt(command, answer);
        if let Some(log) = &mut self.log {
            let outcome = match &outcome {
                Ok(_) => Outcome::Answer(answer.clone()),
                Err(error) => Outcome::Failure(error.clone()),
            };
            log.push(Entry { command: command.to_vec(), outcome });
        }
        outcome
    }

    fn attempt(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Duration, LinkError> {
        let number = self.exchanges;
        self.exchanges = number.saturating_add(1);
        let insertions = self.insertions;
        let mut made_up = None;
        let (due, planned) = std::mem::take(&mut self.planned).into_iter().partition(|(at, _)| *at <= number);
        self.planned = planned;
        for (_, action) in due {
            match action {
                Action::Answer(bytes) => made_up = Some(bytes),
                Action::Fail(error) => return Err(self.fail(error)),
                Action::Tear(torn, error) => {
                    self.card.as_mut().ok_or(LinkError::Removed)?.tear(command, torn);
                    self.insertions = self.insertions.wrapping_add(u64::from(error == LinkError::Removed));
                    return Err(error);
                }
                other => self.act(other),
            }
        }
        self.same_card(insertions)?;
        if self.was_reset {
            return Err(LinkError::Reset);
        }
        let card = self.card.as_mut().ok_or(LinkError::Removed)?;
        let told = match made_up {
            Some(bytes) => Ok(bytes),
            None => fault::exchange(card, &mut self.faults, number, command),
        };
        match told {
            Ok(bytes) => answer.extend(bytes),
            Err(error) => return Err(self.fail(error)),
        }
        let card = self.card.as_ref().ok_or(LinkError::Removed)?;
        let link = self.link.unwrap_or_else(|| Link::new(card.atr(), card.protocol(), &Reader::USUAL));
        let delays = self.faults.iter().map(|fault| fault.delay(number));
        let elapsed = delays.fold(link.exchange(command, answer), Duration::saturating_add);
        self.command_bytes = self.command_bytes.saturating_add(command.len());
        self.answer_bytes = self.answer_bytes.saturating_add(answer.len());
        self.elapsed = self.elapsed.saturating_add(elapsed);
        Ok(elapsed)
    }

    /// A failure of the link and what it means for the card.
    fn fail(&mut self, error: LinkError) -> LinkError {
        let error = match (error, self.patience) {
            (LinkError::TimedOut { .. }, Some(waited)) => LinkError::TimedOut { waited },
            (LinkError::Busy { .. }, Some(waited)) => LinkError::Busy { waited },
            (error, _) => error,
        };
        match &error {
            LinkError::Removed | LinkError::NoCard => self.card = None,
            LinkError::Reset => self.act(Action::Reset),
            LinkError::TimedOut { waited } | LinkError::Busy { waited } => {
                self.elapsed = self.elapsed.saturating_add(*waited);
            }
            _ => {}
        }
        error
    }

    pub(super) fn add_fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Something befalls the card.
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Remove => self.card = None,
            Action::Insert(card) => {
                self.card = Some(*card);
                self.insertions = self.insertions.wrapping_add(1);
                self.was_reset = false;
            }
            Action::Swap(card) => self.card = Some(*card),
            Action::Reset => {
                if let Some(card) = &mut self.card {
                    card.reset();
                    self.was_reset = true;
                }
            }
            // These need an exchange.
            Action::Fail(_) | Action::Answer(_) | Action::Tear(..) => self.plan(self.exchanges, action),
        }
    }

    pub(super) fn plan(&mut self, at: usize, action: Action) {
        self.planned.push((at, action));
    }

    pub(super) fn leave(&mut self, leaving: Leaving) {
        if leaving == Leaving::Reset
            && let Some(card) = &mut self.card
        {
            card.reset();
        }
    }
}
