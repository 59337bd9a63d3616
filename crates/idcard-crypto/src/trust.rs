//! Which certificates to trust: anchors, paths to them, and what the path says at a given time.
//!
//! ```
//! use idcard_crypto::trust::{ChainState, Purpose, Query, Store};
//! use idcard_crypto::{Certificate, Error, time};
//!
//! fn is_a_real_card(signer: &Certificate, others: &[Certificate]) -> Result<bool, Error> {
//!     let time = time::parse_rfc3339("2026-11-22").unwrap_or(std::time::SystemTime::UNIX_EPOCH);
//!     let query = Query { purpose: Purpose::Card, ..Query::at(time) };
//!     Ok(Store::builtin()?.chain(signer, others, &query).state == ChainState::Trusted)
//! }
//! ```

mod anchor;
pub mod authorities;
mod builtin;
mod chain;
mod effort;
#[cfg(test)]
pub(crate) mod made;
mod path;
mod query;
pub mod revocation;
mod rules;
mod store;
mod usage;

pub use anchor::{Anchor, Origin, Purpose};
pub use builtin::{KnownAuthority, known_authorities, policy_title};
pub use chain::{Chain, ChainState, Reason};
pub(crate) use effort::Effort;
pub use query::Query;
pub use rules::Rule;
pub use store::{Loaded, Store};
pub use usage::Usage;

#[cfg(test)]
mod tests;
