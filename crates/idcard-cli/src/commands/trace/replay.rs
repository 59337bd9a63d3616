//! `idcard trace replay`: replays a trace against itself, from its first item to its last.

#[cfg(test)]
mod tests;
mod walk;

use super::protocol_word;
use crate::args::TraceReplay;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Lang;
use idcard_core::data::digits::counted;
use idcard_core::transport::replay::Replay;
use idcard_core::transport::trace::{Step, Trace};
use idcard_core::{LinkError, Transport};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    atr: Option<String>,
    protocol: &'static str,
    transactions: usize,
    exchanges: usize,
    link_errors: usize,
    redacted_answers: usize,
    unmasked_secrets: bool,
}

/// Checks the trace; one that does not replay is an error that names the line.
pub(super) fn run(options: &TraceReplay, context: &Context) -> Result<Exit, Failure> {
    let trace = super::open(&options.file, context)?;
    let failed = |error: LinkError| Failure::from(error).without_hint();
    let mut replay = Replay::open(&options.file).map_err(failed)?;
    let ending = replay.ending();
    walk::walk(&trace, &mut replay)?;
    ending.reached().map_err(failed)?;
    let document = document(&trace, &replay);
    context.show(&document, || {
        let Document { transactions, exchanges, link_errors, redacted_answers, .. } = &document;
        let lines = match context.lang {
            Lang::En => [
                format!(
                    "{} in {} replayed to the end.",
                    counted(*exchanges, "exchange", "exchanges"),
                    counted(*transactions, "transaction", "transactions"),
                ),
                format!(
                    "{}, {}.",
                    counted(*link_errors, "failure of the link", "failures of the link"),
                    counted(*redacted_answers, "masked answer", "masked answers"),
                ),
            ],
            Lang::Fa => [
                format!("{exchanges} تبادل در {transactions} تراکنش تا پایان بازپخش شد."),
                format!("{link_errors} خطای ارتباط، {redacted_answers} پاسخ پوشانده."),
            ],
        };
        lines.iter().map(|line| context.terminal.line(&context.lang.digits(line))).collect()
    })?;
    Ok(Exit::DONE)
}

fn document(trace: &Trace, replay: &Replay) -> Document {
    let count = |is: fn(&Step) -> bool| trace.entries().iter().filter(|entry| is(&entry.step)).count();
    let atr = replay.atr();
    Document {
        schema: "idcard.trace_replay/1",
        atr: (!atr.is_empty()).then(|| hex::encode_upper(atr)),
        protocol: protocol_word(replay.protocol()),
        transactions: count(|step| *step == Step::Begin),
        exchanges: count(|step| matches!(step, Step::Answer { .. })),
        link_errors: count(|step| matches!(step, Step::Error { .. })),
        redacted_answers: count(|step| matches!(step, Step::Answer { bytes, .. } if bytes.has_masks())),
        unmasked_secrets: trace.unmasked_secrets(),
    }
}
