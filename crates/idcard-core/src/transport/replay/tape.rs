//! Where a replay stands in its trace, and the comparison of what happens with what was recorded.

use crate::apdu::command::secret_body;
use crate::transport::scard::{self, Step as At};
use crate::transport::trace::{ANSWER_LIMIT, Entry, Octets, Step, Trace};
use crate::transport::{Exchange, Leaving, LinkError, Protocol};
use std::path::PathBuf;
use std::time::Duration;

pub(super) struct Tape {
    trace: Trace,
    path: PathBuf,
    next: usize,
    /// The trace shows transactions.
    framed: bool,
    /// The link failed and was not taken up again: an end may be missing then.
    broken: bool,
    /// The first difference.
    fault: Option<LinkError>,
}

impl Tape {
    pub(super) fn new(trace: Trace, path: PathBuf) -> Self {
        let framed = trace.entries().iter().any(|entry| entry.step == Step::Begin);
        Self { trace, path, next: 0, framed, broken: false, fault: None }
    }

    pub(super) const fn unmasked_secrets(&self) -> bool {
        self.trace.unmasked_secrets()
    }

    /// Takes what the trace says about the card at this place.
    pub(super) fn card(&mut self, atr: &mut Box<[u8]>, protocol: &mut Option<Protocol>) {
        loop {
            match self.peek() {
                Some(Step::Atr(bytes)) => atr.clone_from(bytes),
                Some(Step::Protocol(recorded)) => *protocol = Some(*recorded),
                _ => return,
            }
            self.advance();
        }
    }

    pub(super) fn begin(&mut self) -> Result<(), LinkError> {
        self.sound()?;
        if self.take(&Step::Removed) {
            return Err(LinkError::Removed);
        }
        self.take(&Step::Reset); // by another program, between two transactions
        if self.framed && !self.take(&Step::Begin) {
            return Err(self.differs("the program began a transaction"));
        }
        self.failure(At::Hold)?;
        self.broken = false;
        Ok(())
    }

    pub(super) fn end(&mut self, leaving: Leaving) -> Result<(), LinkError> {
        self.sound()?;
        if !self.framed {
            self.take(&Step::Reset);
            return Ok(());
        }
        let reset = leaving == Leaving::Reset && self.take(&Step::Reset);
        if !self.take(&Step::End) && !self.broken {
            return Err(self.differs(match leaving {
                Leaving::Keep => "the program ended the transaction",
                Leaving::Reset => "the program ended the transaction and reset the card",
            }));
        }
        if leaving == Leaving::Reset && !reset && !self.take(&Step::Reset) && !self.broken {
            return Err(self.differs("the program reset the card"));
        }
        self.failure(At::Hold)
    }

    pub(super) fn exchange(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        self.sound()?;
        if command.len() < 4 {
            return Err(LinkError::Unlawful { what: "a command has at least four bytes" });
        }
        match self.peek() {
            Some(Step::Command(recorded)) if recorded.matches(command) => self.advance(),
            Some(Step::Reset | Step::Removed) => {} // before the command reached the card
            _ => return Err(self.differs(&format!("sent {}", shown(command)))),
        }
        self.failure(At::Answer)?;
        match self.peek() {
            Some(Step::Answer { bytes, elapsed }) => {
                answer.extend_from_slice(bytes.filled());
                let exchange = Exchange { elapsed: elapsed.unwrap_or_default(), redacted: bytes.has_masks() };
                self.advance();
                if answer.len() > ANSWER_LIMIT {
                    answer.clear();
                    return Err(LinkError::Unlawful { what: "an answer longer than a link can carry" });
                }
                Ok(exchange)
            }
            _ => Err(self.differs("a command stands there without an answer")),
        }
    }

    pub(super) fn ended(&mut self) -> Result<(), LinkError> {
        self.sound()?;
        self.take(&Step::Removed); // the card may leave when all is done
        if self.next == self.trace.entries().len() { Ok(()) } else { Err(self.differs("the program asked no more")) }
    }

    /// Takes a failure of the link, if one is recorded here.
    fn failure(&mut self, at: At) -> Result<(), LinkError> {
        let error = match (self.peek(), at) {
            (Some(Step::Error { code, elapsed }), _) => scard::link_error(code, at, elapsed.unwrap_or(Duration::ZERO)),
            (Some(Step::Removed), At::Answer) => LinkError::Removed,
            (Some(Step::Reset), At::Answer) => LinkError::Reset,
            _ => return Ok(()),
        };
        self.advance();
        self.broken = true;
        Err(error)
    }

    fn sound(&self) -> Result<(), LinkError> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn entry(&self) -> Option<&Entry> {
        self.trace.entries().get(self.next)
    }

    fn peek(&self) -> Option<&Step> {
        self.entry().map(|entry| &entry.step)
    }

    fn advance(&mut self) {
        self.next = self.next.saturating_add(1);
    }

    fn take(&mut self, step: &Step) -> bool {
        let found = self.peek() == Some(step);
        if found {
            self.advance();
        }
        found
    }

    fn differs(&mut self, what: &str) -> LinkError {
        let last = self.trace.entries().last().map_or(1, |entry| entry.line);
        let (line, recorded) = match self.entry() {
            Some(Entry { line, step }) => (*line, format!("recorded {}", told(step))),
            None => (last, "the trace ends here".to_owned()),
        };
        let fault = LinkError::Trace { path: self.path.clone(), line, what: format!("{recorded}; {what}") };
        self.fault.get_or_insert(fault).clone()
    }
}

fn told(step: &Step) -> String {
    match step {
        Step::Atr(_) => "another answer to reset".to_owned(),
        Step::Protocol(_) => "another protocol".to_owned(),
        Step::Begin => "begin".to_owned(),
        Step::End => "end".to_owned(),
        Step::Reset => "reset".to_owned(),
        Step::Removed => "removed".to_owned(),
        Step::Command(command) => short(&command.to_string()),
        Step::Answer { .. } => "an answer".to_owned(),
        Step::Error { code, .. } => format!("error {}", scard::short_name(code)),
    }
}

/// A command as errors show it: its secrets masked, not too long.
fn shown(command: &[u8]) -> String {
    let mut octets = Octets::from(command);
    if let Some(secret) = secret_body(command) {
        octets.mask(secret);
    }
    short(&octets.to_string())
}

/// The first forty bytes tell a command apart from any other but in rare cases, and fit on two lines.
fn short(bytes: &str) -> String {
    match bytes.get(..120) {
        Some(head) if bytes.len() > 120 => format!("> {head}… ({} bytes)", bytes.len().div_ceil(3)),
        _ => format!("> {bytes}"),
    }
}
