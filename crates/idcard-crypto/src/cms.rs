//! Signed data of the Cryptographic Message Syntax: made for the card, checked from anybody (RFC 5652, ETSI EN 319 122-1).

mod attributes;
mod ber;
pub(crate) mod der;
mod draft;
mod pem;
mod sign;

pub use draft::{Draft, SignOptions};
pub use sign::{Signed, sign_attached, sign_detached};

pub(crate) use pem::PemWriter;
