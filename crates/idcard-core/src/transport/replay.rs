//! A recorded trace that answers in place of a card, and accepts nothing but what was recorded.

mod tape;
#[cfg(test)]
mod tests;

use self::tape::Tape;
use super::pad::PinPad;
use super::trace::Trace;
use super::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};
use crate::atr::Atr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A trace in the place of a card.
///
/// Strict: each command, `begin`, `end` and `reset` has to be the next one of the trace, the first difference is the
/// error of that call and of all calls after it. Masked bytes of a command match any byte; masked bytes of an answer
/// read as `00` and set [`Exchange::redacted`]. Traces without any `begin` (imported from logs that show none) are
/// not held to `begin`, `end` and `reset`. Without a `protocol` line the protocol is the first that the answer to reset
/// offers, T=1 when that tells nothing.
///
/// ```
/// use idcard_core::transport::{Leaving, Transport, replay::Replay, trace::Trace};
/// let text = "# idcard trace 1\nbegin\n> 00A40000023F00\n< 9000\nend\n";
/// let mut replay = Replay::new(Trace::parse(text.as_bytes()).expect("a trace"));
/// let ending = replay.ending();
/// let mut answer = Vec::new();
/// let mut transaction = replay.begin()?;
/// transaction.transmit(&[0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00], &mut answer)?;
/// transaction.end(Leaving::Keep)?;
/// assert_eq!(answer, [0x90, 0x00]);
/// ending.reached()?;
/// # Ok::<(), idcard_core::LinkError>(())
/// ```
pub struct Replay {
    tape: Arc<Mutex<Tape>>,
    atr: Box<[u8]>,
    protocol: Protocol,
}

impl Replay {
    /// Replays a trace file.
    ///
    /// # Errors
    /// [`LinkError::File`] when it cannot be read, [`LinkError::Trace`] when it is no trace.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LinkError> {
        let path = path.as_ref();
        Ok(Self::of(Trace::open(path)?, path))
    }

    /// Replays a trace from memory; errors call its file `(trace)`.
    #[must_use]
    pub fn new(trace: Trace) -> Self {
        Self::of(trace, Path::new("(trace)"))
    }

    fn of(trace: Trace, path: &Path) -> Self {
        let mut tape = Tape::new(trace, path.to_owned());
        let (mut atr, mut told) = (Box::default(), None);
        tape.card(&mut atr, &mut told);
        let protocol = told.unwrap_or_else(|| offered(&atr));
        Self { tape: Arc::new(Mutex::new(tape)), atr, protocol }
    }

    /// A handle that tells later, when this transport has moved into a card, whether the trace was replayed to its end.
    #[must_use]
    pub fn ending(&self) -> Ending {
        Ending { tape: Arc::clone(&self.tape) }
    }

    /// The file held a PIN or a key in the clear: its owner should be warned.
    #[must_use]
    pub fn unmasked_secrets(&self) -> bool {
        lock(&self.tape).unmasked_secrets()
    }

    /// For tests: whether everything was replayed, without a difference.
    ///
    /// # Errors
    /// [`LinkError::Trace`]: the first difference, or the first item that was not asked for.
    pub fn to_the_end(self) -> Result<(), LinkError> {
        self.ending().reached()
    }
}

impl Transport for Replay {
    fn reader(&self) -> Option<&str> {
        None
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        let mut tape = lock(&self.tape);
        let mut told = None;
        tape.card(&mut self.atr, &mut told);
        tape.begin()?;
        drop(tape);
        self.protocol = told.unwrap_or(self.protocol);
        Ok(Box::new(Playing { tape: &self.tape, over: false }))
    }
}

/// Tells whether a trace was replayed to its end; any number of clones may be kept.
#[derive(Clone)]
pub struct Ending {
    tape: Arc<Mutex<Tape>>,
}

impl Ending {
    /// Whether everything was replayed, without a difference.
    ///
    /// # Errors
    /// [`LinkError::Trace`]: the first difference, or the first item that was not asked for.
    pub fn reached(&self) -> Result<(), LinkError> {
        lock(&self.tape).ended()
    }
}

struct Playing<'a> {
    tape: &'a Mutex<Tape>,
    over: bool,
}

impl Transaction for Playing<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        lock(self.tape).exchange(command, answer)
    }

    /// A trace may have been recorded with a pad or without: the command is the same.
    fn verify_on_pad(&mut self, pad: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        lock(self.tape).exchange(pad.command, answer)
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        lock(self.tape).begin()
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        let mut tape = lock(self.tape);
        tape.end(Leaving::Keep)?;
        tape.begin()
    }

    fn end(mut self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.over = true;
        lock(self.tape).end(leaving)
    }
}

impl Drop for Playing<'_> {
    fn drop(&mut self) {
        if !self.over {
            // A difference is not lost: the tape keeps it for the next call and for its ending.
            let _ = lock(self.tape).end(Leaving::Keep);
        }
    }
}

fn offered(atr: &[u8]) -> Protocol {
    match Atr::parse(atr).ok().and_then(|atr| atr.protocols().first().copied()) {
        Some(0) => Protocol::T0,
        _ => Protocol::T1,
    }
}

fn lock(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}
