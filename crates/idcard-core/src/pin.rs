//! PINs: which there are, and a buffer that holds one, is wiped, and cannot be printed or copied.

mod entry;
mod field;
mod weakness;

use crate::error::Error;
use std::fmt;
use zeroize::Zeroizing;

pub use entry::{Pad, PinEntry};
pub(crate) use field::{packed, padded};

/// The most characters that any PIN of the card may have.
const CAPACITY: usize = 16;

/// A PIN, between 1 and 16 ASCII digits. The buffer is wiped when it is dropped; it can be neither printed nor cloned.
///
/// Which lengths a certain PIN may have is the card page's affair and is checked before anything is sent.
pub struct Pin {
    /// In a place of its own, which stays where it is when the value moves: a move of the digits would leave a copy behind.
    digits: Box<Zeroizing<[u8; CAPACITY]>>,
    length: usize,
}

impl Pin {
    /// Takes a PIN as it was entered: ASCII digits, or Persian or Arabic ones, which stand for the same PIN.
    ///
    /// # Errors
    /// [`Error::PinRule`] when it is empty, too long, or holds anything but digits. Nothing of it is in the error.
    ///
    /// ```
    /// use idcard_core::Pin;
    /// assert!(Pin::new("1234").is_ok());
    /// assert!(Pin::new("").is_err());
    /// assert_eq!(format!("{:?}", Pin::new("1234")?), "Pin(****)");
    /// # Ok::<(), idcard_core::Error>(())
    /// ```
    pub fn new(entered: &str) -> Result<Self, Error> {
        let mut pin = Self { digits: Box::new(Zeroizing::new([0; CAPACITY])), length: 0 };
        for character in entered.chars() {
            let digit = match character {
                '0'..='9' => u32::from(character) - u32::from('0'),
                '۰'..='۹' => u32::from(character) - u32::from('۰'),
                '٠'..='٩' => u32::from(character) - u32::from('٠'),
                _ => return Err(Error::PinRule { what: "a PIN consists of digits only" }),
            };
            let Some(place) = pin.digits.get_mut(pin.length) else {
                return Err(Error::PinRule { what: "a PIN has 16 digits at most" });
            };
            *place = b'0' + u8::try_from(digit).unwrap_or(0);
            pin.length += 1;
        }
        if pin.length == 0 {
            return Err(Error::PinRule { what: "the PIN is empty" });
        }
        Ok(pin)
    }

    /// How many digits it has.
    #[must_use]
    pub const fn digits(&self) -> usize {
        self.length
    }

    /// The digits in ASCII: for those who build the command that carries them.
    pub(crate) fn as_ascii(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(****)")
    }
}

/// The unblocking key of a PIN (رمز بازگشایی): digits as of a [`Pin`], and never taken for one.
pub struct Puk(Pin);

impl Puk {
    /// Takes a PUK as it was entered.
    ///
    /// # Errors
    /// As [`Pin::new`]: [`Error::PinRule`] with nothing of it.
    ///
    /// ```
    /// use idcard_core::Puk;
    /// assert_eq!(Puk::new("۱۲۳۴۵۶۷۸")?.digits(), 8);
    /// assert!(Puk::new("1234-5678").is_err());
    /// # Ok::<(), idcard_core::Error>(())
    /// ```
    pub fn new(entered: &str) -> Result<Self, Error> {
        Pin::new(entered).map(Self)
    }

    /// How many digits it has.
    #[must_use]
    pub const fn digits(&self) -> usize {
        self.0.digits()
    }

    /// For those who build the command that carries it.
    pub(crate) const fn as_pin(&self) -> &Pin {
        &self.0
    }
}

impl From<Pin> for Puk {
    fn from(entered: Pin) -> Self {
        Self(entered)
    }
}

impl fmt::Debug for Puk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Puk(****)")
    }
}

