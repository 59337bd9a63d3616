//! `idcard verify`: the verdict on a signed document. No card is needed, and no network unless it is asked for.

mod input;
mod release;
mod text;
mod text_mode;

use super::verdict;
use crate::args::Verify;
use crate::content::FileContent;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::Word;
use crate::output;
use crate::progress::Progress;
use crate::signals;
use crate::trust::Trust;
use idcard_crypto::cms::VerifyError;
use idcard_crypto::hash::{Content, Watched};
use idcard_crypto::verify::{Report, Verdict, Verified, Verifier};
use input::{Input, Kind as Form};
use release::Release;
use serde::Serialize;
use std::path::Path;

/// `idcard.verify/1`.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    #[serde(flatten)]
    report: Report,
}

/// Checks, tells, and hands out the content where all is valid.
pub(super) fn run(options: &Verify, context: &Context) -> Result<Exit, Failure> {
    if options.output.as_deref() == Some(Path::new("-")) && context.options.wants_json() {
        return Err(Failure::usage("the content and the document of --json cannot both go to stdout"));
    }
    if options.output.as_deref() == Some(Path::new("-")) {
        output::check_stdout()?;
    }
    let input = Input::of(options)?;
    if let Some(taken) = input.signature.as_deref().filter(|_| !input.passed_over.is_empty()) {
        let others: Vec<_> = input.passed_over.iter().map(|path| path.display().to_string()).collect();
        let [checked, there] = [Word::SignatureChecked, Word::SignaturePassedOver].map(|word| word.text(context.lang));
        context.note(&format!("{checked}: {} ({there}: {})", taken.display(), others.join(", ")));
    }
    if options.output.is_some() && !matches!(input.kind, Form::Attached) {
        return Err(Failure::usage("-o is for a signature that holds its document; this one stands beside it"));
    }
    let trust = Trust::of(&options.trust, context)?;
    signals::watch();
    let mut release = options.output.as_deref().map(Release::begin).transpose()?;
    let verified = check(&input, &trust.verifier(&input.certificates), release.as_mut(), context)?;
    let document = Document { schema: "idcard.verify/1", report: verified.report() };
    let mut exit = verdict::exit(verified.verdict);
    if input.is_signed_by_others(&document.report) {
        context.note(Word::OtherSigner.text(context.lang));
        exit = if exit == Exit::DONE { Kind::Inconclusive.into() } else { exit };
    }
    let changed = matches!(input.kind, Form::Detached)
        && document.report.signers.iter().any(|one| one.content == Some("mismatch"));
    if changed && text_mode::fits(&input.document, input.signature()) {
        context.note(Word::TextMode.text(context.lang));
    }
    let to_stdout = release.as_ref().is_some_and(Release::is_for_stdout);
    match release {
        Some(release) if verified.verdict == Verdict::Valid => release.finish()?,
        Some(_) => {
            context.note(Word::ContentKept.text(context.lang));
            if lacks_an_anchor(&document.report) {
                context.note(Word::ContentNeedsAnchor.text(context.lang));
            }
        }
        None => {}
    }
    if to_stdout {
        output::stderr(&text::of(&document.report, context));
    } else {
        context.show(&document, || text::of(&document.report, context))?;
    }
    Ok(exit)
}

/// Whether the one thing that is missing is an authority that this program trusts.
fn lacks_an_anchor(report: &Report) -> bool {
    let lacking = |chain: &str| matches!(chain, "incomplete" | "untrusted");
    report.verdict == "inconclusive" && report.signers.iter().any(|signer| lacking(&signer.chain))
}

fn check(
    input: &Input,
    verifier: &Verifier<'_>,
    release: Option<&mut Release>,
    context: &Context,
) -> Result<Verified, Failure> {
    let mut document = FileContent::open(&input.document)?;
    let mut progress = Progress::new(&context.terminal, &input.document, document.length());
    let watch = |read| progress.tell(read);
    let verified = match (&input.kind, &input.signature) {
        (Form::Raw(bytes), _) => {
            let holder = input.certificates.iter().find(|certificate| !certificate.is_ca());
            let Some(certificate) = holder.or(input.certificates.first()) else {
                return Err(Failure::usage("a bare signature needs --certificate"));
            };
            verifier.raw(bytes, &mut Watched::new(document, watch), certificate)
        }
        (Form::Detached, Some(path)) => {
            let mut signature = FileContent::open(path)?;
            let signature = signature.open().map_err(|error| Failure::file(path, &error))?;
            let content = document.open().map_err(|error| Failure::file(&input.document, &error))?;
            verifier.detached(signature, Watched::new(content, watch))
        }
        _ => {
            let signature = document.open().map_err(|error| Failure::file(&input.document, &error))?;
            match release {
                Some(release) => verifier.attached(Watched::new(signature, watch), Some(&mut release.sink())),
                None => verifier.attached(Watched::new(signature, watch), None),
            }
        }
    };
    verified.map_err(|error| failure(&error, input))
}

/// Why there is no result, not even a bad one.
fn failure(error: &VerifyError, input: &Input) -> Failure {
    let (kind, path) = match error {
        VerifyError::NotASignature(_) => (Kind::BadFile, input.signature()),
        VerifyError::NoContent => (Kind::Usage, input.signature()),
        VerifyError::ReadSignature(_) => (Kind::File, input.signature()),
        VerifyError::ReadContent(_) => (Kind::File, input.document.as_path()),
        VerifyError::Write(_) => (Kind::File, Path::new("the content")),
        _ => (Kind::Internal, input.document.as_path()),
    };
    let failure = Failure::new(kind, error.to_string()).about(path);
    match error {
        VerifyError::NoContent => failure.with_hint("idcard verify DOCUMENT --signature FILE"),
        VerifyError::NotASignature(_) => failure.with_hint(if input.certificates.is_empty() {
            "a bare signature needs --certificate; one beside its document --signature FILE"
        } else {
            "name the signature with --signature FILE; it is CMS, or bare and of 2048 bytes at most"
        }),
        _ => failure,
    }
}
