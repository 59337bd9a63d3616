//! `idcard pin`: the PINs of the card.

use super::section::{State, settled};
use crate::args::PinStatus;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_core::family::PinObject;
use idcard_core::{PinKind, Session};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    reader: Option<String>,
    specimen: bool,
    pins: Vec<PinEntry>,
}

/// One object that holds a PIN: a PIN of the holder may lie in several.
#[derive(Debug, Serialize)]
pub(super) struct PinEntry {
    object: String,
    kind: &'static str,
    #[serde(flatten)]
    state: State,
    tries_left: Option<u8>,
    blocked: Option<bool>,
    verified: Option<bool>,
}

impl PinEntry {
    pub(super) const fn state(&self) -> &State {
        &self.state
    }
}

/// The state of the PINs of the page; no try is spent.
///
/// # Errors
/// What concerns the whole card.
pub(super) fn states(session: &mut Session<'_>, kind: Option<PinKind>) -> Result<Vec<PinEntry>, Failure> {
    let objects = session.page().pins.iter().filter(|object| kind.is_none_or(|kind| kind == object.kind));
    let objects: Vec<PinObject> = objects.cloned().collect();
    let mut entries = Vec::new();
    for object in objects {
        let (state, told) = settled(session.pin_state(&object))?;
        entries.push(PinEntry {
            object: object.name,
            kind: word(object.kind),
            state,
            tries_left: told.and_then(|told| told.tries_left),
            blocked: told.map(|told| told.blocked),
            verified: told.map(|told| told.verified),
        });
    }
    Ok(entries)
}

const fn word(kind: PinKind) -> &'static str {
    match kind {
        PinKind::Id => "id",
        PinKind::Sign => "sign",
    }
}

/// The lines for people.
pub(super) fn lines(entries: &[PinEntry], context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    for entry in entries {
        let name = if entry.kind == "id" { Word::PinId } else { Word::PinSign };
        let label = format!("{} ({})", name.text(lang), entry.object);
        let value = match (entry.state.reason(lang), entry.blocked, entry.tries_left) {
            (Some(reason), ..) => reason,
            (None, Some(true), _) => Word::Blocked.text(lang).to_owned(),
            (None, _, Some(left)) => format!("{}: {}", Word::TriesLeft.text(lang), lang.digits(&left.to_string())),
            (None, _, None) => format!("{}: {}", Word::TriesLeft.text(lang), Word::Unknown.text(lang)),
        };
        text += &terminal.pair(&label, &value, Nature::Words);
    }
    text
}

/// `pin status`.
pub(super) fn status(options: &PinStatus, context: &Context) -> Result<Exit, Failure> {
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let mut session = card.session()?;
    let pins = states(&mut session, options.pin_kind.map(PinKind::from))?;
    let specimen = session.page().specimen;
    drop(session);
    if pins.is_empty() {
        return Err(Failure::new(Kind::NotAvailable, "no PIN of this card is published"));
    }
    let document = Document { schema: "idcard.pin_status/1", source: source.word(), reader, specimen, pins };
    context.show(&document, || {
        let banner = document.specimen.then(|| context.terminal.alert(Word::SpecimenCard.text(context.lang)));
        banner.unwrap_or_default() + &lines(&document.pins, context)
    })?;
    let faulty = document.pins.iter().find(|pin| pin.state.is_faulty());
    Ok(faulty.and_then(|pin| pin.state.kind()).map_or(Exit::DONE, Exit::from))
}
