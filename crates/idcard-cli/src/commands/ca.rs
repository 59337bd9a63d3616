//! `idcard ca`: trust anchors, where the trust in them comes from, and keeping the ones that a user vouches for.

mod check;
mod list;

use crate::args::{CaCheck, CaCommand, CaImport};
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::terminal::Nature;
use crate::trust;
use check::{CheckedEntry, worst};
use idcard_crypto::trust::authorities::{self, Consent, Import};
use idcard_crypto::trust::{Query, Store, Usage};
use serde::Serialize;
use std::time::SystemTime;

/// Lists, looks, or keeps.
pub(super) fn run(command: &CaCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        CaCommand::List => list::run(context),
        CaCommand::Check(options) => look(options, context),
        CaCommand::Import(options) => import(options, context),
    }
}

/// `idcard.ca_check/1`.
#[derive(Debug, Serialize)]
struct CheckDocument {
    schema: &'static str,
    certificates: Vec<CheckedEntry>,
}

fn look(options: &CaCheck, context: &Context) -> Result<Exit, Failure> {
    let store = trust::store(&options.ca)?;
    let query = Query::at(options.at.unwrap_or_else(SystemTime::now));
    let checked = authorities::check(&options.file, &store, &query)?;
    let certificates: Vec<_> = checked.iter().map(CheckedEntry::of).collect();
    let exit = worst(&checked);
    let document = CheckDocument { schema: "idcard.ca_check/1", certificates };
    context.show(&document, || document.certificates.iter().map(|entry| entry.text(context)).collect())?;
    Ok(exit)
}

/// `idcard.ca_import/1`.
#[derive(Debug, Serialize)]
struct ImportDocument {
    schema: &'static str,
    directory: String,
    certificates: Vec<ImportEntry>,
}

#[derive(Debug, Serialize)]
struct ImportEntry {
    #[serde(flatten)]
    checked: CheckedEntry,
    /// `kept`, `known`, `no_authority`, `needs_trust`.
    outcome: &'static str,
    file: Option<String>,
}

impl ImportEntry {
    fn outcome(&self) -> Word {
        match self.outcome {
            "kept" => Word::Kept,
            "known" => Word::KeptBefore,
            "no_authority" => Word::NoAuthority,
            _ => Word::NeedsTrust,
        }
    }
}

fn import(options: &CaImport, context: &Context) -> Result<Exit, Failure> {
    let directory = trust::kept()
        .ok_or_else(|| Failure::new(Kind::File, "no folder for kept trust: neither XDG_DATA_HOME nor HOME is set"))?;
    // What was kept vouches for nobody here: only what the program knows and what the user says.
    let consent = if options.trust { Consent::Trust } else { Consent::None };
    let query = Query::at(SystemTime::now());
    let mut done = authorities::import(&options.file, &Store::builtin()?, &query, consent, &directory)?;
    // What is kept is told as later runs will see it.
    if done.iter().any(|(_, import)| matches!(import, Import::Kept(_) | Import::Known(_))) {
        let store = trust::store(&[])?;
        for (checked, _) in done.iter_mut().filter(|(_, import)| matches!(import, Import::Kept(_) | Import::Known(_))) {
            checked.chain = store.chain(&checked.certificate, &[], &Query { usage: Usage::Issue, ..query });
        }
    }
    let mut refused = None;
    let mut certificates = Vec::new();
    for (checked, import) in &done {
        let (outcome, file) = match import {
            Import::Kept(path) => ("kept", Some(path)),
            Import::Known(path) => ("known", Some(path)),
            Import::NoAuthority => ("no_authority", None),
            Import::NeedsTrust => ("needs_trust", None),
        };
        let kind = match import {
            Import::Kept(_) | Import::Known(_) => None,
            Import::NoAuthority => Some(Kind::BadFile),
            Import::NeedsTrust => Some(Kind::Inconclusive),
        };
        refused = refused.or(kind);
        let file = file.map(|path| path.to_string_lossy().into_owned());
        certificates.push(ImportEntry { checked: CheckedEntry::of(checked), outcome, file });
    }
    let directory = directory.to_string_lossy().into_owned();
    let document = ImportDocument { schema: "idcard.ca_import/1", directory, certificates };
    context.show(&document, || document.text(context))?;
    Ok(refused.map_or(Exit::DONE, Exit::from))
}

impl ImportDocument {
    fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let mut text = String::new();
        for entry in &self.certificates {
            text += &entry.checked.text(context);
            text += &terminal.pair(Word::Outcome.text(lang), entry.outcome().text(lang), Nature::Words);
            if let Some(file) = &entry.file {
                text += &terminal.pair(Word::KeptIn.text(lang), file, Nature::Code);
            }
        }
        text
    }
}
