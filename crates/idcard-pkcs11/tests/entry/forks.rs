//! A forked child has no module until it initialises one, whatever its parent's threads were doing.
#![cfg(unix)]

use super::program::Program;
use crate::desk::{ID_PIN, IDENTITY};
use cryptoki_sys::*;
use idcard_sim::Handle;
use std::ptr::null_mut;
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread;

unsafe extern "C" {
    fn fork() -> i32;
    fn _exit(status: i32) -> !;
    fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    fn alarm(seconds: u32) -> u32;
    fn atexit(hook: extern "C" fn()) -> i32;
    fn exit(status: i32) -> !;
}

/// Runs `child` in a forked process that has ten seconds; gives its exit status, or the signal that ended it.
fn in_child(child: impl FnOnce() -> i32) -> Result<i32, i32> {
    let mut status = 0;
    // SAFETY: the child runs `child` and nothing else, and leaves without unwinding into the test.
    unsafe {
        match fork() {
            0 => {
                alarm(10);
                _exit(child())
            }
            process => assert_eq!(waitpid(process, &raw mut status, 0), process),
        }
    }
    #[allow(clippy::verbose_bit_mask, reason = "wait(2)")]
    if status & 0x7F == 0 { Ok(status >> 8) } else { Err(status & 0x7F) }
}

#[test]
fn the_child_begins_anew_and_the_parent_stays_logged_in() {
    let program = Program::with("specimen");
    let session = program.open(IDENTITY);
    assert_eq!(program.login(session, CKU_USER, ID_PIN), CKR_OK);
    let key = program.object(session, CKO_PRIVATE_KEY);
    let list = program.list;
    let before = program.card.exchanges();
    let child = in_child(|| {
        let mut info = CK_SESSION_INFO::default();
        // SAFETY: places of ours.
        unsafe {
            if list.C_GetSessionInfo.unwrap()(session, &raw mut info) != CKR_CRYPTOKI_NOT_INITIALIZED {
                return 1;
            }
            if list.C_Finalize.unwrap()(null_mut()) != CKR_CRYPTOKI_NOT_INITIALIZED {
                return 2;
            }
            // Over no readers: the parent's cards are not the child's.
            if idcard_pkcs11::entry::initialize(|| crate::desk::Desk::default().module()) != CKR_OK {
                return 3;
            }
            if list.C_GetSessionInfo.unwrap()(session, &raw mut info) != CKR_SESSION_HANDLE_INVALID {
                return 4;
            }
            if list.C_Finalize.unwrap()(null_mut()) == CKR_OK { 0 } else { 5 }
        }
    });
    assert_eq!(child, Ok(0));
    assert_eq!(program.card.exchanges(), before);
    assert_eq!(program.sign_init(session, CKM_SHA256_RSA_PKCS, key), CKR_OK);
    assert!(program.sign(session, b"text").is_ok());
}

/// Hooks run in the reverse of their order: this one finds what the module's has left.
extern "C" fn last_look() {
    let verified = CARD.get().and_then(|card| card.pin("id-81")).map(|pin| pin.verified);
    // SAFETY: the child ends here.
    unsafe { _exit(i32::from(verified != Some(false))) }
}

static CARD: OnceLock<Handle> = OnceLock::new();

#[test]
fn a_process_that_forgets_the_end_leaves_the_card_locked() {
    let turn = Program::none();
    let child = in_child(|| {
        // SAFETY: a function that does not unwind.
        unsafe { atexit(last_look) };
        // The child's turn is over when it ends.
        std::mem::forget(turn);
        let program = Program::begin("specimen", None);
        let session = program.open(IDENTITY);
        let logged_in = program.login(session, CKU_USER, ID_PIN) == CKR_OK;
        let verified = program.card.pin("id-81").is_some_and(|pin| pin.verified);
        let _ = CARD.set(program.card.clone());
        std::mem::forget(program);
        if !(logged_in && verified) {
            return 2;
        }
        // SAFETY: no argument; the hooks run.
        unsafe { exit(3) }
    });
    assert_eq!(child, Ok(0));
}

#[test]
fn a_lock_that_the_parent_holds_does_not_hold_the_child() {
    let program = Program::with("specimen");
    let list = program.list;
    let (inside, entered) = channel();
    let (leave, left) = channel::<()>();
    program.desk.hold(Box::new(move || {
        inside.send(()).unwrap();
        left.recv().unwrap();
    }));
    let (child, rv) = thread::scope(|scope| {
        // A call that is under way and keeps the lock until the child is done.
        let busy = scope.spawn(|| {
            let mut info = empty();
            // SAFETY: a place of ours.
            unsafe { list.C_GetSlotInfo.unwrap()(IDENTITY, &raw mut info) }
        });
        entered.recv().unwrap();
        let child = in_child(|| {
            // SAFETY: no argument.
            let refused = unsafe { list.C_Finalize.unwrap()(null_mut()) } == CKR_CRYPTOKI_NOT_INITIALIZED;
            let anew = idcard_pkcs11::entry::initialize(|| crate::desk::Desk::default().module()) == CKR_OK;
            i32::from(!(refused && anew))
        });
        leave.send(()).unwrap();
        (child, busy.join().unwrap())
    });
    assert_eq!((child, rv), (Ok(0), CKR_OK));
}

fn empty() -> CK_SLOT_INFO {
    let version = CK_VERSION { major: 0, minor: 0 };
    CK_SLOT_INFO {
        slotDescription: [0; 64],
        manufacturerID: [0; 32],
        flags: 0,
        hardwareVersion: version,
        firmwareVersion: version,
    }
}
