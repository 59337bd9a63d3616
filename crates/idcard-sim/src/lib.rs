//! Virtual cards: they answer as the documented specimen and the real families are known to do.
//!
//! A [`Card`] is an [`Image`] (a TOML description and the files beside it) brought to life: raw command in, raw answer
//! out. [`SimTransport`] puts one into a reader inside the process, behind the same seam as a real reader. The cards are
//! written from the documents `specimen.md` and `nid-card.md` alone and share no card knowledge with the library that
//! reads them: the witness does not copy from the accused.
//!
//! ```
//! use idcard_core::transport::{Leaving, Transport};
//!
//! let mut reader = idcard_sim::open("specimen+contactless")?;
//! let handle = reader.handle();
//! let mut transaction = reader.begin()?;
//! let mut answer = Vec::new();
//! transaction.transmit(&[0x00, 0xA4, 0x04, 0x0C, 0x08, 0xA0, 0, 0, 0, 0x18, 0x43, 0x4D, 0x00], &mut answer)?;
//! assert_eq!(answer, [0x90, 0x00]);
//! transaction.end(Leaving::Reset)?;
//! assert_eq!(handle.exchanges(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Misbehaviour is asked for by name ([`Fault`]) or planned for one exchange ([`Handle::at`]); [`serve`] plays a card to
//! the PC/SC service. Where a virtual card is less than a real one:
//!
//! - its random numbers repeat from card to card, so that traces compare;
//! - its fingerprint comparison (`00 21 00 ref`, Classic) knows no likeness: minutiae match when they are, byte for byte,
//!   the enrolled ones, `4A5B6C7D2E3F405162738495` under reference 81 and `1B2C3D4E5F60718293A4B5C6` under 82 of
//!   the specimen; five wrong ones in a row block the finger, and nothing reads them out;
//! - cards of the real families hold what is published of them, and made-up bytes nowhere that are read as identity.
//!
//! All private keys in here are public by design. No holder exists: no national number begins with 000.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr))]

pub use card::{Card, Torn};
pub use fault::Fault;
pub use image::{Image, ImageError};
pub use reader::{Action, Entry, Handle, Holder, Outcome, PinCounter, SimTransport};
pub use spec::{OpenError, list, open};

mod card;
mod fault;
pub mod image;
pub mod pki;
mod reader;
pub mod serve;
mod spec;
