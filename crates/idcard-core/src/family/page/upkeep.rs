//! What a page tells of replacing a PIN: the PUK, the journal of a change to several objects, comparison of fingers.

use super::super::hexfield::Bytes;
use super::super::words::{ChangeForm, Evidence};
use serde::Deserialize;

/// How the PUK unblocks one PIN object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unblocking {
    /// By which command, and how PUK and new PIN are written in it.
    pub form: ChangeForm,
    /// The reference under which VERIFY without a body tells the presentations left of the PUK.
    pub reference: Option<Bytes>,
    /// The presentations of an untouched PUK, where the card counts those that failed; absent where that is not known.
    pub tries: Option<u8>,
    /// The fewest digits of the PUK.
    pub minimum: u8,
    /// The most digits of the PUK.
    pub maximum: u8,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// How a change to all objects of a PIN is kept together: flags in the item `journal`, one for each object.
///
/// A flag is `00` when nothing is under way, `01` when the change of its object was begun, `0F` when it was finished
/// (`nid-card.md` 5.4).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalRules {
    /// The names of the PIN objects in the order in which they are changed.
    pub order: Vec<String>,
    /// Bytes of the file, counted from 0, that are set to `00` besides the flags when a change has ended.
    #[serde(default)]
    pub cleared: Vec<u8>,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// Comparison of a fingerprint on the card: `00 21 00 reference` with a template `7F2E` (ISO/IEC 7816-11, `nid-card.md` 8).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FingerComparison {
    /// The applet that compares.
    pub applet: String,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}
