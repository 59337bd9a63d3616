//! Traces: what went over a link, as a text that can be read, mailed, compared and replayed (`docs/trace-format.md`).
//!
//! ```
//! use idcard_core::transport::trace::{Step, Trace};
//! let text = "# idcard trace 1\natr 3B 80 80 01 01\n> 00A40000023F00\n< 90 00 @12.3ms\n";
//! let trace = Trace::parse(text.as_bytes())?;
//! assert_eq!(trace.entries().len(), 3);
//! assert!(matches!(trace.entries()[2].step, Step::Answer { .. }));
//! # Ok::<(), idcard_core::transport::trace::BadTrace>(())
//! ```

mod error;
pub mod import;
mod octets;
mod parse;
mod place;
mod redact;
#[cfg(test)]
mod tests;
mod write;

pub use self::error::{BadLine, BadTrace};
pub use self::octets::Octets;
pub use self::parse::Reader;
pub use self::place::Place;
pub use self::redact::{Content, Origin, Value};
pub use self::write::Writer;

use super::{LinkError, Protocol};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::time::Duration;

/// The first line of every trace.
pub const FIRST_LINE: &str = "# idcard trace 1";
/// The longest line that is read, in bytes: an extended command with blanks, and room for a comment.
pub const LINE_LIMIT: usize = 256 * 1024;
/// The largest file that is read, in bytes.
pub const FILE_LIMIT: u64 = 16 * 1024 * 1024;
/// How many items a trace may have; reading a whole card takes some 250.
pub const ENTRY_LIMIT: usize = 100_000;
/// The longest answer to reset that is read, in bytes; ISO/IEC 7816-3 allows 33, but bad ones are worth recording.
pub const ATR_LIMIT: usize = 255;
/// The longest command, in bytes: header, three bytes Lc, 65,535 bytes data, two bytes Le.
pub const COMMAND_LIMIT: usize = 4 + 3 + 65_535 + 2;
/// The longest answer, in bytes: 65,536 bytes data and the status word.
pub const ANSWER_LIMIT: usize = 65_538;

/// One item of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The answer to reset, raw.
    Atr(Box<[u8]>),
    /// The transmission protocol.
    Protocol(Protocol),
    /// A transaction opens; after a reset by another program: the link was taken up again.
    Begin,
    /// A transaction closes.
    End,
    /// The card was reset: just before [`Step::End`] by us, elsewhere by another program.
    Reset,
    /// The card left the reader.
    Removed,
    /// A command; its secrets are masked.
    Command(Octets),
    /// The whole answer with its status word.
    Answer {
        /// The answer; what is masked was redacted.
        bytes: Octets,
        /// How long the exchange took, where that was recorded.
        elapsed: Option<Duration>,
    },
    /// What was attempted failed: instead of an answer, or after [`Step::Begin`] or [`Step::End`].
    Error {
        /// The full PC/SC name, `SCARD_E_READER_UNAVAILABLE` and its like.
        code: &'static str,
        /// How long it took to fail, where that was recorded.
        elapsed: Option<Duration>,
    },
}

/// An item and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// The item.
    pub step: Step,
}

/// A whole trace in memory. It never holds a secret: what a file shows unmasked is masked while it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    entries: Vec<Entry>,
    unmasked_secrets: bool,
}

impl Trace {
    /// Reads a trace to its end.
    ///
    /// # Errors
    /// [`BadTrace`], with the line.
    pub fn parse(input: impl BufRead) -> Result<Self, BadTrace> {
        let mut reader = Reader::new(input)?;
        let mut entries = Vec::new();
        for entry in &mut reader {
            entries.push(entry?);
        }
        Ok(Self { entries, unmasked_secrets: reader.unmasked_secrets() })
    }

