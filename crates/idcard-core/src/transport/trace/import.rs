//! The logs of other programs as traces: read as a stream, secrets masked, each card and each program by itself.

mod conversations;
mod detect;
mod error;
mod hexes;
mod lines;
mod name;
mod opensc;
mod opensc_tool;
mod pcscd;
mod scriptor;
mod seen;
mod spy;
#[cfg(test)]
mod tests;

pub use self::error::{Damage, Fault, ImportError};
pub use self::seen::Seen;

use self::conversations::Conversations;
use self::lines::{Line, Lines};
use super::{Protocol, Step};
use std::fmt;
use std::io::{self, BufRead};

/// The longest line of a log that is taken apart, in bytes: an extended answer with blanks, and a prefix.
pub const LOG_LINE_LIMIT: usize = 256 * 1024;
/// The most of a log that is read, in bytes.
pub const LOG_LIMIT: u64 = 1024 * 1024 * 1024;
/// How many traces one log may become.
pub const CONVERSATION_LIMIT: usize = 256;
/// How many faults are listed; more are counted only.
pub const FAULT_LIMIT: usize = 100;

/// What wrote a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// `pcscd --apdu`, with or without the prefixes of a journal, debug messages, colours.
    Pcscd,
    /// OpenSC with `OPENSC_DEBUG=3` or more.
    OpenSc,
    /// The raw file of `libpcscspy`.
    PcscSpy,
    /// A transcript of `scriptor`.
    Scriptor,
    /// A transcript of `opensc-tool -s`.
    OpenScTool,
}

impl LogFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Pcscd, Self::OpenSc, Self::PcscSpy, Self::Scriptor, Self::OpenScTool];

    /// The word that names the format.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pcscd => "pcscd",
            Self::OpenSc => "opensc",
            Self::PcscSpy => "pcscspy",
            Self::Scriptor => "scriptor",
            Self::OpenScTool => "opensc-tool",
        }
    }

    /// Tells by the content of a log what wrote it; reads until it is sure, or to the end.
    ///
    /// # Errors
    /// [`ImportError::Unrecognised`], [`ImportError::AlreadyTrace`], and what concerns the file.
    ///
    /// ```
    /// use idcard_core::transport::trace::import::LogFormat;
    /// let log = "Nov 22 09:54:26 desk pcscd[812]: 00000027 APDU: 00 A4 00 0C 02 3F 00\n";
    /// assert_eq!(LogFormat::detect(log.as_bytes())?, LogFormat::Pcscd);
    /// # Ok::<(), idcard_core::transport::trace::import::ImportError>(())
    /// ```
    pub fn detect(input: impl BufRead) -> Result<Self, ImportError> {
        detect::detect(input)
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Takes what an import brings, item by item.
pub trait Outlet {
    /// The next item of the trace of this number, counted from 0; its secrets are masked.
    ///
    /// # Errors
    /// What keeps it from being taken; the import ends with it.
    fn step(&mut self, trace: usize, step: &Step) -> io::Result<()>;

    /// At this place of the trace something of the log is missing.
    ///
    /// # Errors
    /// As [`Outlet::step`].
    fn gap(&mut self, trace: usize, fault: &Fault) -> io::Result<()> {
        let _ = (trace, fault);
        Ok(())
    }

    /// The log is over. An item may have brought a secret before the command that showed that it is one: whoever keeps
    /// what was written masks it now, by [`Seen::mask_written`].
    ///
    /// # Errors
    /// As [`Outlet::step`].
    fn over(&mut self, secrets: &Seen) -> io::Result<()> {
        let _ = secrets;
        Ok(())
    }
}

impl<F: FnMut(usize, &Step) -> io::Result<()>> Outlet for F {
    fn step(&mut self, trace: usize, step: &Step) -> io::Result<()> {
        self(trace, step)
    }
}

/// One trace of an import: what one program said to one card, as far as the log tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversation {
    /// The reader, where the log names it.
    pub reader: Option<String>,
    /// The program, by what the log calls it: a client's number, a process.
    pub program: Option<String>,
    /// The answer to reset, where the log shows it.
    pub atr: Option<Box<[u8]>>,
    /// The protocol, where the log shows it.
    pub protocol: Option<Protocol>,
    /// How many commands were answered.
    pub exchanges: usize,
    /// How many commands failed on the link.
    pub failures: usize,
    /// The line of the first command, counted from 1.
    pub first_line: usize,
    /// The line of the last answer.
    pub last_line: usize,
}

/// What an import found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The traces, by their numbers; none without an exchange.
    pub conversations: Vec<Conversation>,
    /// What was damaged or in doubt, [`FAULT_LIMIT`] of it at most, in the order of the lines.
    pub faults: Vec<Fault>,
    /// How much of it there was in all.
    pub faults_in_all: usize,
    /// How many commands held a secret in the clear; none of the traces does.
    pub masked_secrets: usize,
}

impl Report {
    /// How many exchanges were kept, failed ones included.
    #[must_use]
    pub fn kept(&self) -> usize {
        let counts = self.conversations.iter().map(|one| one.exchanges.saturating_add(one.failures));
        counts.fold(0, usize::saturating_add)
    }
}

/// Imports a log. Damage is listed in the report and never ends the import; what is whole is kept.
///
/// ```
/// use idcard_core::transport::trace::{Step, import::{import, LogFormat}};
/// let log = "> 00 20 00 81 04 31 32 33 34\n< 90 00 : Normal processing.\n";
/// let mut steps = Vec::new();
/// let report = import(log.as_bytes(), LogFormat::Scriptor, &mut |_, step: &Step| {
///     steps.push(step.clone());
///     Ok(())
/// })?;
/// assert_eq!((report.kept(), report.masked_secrets), (1, 1));
/// assert!(matches!(&steps[0], Step::Command(command) if command.is_masked(5)));
/// # Ok::<(), idcard_core::transport::trace::import::ImportError>(())
/// ```
///
/// # Errors
/// [`ImportError`]: the log cannot be read on, or the outlet takes no more.
pub fn import(input: impl BufRead, format: LogFormat, outlet: &mut dyn Outlet) -> Result<Report, ImportError> {
    let mut lines = Lines::new(input);
    let mut conversations = Conversations::new(outlet);
    let mut reader: Box<dyn Log> = match format {
        LogFormat::Pcscd => Box::<pcscd::Pcscd>::default(),
        LogFormat::OpenSc => Box::<opensc::OpenSc>::default(),
        LogFormat::PcscSpy => Box::<spy::Spy>::default(),
        LogFormat::Scriptor => Box::<scriptor::Scriptor>::default(),
        LogFormat::OpenScTool => Box::<opensc_tool::OpenScTool>::default(),
    };
    while let Some(line) = lines.next()? {
        if line.whole {
            reader.line(&line, &mut conversations)?;
        } else {
            conversations.note(line.number, Damage::LineTooLong);
        }
    }
    reader.end(&mut conversations)?;
    conversations.finish()
}

/// One format: takes a log line by line.
trait Log {
    fn line(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError>;

    /// The log is over.
    fn end(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError>;
}
