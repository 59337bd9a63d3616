//! `info` for people.

use super::{Document, map::Known};
use crate::commands::pin;
use crate::commands::section::State;
use crate::context::Context;
use crate::lang::{Lang, Word};
use crate::terminal::Nature;

pub(super) fn text(document: &Document, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    if document.specimen {
        text += &terminal.alert(Word::SpecimenCard.text(lang));
    }
    let mut pair = |label: Word, value: &str, nature| text += &terminal.pair(label.text(lang), value, nature);
    let yes_or_no = |value| if value { Word::Yes.text(lang) } else { Word::No.text(lang) };
    if let Some(reader) = &document.reader {
        pair(Word::Reader, reader, Nature::Code);
    }
    pair(Word::Family, &format!("{} ({})", document.family, document.title), Nature::Words);
    pair(Word::Generation, &document.generation, Nature::Words);
    let atr = &document.atr;
    pair(Word::Atr, &atr.raw, Nature::Code);
    if let Some(fault) = &atr.fault {
        pair(Word::Malformed, fault, Nature::Words);
    }
    let offers = atr.offers.as_ref().map(|offers| offers.join(", ")).unwrap_or_default();
    pair(Word::Protocol, &format!("{} (ATR: {offers})", atr.protocol), Nature::Code);
    if let Some(rate) = atr.bit_rate {
        pair(Word::BitRate, &format!("{rate} bit/s"), Nature::Code);
    }
    if let Some(historical) = &atr.historical {
        pair(Word::HistoricalBytes, historical, Nature::Code);
    }
    if let Some(extended) = atr.extended_length {
        pair(Word::ExtendedLength, yes_or_no(extended), Nature::Words);
    }
    number(&document.csn.state, document.csn.value.as_deref(), Word::ChipSerial, &mut text, context);
    number(&document.crn.state, document.crn.value.as_deref(), Word::Crn, &mut text, context);
    let mut pair = |label: Word, value: &str, nature| text += &terminal.pair(label.text(lang), value, nature);
    if let Some(passes) = document.crn_passes_national_number_checksum {
        pair(Word::CrnChecksum, yes_or_no(passes), Nature::Words);
    }
    let versions = &document.versions;
    let named = [("CC", &versions.cc), ("D5", &versions.d5), ("D6", &versions.d6), ("D7", &versions.d7)];
    let named: Vec<_> = named.iter().filter_map(|(tag, value)| Some(format!("{tag} {}", value.as_ref()?))).collect();
    number(&versions.state, Some(&named.join(", ")), Word::Versions, &mut text, context);
    let check = &document.fingerprint_check;
    let value = check.value.as_deref().map(|value| if value == "not_required" { yes_or_no(false) } else { value });
    number(&check.state, value, Word::FingerprintCheck, &mut text, context);
    for applet in &document.applets {
        let label = format!("{} {} ({})", Word::Applet.text(lang), applet.name, applet.aid);
        let value = if applet.answers { Word::Answers } else { Word::Silent };
        text += &terminal.pair(&label, value.text(lang), Nature::Words);
    }
    text += &pin::lines(&document.pins, context);
    for known in document.map.iter().flatten() {
        text += &statement(known, context);
    }
    for warning in &document.warnings {
        let words = match *warning {
            "atr_not_seen_before" => Word::AtrNotSeenBefore,
            "pin_change_interrupted" => Word::PinInterrupted,
            "pin_journal_unreadable" => Word::PinJournalUnread,
            _ => Word::Unknown,
        };
        text += &terminal.alert(&format!("{}: {}", Word::Warning.text(lang), words.text(lang)));
    }
    text
}

fn number(state: &State, value: Option<&str>, label: Word, text: &mut String, context: &Context) {
    let lang = context.lang;
    match (state.reason(lang), value) {
        (Some(reason), _) => *text += &context.terminal.pair(label.text(lang), &reason, Nature::Words),
        (None, Some(value)) => *text += &context.terminal.pair(label.text(lang), value, Nature::Code),
        (None, None) => {}
    }
}

fn statement(known: &Known, context: &Context) -> String {
    let lang = context.lang;
    let mut parts = vec![known.applet.clone()];
    parts.extend(known.place.clone());
    parts.extend(known.pin.as_ref().map(|pin| format!("PIN {pin}")));
    if known.readable == Some(false) {
        parts.push(Word::LayoutUnknown.text(lang).to_owned());
    }
    let meaning = match (lang, known.evidence.as_str()) {
        (Lang::Fa, "A") => "دو منبع مستقل یا دیده‌شده در کارت واقعی",
        (Lang::Fa, "B") => "یک منبع",
        (Lang::Fa, "C") => "از روی قرینه",
        (Lang::Fa, "ours") => "تعریف همین پروژه",
        (Lang::Fa, "trace") => "دیده‌شده در یک ضبط",
        _ => known.meaning,
    };
    parts.push(format!("{} {} ({meaning})", Word::Evidence.text(lang), known.evidence));
    parts.push(format!("{} {}", Word::Source.text(lang), known.source));
    context.terminal.pair(&format!("{} {}", known.what, known.name), &parts.join("; "), Nature::Code)
}
