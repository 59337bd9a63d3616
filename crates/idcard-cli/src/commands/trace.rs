//! `idcard trace`: what recorded traces hold, without any card.

mod import;
mod names;
mod redact;
mod replay;
mod show;

use crate::args::TraceCommand;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use idcard_core::transport::Protocol;
use idcard_core::transport::trace::Trace;
use std::path::Path;

/// `trace show`, `trace redact`, `trace import`, `trace replay`.
pub(super) fn run(command: &TraceCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        TraceCommand::Show(options) => show::run(options, context),
        TraceCommand::Redact(options) => redact::run(options, context),
        TraceCommand::Import(options) => import::run(options, context),
        TraceCommand::Replay(options) => replay::run(options, context),
    }
}

/// Reads a trace; its owner is told when it holds secrets in the clear.
fn open(path: &Path, context: &Context) -> Result<Trace, Failure> {
    let trace = Trace::open(path).map_err(|error| Failure::from(error).without_hint())?;
    if trace.unmasked_secrets() {
        context.note(&format!("{}: {}", path.display(), Word::HoldsSecrets.text(context.lang)));
    }
    Ok(trace)
}

const fn protocol_word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::T0 => "T=0",
        Protocol::T1 => "T=1",
    }
}
