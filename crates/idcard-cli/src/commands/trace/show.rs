//! `idcard trace show`: what a trace holds, item by item.

mod text;

use super::{names, protocol_word};
use crate::args::TraceShow;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Lang;
use idcard_core::apdu::Status;
use idcard_core::transport::clock::PROFILES;
use idcard_core::transport::trace::{Octets, Place, Step, Trace};
use serde::Serialize;
use std::time::Duration;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    atr: Option<String>,
    protocol: Option<&'static str>,
    exchanges: usize,
    transactions: usize,
    recorded_ms: f64,
    unmasked_secrets: bool,
    redacted: bool,
    items: Vec<Item>,
    timing: Option<Vec<Timing>>,
}

/// One line of the trace; an exchange is one item with its command's line.
#[derive(Debug, Default, Serialize)]
struct Item {
    line: usize,
    kind: &'static str,
    /// Counted from 1; none outside.
    transaction: Option<usize>,
    name: Option<&'static str>,
    applet: Option<String>,
    file: Option<String>,
    command: Option<String>,
    response: Option<String>,
    status_word: Option<String>,
    meaning: Option<String>,
    error: Option<&'static str>,
    elapsed_ms: Option<f64>,
}

/// All exchanges on one kind of link.
#[derive(Debug, Serialize)]
struct Timing {
    profile: &'static str,
    link_ms: f64,
}

/// Lists the trace.
pub(super) fn run(options: &TraceShow, context: &Context) -> Result<Exit, Failure> {
    let trace = super::open(&options.file, context)?;
    // Documents are the same in each language.
    let lang = if context.options.wants_json() { Lang::En } else { context.lang };
    let mut document = document(&trace, lang);
    document.timing = options.timing.then(|| timing(&trace));
    context.show(&document, || text::listing(&document, context))?;
    Ok(Exit::DONE)
}

fn document(trace: &Trace, lang: Lang) -> Document {
    let (mut atr, mut protocol, mut redacted) = (None, None, false);
    let (mut transactions, mut inside, mut exchanges) = (0usize, false, 0usize);
    let (mut items, mut place, mut recorded): (Vec<Item>, _, _) = (Vec::new(), Place::default(), Duration::ZERO);
    let mut sent: Option<(usize, &Octets)> = None;
    for entry in trace.entries() {
        let mut item = Item { line: entry.line, ..Item::default() };
        let was_inside = inside;
        match &entry.step {
            Step::Atr(bytes) => {
                item.kind = "atr";
                item.response = Some(hex::encode_upper(bytes));
                atr = item.response.clone().or(atr);
            }
            Step::Protocol(told) => {
                item.kind = "protocol";
                protocol = Some(protocol_word(*told));
            }
            Step::Begin => {
                item.kind = "begin";
                inside = true;
                transactions = transactions.saturating_add(1);
                place.forget();
            }
            Step::End => {
                item.kind = "end";
                inside = false;
            }
            Step::Command(command) => {
                sent = Some((entry.line, command));
                continue;
            }
            Step::Answer { bytes, elapsed } => {
                item.kind = "exchange";
                exchanges = exchanges.saturating_add(1);
                redacted |= bytes.has_masks();
                recorded = recorded.saturating_add(elapsed.unwrap_or_default());
                let told = bytes.status();
                if let Some((_, command)) = sent {
                    place.follow(command, told.unwrap_or(Status(0)));
                }
                item.response = Some(compact(bytes));
                item.status_word = told.map(|told| told.to_string());
                item.meaning = told.map(|told| names::status(told, lang));
                item.elapsed_ms = elapsed.map(milliseconds);
            }
            Step::Error { code, elapsed } => {
                item.kind = "error";
                item.error = Some(code);
                item.elapsed_ms = elapsed.map(milliseconds);
            }
            step @ (Step::Reset | Step::Removed) => {
                item.kind = if *step == Step::Reset { "reset" } else { "removed" };
                place.forget();
            }
        }
        if let Some((line, command)) = sent.take() {
            item.line = line;
            item.name = Some(names::command(command.filled()));
            item.applet = place.applet().map(str::to_owned);
            item.file = place.path();
            item.command = Some(compact(command));
        }
        item.transaction = (inside || was_inside).then_some(transactions);
        items.push(item);
    }
    Document {
        schema: "idcard.trace_show/1",
        atr,
        protocol,
        exchanges,
        transactions,
        recorded_ms: milliseconds(recorded),
        unmasked_secrets: trace.unmasked_secrets(),
        redacted,
        items,
        timing: None,
    }
}

/// What the exchanges of the trace take on the eight links of the model.
fn timing(trace: &Trace) -> Vec<Timing> {
    let entries = trace.entries();
    let exchanges = entries.iter().zip(entries.iter().skip(1)).filter_map(|(command, answer)| {
        let (Step::Command(command), Step::Answer { bytes, .. }) = (&command.step, &answer.step) else { return None };
        Some((command.filled(), bytes.filled()))
    });
    let exchanges: Vec<_> = exchanges.collect();
    let total = |link: &idcard_core::transport::clock::Link| {
        let times = exchanges.iter().map(|(command, answer)| link.exchange(command, answer));
        times.fold(Duration::ZERO, Duration::saturating_add)
    };
    let one = |profile: &idcard_core::transport::clock::Profile| Timing {
        profile: profile.name,
        link_ms: milliseconds(total(&profile.link)),
    };
    PROFILES.iter().map(one).collect()
}

/// Microseconds are as fine as a link can be measured.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

/// Hex without blanks, `**` where a byte is masked.
fn compact(bytes: &Octets) -> String {
    bytes.iter().map(|byte| byte.map_or_else(|| "**".to_owned(), |byte| format!("{byte:02X}"))).collect()
}
