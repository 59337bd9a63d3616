//! What an import found: for people, and as the document `idcard.trace_import/1`.

use crate::commands::trace::protocol_word;
use crate::context::Context;
use crate::exit::Failure;
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_core::data::digits::counted;
use idcard_core::transport::trace::import::{Conversation, LogFormat, Report};
use serde::Serialize;
use std::path::PathBuf;

/// How many faults are told one by one on stderr.
const TOLD: usize = 10;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    format: &'static str,
    traces: Vec<Imported>,
    faults: Vec<FaultLine>,
    faults_in_all: usize,
    masked_secrets: usize,
}

#[derive(Debug, Serialize)]
struct Imported {
    file: String,
    reader: Option<String>,
    program: Option<String>,
    atr: Option<String>,
    protocol: Option<&'static str>,
    exchanges: usize,
    failures: usize,
    first_line: usize,
    last_line: usize,
}

#[derive(Debug, Serialize)]
struct FaultLine {
    line: usize,
    what: String,
}

/// Tells on stderr what was damaged and what was masked.
pub(super) fn faults(report: &Report, context: &Context) {
    for fault in report.faults.iter().take(TOLD) {
        context.note(&fault.to_string());
    }
    let more = report.faults_in_all.saturating_sub(TOLD.min(report.faults.len()));
    if more > 0 {
        context.note(&format!("{more} more of these"));
    }
    if report.faults_in_all > 0 {
        let exchanges = counted(report.kept(), "exchange", "exchanges");
        context.note(&format!("kept: {exchanges} in {}", counted(report.conversations.len(), "trace", "traces")));
    }
    if report.masked_secrets > 0 {
        let commands = counted(report.masked_secrets, "command of the log holds", "commands of the log hold");
        context.note(&format!("{commands} PINs or keys in the clear; the traces do not"));
    }
}

/// Puts the traces on stdout, for people or for programs.
pub(super) fn show(report: &Report, format: LogFormat, files: &[PathBuf], context: &Context) -> Result<(), Failure> {
    let imported = |(file, one): (&PathBuf, &Conversation)| Imported {
        file: file.display().to_string(),
        reader: one.reader.clone(),
        program: one.program.clone(),
        atr: one.atr.as_deref().map(hex::encode_upper),
        protocol: one.protocol.map(protocol_word),
        exchanges: one.exchanges,
        failures: one.failures,
        first_line: one.first_line,
        last_line: one.last_line,
    };
    let document = Document {
        schema: "idcard.trace_import/1",
        format: format.word(),
        traces: files.iter().zip(&report.conversations).map(imported).collect(),
        faults: report
            .faults
            .iter()
            .map(|fault| FaultLine { line: fault.line, what: fault.what.to_string() })
            .collect(),
        faults_in_all: report.faults_in_all,
        masked_secrets: report.masked_secrets,
    };
    context.show(&document, || text(&document, context))
}

fn text(document: &Document, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    for trace in &document.traces {
        text += &terminal.heading(&trace.file);
        let lines = [
            (Word::Reader, trace.reader.clone()),
            (Word::Program, trace.program.clone()),
            (Word::Atr, trace.atr.clone()),
            (Word::Protocol, trace.protocol.map(str::to_owned)),
            (Word::Exchanges, Some(lang.digits(&trace.exchanges.to_string()))),
            (Word::LinkFailures, Some(lang.digits(&trace.failures.to_string())).filter(|_| trace.failures > 0)),
        ];
        for (label, value) in lines {
            if let Some(value) = value {
                text += &terminal.pair(label.text(lang), &value, Nature::Code);
            }
        }
    }
    text
}

/// One conversation in a line of a message.
pub(super) fn told(one: &Conversation) -> String {
    let names: Vec<&str> = one.program.iter().chain(&one.reader).map(String::as_str).collect();
    let place = if names.is_empty() { String::new() } else { format!("{}, ", names.join(", ")) };
    format!("{place}{} from line {}", counted(one.exchanges, "exchange", "exchanges"), one.first_line)
}
