//! `idcard auth verify`: does this token answer my challenge, and who answers?

use super::challenge;
use crate::args::AuthVerify;
use crate::commands::verdict;
use crate::content::FileContent;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::terminal::Nature;
use crate::trust::Trust;
use idcard_crypto::auth::{Authentication, Expected, Token};
use idcard_crypto::hash::Content;
use serde::Serialize;
use serde_json::Value;
use std::io::Read;
use std::path::Path;

/// The longest token that is read; real ones have four thousand bytes.
const LONGEST: u64 = 256 << 10;

/// The fields of a token, in the order of the format's description.
const FIELDS: [&str; 5] = ["unverifiedCertificate", "algorithm", "signature", "format", "appVersion"];

/// `idcard.auth_verify/1`.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    verdict: &'static str,
    origin: String,
    subject: Option<String>,
    certificate_sha256: Option<String>,
    chain: String,
    revocation: String,
    reasons: Vec<String>,
}

/// Checks and tells; the names in the token are believed only where it is valid.
pub(super) fn run(options: &AuthVerify, context: &Context) -> Result<Exit, Failure> {
    let expected = Expected {
        challenge: challenge(&options.challenge)?,
        issued: options.issued.map(|issued| (issued, options.max_age)),
    };
    let trust = Trust::of(&options.trust, context)?;
    let token = read(&options.token)?;
    let result = trust.verifier(&[]).token(&token, &expected);
    let document = Document::of(&result, expected.challenge.origin());
    context.show(&document, || document.text(context))?;
    Ok(verdict::exit(result.verdict))
}

fn read(path: &Path) -> Result<Token, Failure> {
    let mut bytes = Vec::new();
    let read = FileContent::open(path)?.open().and_then(|reader| reader.take(LONGEST).read_to_end(&mut bytes));
    read.map_err(|error| Failure::file(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let what = format!("no authentication token: {}", fault(&bytes, &error));
        Failure::new(Kind::BadFile, what).about(path)
    })
}

/// What is wrong, without the message of the parser: it could quote the token.
fn fault(bytes: &[u8], error: &serde_json::Error) -> String {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return format!("no JSON from line {}, column {} on", error.line(), error.column());
    };
    let Some(object) = value.as_object() else { return "no JSON object".to_owned() };
    for field in FIELDS {
        match object.get(field) {
            None => return format!("the field {field} is missing"),
            Some(Value::String(_)) => {}
            Some(_) => return format!("the field {field} is no text"),
        }
    }
    "a field is there twice".to_owned()
}

impl Document {
    fn of(result: &Authentication, origin: &str) -> Self {
        let certificate = result.certificate.as_ref();
        Self {
            schema: "idcard.auth_verify/1",
            verdict: result.verdict.name(),
            origin: origin.to_owned(),
            subject: certificate.map(|certificate| certificate.subject().to_string()),
            certificate_sha256: certificate.map(idcard_crypto::Certificate::sha256),
            chain: result.chain.as_ref().map_or_else(|| "incomplete".to_owned(), |chain| chain.state.to_string()),
            revocation: result.revocation.state.to_string(),
            reasons: result.reasons(),
        }
    }

    fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let mut text = match self.verdict {
            "valid" => terminal.heading(Word::AuthenticationDone.text(lang)),
            "invalid" => terminal.alert(Word::AuthenticationFailed.text(lang)),
            _ => terminal.alert(Word::AuthenticationInconclusive.text(lang)),
        };
        let unknown = Word::Unknown.text(lang);
        text += &terminal.pair(Word::Subject.text(lang), self.subject.as_deref().unwrap_or(unknown), Nature::Code);
        text += &terminal.pair(Word::AuthenticateTo.text(lang), &self.origin, Nature::Code);
        let words =
            [(Word::Chain, verdict::chain(&self.chain)), (Word::Revocation, verdict::revocation(&self.revocation))];
        for (label, value) in words {
            text += &terminal.pair(label.text(lang), value.text(lang), Nature::Words);
        }
        for reason in &self.reasons {
            text += &terminal.pair(Word::Reason.text(lang), reason, Nature::Code);
        }
        text
    }
}
