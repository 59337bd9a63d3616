//! A transport that counts what goes over another one.

#[cfg(test)]
mod tests;

use super::pad::{NO_PAD, PinPad};
use super::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};
use crate::apdu::command::secret_body;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What went over a link so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Commands sent, GET RESPONSE and repeated ones included, whether answered or not.
    pub apdus: u64,
    /// Bytes of these commands.
    pub command_bytes: u64,
    /// Bytes of the answers, status words included.
    pub response_bytes: u64,
    /// Commands with the header and data of the one just before, which had failed: neither `9000` nor `61xx`, or a
    /// fault. Secret data is not compared.
    pub retries: u64,
    /// Time on the link: measured on a reader, modelled elsewhere.
    pub link: Duration,
}

/// How long an exchange would take, told from command and answer, where the transport does not know.
pub type Model = Box<dyn Fn(&[u8], &[u8]) -> Duration + Send>;

/// Wraps a transport and counts.
pub struct Meter<T> {
    inner: T,
    model: Option<Model>,
    reading: Reading,
    previous: Previous,
}

/// A handle to the count; any number of clones may be kept.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    stats: Arc<Mutex<Stats>>,
}

impl Reading {
    /// The count so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, count: impl FnOnce(&mut Stats)) {
        count(&mut self.stats.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl<T: Transport> Meter<T> {
    /// Counts what goes over `inner`.
    pub fn new(inner: T) -> Self {
        Self { inner, model: None, reading: Reading::default(), previous: Previous::default() }
    }

    /// Has `model` tell the time of exchanges for which the transport reports none. It goes into the count only, not
    /// into the [`Exchange`] that the caller gets.
    #[must_use]
    pub fn with_model(mut self, model: impl Fn(&[u8], &[u8]) -> Duration + Send + 'static) -> Self {
        self.model = Some(Box::new(model));
        self
    }

    /// A handle to the count for later, when this transport has moved into a card.
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.reading.clone()
    }
}

impl<T: Transport> Transport for Meter<T> {
    fn reader(&self) -> Option<&str> {
        self.inner.reader()
    }

    fn atr(&self) -> &[u8] {
        self.inner.atr()
    }

    fn protocol(&self) -> Protocol {
        self.inner.protocol()
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        let inner = self.inner.begin()?;
        Ok(Box::new(Metered {
            inner,
            model: self.model.as_ref(),
            reading: &self.reading,
            previous: &mut self.previous,
        }))
    }
}

struct Metered<'a> {
    inner: Box<dyn Transaction + 'a>,
    model: Option<&'a Model>,
    reading: &'a Reading,
    previous: &'a mut Previous,
}

impl Metered<'_> {
    fn count(&mut self, command: &[u8], result: &Result<Exchange, LinkError>, answer: &[u8]) {
        let retry = self.previous.failed && self.previous.command == repeated_part(command);
        let done = matches!(answer, [.., 0x90, 0x00] | [.., 0x61, _]) && result.is_ok();
        self.previous.keep(repeated_part(command), !done);
        // Only counted: a modelled time must not change when the caller makes room for others.
        let link = match (result, self.model) {
            (Ok(exchange), Some(model)) if exchange.elapsed == Duration::ZERO => model(command, answer),
            (Ok(exchange), _) => exchange.elapsed,
            (Err(_), _) => Duration::ZERO,
        };
        self.reading.add(|stats| {
            stats.apdus = stats.apdus.saturating_add(1);
            stats.command_bytes = stats.command_bytes.saturating_add(count(command.len()));
            stats.retries = stats.retries.saturating_add(u64::from(retry));
            stats.link = stats.link.saturating_add(link);
            if result.is_ok() {
                stats.response_bytes = stats.response_bytes.saturating_add(count(answer.len()));
            }
        });
    }
}

impl Transaction for Metered<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let result = self.inner.transmit(command, answer);
        if matches!(result, Err(LinkError::Unlawful { .. })) && command.len() < 4 {
            return result; // it never went over the link
        }
        self.count(command, &result, answer);
        result
    }

    fn has_pad(&mut self) -> bool {
        self.inner.has_pad()
    }

    fn verify_on_pad(&mut self, pad: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let result = self.inner.verify_on_pad(pad, answer);
        if result != Err(NO_PAD) {
            self.count(pad.command, &result, answer);
        }
        result
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        self.inner.recover()
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.inner.give_way()
    }

    fn end(self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.inner.end(leaving)
    }
}

/// The command before: what of it a repetition has in common, never a secret.
#[derive(Default)]
struct Previous {
    command: Vec<u8>,
    failed: bool,
}

impl Previous {
    fn keep(&mut self, command: &[u8], failed: bool) {
        self.command.clear();
        self.command.extend_from_slice(command);
        self.failed = failed;
    }
}

/// Header and data of a command without Le, with which `6Cxx` has it repeated; of a secret command without its secret.
fn repeated_part(command: &[u8]) -> &[u8] {
    let Some((_, body)) = command.split_first_chunk::<4>() else { return command };
    let length = match (secret_body(command), body) {
        (Some(secret), _) => secret.start,
        (None, [] | [_] | [0, _, _]) => 4,
        (None, [0, high, low, ..]) => usize::from(u16::from_be_bytes([*high, *low])).saturating_add(7),
        (None, [short, ..]) => usize::from(*short).saturating_add(5),
    };
    command.get(..length).unwrap_or(command)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
