//! The seam to the card: a transport opens transactions, a transaction carries raw APDUs. Nothing card-shaped lives here.

pub(crate) mod asking;
pub mod clock;
pub mod meter;
pub mod pad;
#[cfg(feature = "pcsc")]
pub mod pcsc;
pub mod record;
pub mod replay;
mod scard;
pub mod trace;

use std::time::Duration;

pub use self::error::LinkError;

mod error;

/// The transmission protocol that the link reports (ISO/IEC 7816-3; contactless links report T=1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Character frames; `61xx` and `6Cxx` occur.
    T0,
    /// Blocks.
    T1,
}

/// What becomes of the card's state when a transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The card stays as it is.
    Keep,
    /// The card is reset, so that no verified PIN stays behind.
    Reset,
}

/// What the link tells about one exchange beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exchange {
    /// How long it took: measured on a reader, modelled or recorded elsewhere.
    pub elapsed: Duration,
    /// The answer holds bytes that a redacted trace had masked; they read as `00`.
    pub redacted: bool,
}

/// A way to one card: a reader, a recorded trace, a virtual card.
pub trait Transport: Send {
    /// The name of the reader, where there is one.
    fn reader(&self) -> Option<&str>;

    /// The answer to reset of the card that is in, raw: at most 33 bytes by ISO/IEC 7816-3, but nothing is promised.
    fn atr(&self) -> &[u8];

    /// The protocol in use.
    fn protocol(&self) -> Protocol;

    /// Begins an exclusive transaction. The state of the card (applet, file, PINs) is unknown afterwards.
    ///
    /// # Errors
    /// [`LinkError`]: the card or reader is gone, or others hold it longer than the deadline.
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError>;
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn reader(&self) -> Option<&str> {
        (**self).reader()
    }

    fn atr(&self) -> &[u8] {
        (**self).atr()
    }

    fn protocol(&self) -> Protocol {
        (**self).protocol()
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        (**self).begin()
    }
}

/// An exclusive conversation with the card; dropping it ends it and leaves the card as it is.
pub trait Transaction {
    /// Sends one raw command of at least four bytes and puts the whole answer, status word included, into `answer`.
    ///
    /// `answer` is cleared first; its capacity is reused.
    ///
    /// # Errors
    /// [`LinkError`]; whether the card has run the command is unknown then.
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError>;

    /// After [`LinkError::Reset`]: takes the link up again inside an exclusive transaction, the card's state being lost.
    ///
    /// May be tried after other failures as well: a reader finds its way back when the service was restarted.
    ///
    /// # Errors
    /// [`LinkError`] when the link cannot be taken up.
    fn recover(&mut self) -> Result<(), LinkError>;

    /// Ends the transaction and begins another at once, so that programs that wait get their turn.
    ///
    /// The card's state is unknown afterwards, as after [`Transport::begin`].
    ///
    /// # Errors
    /// [`LinkError`], as [`Transport::begin`].
    fn give_way(&mut self) -> Result<(), LinkError>;

    /// True when [`Transaction::verify_on_pad`] can be used.
    fn has_pad(&mut self) -> bool {
        false
    }

    /// Has the pin pad of the reader ask the holder for a PIN and send it; `answer` gets the status word.
    ///
    /// `6400` says that the holder waited too long, `6401` that the holder cancelled, `6403` that the PIN was too
    /// short or too long: the card has not seen a PIN then (PC/SC part 10, 2.5.2).
    ///
    /// # Errors
    /// [`LinkError::Lost`] with `SCARD_E_UNSUPPORTED_FEATURE` where there is no pad, or none that can ask so.
    fn verify_on_pad(&mut self, pad: &pad::PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let _ = pad;
        answer.clear();
        Err(pad::NO_PAD)
    }

    /// Ends the transaction and decides about the card's state.
    ///
    /// # Errors
    /// [`LinkError`] when the link failed while ending; the transaction is over all the same.
    fn end(self: Box<Self>, leaving: Leaving) -> Result<(), LinkError>;
}
