//! `idcard trace import`: the log of another program becomes traces, one for each card and program.

mod report;
mod sheets;

use self::sheets::Sheets;
use crate::args::TraceImport;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::output;
use idcard_core::data::digits::counted;
use idcard_core::transport::trace::import::{ImportError, LogFormat, Report, import};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;
use zeroize::Zeroizing;

/// How much of a log that goes by only once is looked at to tell what wrote it.
const LOOKED_AT: u64 = 8 * 1024 * 1024;

/// Imports.
pub(super) fn run(options: &TraceImport, context: &Context) -> Result<Exit, Failure> {
    let output = options.output.as_deref().filter(|path| *path != Path::new("-"));
    if output.is_none() && context.options.wants_json() {
        return Err(Failure::usage("the trace itself goes to stdout: for a document give the trace a file with -o"));
    }
    let (input, format) = open(options)?;
    let mut sheets = Sheets::new(output, format);
    let found = import(input, format, &mut sheets);
    // A sheet that could not be written says more than the import that it ended.
    let report =
        sheets.fault().map_or(Ok(()), Err).and_then(|()| found.map_err(|error| refused(&options.file, &error)))?;
    if report.kept() == 0 {
        report::faults(&report, context);
        return Err(empty(format).about(&options.file));
    }
    if output.is_none() && report.conversations.len() > 1 {
        return Err(several(&report));
    }
    let paths = sheets.finish()?;
    report::faults(&report, context);
    if let Some(trace) = paths.bare {
        output::stdout(&trace)?;
    } else {
        report::show(&report, format, &paths.files, context)?;
    }
    Ok(Exit::DONE)
}

/// The log and what wrote it.
fn open(options: &TraceImport) -> Result<(Box<dyn BufRead>, LogFormat), Failure> {
    let path = &options.file;
    let chosen = options.from.map(LogFormat::from);
    if path.as_path() == Path::new("-") {
        return passing(std::io::stdin().lock(), path, chosen);
    }
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let file = File::open(path).map_err(failed)?;
    let kind = file.metadata().map_err(failed)?;
    if kind.is_dir() {
        return Err(Failure::new(Kind::File, "this is a directory").about(path));
    }
    if !kind.is_file() {
        return passing(BufReader::new(file), path, chosen);
    }
    let mut file = BufReader::new(file);
    let format = match chosen {
        Some(format) => format,
        None => LogFormat::detect(&mut file).map_err(|error| refused(path, &error))?,
    };
    file.rewind().map_err(failed)?;
    Ok((Box::new(file), format))
}

/// A log that goes by only once: its beginning is kept while it is looked at.
fn passing(
    mut input: impl BufRead + 'static,
    path: &Path,
    chosen: Option<LogFormat>,
) -> Result<(Box<dyn BufRead>, LogFormat), Failure> {
    let mut head = Zeroizing::new(Vec::new());
    let format = match chosen {
        Some(format) => format,
        None => {
            input.by_ref().take(LOOKED_AT).read_to_end(&mut head).map_err(|error| Failure::file(path, &error))?;
            LogFormat::detect(head.as_slice()).map_err(|error| refused(path, &error))?
        }
    };
    Ok((Box::new(Cursor::new(Head(head)).chain(input)), format))
}

/// What was looked at; it may hold PINs, and is wiped.
struct Head(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Head {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn refused(path: &Path, error: &ImportError) -> Failure {
    let kind = if matches!(error, ImportError::Read(_) | ImportError::Write(_)) { Kind::File } else { Kind::BadFile };
    Failure::new(kind, error.to_string()).about(path)
}

/// A log without a whole exchange.
fn empty(format: LogFormat) -> Failure {
    let failure = Failure::new(Kind::BadFile, format!("no whole exchange with a card is in this log of {format}"));
    match format {
        LogFormat::Pcscd => failure.with_hint("pcscd logs commands only when it is started with --apdu"),
        LogFormat::OpenSc => failure.with_hint("OpenSC logs commands only with OPENSC_DEBUG=3 or more"),
        _ => failure,
    }
}

/// Several traces and one stdout.
fn several(report: &Report) -> Failure {
    let lines: Vec<_> = report.conversations.iter().map(report::told).collect();
    let conversations = counted(lines.len(), "conversation", "conversations");
    let message = format!("the log holds {conversations}: {}", lines.join("; "));
    Failure::usage(message).with_hint(
        "with -o OUT.apdu each becomes a file of its own, OUT.apdu, OUT-2.apdu and so on; --card replay:OUT-2.apdu chooses one",
    )
}
