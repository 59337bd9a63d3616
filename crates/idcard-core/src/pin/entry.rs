//! How a PIN reaches the card: the host has its digits, or the holder types them on the keys of the reader.

use super::Pin;
use std::time::Duration;

/// What a presentation starts from.
///
/// ```
/// use idcard_core::pin::{Pad, Pin, PinEntry};
/// let pin = Pin::new("1234")?;
/// assert!(matches!(PinEntry::from(&pin), PinEntry::Typed(_)));
/// assert!(matches!(PinEntry::from(Pad::default()), PinEntry::OnPad(_)));
/// # Ok::<(), idcard_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum PinEntry<'p> {
    /// The host has the digits.
    Typed(&'p Pin),
    /// The reader's own pin pad asks for them and sends them (PC/SC part 10); the host never has them.
    OnPad(Pad),
}

impl<'p> From<&'p Pin> for PinEntry<'p> {
    fn from(pin: &'p Pin) -> Self {
        Self::Typed(pin)
    }
}

impl From<Pad> for PinEntry<'_> {
    fn from(pad: Pad) -> Self {
        Self::OnPad(pad)
    }
}

/// How the pin pad of a reader asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pad {
    /// How long the reader waits for the holder, in whole seconds, at most 255 s; zero: as the reader likes.
    pub timeout: Duration,
    /// The language of the reader's display, by its Windows identifier: [`Pad::ENGLISH`], [`Pad::PERSIAN`].
    pub language: u16,
}

impl Pad {
    /// English (United States).
    pub const ENGLISH: u16 = 0x0409;
    /// Persian.
    pub const PERSIAN: u16 = 0x0429;
}

impl Default for Pad {
    /// A minute, English.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), language: Self::ENGLISH }
    }
}
