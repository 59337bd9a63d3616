//! Signatures, verification, digests, random bytes.

use super::on_module;
use super::pointers::{bytes, give, mechanism, room};
use crate::rv::Rv;
use cryptoki_sys::*;

pub(super) unsafe extern "C" fn C_SignInit(
    session: CK_SESSION_HANDLE,
    asked: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    on_module("C_SignInit", |module| {
        if asked.is_null() {
            return module.give_up(session, CKF_SIGN);
        }
        // SAFETY: the program vouches for the mechanism.
        module.sign_init(session, &unsafe { mechanism(asked) }?, key)
    })
}

pub(super) unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    signature_length: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_Sign", |module| {
        let needed = module.signature_length(session)?;
        // SAFETY: the program vouches for its data and its buffer.
        let data = unsafe { bytes(data, data_length) }?;
        // SAFETY: as above.
        if unsafe { room(needed, signature, signature_length) }? {
            let signed = module.sign(session, Some(data))?;
            // SAFETY: as above.
            unsafe { give(&signed, signature, signature_length) }?;
        }
        Ok(())
    })
}

pub(super) unsafe extern "C" fn C_SignUpdate(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    on_module("C_SignUpdate", |module| {
        // SAFETY: the program vouches for its data.
        module.sign_update(session, unsafe { bytes(data, length) }?)
    })
}

pub(super) unsafe extern "C" fn C_SignFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_SignFinal", |module| {
        let needed = module.signature_length(session)?;
        // SAFETY: the program vouches for its buffer.
        if unsafe { room(needed, signature, length) }? {
            let signed = module.sign(session, None)?;
            // SAFETY: as above.
            unsafe { give(&signed, signature, length) }?;
        }
        Ok(())
    })
}

pub(super) unsafe extern "C" fn C_VerifyInit(
    session: CK_SESSION_HANDLE,
    asked: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    on_module("C_VerifyInit", |module| {
        if asked.is_null() {
            return module.give_up(session, CKF_VERIFY);
        }
        // SAFETY: the program vouches for the mechanism.
        module.verify_init(session, &unsafe { mechanism(asked) }?, key)
    })
}

pub(super) unsafe extern "C" fn C_Verify(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    signature_length: CK_ULONG,
) -> CK_RV {
    on_module("C_Verify", |module| {
        // SAFETY: the program vouches for its data and for the signature.
        let (data, signature) = unsafe { (bytes(data, data_length)?, bytes(signature, signature_length)?) };
        module.verify(session, Some(data), signature)
    })
}

pub(super) unsafe extern "C" fn C_VerifyUpdate(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    on_module("C_VerifyUpdate", |module| {
        // SAFETY: the program vouches for its data.
        module.verify_update(session, unsafe { bytes(data, length) }?)
    })
}

pub(super) unsafe extern "C" fn C_VerifyFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    on_module("C_VerifyFinal", |module| {
        // SAFETY: the program vouches for the signature.
        module.verify(session, None, unsafe { bytes(signature, length) }?)
    })
}

pub(super) unsafe extern "C" fn C_DigestInit(session: CK_SESSION_HANDLE, asked: *mut CK_MECHANISM) -> CK_RV {
    on_module("C_DigestInit", |module| {
        if asked.is_null() {
            return module.give_up(session, CKF_DIGEST);
        }
        // SAFETY: the program vouches for the mechanism.
        module.digest_init(session, &unsafe { mechanism(asked) }?)
    })
}

pub(super) unsafe extern "C" fn C_Digest(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    digest: *mut CK_BYTE,
    digest_length: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_Digest", |module| {
        let needed = module.digest_length(session)?;
        // SAFETY: the program vouches for its data and its buffer.
        let data = unsafe { bytes(data, data_length) }?;
        // SAFETY: as above.
        if unsafe { room(needed, digest, digest_length) }? {
            let done = module.digest(session, Some(data))?;
            // SAFETY: as above.
            unsafe { give(&done, digest, digest_length) }?;
        }
        Ok(())
    })
}

pub(super) unsafe extern "C" fn C_DigestUpdate(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    on_module("C_DigestUpdate", |module| {
        // SAFETY: the program vouches for its data.
        module.digest_update(session, unsafe { bytes(data, length) }?)
    })
}

pub(super) unsafe extern "C" fn C_DigestFinal(
    session: CK_SESSION_HANDLE,
    digest: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_DigestFinal", |module| {
        let needed = module.digest_length(session)?;
        // SAFETY: the program vouches for its buffer.
        if unsafe { room(needed, digest, length) }? {
            let done = module.digest(session, None)?;
            // SAFETY: as above.
            unsafe { give(&done, digest, length) }?;
        }
        Ok(())
    })
}

pub(super) unsafe extern "C" fn C_GenerateRandom(
    session: CK_SESSION_HANDLE,
    out: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    /// The most bytes that are made at a time.
    const MOST: CK_ULONG = 1024 * 1024;
    on_module("C_GenerateRandom", |module| {
        if (out.is_null() && length > 0) || length > MOST {
            return Err(Rv::ARGUMENTS_BAD);
        }
        let made = module.random(session, usize::try_from(length).unwrap_or(0))?;
        let mut room = length;
        // SAFETY: the program vouches for a buffer of `length` bytes, and so many were made; `room` is ours.
        unsafe { give(&made, out, &raw mut room) }
    })
}

pub(super) unsafe extern "C" fn C_SessionCancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS) -> CK_RV {
    on_module("C_SessionCancel", |module| module.cancel(session, flags))
}
