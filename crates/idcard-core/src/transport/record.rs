//! A transport that writes what goes over another one as a trace, secrets masked.

#[cfg(test)]
mod tests;

use super::pad::{NO_PAD, PinPad};
use super::trace::Writer;
use super::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport, scard};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Wraps a transport and writes a trace of all that goes over it.
///
/// The trace holds the personal data that the card gave; PINs and keys are masked by the writer. Trouble with the sink
/// does not disturb the conversation with the card: nothing more is written then, and [`Recording::finish`] tells.
///
/// ```no_run
/// use idcard_core::{Card, transport::record::Record, transport::replay::Replay};
/// let sink = std::io::BufWriter::new(std::fs::File::create("visit.apdu")?);
/// let link = Record::new(Replay::open("earlier.apdu")?, sink); // or a reader
/// let recording = link.recording();
/// println!("{:?}", Card::open(link)?.session()?.dates()?);
/// recording.finish()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Record<T> {
    inner: T,
    shared: Arc<Mutex<Shared>>,
    atr: Vec<u8>,
    protocol: Option<Protocol>,
}

/// A handle to a trace that is being written; any number of clones may be kept.
#[derive(Clone)]
pub struct Recording {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    writer: Option<Writer<Box<dyn Write + Send>>>,
    fault: Option<io::Error>,
}

impl<T: Transport> Record<T> {
    /// Records `inner` into `sink`, which gets whole lines; a sink that is a file should be buffered.
    pub fn new(inner: T, sink: impl Write + Send + 'static) -> Self {
        let sink: Box<dyn Write + Send> = Box::new(sink);
        let (writer, fault) = match Writer::new(sink) {
            Ok(writer) => (Some(writer), None),
            Err(fault) => (None, Some(fault)),
        };
        let shared = Arc::new(Mutex::new(Shared { writer, fault }));
        let mut record = Self { inner, shared, atr: Vec::new(), protocol: None };
        record.card();
        record
    }

    /// A handle that finishes the trace later, when this transport has moved into a card.
    #[must_use]
    pub fn recording(&self) -> Recording {
        Recording { shared: Arc::clone(&self.shared) }
    }

    /// Writes answer to reset and protocol, when they are new.
    fn card(&mut self) {
        if self.protocol.is_none() || self.atr != self.inner.atr() {
            self.atr.clear();
            self.atr.extend_from_slice(self.inner.atr());
            write(&self.shared, |writer| writer.atr(&self.atr));
        }
        if self.protocol != Some(self.inner.protocol()) {
            self.protocol = Some(self.inner.protocol());
            write(&self.shared, |writer| writer.protocol(self.inner.protocol()));
        }
    }
}

impl Recording {
    /// Hands all that was written to the operating system, and tells whether the trace is whole so far.
    ///
    /// # Errors
    /// The first failure of the sink; it is told once.
    pub fn finish(&self) -> io::Result<()> {
        write(&self.shared, Writer::flush);
        match self.shared.lock().unwrap_or_else(PoisonError::into_inner).fault.take() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }
}

impl<T: Transport> Transport for Record<T> {
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
        self.card();
        let begun = self.inner.begin();
        write(&self.shared, |writer| writer.word("begin"));
        match begun {
            Ok(inner) => Ok(Box::new(Recorded { inner: Some(inner), shared: &self.shared })),
            Err(error) => Err(failed(&self.shared, error, None)),
        }
    }
}

struct Recorded<'a> {
    inner: Option<Box<dyn Transaction + 'a>>,
    shared: &'a Mutex<Shared>,
}

impl Recorded<'_> {
    fn told(&self, words: &[&str], result: Result<(), LinkError>) -> Result<(), LinkError> {
        for word in words {
            write(self.shared, |writer| writer.word(word));
        }
        result.map_err(|error| failed(self.shared, error, None))
    }

    fn answered(&self, result: Result<Exchange, LinkError>, answer: &[u8]) -> Result<Exchange, LinkError> {
        match result {
            Ok(exchange) => {
                let elapsed = (exchange.elapsed != Duration::ZERO).then_some(exchange.elapsed);
                write(self.shared, |writer| writer.answer(answer, elapsed, exchange.redacted));
                Ok(exchange)
            }
            Err(error @ LinkError::Reset) => {
                write(self.shared, |writer| writer.word("reset"));
                Err(error)
            }
            Err(error) => {
                let waited = match &error {
                    LinkError::TimedOut { waited } | LinkError::Busy { waited } => Some(*waited),
                    _ => None,
                };
                Err(failed(self.shared, error, waited))
            }
        }
    }
}

const OVER: LinkError = LinkError::Lost { code: "SCARD_E_NOT_TRANSACTED" };

impl Transaction for Recorded<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let inner = self.inner.as_mut().ok_or(OVER)?;
        if command.len() < 4 {
            return inner.transmit(command, answer); // refused before it reaches a card
        }
        write(self.shared, |writer| writer.command(command));
        let result = inner.transmit(command, answer);
        self.answered(result, answer)
    }

    fn has_pad(&mut self) -> bool {
        self.inner.as_mut().is_some_and(|inner| inner.has_pad())
    }

    fn verify_on_pad(&mut self, pad: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let inner = self.inner.as_mut().ok_or(OVER)?;
        let result = inner.verify_on_pad(pad, answer);
        if result != Err(NO_PAD) {
            write(self.shared, |writer| writer.command(pad.command));
            return self.answered(result, answer);
        }
        result
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        let result = self.inner.as_mut().ok_or(OVER)?.recover();
        self.told(&["begin"], result)
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        let result = self.inner.as_mut().ok_or(OVER)?.give_way();
        self.told(&["end", "begin"], result)
    }

    fn end(mut self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        let result = self.inner.take().ok_or(OVER)?.end(leaving);
        match leaving {
            Leaving::Keep => self.told(&["end"], result),
            Leaving::Reset => self.told(&["reset", "end"], result),
        }
    }
}

impl Drop for Recorded<'_> {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            drop(inner);
            write(self.shared, |writer| writer.word("end"));
        }
    }
}

fn failed(shared: &Mutex<Shared>, error: LinkError, waited: Option<Duration>) -> LinkError {
    write(shared, |writer| match &error {
        LinkError::Removed | LinkError::Changed => writer.word("removed"),
        error => writer.error(scard::code(error), waited),
    });
    error
}

fn write(shared: &Mutex<Shared>, line: impl FnOnce(&mut Writer<Box<dyn Write + Send>>) -> io::Result<()>) {
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(writer) = &mut shared.writer
        && let Err(fault) = line(writer)
    {
        shared.writer = None;
        shared.fault = Some(fault);
    }
}
