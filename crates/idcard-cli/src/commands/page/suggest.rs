//! `idcard page suggest`: a card page drafted from recorded traces.

use super::Document;
use crate::args::PageSuggest;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::output::{self, Privacy, write_file};
use idcard_core::draft::{DraftError, Drafting, draft};
use idcard_core::family::Roster;
use idcard_core::session::Slot;
use idcard_core::transport::trace::Trace;
use idcard_crypto::Certificate;
use std::path::Path;

/// Drafts.
pub(super) fn run(options: &PageSuggest, context: &Context) -> Result<Exit, Failure> {
    let output = options.output.as_deref().filter(|path| *path != Path::new("-"));
    if output.is_none() && context.options.wants_json() {
        return Err(Failure::usage("the page itself goes to stdout: for a document give the page a file with -o"));
    }
    let traces = options.traces.iter().map(Trace::open).collect::<Result<Vec<_>, _>>()?;
    let mut roster = Roster::built_in()?;
    for page in &context.options.pages {
        roster.add(page)?;
    }
    let drafting = Drafting { family: &options.family, roster: &roster, certificate: &slot };
    let draft = draft(&traces, &drafting).map_err(|error| {
        let kind = if matches!(error, DraftError::Name) { Kind::Usage } else { Kind::BadFile };
        Failure::new(kind, error.to_string())
    })?;
    match output {
        Some(path) => {
            write_file(path, draft.text.as_bytes(), Privacy::Public)?;
            let document = Document { schema: "idcard.page_suggest/1", ..Document::of(&draft.page) };
            context.show(&document, || document.text(context))?;
        }
        None => output::stdout(draft.text.as_bytes())?,
    }
    Ok(Exit::DONE)
}

/// Where a certificate belongs, by what it says of itself: the role in its subject (`nid-card.md` 10), else its key usage.
fn slot(der: &[u8]) -> Option<Slot> {
    let certificate = Certificate::from_card(der).ok()?;
    let usage = certificate.key_usage_names();
    match certificate.role() {
        _ if certificate.is_ca() => Some(Slot::Ca),
        Some("SIG") => Some(Slot::Sign),
        Some("AUT") => Some(Slot::Auth),
        _ if usage.contains(&"nonRepudiation") => Some(Slot::Sign),
        _ if usage.contains(&"digitalSignature") => Some(Slot::Auth),
        _ => None,
    }
}
