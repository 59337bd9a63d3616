//! What verdicts amount to: the exit status, and the words for chains and revocation.

use crate::exit::{Exit, Kind};
use crate::lang::Word;
use idcard_crypto::verify::Verdict;

/// The worst signer decides (`docs/cli.md`, section 5).
pub(super) fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Valid => Exit::DONE,
        Verdict::Inconclusive => Kind::Inconclusive.into(),
        Verdict::Weak => Kind::Policy.into(),
        Verdict::Invalid => Kind::VerificationFailed.into(),
    }
}

/// The state of a chain, from the word of documents.
pub(super) fn chain(word: &str) -> Word {
    match word {
        "trusted" => Word::ChainTrusted,
        "expired" => Word::Expired,
        "not_yet_valid" => Word::NotYetValid,
        "untrusted" => Word::ChainUntrusted,
        "weak" => Word::ChainWeak,
        _ => Word::ChainIncomplete,
    }
}

/// The state of revocation, from the word of documents.
pub(super) fn revocation(word: &str) -> Word {
    match word {
        "good" => Word::NotRevoked,
        "revoked" => Word::Revoked,
        "not_checked" => Word::RevocationNotChecked,
        _ => Word::Unknown,
    }
}
