//! One event, as a line for people and as a line of JSON.

use crate::commands::readers::likely;
use crate::context::Context;
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_core::family::Roster;
use idcard_core::transport::pcsc::Event;
use idcard_crypto::time::rfc3339;
use serde::Serialize;
use std::time::SystemTime;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Happening {
    ReaderAttached,
    ReaderDetached,
    CardInserted,
    CardRemoved,
    ServiceLost,
    ServiceBack,
}

impl Happening {
    /// Its name in documents and in the environment.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::ReaderAttached => "reader_attached",
            Self::ReaderDetached => "reader_detached",
            Self::CardInserted => "card_inserted",
            Self::CardRemoved => "card_removed",
            Self::ServiceLost => "service_lost",
            Self::ServiceBack => "service_back",
        }
    }

    const fn label(self) -> Word {
        match self {
            Self::ReaderAttached => Word::ReaderAttached,
            Self::ReaderDetached => Word::ReaderDetached,
            Self::CardInserted => Word::CardCame,
            Self::CardRemoved => Word::CardWent,
            Self::ServiceLost => Word::ServiceLost,
            Self::ServiceBack => Word::ServiceBack,
        }
    }
}

/// `idcard.watch/1`.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    schema: &'static str,
    pub(super) event: Happening,
    pub(super) time: String,
    pub(super) reader: Option<String>,
    /// `None` also for a card that does not answer, or has left again already.
    pub(super) atr: Option<String>,
    pub(super) family: Option<String>,
    pub(super) generation: Option<String>,
    error: Option<String>,
}

impl Line {
    /// The line of an event; none for a reader whose name does not contain `name`.
    pub(super) fn of(event: &Event, now: SystemTime, name: Option<&str>, roster: &Roster) -> Option<Self> {
        let (happening, reader, atr, error) = match event {
            Event::ReaderAttached { reader } => (Happening::ReaderAttached, Some(reader), None, None),
            Event::ReaderDetached { reader } => (Happening::ReaderDetached, Some(reader), None, None),
            Event::Inserted { reader, atr } => (Happening::CardInserted, Some(reader), Some(atr), None),
            Event::Removed { reader } => (Happening::CardRemoved, Some(reader), None, None),
            Event::ServiceLost { error } => (Happening::ServiceLost, None, None, Some(error.to_string())),
            Event::ServiceBack => (Happening::ServiceBack, None, None, None),
            _ => return None,
        };
        if !reader.is_none_or(|reader| reader.contains(name.unwrap_or_default())) {
            return None;
        }
        let atr = atr.filter(|atr| !atr.is_empty());
        let known = atr.and_then(|atr| likely(atr, roster));
        Some(Self {
            schema: "idcard.watch/1",
            event: happening,
            time: rfc3339(now),
            reader: reader.cloned(),
            atr: atr.map(hex::encode_upper),
            family: known.map(|(family, _)| family.to_owned()),
            generation: atr.map(|_| known.map_or("unknown".to_owned(), |(_, generation)| generation.to_string())),
            error,
        })
    }

    /// The line for people.
    pub(super) fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let label = self.event.label().text(lang);
        let Some(reader) = &self.reader else {
            let error = self.error.as_ref();
            return error.map_or_else(|| terminal.line(label), |error| terminal.pair(label, error, Nature::Code));
        };
        let what = match self.generation.as_deref() {
            Some("unknown") => Some(Word::UnknownCard.text(lang)),
            None if self.event == Happening::CardInserted => Some(Word::CardMute.text(lang)),
            generation => generation,
        };
        let value = what.map_or_else(|| reader.clone(), |what| format!("{reader} ({what})"));
        terminal.pair(label, &value, Nature::Code)
    }
}
