//! The end of a process that forgets `C_Finalize`: the card is locked all the same.

use super::instance::Instance;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU32, Ordering};

/// The process that the hook was set for.
static HOOKED: AtomicU32 = AtomicU32::new(0);

#[cfg(unix)]
unsafe extern "C" {
    fn atexit(hook: extern "C" fn()) -> std::os::raw::c_int;
}

/// Has the user logged out when the process ends by `exit` or by the return of `main`. One that is killed, or that ends
/// by `_exit`, leaves this to the service, which takes the power from a card that nobody is connected to.
pub(super) fn hook() {
    let process = std::process::id();
    if HOOKED.swap(process, Ordering::SeqCst) != process {
        // SAFETY: `lock_up` is a function of this library, which stays loaded (build.rs), and does not unwind.
        #[cfg(unix)]
        let _ = unsafe { atexit(lock_up) };
    }
}

#[cfg(unix)]
extern "C" fn lock_up() {
    // Nothing is left to report to. A call that is under way in another thread is not waited for.
    let _ = catch_unwind(|| {
        if let Ok(instance) = Instance::current()
            && let Ok(module) = instance.module()
        {
            module.finish_at_once();
        }
    });
}
