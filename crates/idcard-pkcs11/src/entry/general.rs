//! Beginning and end, and who we are.

use super::instance::Instance;
use super::pointers::{read, write};
use super::{guarded, initialize, on_module};
use crate::logging;
use crate::module::{Module, Shown};
use crate::readers::PcscReaders;
use crate::rv::{Result, Rv};
use crate::token::padded;
use cryptoki_sys::*;
use std::os::raw::c_void;

/// The version of PKCS#11 that the first list of functions speaks.
pub(super) const VERSION: CK_VERSION = CK_VERSION { major: 2, minor: 40 };
/// The version of the list that interfaces offer besides.
pub(super) const VERSION_3: CK_VERSION = CK_VERSION { major: 3, minor: 0 };

pub(super) unsafe extern "C" fn C_Initialize(arguments: *mut c_void) -> CK_RV {
    guarded("C_Initialize", || {
        if !arguments.is_null() {
            // SAFETY: PKCS#11 demands that a pointer which is not null leads to such arguments.
            acceptable(&unsafe { read(arguments.cast::<CK_C_INITIALIZE_ARGS>()) }?)?;
        }
        logging::start();
        match initialize(|| Module::showing(Box::new(PcscReaders::default()), shown())) {
            CKR_OK => Ok(()),
            rv => Err(Rv(rv)),
        }
    })
}

/// The variable that names the slots to be shown.
const SLOTS: &str = "IDCARD_PKCS11_SLOTS";

/// Which slots the user wants to be shown.
fn shown() -> Shown {
    let words = std::env::var(SLOTS).unwrap_or_default();
    let shown = Shown::of_words(&words);
    if shown.is_none() && !words.is_empty() {
        log::warn!("{SLOTS} is neither identity nor signature: both slots are shown");
    }
    shown.unwrap_or(Shown::BOTH)
}

/// The locks of the system are used in any case. Threads too, even where `CKF_LIBRARY_CANT_CREATE_OS_THREADS` asks for
/// none: p11-kit sets it for all, and the program never sees those threads.
fn acceptable(arguments: &CK_C_INITIALIZE_ARGS) -> Result<()> {
    let given = [
        arguments.CreateMutex.is_some(),
        arguments.DestroyMutex.is_some(),
        arguments.LockMutex.is_some(),
        arguments.UnlockMutex.is_some(),
    ];
    if !arguments.pReserved.is_null() || (given.contains(&true) && given.contains(&false)) {
        return Err(Rv::ARGUMENTS_BAD);
    }
    Ok(())
}

pub(super) unsafe extern "C" fn C_Finalize(reserved: *mut c_void) -> CK_RV {
    guarded("C_Finalize", || {
        let instance = Instance::current()?;
        if !reserved.is_null() {
            return Err(Rv::ARGUMENTS_BAD);
        }
        instance.end()?.finish();
        Ok(())
    })
}

pub(super) unsafe extern "C" fn C_GetInfo(info: *mut CK_INFO) -> CK_RV {
    // SAFETY: the program vouches for the place.
    unsafe { information(info, VERSION) }
}

/// As the list of 3.0 has it: the version told is that of the interface by which the program calls.
pub(super) unsafe extern "C" fn C_GetInfo_3_0(info: *mut CK_INFO) -> CK_RV {
    // SAFETY: the program vouches for the place.
    unsafe { information(info, VERSION_3) }
}

/// # Safety
/// `info` is null or leads to a place for it.
unsafe fn information(info: *mut CK_INFO, version: CK_VERSION) -> CK_RV {
    on_module("C_GetInfo", |_| {
        let part = |text: &str| text.parse().unwrap_or(0);
        let told = CK_INFO {
            cryptokiVersion: version,
            manufacturerID: padded("idcard"),
            flags: 0,
            libraryDescription: padded("Iran's national smart card"),
            libraryVersion: CK_VERSION {
                major: part(env!("CARGO_PKG_VERSION_MAJOR")),
                minor: part(env!("CARGO_PKG_VERSION_MINOR")),
            },
        };
        // SAFETY: the program vouches for the place.
        unsafe { write(info, told) }
    })
}
