//! One field of a record: absent, valid, or invalid without harm to its neighbours.

use crate::apdu::{Malformed, Tlv};
use std::fmt;

/// A field of a decoded record.
///
/// A field of zero length says nothing and counts as absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The card does not give it.
    #[default]
    Absent,
    /// It is there and has the form it should have.
    Valid(T),
    /// It is there in a form that the page does not allow.
    Invalid {
        /// The value as the card gave it.
        raw: Vec<u8>,
        /// What is wrong; the offset counts from the start of the object that was decoded.
        wrong: Malformed,
    },
}

impl<T> Field<T> {
    /// The value, where it is valid.
    ///
    /// ```
    /// use idcard_core::data::Field;
    /// assert_eq!(Field::Valid(7).valid(), Some(&7));
    /// assert_eq!(Field::<u8>::Absent.valid(), None);
    /// ```
    #[must_use]
    pub const fn valid(&self) -> Option<&T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Absent | Self::Invalid { .. } => None,
        }
    }

    /// What is wrong with it, where it is invalid.
    #[must_use]
    pub const fn wrong(&self) -> Option<&Malformed> {
        match self {
            Self::Invalid { wrong, .. } => Some(wrong),
            Self::Absent | Self::Valid(_) => None,
        }
    }

    /// Whether the card does not give it.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Reads the value of a data object; offsets of errors become those of the object around it.
    pub(super) fn read(object: Option<Tlv<'_>>, decode: impl FnOnce(&[u8]) -> Result<T, Malformed>) -> Self {
        match object {
            Some(tlv) if !tlv.value.is_empty() => match decode(tlv.value) {
                Ok(value) => Self::Valid(value),
                Err(wrong) => Self::Invalid { raw: tlv.value.to_vec(), wrong: wrong.within(tlv.value_offset()) },
            },
            _ => Self::Absent,
        }
    }
}

/// The valid value; nothing where there is none.
impl<T: fmt::Display> fmt::Display for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.valid().map_or(Ok(()), |value| value.fmt(f))
    }
}
