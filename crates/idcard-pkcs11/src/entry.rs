//! The entry points in C: what crosses them is checked here, and here alone is code that the compiler cannot check.
//!
//! Each call runs behind the lock of its reader, and stops a panic before it could reach the program. Pointers are read
//! and written without regard to their alignment; a null pointer is refused where PKCS#11 does not allow it. That a
//! pointer which is not null leads to as much memory as the program says has to be believed.
#![allow(unsafe_code)]
#![allow(non_snake_case)] // the names are those of the standard
#![deny(clippy::undocumented_unsafe_blocks)]

mod exit;
mod general;
mod instance;
mod lists;
mod operations;
mod pointers;
mod sessions;
mod slots;
mod unsupported;

pub use lists::{C_GetFunctionList, C_GetInterface, C_GetInterfaceList};

use crate::module::Module;
use crate::rv::{Result, Rv};
use cryptoki_sys::{CK_RV, CKR_GENERAL_ERROR, CKR_OK};
use instance::Instance;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Initialises the module over other readers than those of the system: what `C_Initialize` does, for programs that link
/// this library and have readers of their own.
pub fn initialize(module: impl FnOnce() -> Module) -> CK_RV {
    guarded("initialize", || {
        Instance::of_this_process().begin(module)?;
        exit::hook();
        Ok(())
    })
}

/// Runs the work of an entry point: a panic becomes `CKR_GENERAL_ERROR`.
fn guarded(name: &str, work: impl FnOnce() -> Result<()>) -> CK_RV {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => {
            log::debug!("{name}");
            CKR_OK
        }
        Ok(Err(Rv(rv))) => {
            log::debug!("{name}: {rv:#x}");
            rv
        }
        Err(_) => {
            log::error!("{name}: a panic");
            CKR_GENERAL_ERROR
        }
    }
}

/// Runs the work of an entry point on the module, which locks what each call needs.
fn on_module(name: &str, work: impl FnOnce(&Module) -> Result<()>) -> CK_RV {
    guarded(name, || {
        let module = Instance::current()?.module()?;
        work(&module)
    })
}
