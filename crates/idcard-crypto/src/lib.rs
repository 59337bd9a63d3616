//! The door of the library: what certificates and signatures mean, and which of them to trust.
//!
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr))]
#![cfg_attr(test, allow(clippy::disallowed_types))] // tests sign with keys made for them

pub mod algorithm;
pub mod auth;
pub mod card_signer;
pub mod certificate;
pub mod cms;
pub mod error;
pub mod hash;
pub mod key;
#[cfg(test)]
mod openssl;
mod passed_off;
pub mod pseudonym;
#[cfg(test)]
mod real_certificates;
pub mod sign_error;
pub mod signer;
pub mod sod;
#[cfg(test)]
mod software_key;
pub mod time;
pub mod trust;
pub mod verify;

pub use certificate::Certificate;
pub use error::Error;
pub use key::PublicKey;
