//! The secure channel: mutual authentication by keys of the issuer, then every command encrypted and authenticated.
//!
//! The protocol is that of `nid-card.md` 7 as `specimen.md` 2.1 fixes it: a three-pass authentication with two-key
//! triple DES (CWA 14890), then secure messaging framed as in ICAO Doc 9303-11, 9.8. Nothing above the channel changes:
//! `Secured` is a transaction around a transaction.

mod aes_suite;
mod keys;
mod messaging;
mod secured;
mod suite;
mod tdes_suite;

pub use crate::error::KeyError;
use crate::family::CipherSuite;
use messaging::Messaging;

pub use keys::{CardChallenge, LongTermKeys, SessionKeys, TerminalKeys};
pub(crate) use secured::Secured;

/// The messages of an open channel, by the suite that the page names.
pub(crate) fn messaging(suite: CipherSuite, keys: &SessionKeys) -> Messaging {
    let (encryption, authentication) = (keys.encryption.clone(), keys.authentication.clone());
    match suite {
        CipherSuite::Tdes => Messaging::new(Box::new(tdes_suite::Tdes { encryption, authentication }), &keys.counter),
        CipherSuite::Aes => {
            // The counter is as wide as a block.
            let counter = [&[0; 8][..], &keys.counter].concat();
            Messaging::new(Box::new(aes_suite::Aes { encryption, authentication }), &counter)
        }
    }
}

/// The most plain bytes that one protected READ may ask for (`specimen.md` 2.1).
pub(crate) const PLAIN: u32 = 231;
