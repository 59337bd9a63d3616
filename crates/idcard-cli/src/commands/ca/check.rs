//! One certificate looked at as an authority.

use crate::commands::verdict;
use crate::context::Context;
use crate::exit::{Exit, Kind};
use crate::lang::Word;
use crate::terminal::Nature;
use idcard_crypto::trust::authorities::{Checked, Pinned};
use idcard_crypto::trust::{ChainState, Reason};
use serde::Serialize;

/// A certificate, what is known of it, and its path.
#[derive(Debug, Serialize)]
pub(super) struct CheckedEntry {
    subject: String,
    issuer: String,
    serial: String,
    not_before: String,
    not_after: String,
    key: Option<String>,
    sha256: String,
    authority: bool,
    /// The title by which the program knows this fingerprint.
    known_as: Option<String>,
    chain: String,
    reasons: Vec<String>,
}

impl CheckedEntry {
    pub(super) fn of(checked: &Checked) -> Self {
        let certificate = &checked.certificate;
        Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial: certificate.serial(),
            not_before: certificate.not_before_rfc3339(),
            not_after: certificate.not_after_rfc3339(),
            key: certificate.key().ok().map(|key| key.kind().to_string()),
            sha256: certificate.sha256(),
            authority: certificate.is_ca(),
            known_as: checked.pinned.as_ref().map(|pinned: &Pinned| pinned.title().to_owned()),
            chain: checked.chain.state.to_string(),
            reasons: checked.chain.reasons.iter().map(ToString::to_string).collect(),
        }
    }

    pub(super) fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let mut text = terminal.heading(&self.subject);
        let codes = [
            (Word::Issuer, Some(&self.issuer)),
            (Word::SerialNumber, Some(&self.serial)),
            (Word::ValidFrom, Some(&self.not_before)),
            (Word::ValidUntil, Some(&self.not_after)),
            (Word::PublicKey, self.key.as_ref()),
            (Word::Sha256, Some(&self.sha256)),
            (Word::KnownAs, self.known_as.as_ref()),
        ];
        for (label, value) in codes {
            if let Some(value) = value {
                text += &terminal.pair(label.text(lang), value, Nature::Code);
            }
        }
        let chain = verdict::chain(&self.chain);
        text += &terminal.pair(Word::Chain.text(lang), chain.text(lang), Nature::Words);
        for reason in &self.reasons {
            text += &terminal.pair(Word::Reason.text(lang), reason, Nature::Code);
        }
        text
    }
}

/// The worst of several: a forged certificate over a weak over an unproved one. What the program knows by its
/// fingerprint is genuine, whatever its dates and algorithms say.
pub(super) fn worst(all: &[Checked]) -> Exit {
    let rank = |checked: &Checked| {
        let forged = checked.chain.reasons.iter().any(|reason| matches!(reason, Reason::Signature { .. }));
        match checked.chain.state {
            _ if checked.pinned.is_some() => None,
            ChainState::Trusted => None,
            _ if forged => Some((2, Kind::VerificationFailed)),
            ChainState::Weak => Some((1, Kind::Policy)),
            _ => Some((0, Kind::Inconclusive)),
        }
    };
    let worst = all.iter().filter_map(rank).max_by_key(|(rank, _)| *rank);
    worst.map_or(Exit::DONE, |(_, kind)| kind.into())
}
