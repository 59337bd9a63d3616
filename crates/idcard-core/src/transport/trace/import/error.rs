//! What is wrong with a log, where, and what became of it.

use super::{CONVERSATION_LIMIT, LOG_LIMIT, LOG_LINE_LIMIT};
use std::io;
use thiserror::Error;

/// Why a log cannot be imported.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Nothing in it looks like a log that is known.
    #[error(
        "no log that is known: neither of pcscd --apdu, OpenSC (OPENSC_DEBUG=3), libpcscspy, scriptor nor opensc-tool -s"
    )]
    Unrecognised,
    /// It was decoded by the program `pcsc-spy`.
    #[error("decoded by pcsc-spy; the raw file that it read can be imported")]
    Decoded,
    /// It is a trace.
    #[error("this is a trace already")]
    AlreadyTrace,
    /// It is too large.
    #[error("the log is larger than {LOG_LIMIT} bytes")]
    TooLarge,
    /// It could not be read on.
    #[error("{0}")]
    Read(#[source] io::Error),
    /// The traces could not be written on.
    #[error("{0}")]
    Write(#[source] io::Error),
}

/// A place where a log is damaged, or does not tell enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there, and what was kept.
    pub what: Damage,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// What can be wrong in a log. The line itself is never quoted: it may hold a secret.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// A line is too long.
    #[error("longer than {LOG_LINE_LIMIT} bytes; passed over")]
    LineTooLong,
    /// Bytes are not written as hexadecimal.
    #[error("bytes that are not hexadecimal; the exchange is left out")]
    NotHex,
    /// There are other bytes than the log announces.
    #[error("fewer or other bytes than the log announces; the exchange is left out")]
    CutOff,
    /// A command is too short or too long to be one.
    #[error("a command of a length that none has; the exchange is left out")]
    CommandLength,
    /// An answer is longer than a link can carry.
    #[error("an answer longer than a link can carry; the exchange is left out")]
    AnswerLength,
    /// An answer follows no command.
    #[error("an answer without its command; left out")]
    NoCommand,
    /// A command has no answer.
    #[error("a command without its answer; left out")]
    NoAnswer,
    /// Several commands are under way.
    #[error("several commands under way, and the log does not tell whose answer this is; all of them are left out")]
    WhoseAnswer,
    /// Several programs ask at the same time.
    #[error("several programs at once, and the log does not tell whose this is; kept, in the order of their asking")]
    WhoseCommand,
    /// Several cards are in.
    #[error("several cards are in, and the log does not tell which one is meant; kept in one trace")]
    WhichCard,
    /// OpenSC leaves out what it sends about a PIN.
    #[error("a command about a PIN that OpenSC does not log; what follows may have needed it")]
    HiddenPin,
    /// The log ends, or a program leaves, inside a transaction.
    #[error("a transaction that the log does not end; ended here")]
    OpenTransaction,
    /// A trace is full.
    #[error("the trace is full; the rest of this conversation is left out")]
    Full,
    /// There are too many conversations.
    #[error("more than {CONVERSATION_LIMIT} conversations; the others are left out")]
    TooMany,
}
