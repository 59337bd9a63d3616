//! Card families: pages of data that tell where things lie, and how a card is recognised among them.

mod hexfield;
mod loose_ends;
pub mod page;
pub(crate) mod recognition;
pub mod roster;
pub mod words;

pub use hexfield::{Bytes, FilePath};
pub use loose_ends::PageFault;
pub use page::{
    Algorithm, Applet, FingerComparison, Item, JournalRules, Key, Mark, Page, PinObject, SecureChannel, Unblocking,
};
pub use roster::Roster;
pub use words::{
    ChangeForm, CipherSuite, Decoder, Evidence, Extent, Find, Generation, Hash, Input, ItemName, KeyForm, KeyName,
    PinKind, Scheme, StatusForm,
};
