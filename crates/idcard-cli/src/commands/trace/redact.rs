//! `idcard trace redact`: the trace with pseudonyms in the place of what is the holder's, or with all of it masked.

use crate::args::TraceRedact;
use crate::commands::pseudonyms;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::output::{self, Privacy, write_file};
use std::path::Path;

/// Writes the trace redacted; comments, which may hold anything, are gone.
pub(super) fn run(options: &TraceRedact, context: &Context) -> Result<Exit, Failure> {
    let bytes = if options.mask { masked(options, context)? } else { renamed(options, context)? };
    match options.output.as_deref().filter(|path| *path != Path::new("-")) {
        Some(path) => write_file(path, &bytes, Privacy::Public)?,
        None => output::stdout(&bytes)?,
    }
    Ok(Exit::DONE)
}

fn masked(options: &TraceRedact, context: &Context) -> Result<Vec<u8>, Failure> {
    let redacted = super::open(&options.file, context)?.redacted();
    let mut bytes = Vec::new();
    redacted.write(&mut bytes).map_err(|error| Failure::new(Kind::Internal, error.to_string()))?;
    Ok(bytes)
}

/// A trace that was renamed before and not changed since stays as it is.
fn renamed(options: &TraceRedact, context: &Context) -> Result<Vec<u8>, Failure> {
    if let Some(text) = pseudonyms::read(&options.file).filter(|text| pseudonyms::is_marked(text)) {
        return Ok(text.into_bytes());
    }
    let renamed = pseudonyms::renamed(&super::open(&options.file, context)?)?;
    for line in pseudonyms::lines(&renamed.list) {
        context.note(&format!("replaced: {line}"));
    }
    Ok(pseudonyms::marked(&renamed.trace, &renamed.list, "")?.into_bytes())
}
