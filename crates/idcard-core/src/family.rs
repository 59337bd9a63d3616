//! Card families: pages of data that tell where things lie, and how a card is recognised among them.

mod hexfield;
pub mod page;
pub mod recognition;
pub mod roster;

pub use hexfield::{Bytes, FilePath};
pub use page::{
    Applet, Decoder, Evidence, Extent, Find, Generation, Item, ItemName, Mark, Page, PinObject, StatusForm,
};
