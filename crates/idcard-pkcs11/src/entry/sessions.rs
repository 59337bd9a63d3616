//! Sessions, logins, and the objects that a session finds.

use super::on_module;
use super::pointers::{bytes, give, places, read, template, write};
use crate::module::Value;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use std::os::raw::c_void;

pub(super) unsafe extern "C" fn C_OpenSession(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    _application: *mut c_void,
    _notify: CK_NOTIFY,
    session: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    on_module("C_OpenSession", |module| {
        if session.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        unsafe { write(session, module.open_session(slot, flags)?) }
    })
}

pub(super) unsafe extern "C" fn C_CloseSession(session: CK_SESSION_HANDLE) -> CK_RV {
    on_module("C_CloseSession", |module| module.close_session(session))
}

pub(super) unsafe extern "C" fn C_CloseAllSessions(slot: CK_SLOT_ID) -> CK_RV {
    on_module("C_CloseAllSessions", |module| module.close_all_sessions(slot))
}

pub(super) unsafe extern "C" fn C_GetSessionInfo(session: CK_SESSION_HANDLE, info: *mut CK_SESSION_INFO) -> CK_RV {
    on_module("C_GetSessionInfo", |module| {
        if info.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        unsafe { write(info, module.session_info(session)?) }
    })
}

pub(super) unsafe extern "C" fn C_Login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
) -> CK_RV {
    on_module("C_Login", |module| {
        // SAFETY: the program vouches for the PIN.
        module.login(session, user, unsafe { given(pin, length) }?)
    })
}

pub(super) unsafe extern "C" fn C_LoginUser(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
    _name: *mut CK_UTF8CHAR,
    name_length: CK_ULONG,
) -> CK_RV {
    on_module("C_LoginUser", |module| {
        if name_length != 0 {
            return Err(Rv::ARGUMENTS_BAD); // users of a card have no names
        }
        // SAFETY: the program vouches for the PIN.
        module.login(session, user, unsafe { given(pin, length) }?)
    })
}

/// A PIN, or none where the reader's own pad is to ask for it.
unsafe fn given<'a>(pin: *const u8, length: CK_ULONG) -> Result<Option<&'a [u8]>> {
    if pin.is_null() && length == 0 {
        return Ok(None);
    }
    // SAFETY: the caller vouches for the PIN.
    unsafe { bytes(pin, length) }.map(Some)
}

pub(super) unsafe extern "C" fn C_SetPIN(
    session: CK_SESSION_HANDLE,
    old: *mut CK_UTF8CHAR,
    old_length: CK_ULONG,
    new: *mut CK_UTF8CHAR,
    new_length: CK_ULONG,
) -> CK_RV {
    on_module("C_SetPIN", |module| {
        if old.is_null() || new.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for both PINs.
        let (old, new) = unsafe { (bytes(old, old_length)?, bytes(new, new_length)?) };
        module.set_pin(session, old, new)
    })
}

pub(super) unsafe extern "C" fn C_Logout(session: CK_SESSION_HANDLE) -> CK_RV {
    on_module("C_Logout", |module| module.logout(session))
}

pub(super) unsafe extern "C" fn C_FindObjectsInit(
    session: CK_SESSION_HANDLE,
    wanted: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    on_module("C_FindObjectsInit", |module| {
        // SAFETY: the program vouches for the template.
        let wanted = unsafe { template(wanted, count) }?;
        module.find_init(session, &wanted)
    })
}

pub(super) unsafe extern "C" fn C_FindObjects(
    session: CK_SESSION_HANDLE,
    objects: *mut CK_OBJECT_HANDLE,
    most: CK_ULONG,
    count: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_FindObjects", |module| {
        if count.is_null() || (objects.is_null() && most > 0) {
            return Err(Rv::ARGUMENTS_BAD);
        }
        let found = module.find(session, usize::try_from(most).unwrap_or(usize::MAX))?;
        let mut room = most;
        // SAFETY: the program vouches for a buffer of `most` handles, and not more were found; `room` is ours.
        unsafe { give(&found, objects, &raw mut room) }?;
        let found = if objects.is_null() { 0 } else { room };
        // SAFETY: the program vouches for the place.
        unsafe { write(count, found) }
    })
}

pub(super) unsafe extern "C" fn C_FindObjectsFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    on_module("C_FindObjectsFinal", |module| module.find_final(session))
}

pub(super) unsafe extern "C" fn C_GetObjectSize(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    size: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_GetObjectSize", |module| {
        if size.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        unsafe { write(size, module.object_size(session, object)?) }
    })
}

pub(super) unsafe extern "C" fn C_GetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    wanted: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    on_module("C_GetAttributeValue", |module| {
        if wanted.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        let mut outcome = Ok(());
        // Every attribute is answered, also behind one that cannot be (PKCS#11 2.40, 5.7).
        // SAFETY: the program vouches for the template.
        for place in unsafe { places(wanted, count) }? {
            // SAFETY: `place` lies in the template.
            let mut attribute = unsafe { read(place) }?;
            let answered = match module.attribute(session, object, attribute.type_)? {
                Value::Bytes(value) => {
                    let out = attribute.pValue.cast::<u8>();
                    // SAFETY: the program vouches for the buffer of the attribute; the length is our copy.
                    unsafe { give(&value, out, &raw mut attribute.ulValueLen) }
                }
                Value::Sensitive => Err(Rv(CKR_ATTRIBUTE_SENSITIVE)),
                Value::Unknown => Err(Rv(CKR_ATTRIBUTE_TYPE_INVALID)),
            };
            if answered.is_err() {
                attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
                outcome = answered;
            }
            // SAFETY: `place` lies in the template.
            unsafe { write(place, attribute) }?;
        }
        outcome
    })
}
