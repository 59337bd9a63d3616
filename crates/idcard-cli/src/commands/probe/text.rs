//! `probe` for people.

use super::entry::Entry;
use super::{Document, Report};
use crate::context::Context;
use crate::lang::{Lang, Word};
use crate::terminal::{Nature, Terminal};

pub(super) fn text(document: &Document, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    if let Some(reader) = &document.reader {
        text += &terminal.pair(Word::Reader.text(lang), reader, Nature::Code);
    }
    text += &report(&document.report, terminal, lang);
    match &document.shared {
        Some(shared) => text += &terminal.pair(Word::Shared.text(lang), &shared.file, Nature::Code),
        None => text += &terminal.line(Word::HowToShare.text(lang)),
    }
    text
}

/// What was found: for people, and for the bundle.
pub(super) fn report(report: &Report, terminal: &Terminal, lang: Lang) -> String {
    let mut text = String::new();
    if report.specimen {
        text += &terminal.alert(Word::SpecimenCard.text(lang));
    }
    text += &terminal.pair(Word::Family.text(lang), &format!("{} ({})", report.family, report.title), Nature::Words);
    text += &terminal.pair(Word::Generation.text(lang), &report.generation, Nature::Words);
    text += &terminal.pair(Word::Atr.text(lang), &report.atr.raw, Nature::Code);
    text += &terminal.pair(Word::Protocol.text(lang), report.atr.protocol, Nature::Code);
    text += &terminal.pair(Word::Exchanges.text(lang), &report.exchanges.to_string(), Nature::Code);
    let parts = [
        ("differed", Word::NotAsThePageTells),
        ("new", Word::NewToThePage),
        ("matched", Word::AsThePageTells),
        ("absent", Word::NotOnThisCard),
    ];
    for (verdict, heading) in parts {
        let findings: Vec<_> = report.findings.iter().filter(|finding| finding.verdict == verdict).collect();
        text.push('\n');
        let count = lang.digits(&findings.len().to_string());
        text += &terminal.heading(&format!("{} ({count})", heading.text(lang)));
        if verdict == "absent" {
            text += &missing(&findings, terminal);
            continue;
        }
        for finding in findings {
            text += &line(finding, terminal, lang);
        }
    }
    text += &questions(report, terminal, lang);
    text.push('\n');
    text += &terminal.line(Word::NothingPresented.text(lang));
    text
}

/// Name and place of what was asked for.
fn label(finding: &Entry) -> String {
    // An applet that no page has is named by its AID.
    let applet = finding.applet.as_deref().filter(|applet| *applet != finding.place);
    let parts = [applet, Some(finding.place.as_str()), finding.item];
    let place: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    format!("{} {}", finding.subject, place.join(" "))
}

fn line(finding: &Entry, terminal: &Terminal, lang: Lang) -> String {
    let mut parts = Vec::new();
    parts.extend(finding.status_word.clone());
    parts.extend(finding.reason.map(|reason| reason_word(reason).text(lang).to_owned()));
    parts.extend(finding.bytes.map(|bytes| format!("{bytes} {}", Word::BytesRead.text(lang))));
    parts.extend(finding.shape.clone());
    parts.extend(finding.values.iter().map(|(name, value)| format!("{name} {value}")));
    parts.extend(finding.fault.clone());
    terminal.pair(&label(finding), &parts.join(", "), Nature::Code)
}

/// What is not there needs no line of its own: the applets by their AIDs, the files by their applet.
fn missing(findings: &[&Entry], terminal: &Terminal) -> String {
    let mut text = String::new();
    let mut rest = findings;
    while let Some(first) = rest.first() {
        let group = |entry: &&&Entry| {
            entry.subject == first.subject && (entry.applet == first.applet || entry.subject == "applet")
        };
        let count = rest.iter().take_while(group).count();
        let (these, others) = rest.split_at(count.max(1));
        let places: Vec<_> = these.iter().map(|entry| entry.place.as_str()).collect();
        let applet = first.applet.as_deref().filter(|_| first.subject != "applet").unwrap_or_default();
        text += &terminal.pair(format!("{} {applet}", first.subject).trim(), &places.join(" "), Nature::Code);
        rest = others;
    }
    text
}

fn questions(report: &Report, terminal: &Terminal, lang: Lang) -> String {
    if report.questions.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n");
    text += &terminal.heading(Word::OpenQuestions.text(lang));
    for question in &report.questions {
        let about = match question.number.as_str() {
            "11.1" => Word::AboutFiles,
            "11.3" => Word::AboutSecurityObject,
            "11.4" => Word::AboutReferences,
            "11.5" => Word::AboutGenerations,
            "11.9" => Word::AboutAtr,
            _ => Word::AboutCounters,
        };
        let places = question.findings.iter().filter_map(|index| report.findings.get(*index)).map(label);
        let places: Vec<_> = places.collect();
        text +=
            &terminal.pair(&format!("{} ({})", about.text(lang), question.number), &places.join("; "), Nature::Code);
    }
    text
}

fn reason_word(reason: &str) -> Word {
    match reason {
        "not_there" => Word::FileNotThere,
        "guarded" => Word::FileGuarded,
        "sealed" => Word::FileSealed,
        "free" => Word::FileFree,
        "empty" => Word::FileEmpty,
        "masked" => Word::Redacted,
        "unmarked" => Word::Unmarked,
        "costs_tries" => Word::CostsTries,
        "malformed" => Word::Malformed,
        _ => Word::Refused,
    }
}
