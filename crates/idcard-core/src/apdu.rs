//! The language of the card: command and response APDUs, status words, data objects, applet names. Values only, no I/O.

pub mod aid;
pub mod command;
pub mod malformed;
pub mod question;
pub mod response;
pub mod status;
pub mod tlv;

pub use aid::Aid;
pub use command::{Command, Form};
pub use malformed::Malformed;
pub use question::{Asks, Question};
pub use response::Response;
pub use status::Status;
pub use tlv::{Tlv, TlvReader};