/// What can be done with a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinOperation {
    /// Presented to its objects.
    Verify,
    /// Changed by the old PIN.
    Change,
    /// Unblocked by the PUK.
    Unblock,
}

impl PinOperation {
    /// The word for messages: what the PIN is afterwards.
    pub(crate) const fn participle(self) -> &'static str {
        match self {
            Self::Verify => "verified",
            Self::Change => "changed",
            Self::Unblock => "unblocked",
        }
    }
}

/// What entitles to a new PIN: the old one, or the PUK.
#[derive(Debug, Clone, Copy)]
pub enum Entitlement<'p> {
    /// The PIN as it was.
    Old(&'p Pin),
    /// The unblocking key.
    Puk(&'p Puk),
}

/// Whether a PIN may be sent when the card would take it as the last try, or does not tell how many are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LastTry {
    /// It is not sent: [`Error::PinNotTried`], of a PUK [`Error::PukNotTried`], of a finger [`Error::FingerNotTried`].
    #[default]
    Refuse,
    /// The holder said that it may be.
    Allow,
}

/// What a PIN object tells of itself without a try being spent: the answer to a VERIFY without a body (ISO/IEC 7816-4),
/// or to the command that the page names in its place.
///
/// ```
/// use idcard_core::pin::PinState;
/// let last = PinState { tries_left: Some(1), verified: false, blocked: false };
/// assert!(!last.has_a_try_to_spare());
/// assert!(PinState { tries_left: Some(2), ..last }.has_a_try_to_spare());
/// assert!(!PinState { tries_left: None, ..last }.has_a_try_to_spare()); // unknown is not enough
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinState {
    /// Wrong presentations left before it blocks; `None` where the card does not tell.
    pub tries_left: Option<u8>,
    /// The PIN counts as presented.
    pub verified: bool,
    /// It is blocked.
    pub blocked: bool,
}

impl PinState {
    /// Whether one more presentation can be refused without blocking the PIN. A PIN that counts as presented has one to
    /// spare even where the card tells no number.
    #[must_use]
    pub fn has_a_try_to_spare(self) -> bool {
        !self.blocked && (self.verified || self.tries_left.is_some_and(|left| left > 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_one_pin() {
        for entered in ["0189", "۰۱۸۹", "٠١٨٩"] {
            assert_eq!(Pin::new(entered).unwrap().as_ascii(), b"0189");
        }
    }

    #[test]
    fn anything_else_is_refused_and_not_repeated() {
        for entered in ["", " 1234", "12a4", "12345678901234567", "12\r"] {
            let error = Pin::new(entered).unwrap_err();
            assert!(matches!(error, Error::PinRule { .. }));
            assert!(entered.is_empty() || !error.to_string().contains(entered));
        }
        assert_eq!(Pin::new("1234567890123456").unwrap().digits(), 16);
        assert_eq!(Puk::new("12345678").unwrap().digits(), 8);
    }

    #[test]
    fn neither_is_printed() {
        assert_eq!(format!("{:?}", Pin::new("1234").unwrap()), "Pin(****)");
        assert_eq!(format!("{:?}", Puk::new("12345678").unwrap()), "Puk(****)");
    }

    #[test]
    fn messages_say_what_a_pin_is_afterwards() {
        let operations = [PinOperation::Verify, PinOperation::Change, PinOperation::Unblock];
        assert_eq!(operations.map(PinOperation::participle), ["verified", "changed", "unblocked"]);
    }

    #[test]
    fn the_last_try_is_not_to_spare() {
        let state = |tries_left| PinState { tries_left, verified: false, blocked: false };
        assert!(state(Some(3)).has_a_try_to_spare());
        assert!(!state(Some(1)).has_a_try_to_spare());
        assert!(!state(None).has_a_try_to_spare());
        assert!(PinState { verified: true, ..state(Some(1)) }.has_a_try_to_spare());
        assert!(!PinState { verified: true, blocked: true, ..state(Some(3)) }.has_a_try_to_spare());
    }
}
