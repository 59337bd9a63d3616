//! `idcard probe`: what a card has that nobody here has seen, without a PIN and without a try.

mod entry;
mod share;
mod signed;
mod text;

use super::info::answer_to_reset::AnswerToReset;
use crate::args::Probe;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use entry::Entry;
use idcard_core::Card;
use idcard_core::survey::{Verdict, survey};
use serde::Serialize;
use share::Shared;
use std::collections::BTreeMap;
use std::path::Path;

/// `idcard.probe/1`.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    version: &'static str,
    source: &'static str,
    reader: Option<String>,
    #[serde(flatten)]
    report: Report,
    /// The bundle that was written, and what was replaced in it.
    shared: Option<Shared>,
}

/// What was found: the same from the card and from a recording of it.
#[derive(Debug, Serialize)]
struct Report {
    specimen: bool,
    family: String,
    title: String,
    generation: String,
    atr: AnswerToReset,
    exchanges: u32,
    /// How many findings there are of each verdict.
    count: Count,
    findings: Vec<Entry>,
    /// The open questions of the documentation, each with the findings that speak of it, counted from 0.
    questions: Vec<Question>,
}

#[derive(Debug, Serialize)]
struct Count {
    matched: usize,
    differed: usize,
    new: usize,
    absent: usize,
}

#[derive(Debug, Serialize)]
struct Question {
    number: String,
    findings: Vec<usize>,
}

/// Surveys the card.
pub(super) fn run(options: &Probe, context: &Context) -> Result<Exit, Failure> {
    if options.share.as_deref().is_some_and(|path| path == Path::new("-")) {
        return Err(Failure::usage("--share writes a file; stdout is for what was found"));
    }
    let (source, mut card, kept) = context.connect_and_keep()?;
    let reader = card.reader().map(str::to_owned);
    let report = Report::of(&mut card)?;
    // Nobody is asked anything while the card waits.
    drop(card);
    let shared = match &options.share {
        Some(path) => share::share(path, options.yes, &kept, &report, context)?,
        None => None,
    };
    let document = Document {
        schema: "idcard.probe/1",
        version: env!("CARGO_PKG_VERSION"),
        source: source.word(),
        reader,
        report,
        shared,
    };
    context.show(&document, || text::text(&document, context))?;
    // Whoever was asked did not want the file.
    let declined = options.share.is_some() && document.shared.is_none();
    Ok(if declined { Kind::Cancelled.into() } else { Exit::DONE })
}

impl Report {
    fn of(card: &mut Card) -> Result<Self, Failure> {
        let atr = AnswerToReset::of(card.atr(), card.protocol());
        let found = survey(card)?;
        let mut findings: Vec<Entry> = found.findings.iter().map(Entry::of).collect();
        signed::add(&found.read, &mut findings);
        let count = |verdict| found.findings.iter().filter(|finding| finding.verdict == verdict).count();
        let mut questions: BTreeMap<(u32, u32), Question> = BTreeMap::new();
        for (index, finding) in found.findings.iter().enumerate() {
            let speaks = finding.verdict != Verdict::Absent;
            let Some(number) = finding.fills.clone().filter(|_| speaks) else { continue };
            let question = questions.entry(order(&number));
            question.or_insert(Question { number, findings: Vec::new() }).findings.push(index);
        }
        Ok(Self {
            specimen: found.page.specimen,
            family: found.page.family.clone(),
            title: found.page.title.clone(),
            generation: found.generation.to_string(),
            atr,
            exchanges: found.exchanges,
            count: Count {
                matched: count(Verdict::Matched),
                differed: count(Verdict::Differed),
                new: count(Verdict::New),
                absent: count(Verdict::Absent),
            },
            findings,
            questions: questions.into_values().collect(),
        })
    }
}

/// `11.7` by its numbers, so that `11.10` comes behind it.
fn order(number: &str) -> (u32, u32) {
    let (section, question) = number.split_once('.').unwrap_or((number, ""));
    (section.parse().unwrap_or(0), question.parse().unwrap_or(0))
}
