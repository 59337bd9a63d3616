//! `pin status`: tries left, and whether the objects of a PIN agree; no try is spent.

use super::{objects, word};
use crate::args::PinStatus;
use crate::commands::section::{State, settled};
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_core::family::PinObject;
use idcard_core::session::PinJournal;
use idcard_core::{PinKind, Session};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    reader: Option<String>,
    specimen: bool,
    pins: Vec<StatusEntry>,
    journal: Option<JournalEntry>,
}

/// One object that holds a PIN, and its PUK.
#[derive(Debug, Serialize)]
struct StatusEntry {
    #[serde(flatten)]
    pin: PinEntry,
    puk_tries_left: Option<u8>,
}

/// What the journal of the identity PIN tells.
#[derive(Debug, Serialize)]
struct JournalEntry {
    kind: &'static str,
    #[serde(flatten)]
    state: State,
    interrupted: Option<bool>,
    in_step: Option<bool>,
    objects: Vec<JournalObject>,
}

#[derive(Debug, Serialize)]
struct JournalObject {
    object: String,
    change: &'static str,
}

/// One object that holds a PIN: a PIN of the holder may lie in several.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct PinEntry {
    object: String,
    kind: &'static str,
    #[serde(flatten)]
    state: State,
    tries_left: Option<u8>,
    blocked: Option<bool>,
    verified: Option<bool>,
}

impl PinEntry {
    pub(in crate::commands) const fn state(&self) -> &State {
        &self.state
    }
}

/// The state of one PIN object; no try is spent.
fn entry(session: &mut Session<'_>, object: &PinObject) -> Result<PinEntry, Failure> {
    let (state, told) = settled(session.pin_state(object))?;
    Ok(PinEntry {
        object: object.name.clone(),
        kind: word(object.kind),
        state,
        tries_left: told.and_then(|told| told.tries_left),
        blocked: told.map(|told| told.blocked),
        verified: told.map(|told| told.verified),
    })
}

/// The states of the PINs of a page, in its order; no try is spent.
#[derive(Debug, Default)]
pub(in crate::commands) struct States(Vec<(usize, PinEntry)>);

impl States {
    /// Asks for those that are still to be asked for: all of them, or those in one applet.
    ///
    /// # Errors
    /// What concerns the whole card.
    pub(in crate::commands) fn ask(&mut self, session: &mut Session<'_>, applet: Option<&str>) -> Result<(), Failure> {
        for (number, object) in session.page().pins.clone().iter().enumerate() {
            let asked = self.0.iter().any(|(known, _)| *known == number);
            if !asked && applet.is_none_or(|applet| applet == object.applet) {
                self.0.push((number, entry(session, object)?));
            }
        }
        Ok(())
    }