    /// Reads a trace file.
    ///
    /// # Errors
    /// [`LinkError::File`] when it cannot be read, [`LinkError::Trace`] when it is no trace.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LinkError> {
        let path = path.as_ref();
        let failed = |e: std::io::Error| LinkError::File { path: path.to_owned(), what: e.to_string() };
        let file = File::open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.is_dir() {
            return Err(LinkError::File { path: path.to_owned(), what: "this is a directory".to_owned() });
        }
        Self::parse(BufReader::new(file)).map_err(|e| e.in_file(path))
    }

    /// Writes the trace; secrets are masked, comments of the file it came from are gone.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn write(&self, sink: impl Write) -> std::io::Result<()> {
        let mut writer = Writer::new(sink)?;
        for entry in &self.entries {
            writer.step(&entry.step)?;
        }
        writer.flush()
    }

    /// The trace with what it tells about the holder masked: the data of its answers, and the bodies of commands that carry
    /// data to the card. Statuses and lengths stay, and so does what a reader steers by: file control information, the
    /// headers of the objects that files consist of, the flags of failed presentations of an MPCOS secret code.
    /// A visit of this crate replays from it; each item is then [`Redacted`](crate::Error::Redacted). Redacting twice
    /// changes nothing.
    ///
    /// ```
    /// use idcard_core::transport::trace::Trace;
    /// let text = "# idcard trace 1\n> 00 B0 00 00 04\n< 70 02 41 42 90 00\n";
    /// let mut masked = Vec::new();
    /// Trace::parse(text.as_bytes())?.redacted().write(&mut masked).expect("memory takes it");
    /// assert_eq!(masked, b"# idcard trace 1\n> 00 B0 00 00 04\n< 70 02 ** ** 90 00\n");
    /// # Ok::<(), idcard_core::transport::trace::BadTrace>(())
    /// ```
    #[must_use]
    pub fn redacted(&self) -> Self {
        redact::redacted(self)
    }

    /// The trace with other values in the place of those that it holds: `rewrite` is given each value once, joined from
    /// its pieces, and gives one of the same length; what it gives none for is masked. Statuses, lengths and headers of
    /// objects stay, so that a visit of this crate replays from it. Last come the values by which a card is recognised
    /// and spoken to ([`Origin::SecretCode`], [`Origin::Command`], [`Origin::AnswerToReset`]): historical bytes without
    /// another value become zeros, and the check byte behind them is made to fit.
    ///
    /// ```
    /// use idcard_core::transport::trace::Trace;
    /// let text = "# idcard trace 1\n> 00 B0 00 00 04\n< 70 04 80 02 41 42 90 00\n";
    /// let trace = Trace::parse(text.as_bytes())?;
    /// let other = trace.rewritten(&mut |value| (value.tags == [0x70, 0x80]).then(|| b"XY".to_vec()));
    /// let mut written = Vec::new();
    /// other.write(&mut written).expect("memory takes it");
    /// assert_eq!(written, b"# idcard trace 1\n> 00 B0 00 00 04\n< 70 04 80 02 58 59 90 00\n");
    /// # Ok::<(), idcard_core::transport::trace::BadTrace>(())
    /// ```
    #[must_use]
    pub fn rewritten(&self, rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>) -> Self {
        redact::rewritten(self, rewrite)
    }

    /// What the answers put together: files, data objects, control information, in the order in which they begin.
    #[must_use]
    pub fn contents(&self) -> Vec<Content> {
        redact::contents(self)
    }

    /// The items in their order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file held a PIN or a key in the clear: its owner should be warned. This value holds it no more.
    #[must_use]
    pub const fn unmasked_secrets(&self) -> bool {
        self.unmasked_secrets
    }
}

impl FromIterator<Step> for Trace {
    /// A trace made in memory; its items are numbered as the lines that [`Trace::write`] would write.
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        let mut trace = Self::default();
        for (number, mut step) in steps.into_iter().enumerate() {
            if let Step::Command(command) = &mut step {
                trace.unmasked_secrets |= command.mask_secrets();
            }
            trace.entries.push(Entry { line: number.saturating_add(2), step });
        }
        trace
    }
}
