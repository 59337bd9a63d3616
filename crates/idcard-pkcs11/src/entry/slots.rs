//! Slots and tokens.

use super::instance::Instance;
use super::pointers::{give, read, write};
use super::{guarded, on_module};
use crate::rv::Rv;
use cryptoki_sys::*;
use std::os::raw::c_void;
use std::time::Duration;

/// How soon a caller that waits for an event notices that the module was finalised.
const PATIENCE: Duration = Duration::from_millis(250);

pub(super) unsafe extern "C" fn C_GetSlotList(
    with_token: CK_BBOOL,
    list: *mut CK_SLOT_ID,
    count: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_GetSlotList", |module| {
        if count.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        let room = if list.is_null() { None } else { usize::try_from(unsafe { read(count) }?).ok() };
        let slots = module.slot_list_for(with_token != CK_FALSE, room)?;
        // SAFETY: the program vouches for the buffer and its length.
        unsafe { give(&slots, list, count) }
    })
}

pub(super) unsafe extern "C" fn C_GetSlotInfo(slot: CK_SLOT_ID, info: *mut CK_SLOT_INFO) -> CK_RV {
    on_module("C_GetSlotInfo", |module| {
        if info.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        unsafe { write(info, module.slot_info(slot)?) }
    })
}

pub(super) unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO) -> CK_RV {
    on_module("C_GetTokenInfo", |module| {
        if info.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        unsafe { write(info, module.token_info(slot)?) }
    })
}

pub(super) unsafe extern "C" fn C_GetMechanismList(
    slot: CK_SLOT_ID,
    list: *mut CK_MECHANISM_TYPE,
    count: *mut CK_ULONG,
) -> CK_RV {
    on_module("C_GetMechanismList", |module| {
        if count.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        let mechanisms = module.mechanism_list(slot)?;
        // SAFETY: the program vouches for the buffer and its length.
        unsafe { give(&mechanisms, list, count) }
    })
}

pub(super) unsafe extern "C" fn C_GetMechanismInfo(
    slot: CK_SLOT_ID,
    kind: CK_MECHANISM_TYPE,
    info: *mut CK_MECHANISM_INFO,
) -> CK_RV {
    on_module("C_GetMechanismInfo", |module| {
        if info.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: the program vouches for the place.
        unsafe { write(info, module.mechanism_info(slot, kind)?) }
    })
}

pub(super) unsafe extern "C" fn C_WaitForSlotEvent(
    flags: CK_FLAGS,
    slot: *mut CK_SLOT_ID,
    reserved: *mut c_void,
) -> CK_RV {
    guarded("C_WaitForSlotEvent", || {
        let instance = Instance::current()?;
        let ends = instance.ends();
        let mut watch = None;
        loop {
            let module = instance.module()?;
            if instance.ends() != ends {
                return Err(Rv::NOT_INITIALIZED);
            }
            if slot.is_null() || !reserved.is_null() {
                return Err(Rv::ARGUMENTS_BAD);
            }
            if let Some(changed) = module.changed_slot()? {
                // SAFETY: the program vouches for the place.
                return unsafe { write(slot, changed) };
            }
            if flags & CKF_DONT_BLOCK != 0 {
                return Err(Rv(CKR_NO_EVENT));
            }
            let watch = match &mut watch {
                Some(watch) => watch,
                None => watch.insert(module.watch()?),
            };
            drop(module);
            while !watch.wait(PATIENCE) && instance.ends() == ends {}
        }
    })
}
