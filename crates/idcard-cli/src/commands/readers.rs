//! `idcard readers`: the readers, what is in them, what it seems to be.

use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::source::{self, CardSource};
use crate::terminal::Nature;
use idcard_core::LinkError;
use idcard_core::atr::Atr;
use idcard_core::family::{Generation, Roster};
use idcard_core::transport::pcsc::Slot;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    readers: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    card: Presence,
    atr: Option<String>,
    family: Option<String>,
    generation: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Presence {
    Absent,
    Present,
    Mute,
    Unavailable,
}

impl From<Slot> for Presence {
    fn from(slot: Slot) -> Self {
        match slot {
            Slot::Empty => Self::Absent,
            Slot::Card => Self::Present,
            Slot::Mute => Self::Mute,
            Slot::Unavailable => Self::Unavailable,
        }
    }
}

impl Presence {
    const fn word(self) -> Word {
        match self {
            Self::Absent => Word::NoCard,
            Self::Present => Word::CardInserted,
            Self::Mute => Word::CardMute,
            Self::Unavailable => Word::ReaderUnavailable,
        }
    }
}

/// Lists. No card is connected to: the answer to reset alone tells what a card seems to be.
pub(super) fn run(context: &Context) -> Result<Exit, Failure> {
    let source: CardSource = context.options.card.parse()?;
    let roster = source::roster(&context.options)?;
    let readers = match &source {
        CardSource::Pcsc(name) => {
            let wanted = |reader: &str| name.as_ref().is_none_or(|name| reader.contains(name.as_str()));
            let states = source::readers(&context.options)?.into_iter().filter(|state| wanted(&state.name));
            states.map(|state| entry(&state.name, state.slot.into(), &state.atr, &roster)).collect::<Vec<_>>()
        }
        CardSource::Sim(_) | CardSource::Replay(_) => {
            let (_, card) = context.connect()?;
            vec![entry(card.reader().unwrap_or(&context.options.card), Presence::Present, card.atr(), &roster)]
        }
    };
    if let (CardSource::Pcsc(name), true) = (&source, readers.is_empty()) {
        return Err(LinkError::NoReader { wanted: name.clone() }.into());
    }
    let document = Document { schema: "idcard.readers/1", source: source.word(), readers };
    context.show(&document, || text(&document, context))?;
    Ok(Exit::DONE)
}

/// Family and generation that the answer to reset speaks of; other cards may have the same.
pub(super) fn likely<'r>(atr: &[u8], roster: &'r Roster) -> Option<(&'r str, Generation)> {
    let parsed = Atr::parse(atr).ok();
    let historical = parsed.as_ref().map(|atr| atr.historical().as_bytes()).unwrap_or_default();
    roster.pages().iter().find_map(|page| Some((page.family.as_str(), page.mark(historical)?.generation)))
}

fn entry(name: &str, card: Presence, atr: &[u8], roster: &Roster) -> Entry {
    let known = likely(atr, roster);
    let is_there = card == Presence::Present;
    let generation = known.map_or(Generation::Unknown, |(_, generation)| generation);
    Entry {
        name: name.to_owned(),
        card,
        atr: is_there.then(|| hex::encode_upper(atr)),
        family: known.filter(|_| is_there).map(|(family, _)| family.to_owned()),
        generation: is_there.then(|| generation.to_string()),
    }
}

fn text(document: &Document, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    for reader in &document.readers {
        text += &terminal.pair(Word::Reader.text(lang), &reader.name, Nature::Code);
        text += &terminal.line(reader.card.word().text(lang));
        if let Some(generation) = &reader.generation {
            let unknown = generation == "unknown";
            let model = if unknown { Word::UnknownCard.text(lang) } else { generation };
            let seems = if unknown { "" } else { Word::ByItsAtr.text(lang) };
            text += &terminal.pair(Word::CardModel.text(lang), &format!("{model}{seems}"), Nature::Words);
        }
        if let Some(atr) = &reader.atr {
            text += &terminal.pair(Word::Atr.text(lang), atr, Nature::Code);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}
