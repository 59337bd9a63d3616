#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr))]

pub mod algorithm;
pub mod certificate;
pub mod error;
pub mod key;
#[cfg(test)]
mod real_certificates;
pub mod time;

pub use certificate::Certificate;
pub use error::Error;
pub use key::PublicKey;
