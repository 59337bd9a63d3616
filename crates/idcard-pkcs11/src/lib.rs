//! The keys of Iran's national smart card for programs that speak PKCS#11: the entry points in C, and the safe module behind.

#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr))]

mod attributes;
pub mod entry;
mod logging;
pub mod mechanism;
pub mod module;
mod objects;
mod place;
pub mod readers;
mod role;
pub mod rv;
mod session;
mod slots;
mod token;

pub use module::Module;
pub use readers::Readers;
pub use rv::Rv;
