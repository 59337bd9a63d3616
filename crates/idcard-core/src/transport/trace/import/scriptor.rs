//! Transcripts of `scriptor`: `> 00 A4 …`, `< 90 00 : Normal processing.`, `> RESET`, `< OK: 3B …`.

use super::conversations::{Conversations, Key, Outcome};
use super::hexes::{self, Secret};
use super::name::Name;
use super::{Damage, ImportError, Line, Log};
use crate::transport::Protocol;

/// What is under way.
#[derive(Default)]
pub(super) struct Scriptor {
    key: Key,
    protocol: Option<Protocol>,
    /// A reset was asked for.
    resetting: bool,
    /// The rows of an answer so far: sixteen bytes each, the last one with a colon behind.
    answer: Option<Secret>,
    /// The line at which the log stands.
    at: usize,
}

impl Log for Scriptor {
    fn line(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        let text = line.text;
        self.at = line.number;
        if self.answer.is_some() && !text.starts_with("> ") {
            return self.row(text, line.number, into);
        }
        self.end(into)?;
        if let Some(command) = text.strip_prefix("> ") {
            self.resetting = command.trim_end() == "RESET";
            if self.resetting {
                return Ok(());
            }
            return match hexes::bytes(command) {
                Ok(bytes) => into.command(&self.key, line.number, &bytes),
                Err(what) => into.lost(&self.key, line.number, what),
            };
        }
        if let Some(answer) = text.strip_prefix("< ") {
            if let Some(atr) = answer.strip_prefix("OK: ").filter(|_| self.resetting) {
                self.resetting = false;
                into.reset(&self.key)?;
                let atr = hexes::bytes(atr).ok();
                return into.card(&self.key, atr.as_ref().map(|atr| atr.as_slice()), self.protocol);
            }
            if answer.starts_with("KO: ") && self.resetting {
                self.resetting = false;
                return Ok(());
            }
            self.answer = Some(Secret::default());
            return self.row(answer, line.number, into);
        }
        if text.starts_with("Can't get info") && into.is_open(&self.key) {
            return into.outcome(&self.key, line.number, &Outcome::Failure("SCARD_E_NOT_TRANSACTED"), None);
        }
        let reader = ["Using given card reader: ", "No reader given: using "];
        if let Some(reader) = reader.iter().find_map(|words| text.strip_prefix(words)) {
            into.leave(&self.key)?;
            self.key.reader = Some(Name::of(reader));
        }
        match text {
            "Using T=0 protocol" => self.protocol = Some(Protocol::T0),
            "Using T=1 protocol" => self.protocol = Some(Protocol::T1),
            _ => return Ok(()),
        }
        into.card(&self.key, None, self.protocol)
    }

    fn end(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        match self.answer.take() {
            Some(_) => into.lost(&self.key, self.at, Damage::CutOff),
            None => Ok(()),
        }
    }
}

impl Scriptor {
    fn row(&mut self, text: &str, line: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        let (row, last) = text.split_once(':').map_or((text, false), |(row, _words)| (row, true));
        let bytes = match hexes::bytes(row) {
            Ok(bytes) => bytes,
            Err(what) => {
                self.answer = None;
                return into.lost(&self.key, line, what);
            }
        };
        let Some(answer) = &mut self.answer else { return Ok(()) };
        answer.extend_from_slice(&bytes);
        if !last && answer.len() > super::super::ANSWER_LIMIT {
            self.answer = None;
            return into.lost(&self.key, line, Damage::AnswerLength);
        }
        match self.answer.take_if(|_| last) {
            Some(answer) => into.outcome(&self.key, line, &Outcome::Answer(&answer), None),
            None => Ok(()),
        }
    }
}
