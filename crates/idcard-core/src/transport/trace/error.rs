//! What is wrong with a trace, and in which line.

use super::super::LinkError;
use super::{ATR_LIMIT, COMMAND_LIMIT, ENTRY_LIMIT, FILE_LIMIT, FIRST_LINE, LINE_LIMIT};
use std::io;
use std::path::Path;
use thiserror::Error;

/// A file that is no trace, or a broken one.
#[derive(Debug, Error)]
#[error("line {line}: {what}")]
pub struct BadTrace {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub what: BadLine,
}

/// What can be wrong with a line of a trace. The line itself is never quoted: it may hold a secret.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BadLine {
    /// The first line is another one.
    #[error("the first line of a trace is \"{FIRST_LINE}\"")]
    NoTrace,
    /// The line is too long.
    #[error("longer than {LINE_LIMIT} bytes")]
    TooLong,
    /// The file is too large.
    #[error("the file is larger than {FILE_LIMIT} bytes")]
    TooLarge,
    /// The file has too many items.
    #[error("more than {ENTRY_LIMIT} items")]
    TooMany,
    /// The line is not UTF-8.
    #[error("not UTF-8 text")]
    NotText,
    /// The line begins with an unknown word.
    #[error("neither >, <, atr, protocol, begin, end, reset, removed nor error")]
    UnknownItem,
    /// Something follows where the item ends.
    #[error("something follows that does not belong to the item")]
    Surplus,
    /// A byte is neither two hexadecimal digits nor `**`.
    #[error("bytes are two hexadecimal digits each, or **")]
    NotHex,
    /// A mask stands where nothing can be masked.
    #[error("an answer to reset cannot be masked")]
    MaskedAtr,
    /// The answer to reset is too long.
    #[error("an answer to reset has at most {ATR_LIMIT} bytes here")]
    AtrLength,
    /// A command is too short or too long.
    #[error("a command has 4 to {COMMAND_LIMIT} bytes")]
    CommandLength,
    /// An answer is too long.
    #[error("an answer has at most {} bytes", super::ANSWER_LIMIT)]
    AnswerLength,
    /// The protocol is unknown.
    #[error("the protocol is T=0 or T=1")]
    Protocol,
    /// The PC/SC code is unknown.
    #[error("unknown PC/SC code")]
    Code,
    /// A time is not written as `@12.3ms`.
    #[error("a time is written as @12.3ms")]
    Time,
    /// An answer follows no command.
    #[error("an answer without a command")]
    NoCommand,
    /// A command has no answer.
    #[error("the command before has neither answer nor error")]
    NoAnswer,
    /// The file could not be read on.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl BadTrace {
    /// The same as an error of a link that replays the file.
    #[must_use]
    pub fn in_file(&self, path: &Path) -> LinkError {
        let path = path.to_owned();
        match &self.what {
            BadLine::Io(e) => LinkError::File { path, what: e.to_string() },
            what => LinkError::Trace { path, line: self.line, what: what.to_string() },
        }
    }
}
