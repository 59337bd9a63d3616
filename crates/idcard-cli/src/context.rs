//! What a command finds around it: options, language, terminal, and the way to the card.

use crate::args::Options;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, Word};
use crate::output;
use crate::signals;
use crate::source::{self, CardSource, Memory, Wire};
use crate::terminal::Terminal;
use idcard_core::Card;
use idcard_core::transport::replay::Replay;
use idcard_core::transport::trace::Trace;
use serde::Serialize;
use std::cell::RefCell;
use std::time::Duration;

/// The surroundings of a command.
pub(crate) struct Context {
    pub options: Options,
    pub lang: Lang,
    pub terminal: Terminal,
    wire: RefCell<Option<Wire>>,
}

impl Context {
    pub(crate) fn new(options: Options) -> Self {
        let lang = options.lang.unwrap_or_else(Lang::of_locale);
        let terminal = Terminal::new(options.bidi, lang);
        Self { options, lang, terminal, wire: RefCell::new(None) }
    }

    /// The card that `--card` names, and where it is.
    pub(crate) fn connect(&self) -> Result<(CardSource, Card), Failure> {
        let (source, card, wire) = source::connect(&self.options)?;
        *self.wire.borrow_mut() = Some(wire);
        Ok((source, card))
    }

    /// The same, and what goes over its link is kept.
    pub(crate) fn connect_and_keep(&self) -> Result<(CardSource, Card, Memory), Failure> {
        let (source, card, wire, memory) = source::connect_and_keep(&self.options)?;
        *self.wire.borrow_mut() = Some(wire);
        Ok((source, card, memory))
    }

    /// Leaves a link that was made beside [`Self::connect`] to the end of the run: its count, its trace. One that was
    /// left before is done with now.
    pub(crate) fn keep(&self, wire: Wire) -> Result<(), Failure> {
        self.wire.borrow_mut().replace(wire).map_or(Ok(()), Wire::finish)
    }

    /// A card that a trace stands for, with the pages at hand.
    pub(crate) fn replaying(&self, trace: Trace) -> Result<Card, Failure> {
        Ok(Card::with_roster(Box::new(Replay::new(trace)), source::roster(&self.options)?))
    }

    /// Puts a result on stdout: the document for programs, or the text for people.
    pub(crate) fn show(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let shown = if self.options.wants_json() { output::document(document)? } else { text() };
        output::stdout(shown.as_bytes())
    }

    /// What comes from a recording never looks as if a card had given it just now.
    pub(crate) fn banner(&self) -> String {
        let replayed = self.wire.borrow().is_some() && self.options.card.starts_with("replay:");
        if replayed { self.terminal.alert(Word::Recording.text(self.lang)) } else { String::new() }
    }

    /// The most that is waited for an answer.
    pub(crate) fn limit(&self) -> Duration {
        source::limit(&self.options)
    }

    /// One line on stderr, for people.
    pub(crate) fn note(&self, message: &str) {
        output::stderr(&self.terminal.aside(&format!("idcard: {message}")));
    }

    /// On stderr, for people, what a document on stdout lacks.
    pub(crate) fn tell(&self, missing: &Failure) {
        output::stderr(&missing.text(&self.terminal));
    }

    /// After the command: trace and count, and the error where there is one.
    pub(crate) fn finish(&self, result: Result<Exit, Failure>) -> Exit {
        let wire = self.wire.borrow_mut().take();
        let stats = wire.as_ref().filter(|_| self.options.stats).map(Wire::stats);
        let recorded = wire.map_or(Ok(()), Wire::finish);
        // An error of the command says more than one of the trace that it left.
        let result = result.and_then(|exit| recorded.map(|()| exit));
        let exit = match result {
            Ok(exit) => exit,
            // Who sent the signal knows why the run ended.
            Err(failure) if signals::caught().is_some() && !failure.leaves_work() => failure.exit(),
            Err(failure) => report(&failure, self.options.wants_json(), &self.terminal),
        };
        if let Some(stats) = stats {
            output::stderr(&output::document_line(&stats).unwrap_or_default());
        }
        exit
    }
}

/// Tells of a failure on stderr, in the form that was asked for.
pub(crate) fn report(failure: &Failure, json: bool, terminal: &Terminal) -> Exit {
    let exit = failure.exit();
    if exit == Exit::CLOSED {
        return exit;
    }
    if json {
        output::stderr(&output::document(&failure.document(terminal.lang())).unwrap_or_default());
    } else {
        output::stderr(&failure.text(terminal));
    }
    exit
}
