//! What is told when a PIN was presented, changed, unblocked or resumed.

use super::{objects, word};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use idcard_core::{Pin, PinKind, Session};
use serde::Serialize;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Verified,
    Changed,
    Unblocked,
    Finished,
    NothingToFinish,
}

impl Outcome {
    const fn schema(self) -> &'static str {
        match self {
            Self::Verified => "idcard.pin_verify/1",
            Self::Changed => "idcard.pin_change/1",
            Self::Unblocked => "idcard.pin_unblock/1",
            Self::Finished | Self::NothingToFinish => "idcard.pin_resume/1",
        }
    }

    const fn word(self) -> Word {
        match self {
            Self::Verified => Word::PinVerified,
            Self::Changed => Word::PinChanged,
            Self::Unblocked => Word::PinUnblocked,
            Self::Finished => Word::PinFinished,
            Self::NothingToFinish => Word::PinNothingToFinish,
        }
    }
}

/// What is wrong with a new PIN that the card has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Weak {
    /// Digits in a row, or one digit alone.
    CommonPin,
    /// The last four digits of the national number.
    NationalNumber,
}

impl Weak {
    const fn word(self) -> Word {
        match self {
            Self::CommonPin => Word::WeakCommon,
            Self::NationalNumber => Word::WeakNationalNumber,
        }
    }

    /// What its digits alone tell.
    pub(super) fn of(new: &Pin) -> Vec<Self> {
        new.is_common().then_some(Self::CommonPin).into_iter().collect()
    }
}

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    reader: Option<String>,
    specimen: bool,
    kind: &'static str,
    outcome: Outcome,
    objects: Vec<String>,
    warnings: Vec<Weak>,
}

/// Where it was done.
pub(super) struct Place {
    source: &'static str,
    reader: Option<String>,
    specimen: bool,
    objects: Vec<String>,
}

impl Place {
    pub(super) fn of(source: &'static str, reader: Option<String>, session: &Session<'_>, kind: PinKind) -> Self {
        let objects = objects(session, kind).into_iter().map(|object| object.name).collect();
        Self { source, reader, specimen: session.page().specimen, objects }
    }
}

/// Shows the outcome. Warnings go to people on stderr; in documents they stand on stdout.
pub(super) fn show(
    place: Place,
    kind: PinKind,
    outcome: Outcome,
    warnings: Vec<Weak>,
    context: &Context,
) -> Result<Exit, Failure> {
    let Place { source, reader, specimen, objects } = place;
    let schema = outcome.schema();
    if !context.options.wants_json() {
        for weak in &warnings {
            context.note(&format!("{}: {}", Word::Warning.text(context.lang), weak.word().text(context.lang)));
        }
    }
    let document = Document { schema, source, reader, specimen, kind: word(kind), outcome, objects, warnings };
    let lang = context.lang;
    let line = format!("{}: {}", Word::of_pin(kind).text(lang), outcome.word().text(lang));
    let shown = context.show(&document, || {
        let banner = document.specimen.then(|| context.terminal.alert(Word::SpecimenCard.text(lang)));
        banner.unwrap_or_default() + &context.terminal.line(&line)
    });
    if shown.is_err() {
        // What was done to the card is said, whatever became of stdout.
        context.note(&line);
    }
    shown.map(|()| Exit::DONE)
}
