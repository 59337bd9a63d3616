//! The one module of this process, and how a forked child tells that it has none.

use crate::module::Module;
use crate::rv::{Result, Rv};
use cryptoki_sys::CKR_CRYPTOKI_ALREADY_INITIALIZED;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The state of one process. It is never freed, since a call may still hold it when the module is finalised.
pub(super) struct Instance {
    process: u32,
    state: Mutex<Option<Arc<Module>>>,
    /// How often the module was finalised: who waits outside of the lock can tell.
    ends: AtomicU64,
    /// The state of the parent process, in whose copy a lock may be held for ever by a thread that is not here.
    _parent: Option<&'static Instance>,
}

static CURRENT: AtomicPtr<Instance> = AtomicPtr::new(ptr::null_mut());

impl Instance {
    fn last() -> Option<&'static Self> {
        let last = CURRENT.load(Ordering::Acquire);
        // SAFETY: the pointer is null or comes from `Box::leak` below, and what it leads to is never freed.
        unsafe { last.as_ref() }
    }

    /// The state of this process.
    pub(super) fn current() -> Result<&'static Self> {
        Self::last().filter(|last| last.process == std::process::id()).ok_or(Rv::NOT_INITIALIZED)
    }

    /// The state of this process, made anew in a process that has none.
    pub(super) fn of_this_process() -> &'static Self {
        if let Ok(current) = Self::current() {
            return current;
        }
        let parent = Self::last();
        let new: &'static mut Self = Box::leak(Box::new(Self {
            process: std::process::id(),
            state: Mutex::new(None),
            ends: AtomicU64::new(0),
            _parent: parent,
        }));
        let expected = parent.map_or(ptr::null_mut(), |parent| ptr::from_ref(parent).cast_mut());
        let new = ptr::from_mut(new);
        match CURRENT.compare_exchange(expected, new, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => {}
            // SAFETY: another thread was faster, so nobody knows `new`, which came from a box a moment ago.
            Err(_) => drop(unsafe { Box::from_raw(new) }),
        }
        // Whoever won, a state of this process is there now.
        Self::last().unwrap_or_else(Self::of_this_process)
    }

    fn state(&self) -> MutexGuard<'_, Option<Arc<Module>>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The module. Nobody keeps the lock while a card works.
    pub(super) fn module(&self) -> Result<Arc<Module>> {
        self.state().clone().ok_or(Rv::NOT_INITIALIZED)
    }

    /// Puts a module in, unless one is there.
    pub(super) fn begin(&self, module: impl FnOnce() -> Module) -> Result<()> {
        let mut state = self.state();
        if state.is_some() {
            return Err(Rv(CKR_CRYPTOKI_ALREADY_INITIALIZED));
        }
        *state = Some(Arc::new(module()));
        Ok(())
    }

    /// Takes the module out: calls that come from now on find none.
    pub(super) fn end(&self) -> Result<Arc<Module>> {
        let module = self.state().take().ok_or(Rv::NOT_INITIALIZED)?;
        self.ends.fetch_add(1, Ordering::SeqCst);
        Ok(module)
    }

    pub(super) fn ends(&self) -> u64 {
        self.ends.load(Ordering::SeqCst)
    }
}
