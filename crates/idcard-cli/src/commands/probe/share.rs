//! `probe --share`: a bundle of trace, report and versions in one text, with pseudonyms for what is the holder's.

use super::{Report, text};
use crate::commands::pseudonyms::{self, List};
use crate::context::Context;
use crate::exit::{Failure, Kind};
use crate::lang::{Lang, Word};
use crate::output::{self, Privacy, write_file};
use crate::signals::Asking;
use crate::source::Memory;
use crate::terminal::Terminal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal};
use std::path::Path;

/// What was written.
#[derive(Debug, Serialize)]
pub(super) struct Shared {
    pub file: String,
    replaced: Vec<Replaced>,
}

/// What was replaced at one place.
#[derive(Debug, Serialize)]
struct Replaced {
    place: String,
    counts: BTreeMap<&'static str, usize>,
}

/// Shows what was replaced, asks where somebody can be asked, and writes the bundle; none where it is not wanted.
pub(super) fn share(
    path: &Path,
    yes: bool,
    kept: &Memory,
    found: &Report,
    context: &Context,
) -> Result<Option<Shared>, Failure> {
    let trace = kept.trace().map_err(|error| Failure::new(Kind::Limit, format!("what the card answered: {error}")))?;
    let renamed = pseudonyms::renamed(&trace)?;
    // What others will get from the bundle, not what this card gave.
    let replayed = context.replaying(renamed.trace.clone()).and_then(|mut card| Report::of(&mut card));
    let bundle = pseudonyms::marked(&renamed.trace, &renamed.list, &comments(found, replayed.as_ref().ok()))?;
    let lang = context.lang;
    for line in pseudonyms::lines(&renamed.list) {
        context.note(&format!("{} {line}", Word::WillBeReplaced.text(lang)));
    }
    context.note(Word::WillStay.text(lang));
    if !yes && std::io::stdin().is_terminal() && !confirmed(path, lang)? {
        context.note(&format!("{}: {}", path.display(), Word::NotWritten.text(lang)));
        return Ok(None);
    }
    write_file(path, bundle.as_bytes(), Privacy::Public)?;
    Ok(Some(Shared { file: path.display().to_string(), replaced: replaced(&renamed.list) }))
}

/// The report that the bundle gives, never the card's own: what stands in both is the holder's in none.
fn comments(found: &Report, replayed: Option<&Report>) -> String {
    let mut comments = format!(
        "\nidcard probe, version {}, {} {}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let same = |report: &Report| serde_json::to_value(report).ok() == serde_json::to_value(found).ok();
    let Some(report) = replayed else {
        comments.push_str("This trace does not replay to its end, so that there is no report.\n");
        return comments;
    };
    comments.push_str(if same(report) {
        "This trace replays to the same report as the card's:\n"
    } else {
        "This trace replays to another report than the card's. What it replays to:\n"
    });
    comments.push_str(&text::report(report, &Terminal::plain(), Lang::En));
    comments
}

fn confirmed(path: &Path, lang: Lang) -> Result<bool, Failure> {
    // A signal ends the run here and now: the card is let go, and nothing is written yet. The question comes behind it,
    // since who reads the question may answer by a signal, which a shell may have set aside until it is caught.
    let asking = Asking::new(|_| {});
    output::stderr(&format!("{} {} ", path.display(), Word::WriteIt.text(lang)));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    drop(asking);
    read.map_err(|error| Failure::new(Kind::File, format!("the terminal: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "بله"))
}

fn replaced(list: &List) -> Vec<Replaced> {
    let entry = |(place, counts): (&String, &BTreeMap<idcard_crypto::pseudonym::Replaced, usize>)| Replaced {
        place: place.clone(),
        counts: counts.iter().map(|(what, count)| (what.word(), *count)).collect(),
    };
    list.iter().map(entry).collect()
}
