//! What can befall a card or its link.

use idcard_core::transport::LinkError;

use crate::card::{Card, Torn};

/// Something that befalls the card or the link.
#[derive(Debug, Clone)]
pub enum Action {
    /// The card is taken out.
    Remove,
    /// Another card is put in, and the reader notices.
    Insert(Box<Card>),
    /// Another card lies in its place, and nobody noticed.
    Swap(Box<Card>),
    /// Another program resets the card; the next exchange fails with [`LinkError::Reset`].
    Reset,
    /// The exchange fails so; the card does not see the command. A time-out moves the virtual clock; a card that is
    /// removed or reset is so from then on.
    Fail(LinkError),
    /// Power fails during the exchange, and the link fails so. A card that was removed by it is in again at once, as
    /// another insertion.
    Tear(Torn, LinkError),
    /// The exchange is answered so; the card does not see the command.
    Answer(Vec<u8>),
}
