//! Why a call failed, in the numbers of PKCS#11.

use cryptoki_sys::*;
use idcard_core::{Error, LinkError};
use std::fmt;

/// A return value other than `CKR_OK` (PKCS#11 2.40, 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rv(pub CK_RV);

/// What a call gives, or why it does not.
pub type Result<T> = std::result::Result<T, Rv>;

impl Rv {
    pub(crate) const ARGUMENTS_BAD: Self = Self(CKR_ARGUMENTS_BAD);
    pub(crate) const NOT_INITIALIZED: Self = Self(CKR_CRYPTOKI_NOT_INITIALIZED);
    pub(crate) const NOT_LOGGED_IN: Self = Self(CKR_USER_NOT_LOGGED_IN);
    pub(crate) const NO_OPERATION: Self = Self(CKR_OPERATION_NOT_INITIALIZED);
    pub(crate) const OPERATION_ACTIVE: Self = Self(CKR_OPERATION_ACTIVE);
    pub(crate) const REMOVED: Self = Self(CKR_DEVICE_REMOVED);
}

impl fmt::Display for Rv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "return value {:#x}", self.0)
    }
}

impl std::error::Error for Rv {}

impl From<LinkError> for Rv {
    fn from(error: LinkError) -> Self {
        Self(match error {
            LinkError::NoService { .. }
            | LinkError::NoReader { .. }
            | LinkError::NoCard
            | LinkError::Removed
            | LinkError::Changed
            | LinkError::Mute { .. } => CKR_DEVICE_REMOVED,
            LinkError::Reset => CKR_USER_NOT_LOGGED_IN,
            LinkError::Cancelled => CKR_FUNCTION_CANCELED,
            _ => CKR_DEVICE_ERROR,
        })
    }
}

impl From<Error> for Rv {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::Reader { source, .. } => return source.into(),
            Error::PinUncertain { source, .. } => return (*source).into(),
            Error::Unrecognised { .. } => CKR_TOKEN_NOT_RECOGNIZED,
            Error::CardChanged => CKR_DEVICE_REMOVED,
            Error::NoSuchKey { .. } => CKR_MECHANISM_INVALID,
            Error::PinRequired { .. } | Error::PinForgotten { .. } => CKR_USER_NOT_LOGGED_IN,
            Error::PadCancelled { .. } | Error::PadTimedOut { .. } => CKR_FUNCTION_CANCELED,
            // The card is sealed: the PIN was not sent, since only the issuer's terminals can protect it.
            Error::SecureChannelRequired(_) | Error::PinNeedsChannel { .. } => CKR_FUNCTION_REJECTED,
            Error::WrongPin { .. } | Error::WrongPinOfObject { .. } => CKR_PIN_INCORRECT,
            Error::Locked { .. } | Error::PinNotTried { .. } => CKR_PIN_LOCKED,
            // An earlier change was interrupted: no code says so, and the PIN was not sent.
            Error::PinUnfinished { .. } => CKR_FUNCTION_FAILED,
            Error::PinLength { .. } => CKR_PIN_LEN_RANGE,
            Error::PinRule { .. } => CKR_PIN_INVALID,
            _ => CKR_DEVICE_ERROR,
        })
    }
}
