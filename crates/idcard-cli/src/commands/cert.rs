//! `idcard cert`: the certificates of the card.

use super::certificate::{self, Entry};
use crate::args::CertExport;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::output::{self, Privacy, write_file};
use idcard_core::session::Slot;
use serde::Serialize;
use std::path::Path;

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    reader: Option<String>,
    specimen: bool,
    certificates: Vec<Entry>,
}

/// `cert list`.
pub(super) fn list(context: &Context) -> Result<Exit, Failure> {
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let mut session = card.session()?;
    let certificates = certificate::read(&mut session, &Slot::ALL)?;
    let specimen = session.page().specimen;
    drop(session);
    let document = Document { schema: "idcard.cert_list/1", source: source.word(), reader, specimen, certificates };
    context.show(&document, || context.banner() + &text(&document, context))?;
    let faulty = document.certificates.iter().find(|entry| entry.state.is_faulty());
    let missed =
        || document.certificates.iter().any(|entry| certificate::is_missed(&entry.state, &document.certificates));
    Ok(match faulty.and_then(|entry| entry.state.kind()) {
        Some(kind) => kind.into(),
        None if missed() => Kind::NotAvailable.into(),
        None => Exit::DONE,
    })
}

fn text(document: &Document, context: &Context) -> String {
    let mut text = String::new();
    if document.specimen {
        text += &context.terminal.alert(Word::SpecimenCard.text(context.lang));
    }
    for entry in &document.certificates {
        text.push('\n');
        text += &entry.text(context);
    }
    text.trim_start().to_owned()
}

/// `cert export`.
pub(super) fn export(options: &CertExport, context: &Context) -> Result<Exit, Failure> {
    let target = options.output.as_deref().filter(|path| *path != Path::new("-"));
    if target.is_none() && options.output.is_none() && !options.pem && context.terminal.stdout {
        return Err(Failure::usage("a certificate in DER is not for a terminal")
            .in_persian("گواهی به شکل DER برای پایانه نیست")
            .with_hints("name a file with -o, or ask for --pem", "با -o پرونده‌ای نام ببرید یا --pem را به کار برید"));
    }
    let (_, mut card) = context.connect()?;
    let mut session = card.session()?;
    let entries = certificate::read(&mut session, &[options.slot.into()])?;
    drop(session);
    let Some(entry) = entries.into_iter().next() else {
        return Err(Failure::new(Kind::NotAvailable, "no certificate").in_persian("گواهی در دسترس نیست"));
    };
    let Some(certificate) = &entry.certificate else { return Err(entry.failure()) };
    let pem = certificate.to_pem();
    let bytes = if options.pem { pem.as_bytes() } else { certificate.der() };
    match target {
        Some(path) => write_file(path, bytes, Privacy::Personal)?,
        None => output::stdout(bytes)?,
    }
    Ok(Exit::DONE)
}
