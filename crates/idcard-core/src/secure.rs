//! The secure channel: mutual authentication by keys of the issuer, then every command encrypted and authenticated.
//!
//! The protocol is that of `nid-card.md` 7 as `specimen.md` 2.1 fixes it: a three-pass authentication with two-key
//! triple DES (CWA 14890), then secure messaging framed as in ICAO Doc 9303-11, 9.8. Nothing above the channel changes:
//! [`Secured`] is a transaction around a transaction.

mod aes_suite;
mod handshake;
pub(crate) mod keys;
mod messaging;
mod secured;
mod suite;
mod tdes_suite;

pub use keys::{CardChallenge, KeyError, LongTermKeys, SessionKeys, TerminalKeys};
pub(crate) use secured::Secured;

/// The most plain bytes that one protected READ may ask for (`specimen.md` 2.1).
pub(crate) const PLAIN: u32 = 231;