    pub(in crate::commands) fn in_order(mut self) -> Vec<PinEntry> {
        self.0.sort_by_key(|(number, _)| *number);
        self.0.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// The lines for people.
pub(in crate::commands) fn lines<'e>(entries: impl IntoIterator<Item = &'e PinEntry>, context: &Context) -> String {
    entries.into_iter().map(|entry| line(entry, context)).collect()
}

fn line(entry: &PinEntry, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let name = if entry.kind == "id" { Word::PinId } else { Word::PinSign };
    let label = format!("{} ({})", name.text(lang), entry.object);
    let value = match (entry.state.reason(lang), entry.blocked, entry.tries_left) {
        (Some(reason), ..) => reason,
        (None, Some(true), _) => Word::Blocked.text(lang).to_owned(),
        (None, _, Some(left)) => format!("{}: {}", Word::TriesLeft.text(lang), lang.digits(&left.to_string())),
        (None, _, None) => format!("{}: {}", Word::TriesLeft.text(lang), Word::Unknown.text(lang)),
    };
    terminal.pair(&label, &value, Nature::Words)
}

fn puk_lines(entries: &[StatusEntry], context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let known = entries.iter().filter_map(|entry| Some((entry, entry.puk_tries_left?)));
    let line = |(entry, left): (&StatusEntry, u8)| {
        let label = format!("{} ({})", Word::Puk.text(lang), entry.pin.object);
        let value = match left {
            0 => Word::Blocked.text(lang).to_owned(),
            left => format!("{}: {}", Word::TriesLeft.text(lang), lang.digits(&left.to_string())),
        };
        terminal.pair(&label, &value, Nature::Words)
    };
    known.map(line).collect()
}

fn journal_lines(journal: &JournalEntry, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let told = match (journal.interrupted, journal.in_step) {
        (None, _) => Word::Unknown,
        (Some(false), _) => Word::PinInStep,
        (Some(true), Some(true)) => Word::PinNearlyDone,
        (Some(true), Some(false)) => Word::PinOutOfStep,
        (Some(true), None) => Word::PinStepUnknown,
    };
    let agreement = terminal.pair(Word::PinAgreement.text(lang), told.text(lang), Nature::Words);
    let advice = || terminal.alert(Word::PinInterrupted.text(lang));
    if journal.interrupted == Some(true) { agreement + &advice() } else { agreement }
}

/// What the journal tells, where the identity PIN has one.
fn journal(session: &mut Session<'_>, wanted: Option<PinKind>) -> Result<Option<JournalEntry>, Failure> {
    if wanted == Some(PinKind::Sign) || session.page().journal.is_none() || objects(session, PinKind::Id).is_empty() {
        return Ok(None);
    }
    let (state, told) = settled(session.pin_journal(PinKind::Id))?;
    let told = told.flatten();
    let marks = told.iter().flat_map(PinJournal::marks);
    let objects = marks.map(|(name, mark)| JournalObject { object: name.clone(), change: mark.word() }).collect();
    Ok(Some(JournalEntry {
        kind: word(PinKind::Id),
        state,
        interrupted: told.as_ref().map(|told| !told.is_idle()),
        in_step: told.as_ref().and_then(PinJournal::in_step),
        objects,
    }))
}

/// `pin status`.
pub(super) fn run(options: &PinStatus, context: &Context) -> Result<Exit, Failure> {
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let mut session = card.session()?;
    let wanted = options.pin_kind.map(PinKind::from);
    let objects = session.page().pins.iter().filter(|object| wanted.is_none_or(|kind| kind == object.kind));
    let objects: Vec<PinObject> = objects.cloned().collect();
    let mut pins = Vec::new();
    for object in &objects {
        let pin = entry(&mut session, object)?;
        let puk = settled(session.puk_state(object))?.1.flatten();
        pins.push(StatusEntry { pin, puk_tries_left: puk.and_then(|puk| puk.tries_left) });
    }
    let journal = journal(&mut session, wanted)?;
    let specimen = session.page().specimen;
    drop(session);
    if pins.is_empty() {
        return Err(Failure::new(Kind::NotAvailable, "no PIN of this card is published")
            .in_persian("هیچ رمزی از این کارت منتشر نشده است"));
    }
    let schema = "idcard.pin_status/1";
    let document = Document { schema, source: source.word(), reader, specimen, pins, journal };
    context.show(&document, || {
        let banner = document.specimen.then(|| context.terminal.alert(Word::SpecimenCard.text(context.lang)));
        let mut text = banner.unwrap_or_default();
        text += &lines(document.pins.iter().map(|entry| &entry.pin), context);
        text += &puk_lines(&document.pins, context);
        text + &document.journal.as_ref().map_or_else(String::new, |journal| journal_lines(journal, context))
    })?;
    let states = document.pins.iter().map(|entry| entry.pin.state());
    let faulty = states.chain(document.journal.iter().map(|journal| &journal.state)).find(|state| state.is_faulty());
    Ok(faulty.and_then(State::kind).map_or(Exit::DONE, Exit::from))
}
