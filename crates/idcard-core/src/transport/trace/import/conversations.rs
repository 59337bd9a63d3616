//! The conversations of a log: exchanges put together, each program and card by itself, handed out as lawful traces.

use super::hexes::Secret;
use super::name::Name;
use super::seen::Seen;
use super::{CONVERSATION_LIMIT, Conversation, Damage, FAULT_LIMIT, Fault, ImportError, Outlet, Report};
use crate::transport::Protocol;
use crate::transport::trace::{ANSWER_LIMIT, COMMAND_LIMIT, ENTRY_LIMIT, FILE_LIMIT, Octets, Step};
use std::collections::HashMap;
use std::time::Duration;

/// How many programs and cards are kept in mind at once, those without any exchange included.
const KEYS: usize = 1024;
/// Items that may still come when a trace is called full: an exchange, the end of its transaction, a removal.
const RESERVE: usize = 8;

/// Who speaks to which card, as far as a log tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Key {
    /// The program, by what the log calls it.
    pub program: Option<Name>,
    /// The reader.
    pub reader: Option<Name>,
    /// How many cards were put into the reader before.
    pub visit: u32,
    /// The log shows transactions: a command outside of one is a transaction of its own.
    pub framed: bool,
}

/// What is known of a conversation that goes on.
#[derive(Default)]
struct Talk {
    /// Its number among the traces; none before its first exchange.
    number: Option<usize>,
    atr: Option<Box<[u8]>>,
    protocol: Option<Protocol>,
    /// The command under way and its line.
    open: Option<(usize, Octets)>,
    /// A transaction is under way.
    inside: bool,
    /// Its beginning was handed out.
    begun: bool,
    /// The card was reset outside of a transaction; it is handed out with the next command, however often that was.
    reset: bool,
    items: usize,
    bytes: u64,
    full: bool,
}

pub(super) struct Conversations<'o> {
    outlet: &'o mut dyn Outlet,
    report: Report,
    talks: HashMap<Key, Talk>,
    last_line: usize,
    seen: Seen,
}

