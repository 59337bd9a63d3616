//! `idcard trace redact`: the trace with what it tells about the holder masked.

use crate::args::TraceRedact;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::output::{self, Privacy, write_file};
use std::path::Path;

/// Writes the trace redacted; comments, which may hold anything, are gone.
pub(super) fn run(options: &TraceRedact, context: &Context) -> Result<Exit, Failure> {
    let redacted = super::open(&options.file, context)?.redacted();
    let mut bytes = Vec::new();
    redacted.write(&mut bytes).map_err(|error| Failure::new(Kind::Internal, error.to_string()))?;
    match options.output.as_deref().filter(|path| *path != Path::new("-")) {
        Some(path) => write_file(path, &bytes, Privacy::Public)?,
        None => output::stdout(&bytes)?,
    }
    Ok(Exit::DONE)
}
