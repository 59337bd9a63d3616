//! The entry points in C, as a program calls them: by the lists of functions alone.
#![allow(unsafe_code)] // a program in C has nothing else
#![deny(clippy::undocumented_unsafe_blocks)]

mod forks;
mod logs;
mod pointers;
mod program;
mod threads;

use cryptoki_sys::*;
use program::{Program, functions};
use std::ptr::null_mut;

#[test]
fn every_function_of_every_list_is_there_and_asks_for_a_beginning() {
    let _alone = Program::none();
    let mut list = null_mut();
    // SAFETY: a place for a pointer.
    assert_eq!(unsafe { idcard_pkcs11::entry::C_GetFunctionList(&raw mut list) }, CKR_OK);
    // SAFETY: the list that the module gave; each field behind the version is a pointer.
    let (version, pointers) = unsafe { ((*list).version, fields(list.cast::<u8>(), size_of::<CK_FUNCTION_LIST>())) };
    assert_eq!((version.major, version.minor), (2, 40));
    assert_eq!(pointers.len(), 68, "PKCS#11 2.40 has 68 functions");
    assert!(pointers.iter().all(|pointer| *pointer != 0));

    let list = functions();
    // SAFETY: as above; the list of 3.0 is longer.
    let pointers = unsafe { fields((&raw const *list).cast::<u8>(), size_of::<CK_FUNCTION_LIST_3_0>()) };
    assert_eq!(pointers.len(), 92, "PKCS#11 3.0 has 92 functions");
    assert!(pointers.iter().all(|pointer| *pointer != 0));

    let mut count = 0;
    // SAFETY: null pointers and places of ours.
    unsafe {
        assert_eq!(list.C_GetSlotList.unwrap()(0, null_mut(), &raw mut count), CKR_CRYPTOKI_NOT_INITIALIZED);
        assert_eq!(list.C_GetInfo.unwrap()(null_mut()), CKR_CRYPTOKI_NOT_INITIALIZED);
        assert_eq!(list.C_Finalize.unwrap()(null_mut()), CKR_CRYPTOKI_NOT_INITIALIZED);
        assert_eq!(list.C_CloseSession.unwrap()(1), CKR_CRYPTOKI_NOT_INITIALIZED);
        assert_eq!(list.C_EncryptInit.unwrap()(1, null_mut(), 1), CKR_CRYPTOKI_NOT_INITIALIZED);
        assert_eq!(list.C_WaitForSlotEvent.unwrap()(0, null_mut(), null_mut()), CKR_CRYPTOKI_NOT_INITIALIZED);
    }
}

/// The words behind the version of a list.
///
/// # Safety
/// `list` leads to `size` bytes.
unsafe fn fields(list: *const u8, size: usize) -> Vec<usize> {
    let word = size_of::<usize>();
    // SAFETY: the caller vouches for the list; function pointers are read as numbers.
    (word..size).step_by(word).map(|at| unsafe { list.add(at).cast::<usize>().read_unaligned() }).collect()
}

#[test]
fn interfaces_are_found_by_name_and_version() {
    let _alone = Program::none();
    let mut count = 0;
    // SAFETY: places of ours.
    assert_eq!(unsafe { idcard_pkcs11::entry::C_GetInterfaceList(null_mut(), &raw mut count) }, CKR_OK);
    assert_eq!(count, 2);
    let find = |name: Option<&std::ffi::CStr>, version: Option<(u8, u8)>, flags| {
        let mut version = version.map(|(major, minor)| CK_VERSION { major, minor });
        let mut interface = null_mut();
        let name = name.map_or(null_mut(), |name| name.as_ptr().cast_mut().cast());
        let version = version.as_mut().map_or(null_mut(), |version| &raw mut *version);
        // SAFETY: null or places of ours, and a text that ends.
        let rv = unsafe { idcard_pkcs11::entry::C_GetInterface(name, version, &raw mut interface, flags) };
        // SAFETY: an interface that the module gave; its functions begin with a version.
        (rv == CKR_OK).then(|| unsafe { *(*interface).pFunctionList.cast::<CK_VERSION>() }).map(|v| (v.major, v.minor))
    };
    assert_eq!(find(None, None, 0), Some((3, 0)));
    assert_eq!(find(Some(c"PKCS 11"), None, 0), Some((3, 0)));
    assert_eq!(find(Some(c"PKCS 11"), Some((2, 40)), 0), Some((2, 40)));
    assert_eq!(find(Some(c"PKCS 11"), Some((3, 1)), 0), None);
    assert_eq!(find(Some(c"Vendor"), None, 0), None);
    assert_eq!(find(None, None, CKF_INTERFACE_FORK_SAFE), None);
}

/// By each interface the module tells the version of that interface (PKCS#11 3.0, 3.1: `cryptokiVersion`).
#[test]
fn the_version_told_is_that_of_the_interface() {
    let program = Program::with("specimen");
    let told = |ask: CK_C_GetInfo| {
        let mut info = std::mem::MaybeUninit::<CK_INFO>::zeroed();
        // SAFETY: a place of ours, which is filled; its fields are numbers.
        let info = unsafe {
            assert_eq!(ask.unwrap()(info.as_mut_ptr()), CKR_OK);
            assert_eq!(ask.unwrap()(null_mut()), CKR_ARGUMENTS_BAD);
            info.assume_init()
        };
        (info.cryptokiVersion.major, info.cryptokiVersion.minor)
    };
    assert_eq!(told(program.list.C_GetInfo), (3, 0));
    let mut list = null_mut();
    // SAFETY: a place for a pointer, and the list that the module gave.
    let old = unsafe {
        assert_eq!(idcard_pkcs11::entry::C_GetFunctionList(&raw mut list), CKR_OK);
        (*list).C_GetInfo
    };
    assert_eq!(told(old), (2, 40));
}

#[test]
fn arguments_of_the_beginning_are_checked() {
    unsafe extern "C" fn create(_: *mut *mut std::ffi::c_void) -> CK_RV {
        CKR_OK
    }
    let _alone = Program::none();
    let list = functions();
    let initialize = |change: fn(&mut CK_C_INITIALIZE_ARGS)| {
        let mut arguments = CK_C_INITIALIZE_ARGS { flags: CKF_OS_LOCKING_OK, ..Default::default() };
        change(&mut arguments);
        // SAFETY: arguments of ours.
        let rv = unsafe { list.C_Initialize.unwrap()((&raw mut arguments).cast()) };
        if rv == CKR_OK {
            // SAFETY: no argument.
            assert_eq!(unsafe { list.C_Initialize.unwrap()(null_mut()) }, CKR_CRYPTOKI_ALREADY_INITIALIZED);
            // SAFETY: an argument that is to be refused, and none.
            unsafe {
                assert_eq!(list.C_Finalize.unwrap()((&raw mut arguments).cast()), CKR_ARGUMENTS_BAD);
                assert_eq!(list.C_Finalize.unwrap()(null_mut()), CKR_OK);
            }
        }
        rv
    };
    assert_eq!(initialize(|_| {}), CKR_OK);
    assert_eq!(initialize(|arguments| arguments.flags |= CKF_LIBRARY_CANT_CREATE_OS_THREADS), CKR_OK);
    assert_eq!(initialize(|arguments| arguments.CreateMutex = Some(create)), CKR_ARGUMENTS_BAD);
    assert_eq!(initialize(|arguments| arguments.pReserved = (&raw mut arguments.flags).cast()), CKR_ARGUMENTS_BAD);
}