/// How a command ended.
pub(super) enum Outcome<'b> {
    Answer(&'b [u8]),
    /// The full PC/SC name of a failure.
    Failure(&'static str),
}

impl<'o> Conversations<'o> {
    pub(super) fn new(outlet: &'o mut dyn Outlet) -> Self {
        Self { outlet, report: Report::default(), talks: HashMap::new(), last_line: 1, seen: Seen::default() }
    }

    /// Lists a fault that belongs to no conversation.
    pub(super) fn note(&mut self, line: usize, what: Damage) {
        self.report.faults_in_all = self.report.faults_in_all.saturating_add(1);
        if self.report.faults.len() < FAULT_LIMIT {
            self.report.faults.push(Fault { line, what });
        }
    }

    /// The answer to reset and the protocol of a card; another card begins another conversation.
    pub(super) fn card(
        &mut self,
        key: &Key,
        atr: Option<&[u8]>,
        protocol: Option<Protocol>,
    ) -> Result<(), ImportError> {
        let other = self.talks.get(key).is_some_and(|talk| {
            let differs = |new: bool| new && talk.number.is_some();
            differs(atr.is_some() && atr != talk.atr.as_deref())
                || differs(protocol.is_some() && protocol != talk.protocol)
        });
        if other {
            self.leave(key)?;
        }
        if let Some(talk) = self.talk(key) {
            talk.atr = atr.map(Box::from).or_else(|| talk.atr.take());
            talk.protocol = protocol.or(talk.protocol);
        }
        Ok(())
    }

    /// A command goes out.
    pub(super) fn command(&mut self, key: &Key, line: usize, bytes: &Secret) -> Result<(), ImportError> {
        self.last_line = line;
        self.drop_open(key, Damage::NoAnswer)?;
        if !(4..=COMMAND_LIMIT).contains(&bytes.len()) {
            return self.gap(key, Fault { line, what: Damage::CommandLength });
        }
        let mut command = Octets::from(bytes.as_slice());
        self.seen.keep(bytes);
        let secret = command.mask_secrets() | self.seen.mask(&mut command, 4, 0);
        self.report.masked_secrets = self.report.masked_secrets.saturating_add(usize::from(secret));
        match self.talk(key) {
            Some(talk) => talk.open = Some((line, command)),
            None => self.note(line, Damage::TooMany),
        }
        Ok(())
    }

    /// The command under way ends.
    pub(super) fn outcome(
        &mut self,
        key: &Key,
        line: usize,
        outcome: &Outcome<'_>,
        elapsed: Option<Duration>,
    ) -> Result<(), ImportError> {
        self.last_line = line;
        let Some((at, command)) = self.talks.get_mut(key).and_then(|talk| talk.open.take()) else {
            self.note(line, Damage::NoCommand);
            return Ok(());
        };
        let result = match *outcome {
            Outcome::Answer(bytes) if bytes.len() > ANSWER_LIMIT => {
                return self.gap(key, Fault { line, what: Damage::AnswerLength });
            }
            Outcome::Answer(bytes) => {
                let mut bytes = Octets::from(bytes);
                self.seen.mask(&mut bytes, 0, 2);
                Step::Answer { bytes, elapsed }
            }
            Outcome::Failure("SCARD_W_RESET_CARD") => Step::Reset,
            Outcome::Failure("SCARD_W_REMOVED_CARD") => Step::Removed,
            Outcome::Failure(code) => Step::Error { code, elapsed },
        };
        if !self.start(key, at)? {
            return Ok(());
        }
        self.give(key, &Step::Command(command))?;
        self.give(key, &result)?;
        if let Some(told) = self.told(key) {
            told.last_line = line;
            let count = if matches!(result, Step::Answer { .. }) { &mut told.exchanges } else { &mut told.failures };
            *count = count.saturating_add(1);
        }
        if result == Step::Removed {
            self.set_outside(key);
        } else if key.framed && !self.talks.get(key).is_some_and(|talk| talk.inside) {
            return self.end(key, false);
        }
        Ok(())
    }

    /// A transaction begins; it is handed out with its first command.
    pub(super) fn begin(&mut self, key: &Key) -> Result<(), ImportError> {
        self.end(key, false)?;
        if let Some(talk) = self.talk(key) {
            talk.inside = true;
        }
        Ok(())
    }

    /// The transaction ends, with the card reset or not.
    pub(super) fn end(&mut self, key: &Key, reset: bool) -> Result<(), ImportError> {
        self.drop_open(key, Damage::NoAnswer)?;
        if self.talks.get(key).is_some_and(|talk| talk.begun) {
            if reset {
                self.give(key, &Step::Reset)?;
            }
            self.give(key, &Step::End)?;
        } else if reset {
            self.reset(key)?;
        }
        self.set_outside(key);
        Ok(())
    }

    /// The card was reset and the program goes on: a transaction is ended so, and the next command begins another.
    pub(super) fn reset(&mut self, key: &Key) -> Result<(), ImportError> {
        self.drop_open(key, Damage::NoAnswer)?;
        let Some(talk) = self.talks.get_mut(key).filter(|talk| talk.number.is_some()) else { return Ok(()) };
        if std::mem::take(&mut talk.begun) {
            self.give(key, &Step::Reset)?;
            return self.give(key, &Step::End);
        }
        talk.reset = true;
        Ok(())
    }

    /// What is under way is not to be trusted: it is left out.
    pub(super) fn lost(&mut self, key: &Key, line: usize, what: Damage) -> Result<(), ImportError> {
        if let Some(talk) = self.talks.get_mut(key) {
            talk.open = None;
        }
        self.gap(key, Fault { line, what })
    }

    /// The program or the card is gone: what comes under the same key later is another conversation.
    pub(super) fn leave(&mut self, key: &Key) -> Result<(), ImportError> {
        self.drop_open(key, Damage::NoAnswer)?;
        if self.talks.get(key).is_some_and(|talk| talk.begun) {
            self.gap(key, Fault { line: self.last_line, what: Damage::OpenTransaction })?;
            self.give(key, &Step::End)?;
        }
        self.talks.remove(key);
        Ok(())
    }

    /// Whether a command of this key waits for its answer.
    pub(super) fn is_open(&self, key: &Key) -> bool {
        self.talks.get(key).is_some_and(|talk| talk.open.is_some())
    }

    /// The log is over.
    pub(super) fn finish(mut self) -> Result<Report, ImportError> {
        let mut keys: Vec<(Option<usize>, Key)> =
            self.talks.iter().map(|(key, talk)| (talk.number, key.clone())).collect();
        keys.sort_by_key(|(number, _)| *number);
        for (_, key) in keys {
            self.leave(&key)?;
        }
        self.outlet.over(&self.seen).map_err(ImportError::Write)?;
        self.report.faults.sort_by_key(|fault| fault.line);
        Ok(self.report)
    }

    fn talk(&mut self, key: &Key) -> Option<&mut Talk> {
        if self.talks.len() >= KEYS && !self.talks.contains_key(key) {
            self.talks.retain(|_, talk| talk.number.is_some() || talk.open.is_some());
            if self.talks.len() >= KEYS {
                return None;
            }
        }
        Some(self.talks.entry(key.clone()).or_default())
    }

    fn told(&mut self, key: &Key) -> Option<&mut Conversation> {
        let number = self.talks.get(key)?.number?;
        self.report.conversations.get_mut(number)
    }

    fn set_outside(&mut self, key: &Key) {
        if let Some(talk) = self.talks.get_mut(key) {
            talk.inside = false;
            talk.begun = false;
        }
    }

    /// Makes the conversation a trace, when this is its first exchange, and begins its transaction; false where nothing
    /// more can be taken.
    fn start(&mut self, key: &Key, line: usize) -> Result<bool, ImportError> {
        let Some(talk) = self.talks.get_mut(key) else { return Ok(false) };
        if talk.full {
            return Ok(false);
        }
        let mut head = Vec::new();
        if talk.number.is_none() {
            let number = self.report.conversations.len();
            if number >= CONVERSATION_LIMIT {
                talk.full = true;
                self.note(line, Damage::TooMany);
                return Ok(false);
            }
            talk.number = Some(number);
            head.extend(talk.atr.clone().map(Step::Atr));
            head.extend(talk.protocol.map(Step::Protocol));
            self.report.conversations.push(Conversation {
                reader: key.reader.as_ref().map(Name::to_string),
                program: key.program.as_ref().map(Name::to_string),
                atr: talk.atr.clone(),
                protocol: talk.protocol,
                first_line: line,
                last_line: line,
                ..Conversation::default()
            });
        }
        if talk.items.saturating_add(RESERVE) > ENTRY_LIMIT || talk.bytes > FILE_LIMIT / 2 {
            talk.full = true;
            self.gap(key, Fault { line, what: Damage::Full })?;
            return Ok(false);
        }
        if std::mem::take(&mut talk.reset) {
            head.push(Step::Reset);
        }
        if (talk.inside || key.framed) && !talk.begun {
            talk.begun = true;
            head.push(Step::Begin);
        }
        for step in &head {
            self.give(key, step)?;
        }
        Ok(true)
    }

    fn drop_open(&mut self, key: &Key, what: Damage) -> Result<(), ImportError> {
        match self.talks.get_mut(key).and_then(|talk| talk.open.take()) {
            Some((line, _)) => self.gap(key, Fault { line, what }),
            None => Ok(()),
        }
    }

    fn give(&mut self, key: &Key, step: &Step) -> Result<(), ImportError> {
        let Some(talk) = self.talks.get_mut(key) else { return Ok(()) };
        let Some(number) = talk.number else { return Ok(()) };
        let length = match step {
            Step::Command(bytes) | Step::Answer { bytes, .. } => bytes.len(),
            _ => 0,
        };
        let written = u64::try_from(length).unwrap_or(u64::MAX).saturating_mul(3).saturating_add(32);
        talk.items = talk.items.saturating_add(1);
        talk.bytes = talk.bytes.saturating_add(written);
        self.outlet.step(number, step).map_err(ImportError::Write)
    }

    /// Lists a fault, and marks its place in the trace, where there is one.
    fn gap(&mut self, key: &Key, fault: Fault) -> Result<(), ImportError> {
        self.note(fault.line, fault.what);
        match self.talks.get(key).and_then(|talk| talk.number) {
            Some(number) => self.outlet.gap(number, &fault).map_err(ImportError::Write),
            None => Ok(()),
        }
    }
}
