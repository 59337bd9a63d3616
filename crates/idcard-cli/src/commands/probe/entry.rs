//! One finding of a survey as documents show it.

use idcard_core::survey::Finding;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was asked for, and what came of it.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub verdict: &'static str,
    pub subject: &'static str,
    /// The item of the page.
    pub item: Option<&'static str>,
    /// The applet's name on the page, its AID where the page has none; null for the answer to reset.
    pub applet: Option<String>,
    pub place: String,
    pub status_word: Option<String>,
    pub reason: Option<&'static str>,
    /// What exactly is wrong.
    pub fault: Option<String>,
    pub file_size: Option<u32>,
    pub bytes: Option<usize>,
    pub shape: Option<String>,
    pub values: BTreeMap<&'static str, String>,
    pub evidence: Option<String>,
    pub fills: Option<String>,
}

impl Entry {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            verdict: finding.verdict.word(),
            subject: finding.subject.word(),
            item: finding.item.map(idcard_core::family::ItemName::word),
            applet: (!finding.applet.is_empty()).then(|| finding.applet.clone()),
            place: finding.place.clone(),
            status_word: finding.status.map(|status| status.to_string()),
            reason: finding.reason.map(idcard_core::survey::Reason::word),
            fault: finding.detail.clone(),
            file_size: finding.file_size,
            bytes: finding.bytes,
            shape: finding.shape.clone(),
            values: finding.values.iter().cloned().collect(),
            evidence: finding.evidence.map(|evidence| evidence.to_string()),
            fills: finding.fills.clone(),
        }
    }
}
