//! The verdict for people.

use crate::commands::verdict;
use crate::context::Context;
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_crypto::verify::{Report, SignerReport};

/// The verdict, then each signer with everything that speaks against it.
pub(super) fn of(report: &Report, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let title = title(report.verdict).text(lang);
    let mut text = if report.verdict == "valid" { terminal.heading(title) } else { terminal.alert(title) };
    for reason in &report.reasons {
        text += &terminal.pair(Word::Reason.text(lang), reason, Nature::Code);
    }
    for signer in &report.signers {
        text.push('\n');
        text += &lines(signer, context);
    }
    text
}

fn lines(signer: &SignerReport, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let unknown = || Word::Unknown.text(lang).to_owned();
    let word = |word: Word| word.text(lang).to_owned();
    let signature = match signer.signature {
        Some("valid") => word(Word::IsValid),
        Some(_) => word(Word::IsInvalid),
        None => unknown(),
    };
    let content = match signer.content {
        Some("match") => word(Word::ContentMatches),
        Some(_) => word(Word::ContentChanged),
        None => unknown(),
    };
    let mut text =
        terminal.pair(Word::SignedBy.text(lang), &signer.subject.clone().unwrap_or_else(unknown), Nature::Code);
    let words = [
        (Word::Signature, signature),
        (Word::Document, content),
        (Word::Chain, word(verdict::chain(&signer.chain))),
        (Word::Revocation, word(verdict::revocation(&signer.revocation))),
    ];
    for (label, value) in words {
        text += &terminal.pair(label.text(lang), &value, Nature::Words);
    }
    let codes = [
        (Word::ClaimedTime, signer.claimed_time.as_deref()),
        (Word::Format, Some(signer.format)),
        (Word::Sha256, signer.certificate_sha256.as_deref()),
    ];
    for (label, value) in codes {
        if let Some(value) = value {
            text += &terminal.pair(label.text(lang), value, Nature::Code);
        }
    }
    for reason in &signer.reasons {
        text += &terminal.pair(Word::Reason.text(lang), reason, Nature::Code);
    }
    text
}

fn title(word: &str) -> Word {
    match word {
        "valid" => Word::SignatureValid,
        "invalid" => Word::SignatureInvalid,
        _ => Word::SignatureInconclusive,
    }
}
