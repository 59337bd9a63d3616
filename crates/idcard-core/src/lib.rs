//! The door of the library: bytes, readers and card families, and what a card says and does.
//!
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr))]

pub mod apdu;
pub mod atr;
pub mod card;
mod channel;
pub mod data;
pub mod draft;
pub mod error;
pub mod family;
pub mod pin;
mod place;
pub mod secure;
pub mod session;
pub mod signing_key;
pub mod survey;
pub mod transport;

pub use card::Card;
pub use error::Error;
pub use family::PinKind;
pub use pin::{Entitlement, LastTry, Pin, Puk};
pub use session::Session;
pub use signing_key::SigningKey;
pub use transport::{LinkError, Transport};
