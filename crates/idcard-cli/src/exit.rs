//! How a run ends: kinds of errors, their exit status, the fact and the advice.

mod causes;
mod held;
mod kind;
mod persian;
mod recording;

pub(crate) use kind::Kind;

use crate::lang::{Lang, Word};
use crate::terminal::Terminal;
use serde::Serialize;
use std::io;
use std::path::Path;

/// The status of a run that gave what it was asked for, or a document that says what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit(pub u8);

impl Exit {
    /// All is well.
    pub(crate) const DONE: Self = Self(0);
    /// Nobody reads what we print.
    pub(crate) const CLOSED: Self = Self(141);

    /// The status of a signal that ended the run.
    pub(crate) fn of_signal(signal: i32) -> Self {
        Self(u8::try_from(signal).unwrap_or(127).saturating_add(128))
    }

    /// Ends the process at once, without what libraries do when a process ends: that of PC/SC frees what one of our
    /// threads may still be using, where a call to it does not come back or waits for events.
    pub(crate) fn leave(self) -> ! {
        #[cfg(unix)]
        signal_hook::low_level::exit(i32::from(self.0));
        #[cfg(not(unix))]
        std::process::exit(i32::from(self.0));
    }
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        Self(kind.status())
    }
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub kind: Kind,
    /// What happened, and where. Never a secret, never personal data.
    message: String,
    /// The same in Persian, where there are words for it.
    persian: Option<String>,
    /// What to do about it, where the kind alone does not tell.
    hint: Option<&'static str>,
    /// The same in Persian.
    persian_hint: Option<&'static str>,
    /// The status word of the card.
    sw: Option<String>,
    tries_left: Option<u8>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            persian: None,
            hint: None,
            persian_hint: None,
            sw: None,
            tries_left: None,
        }
    }

    /// The user asked for something that cannot be done so.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A file that could not be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self::new(Kind::File, format!("{}: {error}", path.display()))
    }

    /// Writing to stdout failed; where nobody reads it any more, that is no error to tell.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        let kind = if error.kind() == io::ErrorKind::BrokenPipe { Kind::Closed } else { Kind::File };
        Self::new(kind, format!("stdout: {error}"))
    }

    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Advice in both languages.
    pub(crate) fn with_hints(mut self, english: &'static str, persian: &'static str) -> Self {
        self.hint = Some(english);
        self.persian_hint = Some(persian);
        self
    }

    /// The message in Persian.
    pub(crate) fn in_persian(mut self, message: impl Into<String>) -> Self {
        self.persian = Some(message.into());
        self
    }

    /// Says which file it is about.
    pub(crate) fn about(mut self, path: &Path) -> Self {
        self.message = format!("{}: {}", path.display(), self.message);
        self.persian = self.persian.map(|message| format!("{message} ({})", path.display()));
        self
    }

    /// Adds what is true all the same, told in the language of the run.
    pub(crate) fn with_remark(mut self, remark: &str) -> Self {
        self.message = format!("{}; {remark}", self.message);
        self.persian = self.persian.map(|message| format!("{message}؛ {remark}"));
        self
    }

    /// The kind's own advice does not help here.
    pub(crate) fn without_hint(mut self) -> Self {
        self.hint = None;
        self.persian_hint = None;
        self
    }

    /// Adds the status word by which the card refused, where there was one.
    pub(crate) fn with_sw(mut self, sw: Option<&str>) -> Self {
        self.sw = sw.map(str::to_owned);
        self
    }

    fn with_tries_left(mut self, tries_left: Option<u8>) -> Self {
        self.tries_left = tries_left;
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.kind.into()
    }

    /// The fact. Where no Persian words are there for it: its kind in words, and behind it what the program says.
    pub(crate) fn message(&self, lang: Lang) -> String {
        match (lang, &self.persian) {
            (Lang::En, _) => self.message.clone(),
            (Lang::Fa, Some(persian)) => persian.clone(),
            (Lang::Fa, None) => format!("{} ({})", self.kind.fact(), self.message),
        }
    }

    /// The advice; one that is not there in Persian helps in English all the same.
    pub(crate) fn hint(&self, lang: Lang) -> Option<&'static str> {
        match lang {
            Lang::En => self.hint.or_else(|| self.kind.hint(lang)),
            Lang::Fa => self.persian_hint.or_else(|| self.kind.hint(lang)).or(self.hint),
        }
    }

    /// The lines for people.
    pub(crate) fn text(&self, terminal: &Terminal) -> String {
        let lang = terminal.lang();
        let mut text = terminal.aside(&format!("idcard: {}: {}", Word::Error.text(lang), self.message(lang)));
        if let Some(hint) = self.hint(lang) {
            text += &terminal.aside(&format!("{}: {hint}", Word::Hint.text(lang)));
        }
        text
    }

    /// The document for programs.
    pub(crate) fn document(&self, lang: Lang) -> ErrorDocument {
        ErrorDocument {
            schema: "idcard.error/1",
            error: ErrorBody {
                kind: self.kind.word(),
                message: self.message(lang),
                hint: self.hint(lang),
                sw: self.sw.clone(),
                tries_left: self.tries_left,
                exit: self.kind.status(),
            },
        }
    }
}

/// `idcard.error/1`.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument {
    schema: &'static str,
    error: ErrorBody,
}

#[derive(Debug, Serialize)]
struct ErrorBody {
    kind: &'static str,
    message: String,
    hint: Option<&'static str>,
    sw: Option<String>,
    tries_left: Option<u8>,
    exit: u8,
}
