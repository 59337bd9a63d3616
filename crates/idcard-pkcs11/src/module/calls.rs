//! The calls in a session: each goes to the place of its reader.

use super::{Module, Value};
use crate::mechanism::Asked;
use crate::rv::Result;
use cryptoki_sys::*;

/// Whether a call in a session looks at the readers first: those that end something or only gather do not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Look,
    Go,
}

/// The calls in a session, each with what it does first.
macro_rules! in_a_session {
    ($($(#[$doc:meta])* $first:ident $name:ident($($argument:ident: $kind:ty),*) -> $given:ty;)*) => {
        impl Module {
            $(
                $(#[$doc])*
                pub fn $name(&self, handle: CK_SESSION_HANDLE $(, $argument: $kind)*) -> Result<$given> {
                    self.within(handle, First::$first, |place| place.$name(handle $(, $argument)*))
                }
            )*
        }
    };
}

in_a_session! {
    /// `C_GetSessionInfo`.
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`, `CKR_DEVICE_REMOVED`.
    Look session_info() -> CK_SESSION_INFO;

    /// `C_Login`, for the user or for the signature that is under way. Without a PIN the reader's own pad asks for it.
    ///
    /// # Errors
    /// `CKR_ARGUMENTS_BAD` without a PIN where there is no pad, `CKR_FUNCTION_CANCELED` by the holder at the pad;
    /// `CKR_USER_ALREADY_LOGGED_IN`, `CKR_USER_TYPE_INVALID`, `CKR_OPERATION_NOT_INITIALIZED`; those of the PIN:
    /// `CKR_PIN_INCORRECT`, `CKR_PIN_LOCKED`, `CKR_PIN_LEN_RANGE`, `CKR_PIN_INVALID`; what the link did.
    Look login(user: CK_USER_TYPE, pin: Option<&[u8]>) -> ();

    /// `C_SetPIN`: changes the PIN of the slot in all the objects that hold it, and resets the card.
    ///
    /// # Errors
    /// `CKR_SESSION_READ_ONLY`; those of the PIN as in [`Module::login`]; `CKR_FUNCTION_NOT_SUPPORTED` where it is not
    /// known how.
    Look set_pin(old: &[u8], new: &[u8]) -> ();

    /// `C_Logout`: operations that need the login end, and the card is reset.
    ///
    /// # Errors
    /// `CKR_USER_NOT_LOGGED_IN`; what the link did.
    Look logout() -> ();

    /// `C_FindObjectsInit`.
    ///
    /// # Errors
    /// `CKR_OPERATION_ACTIVE`; `CKR_SESSION_HANDLE_INVALID`, `CKR_DEVICE_REMOVED`; what the link did.
    Look find_init(template: &[(CK_ATTRIBUTE_TYPE, Vec<u8>)]) -> ();

    /// `C_FindObjects`: at most so many more.
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_SESSION_HANDLE_INVALID`.
    Go find(most: usize) -> Vec<CK_OBJECT_HANDLE>;

    /// `C_FindObjectsFinal`.
    ///
    /// # Errors
    /// As [`Module::find`].
    Go find_final() -> ();

    /// `C_SessionCancel` (PKCS#11 3.0, 5.6.7): ends the operations that are named.
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`.
    Go cancel(flags: CK_FLAGS) -> ();

    /// What `C_SignInit`, `C_VerifyInit` and `C_DigestInit` do without a mechanism (PKCS#11 3.0, 5.13.1): the operation
    /// under way, named by its flag, is given up.
    ///
    /// # Errors
    /// `CKR_ARGUMENTS_BAD` where none is under way; `CKR_SESSION_HANDLE_INVALID`.
    Go give_up(flag: CK_FLAGS) -> ();

    /// One attribute for `C_GetAttributeValue`.
    ///
    /// # Errors
    /// `CKR_OBJECT_HANDLE_INVALID`, `CKR_SESSION_HANDLE_INVALID`, `CKR_DEVICE_REMOVED`.
    Go attribute(object: CK_OBJECT_HANDLE, kind: CK_ATTRIBUTE_TYPE) -> Value;

    /// `C_GetObjectSize`: the bytes of all attributes together.
    ///
    /// # Errors
    /// As [`Module::attribute`].
    Go object_size(object: CK_OBJECT_HANDLE) -> CK_ULONG;

    /// `C_SignInit`.
    ///
    /// # Errors
    /// `CKR_OPERATION_ACTIVE`, `CKR_KEY_HANDLE_INVALID`, `CKR_KEY_TYPE_INCONSISTENT`, `CKR_MECHANISM_INVALID`,
    /// `CKR_MECHANISM_PARAM_INVALID`, `CKR_USER_NOT_LOGGED_IN`.
    Look sign_init(asked: &Asked, key: CK_OBJECT_HANDLE) -> ();

    /// How long the signature under way will be.
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_SESSION_HANDLE_INVALID`.
    Go signature_length() -> usize;

    /// `C_SignUpdate`.
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_DATA_LEN_RANGE`; the operation ends then.
    Go sign_update(piece: &[u8]) -> ();

    /// `C_Sign` with the data, `C_SignFinal` without: the operation ends, whatever comes of it.
    ///
    /// # Errors
    /// `CKR_USER_NOT_LOGGED_IN` also when the PIN for this signature was not presented; `CKR_DATA_LEN_RANGE`,
    /// `CKR_DATA_INVALID`, `CKR_DEVICE_REMOVED`, `CKR_DEVICE_ERROR`.
    Go sign(data: Option<&[u8]>) -> Vec<u8>;

    /// Ends a signature that is not wanted any more.
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`.
    Go cancel_signature() -> ();

    /// `C_VerifyInit`.
    ///
    /// # Errors
    /// As [`Module::sign_init`], but no login is needed.
    Go verify_init(asked: &Asked, key: CK_OBJECT_HANDLE) -> ();

    /// `C_VerifyUpdate`.
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_DATA_LEN_RANGE`; the operation ends then.
    Go verify_update(piece: &[u8]) -> ();

    /// `C_Verify` with the data, `C_VerifyFinal` without: the operation ends.
    ///
    /// # Errors
    /// `CKR_SIGNATURE_INVALID`, `CKR_SIGNATURE_LEN_RANGE`, `CKR_DATA_LEN_RANGE`.
    Go verify(data: Option<&[u8]>, signature: &[u8]) -> ();

    /// `C_DigestInit`.
    ///
    /// # Errors
    /// `CKR_OPERATION_ACTIVE`, `CKR_MECHANISM_INVALID`, `CKR_MECHANISM_PARAM_INVALID`.
    Go digest_init(asked: &Asked) -> ();

    /// How long the digest under way will be.
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_SESSION_HANDLE_INVALID`.
    Go digest_length() -> usize;

    /// `C_DigestUpdate`.
    ///
    /// # Errors
    /// As [`Module::digest_length`].
    Go digest_update(piece: &[u8]) -> ();

    /// `C_Digest` with the data, `C_DigestFinal` without: the operation ends.
    ///
    /// # Errors
    /// As [`Module::digest_length`]; `CKR_OPERATION_ACTIVE` for data in one piece after others.
    Go digest(data: Option<&[u8]>) -> Vec<u8>;

    /// `C_GenerateRandom`: from the system, every byte mixed with what the card gives. A card that gives little, or always
    /// the same, takes nothing from the system's share.
    ///
    /// # Errors
    /// `CKR_DEVICE_ERROR` when the system gives none; what the link did.
    Go random(length: usize) -> Vec<u8>;
}
