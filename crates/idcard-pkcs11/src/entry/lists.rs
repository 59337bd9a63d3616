//! The lists of functions, and the three symbols by which programs get at them.

use super::general::{C_Finalize, C_GetInfo, C_GetInfo_3_0, C_Initialize, VERSION, VERSION_3};
use super::guarded;
use super::operations::*;
use super::pointers::{give, read, write};
use super::sessions::*;
use super::slots::*;
use super::unsupported::*;
use crate::rv::Rv;
use cryptoki_sys::*;
use std::cell::UnsafeCell;
use std::ffi::CStr;
use std::os::raw::c_void;

/// Fills a list with the functions of these names; a name that is missing does not compile. What is told of the module
/// depends on the list.
macro_rules! list {
    ($list:ident, $version:expr, $info:ident, $($name:ident),*) => {
        $list { version: $version, C_GetInfo: Some($info), $($name: Some($name)),* }
    };
}

/// The functions of PKCS#11 2.40 and, with more names, those of 3.0.
macro_rules! functions {
    ($list:ident, $version:expr, $info:ident $(, $more:ident)*) => {
        list!(
            $list, $version, $info,
            C_Initialize, C_Finalize, C_GetFunctionList, C_GetSlotList, C_GetSlotInfo, C_GetTokenInfo,
            C_GetMechanismList, C_GetMechanismInfo, C_InitToken, C_InitPIN, C_SetPIN, C_OpenSession, C_CloseSession,
            C_CloseAllSessions, C_GetSessionInfo, C_GetOperationState, C_SetOperationState, C_Login, C_Logout,
            C_CreateObject, C_CopyObject, C_DestroyObject, C_GetObjectSize, C_GetAttributeValue, C_SetAttributeValue,
            C_FindObjectsInit, C_FindObjects, C_FindObjectsFinal, C_EncryptInit, C_Encrypt, C_EncryptUpdate,
            C_EncryptFinal, C_DecryptInit, C_Decrypt, C_DecryptUpdate, C_DecryptFinal, C_DigestInit, C_Digest,
            C_DigestUpdate, C_DigestKey, C_DigestFinal, C_SignInit, C_Sign, C_SignUpdate, C_SignFinal,
            C_SignRecoverInit, C_SignRecover, C_VerifyInit, C_Verify, C_VerifyUpdate, C_VerifyFinal,
            C_VerifyRecoverInit, C_VerifyRecover, C_DigestEncryptUpdate, C_DecryptDigestUpdate, C_SignEncryptUpdate,
            C_DecryptVerifyUpdate, C_GenerateKey, C_GenerateKeyPair, C_WrapKey, C_UnwrapKey, C_DeriveKey,
            C_SeedRandom, C_GenerateRandom, C_GetFunctionStatus, C_CancelFunction, C_WaitForSlotEvent
            $(, $more)*
        )
    };
}

static FUNCTIONS: CK_FUNCTION_LIST = functions!(CK_FUNCTION_LIST, VERSION, C_GetInfo);

static FUNCTIONS_3: CK_FUNCTION_LIST_3_0 = functions!(
    CK_FUNCTION_LIST_3_0,
    VERSION_3,
    C_GetInfo_3_0,
    C_GetInterfaceList,
    C_GetInterface,
    C_LoginUser,
    C_SessionCancel,
    C_MessageEncryptInit,
    C_EncryptMessage,
    C_EncryptMessageBegin,
    C_EncryptMessageNext,
    C_MessageEncryptFinal,
    C_MessageDecryptInit,
    C_DecryptMessage,
    C_DecryptMessageBegin,
    C_DecryptMessageNext,
    C_MessageDecryptFinal,
    C_MessageSignInit,
    C_SignMessage,
    C_SignMessageBegin,
    C_SignMessageNext,
    C_MessageSignFinal,
    C_MessageVerifyInit,
    C_VerifyMessage,
    C_VerifyMessageBegin,
    C_VerifyMessageNext,
    C_MessageVerifyFinal
);

/// The name of the interfaces of the standard (PKCS#11 3.0, 5.4.4).
const NAME: &CStr = c"PKCS 11";

/// The interfaces, the newest first.
const INTERFACES: [CK_INTERFACE; 2] =
    [interface((&raw const FUNCTIONS_3).cast()), interface((&raw const FUNCTIONS).cast())];

/// The interfaces that programs get a pointer to, which may be written: OpenSC's pkcs11-spy puts its own functions there.
struct Given(UnsafeCell<[CK_INTERFACE; 2]>);

// SAFETY: this library only makes pointers to it; who writes through them is one program, and that on its own account.
unsafe impl Sync for Given {}

static GIVEN: Given = Given(UnsafeCell::new(INTERFACES));

/// None is safe to be used in a forked child without `C_Initialize`.
const fn interface(functions: *const c_void) -> CK_INTERFACE {
    CK_INTERFACE { pInterfaceName: NAME.as_ptr().cast_mut().cast(), pFunctionList: functions.cast_mut(), flags: 0 }
}

/// Gives the functions of PKCS#11 2.40.
///
/// # Safety
/// `list` is null or leads to a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    guarded("C_GetFunctionList", || {
        // SAFETY: the program vouches for the place.
        unsafe { write(list, (&raw const FUNCTIONS).cast_mut()) }
    })
}

/// Lists the interfaces: the functions of PKCS#11 3.0 and of 2.40.
///
/// # Safety
/// `count` is null or leads to a number; `list` is null or leads to room for so many interfaces.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterfaceList(list: *mut CK_INTERFACE, count: *mut CK_ULONG) -> CK_RV {
    guarded("C_GetInterfaceList", || {
        // SAFETY: the program vouches for the buffer and its length.
        unsafe { give(&INTERFACES, list, count) }
    })
}

/// Gives the newest interface, or the one of this name and version.
///
/// # Safety
/// `name` is null or a text that ends with a zero byte; `version` is null or leads to a version; `interface` is null or
/// leads to a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterface(
    name: *mut CK_UTF8CHAR,
    version: *mut CK_VERSION,
    interface: *mut *mut CK_INTERFACE,
    flags: CK_FLAGS,
) -> CK_RV {
    guarded("C_GetInterface", || {
        if interface.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        // SAFETY: not null; the program vouches for a text that ends.
        let named = name.is_null() || unsafe { CStr::from_ptr(name.cast_const().cast()) } == NAME;
        // SAFETY: the program vouches for the version.
        let version = if version.is_null() { None } else { Some(unsafe { read(version) }?) };
        let versions = [VERSION_3, VERSION];
        let wanted =
            |own: &CK_VERSION| version.is_none_or(|version| (version.major, version.minor) == (own.major, own.minor));
        let found = versions.iter().position(|own| named && flags == 0 && wanted(own));
        let found = found.ok_or(Rv(CKR_FUNCTION_FAILED))?;
        let given = GIVEN.0.get().cast::<CK_INTERFACE>().wrapping_add(found);
        // SAFETY: the program vouches for the place.
        unsafe { write(interface, given) }
    })
}
