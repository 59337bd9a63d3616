//! Passive authentication: what the security object says about the files that were read.

use super::document::SecurityObject;
use crate::commands::section::State;
use crate::exit::Failure;
use idcard_core::data::SecurityObject as Signed;
use idcard_crypto::sod::{self, SodVerdict};
use idcard_crypto::trust::{Query, Store};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

/// The number of a data group and its whole file.
pub(super) type Group<'s> = (u8, &'s [u8]);

/// The data groups of a card.
const NUMBERS: [u8; 4] = [1, 2, 11, 16];

/// The certificates that the user trusts for the security object.
pub(super) struct Trust {
    store: Store,
    given: bool,
}

impl Trust {
    /// Reads the files of `--ca`; no built-in anchor vouches for the files of a card.
    pub(super) fn of(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut store = Store::empty();
        for path in paths {
            store.add_path(path)?;
        }
        Ok(Self { store, given: !paths.is_empty() })
    }

    pub(super) const fn is_given(&self) -> bool {
        self.given
    }
}

/// The verdict on what was read.
pub(super) fn judge(
    (state, signed): (State, Option<Signed>),
    groups: Vec<Group<'_>>,
    trust: &Trust,
    warnings: &mut Vec<&'static str>,
) -> SecurityObject {
    let mut states: BTreeMap<u8, &'static str> = NUMBERS.map(|number| (number, "not_read")).into();
    let Some(signed) = signed else {
        return SecurityObject { state, verdict: SodVerdict::NotChecked.name(), groups: states };
    };
    let report = sod::check(signed.cms(), &groups, &trust.store, &Query::at(SystemTime::now()));
    states.extend(report.groups.iter().map(|(number, state)| (*number, state.name())));
    if report.signer_expired {
        warnings.push("signer_expired");
    }
    for reason in &report.reasons {
        log::info!("security object: {reason}");
    }
    SecurityObject { state, verdict: report.verdict.name(), groups: states }
}
