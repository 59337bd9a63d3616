//! Why the keys of a secure channel were of no use.

use crate::apdu::Status;
use thiserror::Error;

/// Why the keys could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The holder of the keys has none for this card, or refuses.
    #[error("the holder of the terminal keys has none for this card")]
    Unavailable,
    /// The holder of the keys did not answer in time.
    #[error("the holder of the terminal keys did not answer in time")]
    TimedOut,
    /// What the holder of the keys answered has not the form it should have.
    #[error("the holder of the terminal keys answered with {0}")]
    Form(&'static str),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    Random,
    /// The card does not accept what was made with these keys.
    #[error("the card does not accept these keys: {0}")]
    CardRefused(Status),
    /// The card's answer was not made with these keys, or not for this exchange.
    #[error("the card did not prove that it has these keys: {0}")]
    CardNotProved(&'static str),
}
