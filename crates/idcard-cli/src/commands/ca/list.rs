//! `idcard ca list`: every anchor with its provenance, and what else is known.

use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::terminal::Nature;
use crate::trust;
use idcard_crypto::Certificate;
use idcard_crypto::time::rfc3339;
use idcard_crypto::trust::{Anchor, Origin, known_authorities};
use serde::Serialize;

/// `idcard.ca_list/1`.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    anchors: Vec<AnchorEntry>,
    /// Authorities that were imported and are no anchors: they may stand in a path.
    intermediates: Vec<IntermediateEntry>,
    /// Authorities that the program knows by fingerprint; that lends no trust.
    known_authorities: Vec<KnownEntry>,
}

#[derive(Debug, Serialize)]
struct AnchorEntry {
    title: String,
    purpose: String,
    legacy: bool,
    origin: &'static str,
    id: Option<String>,
    operator: Option<String>,
    provenance: Option<String>,
    file: Option<String>,
    subject: String,
    serial: String,
    not_before: String,
    not_after: String,
    key: String,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct IntermediateEntry {
    subject: String,
    issuer: String,
    not_after: String,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct KnownEntry {
    title: String,
    anchor: String,
    sha256: String,
}

/// Lists.
pub(super) fn run(context: &Context) -> Result<Exit, Failure> {
    let store = trust::store(&[])?;
    let document = Document {
        schema: "idcard.ca_list/1",
        anchors: store.anchors().iter().map(AnchorEntry::of).collect(),
        intermediates: store.intermediates().iter().map(IntermediateEntry::of).collect(),
        known_authorities: known_authorities()
            .into_iter()
            .map(|known| KnownEntry { title: known.title, anchor: known.anchor, sha256: known.sha256 })
            .collect(),
    };
    context.show(&document, || document.text(context))?;
    Ok(Exit::DONE)
}

impl AnchorEntry {
    fn of(anchor: &Anchor) -> Self {
        let (origin, id, operator, provenance, file) = match anchor.origin.clone() {
            Origin::Builtin { id, operator, provenance } => {
                ("builtin", Some(id), Some(operator), Some(provenance), None)
            }
            Origin::File(path) => ("imported", None, None, None, Some(path.to_string_lossy().into_owned())),
            Origin::Caller => ("imported", None, None, None, None),
        };
        Self {
            title: anchor.title.clone(),
            purpose: anchor.purpose.to_string(),
            legacy: anchor.legacy,
            origin,
            id,
            operator,
            provenance,
            file,
            subject: anchor.subject.to_string(),
            serial: anchor.serial.clone(),
            not_before: rfc3339(anchor.not_before),
            not_after: rfc3339(anchor.not_after),
            key: anchor.key.kind().to_string(),
            sha256: anchor.sha256.clone(),
        }
    }

    fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let mut text = terminal.heading(&self.title);
        let codes = [
            (Word::Subject, Some(&self.subject)),
            (Word::Purpose, Some(&self.purpose)),
            (Word::ValidUntil, Some(&self.not_after)),
            (Word::PublicKey, Some(&self.key)),
            (Word::Sha256, Some(&self.sha256)),
            (Word::Operator, self.operator.as_ref()),
            (Word::Source, self.provenance.as_ref()),
            (Word::KeptIn, self.file.as_ref()),
        ];
        for (label, value) in codes {
            if let Some(value) = value {
                text += &terminal.pair(label.text(lang), value, Nature::Code);
            }
        }
        if self.legacy {
            text += &terminal.alert(Word::LegacyAnchor.text(lang));
        }
        text.push('\n');
        text
    }
}

impl IntermediateEntry {
    fn of(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            not_after: certificate.not_after_rfc3339(),
            sha256: certificate.sha256(),
        }
    }
}

impl Document {
    fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let mut text: String = self.anchors.iter().map(|anchor| anchor.text(context)).collect();
        for entry in &self.intermediates {
            text += &terminal.pair(Word::Intermediate.text(lang), &entry.subject, Nature::Code);
            text += &terminal.pair(Word::Sha256.text(lang), &entry.sha256, Nature::Code);
        }
        for known in &self.known_authorities {
            let what = format!("{} ({}): {}", known.title, known.anchor, known.sha256);
            text += &terminal.pair(Word::KnownAuthority.text(lang), &what, Nature::Code);
        }
        text
    }
}
