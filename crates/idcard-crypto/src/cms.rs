//! Signed data of the Cryptographic Message Syntax: made for the card, checked from anybody (RFC 5652, ETSI EN 319 122-1).

mod attributes;
mod ber;
mod check;
mod checked;
pub(crate) mod der;
mod draft;
mod enclosed;
mod finding;
mod pem;
mod read;
mod sign;
mod signed;
mod signed_attributes;
mod signer_info;
mod verify;
pub(crate) mod walk;

pub use checked::{CheckedDocument, CheckedSigner, ContentState, Format, SignatureState};
pub use draft::{Draft, SignOptions};
pub use finding::{Finding, Weight};
pub use sign::{sign_attached, sign_detached};
pub use signed::Signed;
pub use verify::{VerifyError, verify_attached, verify_detached};
