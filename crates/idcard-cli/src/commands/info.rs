//! `idcard info`: what card this is, without a PIN and without spending a try.

pub(super) mod answer_to_reset;
mod map;
mod text;

use super::pin::{self, PinEntry};
use super::section::{Faults, State, settled};
use crate::args::Info;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use answer_to_reset::AnswerToReset;
use idcard_core::data::Versions;
use idcard_core::data::meta::FingerprintCheck;
use idcard_core::{PinKind, Session};
use map::Known;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    reader: Option<String>,
    specimen: bool,
    family: String,
    title: String,
    generation: String,
    atr: AnswerToReset,
    csn: Number,
    crn: Number,
    /// The CRN also passes the checksum of national numbers; nothing more follows from that.
    crn_passes_national_number_checksum: Option<bool>,
    versions: VersionSection,
    fingerprint_check: Check,
    applets: Vec<AppletEntry>,
    pins: Vec<PinEntry>,
    map: Option<Vec<Known>>,
    warnings: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Number {
    #[serde(flatten)]
    state: State,
    value: Option<String>,
}

#[derive(Debug, Serialize)]
struct VersionSection {
    #[serde(flatten)]
    state: State,
    cc: Option<String>,
    d5: Option<String>,
    d6: Option<String>,
    d7: Option<String>,
}

#[derive(Debug, Serialize)]
struct Check {
    #[serde(flatten)]
    state: State,
    /// `not_required`, or the byte whose meaning is not published.
    value: Option<String>,
}

#[derive(Debug, Serialize)]
struct AppletEntry {
    name: String,
    aid: String,
    answers: bool,
}

pub(super) fn run(options: &Info, context: &Context) -> Result<Exit, Failure> {
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let atr = AnswerToReset::of(card.atr(), card.protocol());
    let mut session = card.session()?;
    // What lies in the applet that recognition has selected comes first: to come back costs a SELECT.
    let mut pins = pin::States::default();
    if let Some(selected) = session.selected_applet().map(str::to_owned) {
        pins.ask(&mut session, Some(&selected))?;
    }
    let (csn_state, csn) = settled(session.serial())?;
    let (crn_state, crn) = settled(session.crn())?;
    let (csn, crn) = (csn.flatten(), crn.flatten());
    let versions = versions(settled(session.versions())?);
    let fingerprint_check = fingerprint_check(&mut session)?;
    let (_, interrupted) = settled(session.has_unfinished_change(PinKind::Id))?;
    pins.ask(&mut session, None)?;
    let pins = pins.in_order();
    let applets = session.applets()?.into_iter().map(|(applet, answers)| AppletEntry {
        name: applet.name,
        aid: applet.aid.to_string(),
        answers,
    });
    let applets = applets.collect();
    let page = session.page();
    let document = Document {
        schema: "idcard.info/1",
        source: source.word(),
        reader,
        specimen: page.specimen,
        family: page.family.clone(),
        title: page.title.clone(),
        generation: session.generation().to_string(),
        atr,
        crn_passes_national_number_checksum: crn.as_ref().map(|crn| crn.passes_national_number_checksum()),
        csn: Number { state: csn_state, value: csn.map(|csn| csn.to_string()) },
        crn: Number { state: crn_state, value: crn.map(|crn| crn.to_string()) },
        versions,
        fingerprint_check,
        applets,
        pins,
        map: options.map.then(|| map::of(page)),
        warnings: [
            ("atr_not_seen_before", !session.has_known_mark()),
            ("pin_change_interrupted", interrupted == Some(true)),
            ("pin_journal_unreadable", interrupted.is_none()),
        ]
        .into_iter()
        .filter_map(|(warning, holds)| holds.then_some(warning))
        .collect(),
    };
    drop(session);
    context.show(&document, || context.banner() + &text::text(&document, context))?;
    Ok(exit(&document))
}

fn exit(document: &Document) -> Exit {
    let sections =
        [&document.csn.state, &document.crn.state, &document.versions.state, &document.fingerprint_check.state];
    let pins = document.pins.iter().map(PinEntry::state);
    let faulty = sections.into_iter().chain(pins).find(|state| state.is_faulty());
    faulty.and_then(State::kind).map_or(Exit::DONE, Exit::from)
}

fn versions((state, versions): (State, Option<Versions>)) -> VersionSection {
    let versions = versions.unwrap_or_default();
    let mut faults = Faults::default();
    VersionSection {
        cc: faults.value("cc", &versions.cc, ToString::to_string),
        d5: faults.value("d5", &versions.d5, ToString::to_string),
        d6: faults.value("d6", &versions.d6, ToString::to_string),
        d7: faults.value("d7", &versions.d7, ToString::to_string),
        state: state.with_faults(faults),
    }
}

fn fingerprint_check(session: &mut Session<'_>) -> Result<Check, Failure> {
    let (state, meta) = settled(session.meta())?;
    let mut faults = Faults::default();
    let value = meta.and_then(|meta| {
        faults.value("fingerprint_check", &meta.fingerprint_check, |check| match check {
            FingerprintCheck::NotRequired => "not_required".to_owned(),
            FingerprintCheck::Unpublished(byte) => format!("{byte:02X}"),
        })
    });
    Ok(Check { state: state.with_faults(faults), value })
}
