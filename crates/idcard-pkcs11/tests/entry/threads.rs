//! Many threads at once, and the end of the module in the midst of their calls.

use super::program::Program;
use crate::desk::{ID_PIN, IDENTITY};
use cryptoki_sys::*;
use std::ptr::null_mut;
use std::sync::Barrier;
use std::sync::mpsc::channel;
use std::thread;

#[test]
fn sessions_of_several_threads_do_not_mix() {
    let program = Program::with("specimen");
    let login = program.open(IDENTITY);
    assert_eq!(program.login(login, CKU_USER, ID_PIN), CKR_OK);
    let key = program.object(login, CKO_PRIVATE_KEY);
    let expected: Vec<_> = (0..4_u8)
        .map(|thread| {
            assert_eq!(program.sign_init(login, CKM_SHA256_RSA_PKCS, key), CKR_OK);
            program.sign(login, &[thread; 100]).unwrap()
        })
        .collect();
    thread::scope(|scope| {
        for (thread, expected) in (0..4_u8).zip(&expected) {
            let program = &program;
            scope.spawn(move || {
                for _ in 0..10 {
                    let session = program.open(IDENTITY);
                    assert_eq!(program.object(session, CKO_PRIVATE_KEY), key);
                    assert_eq!(program.sign_init(session, CKM_SHA256_RSA_PKCS, key), CKR_OK);
                    assert_eq!(program.sign(session, &[thread; 100]).as_ref(), Ok(expected));
                    // SAFETY: no pointer.
                    assert_eq!(unsafe { program.list.C_CloseSession.unwrap()(session) }, CKR_OK);
                }
            });
        }
    });
    assert!(program.card.pin("id-81").unwrap().verified);
}

#[test]
fn the_end_comes_between_calls_and_those_that_follow_are_told() {
    let program = Program::with("specimen");
    let session = program.open(IDENTITY);
    let begin = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                begin.wait();
                loop {
                    let mut info = CK_TOKEN_INFO::default();
                    // SAFETY: a place of ours.
                    match unsafe { program.list.C_GetTokenInfo.unwrap()(IDENTITY, &raw mut info) } {
                        CKR_OK => {}
                        rv => break assert_eq!(rv, CKR_CRYPTOKI_NOT_INITIALIZED),
                    }
                }
            });
        }
        begin.wait();
        // SAFETY: no argument.
        assert_eq!(unsafe { program.list.C_Finalize.unwrap()(null_mut()) }, CKR_OK);
    });
    // SAFETY: no pointer.
    assert_eq!(unsafe { program.list.C_CloseSession.unwrap()(session) }, CKR_CRYPTOKI_NOT_INITIALIZED);
}

#[test]
fn who_waits_for_an_event_keeps_nobody_out_and_hears_of_the_end() {
    let program = Program::with("specimen");
    let list = program.list;
    let wait = || {
        let mut slot = CK_SLOT_ID::MAX;
        // SAFETY: a place of ours.
        let rv = unsafe { list.C_WaitForSlotEvent.unwrap()(0, &raw mut slot, null_mut()) };
        (rv, slot)
    };
    let mut slot = 0;
    // SAFETY: a place of ours.
    let rv = unsafe { list.C_WaitForSlotEvent.unwrap()(CKF_DONT_BLOCK, &raw mut slot, null_mut()) };
    assert_eq!(rv, CKR_NO_EVENT);
    thread::scope(|scope| {
        let waiting = scope.spawn(wait);
        program.open(IDENTITY);
        program.desk.remove(0);
        assert_eq!(waiting.join().unwrap(), (CKR_OK, 0));
        assert_eq!(wait(), (CKR_OK, 1), "the other slot of the reader");
        let waiting = scope.spawn(wait);
        // SAFETY: no argument.
        assert_eq!(unsafe { list.C_Finalize.unwrap()(null_mut()) }, CKR_OK);
        assert_eq!(waiting.join().unwrap().0, CKR_CRYPTOKI_NOT_INITIALIZED);
    });
}

/// A card that another program holds, a holder who looks for the PIN at the pad: other readers go on meanwhile.
#[test]
fn a_card_that_blocks_keeps_nobody_out_but_its_own_callers() {
    let program = Program::with("specimen");
    let list = program.list;
    program.desk.attach("Reader B");
    program.desk.insert(1, "specimen-2");
    let token_info = |slot| {
        let mut info = CK_TOKEN_INFO::default();
        // SAFETY: a place of ours.
        unsafe { list.C_GetTokenInfo.unwrap()(slot, &raw mut info) }
    };
    assert_eq!((program.slots(), token_info(IDENTITY)), (vec![0, 1, 2, 3], CKR_OK));
    let other = program.open(2);
    assert_eq!(program.login(other, CKU_USER, ID_PIN), CKR_OK);
    let key = program.object(other, CKO_PRIVATE_KEY);
    let mut slot = 0;
    // SAFETY: a place of ours; that a card came in is told once a slot.
    let mut event = || unsafe { list.C_WaitForSlotEvent.unwrap()(CKF_DONT_BLOCK, &raw mut slot, null_mut()) };
    assert_eq!([event(), event(), event()], [CKR_OK, CKR_OK, CKR_NO_EVENT]);

    let (inside, entered) = channel();
    let (leave, left) = channel::<()>();
    program.desk.hold_card(Box::new(move || {
        inside.send(()).unwrap();
        left.recv().unwrap();
    }));
    thread::scope(|scope| {
        let busy = scope.spawn(|| token_info(IDENTITY));
        entered.recv().unwrap();
        assert_eq!(program.slots(), [0, 1, 2, 3], "what was seen of the card is told");
        assert_eq!(program.slot_flags(IDENTITY) & CKF_TOKEN_PRESENT, CKF_TOKEN_PRESENT);
        assert_eq!(event(), CKR_NO_EVENT);
        assert_eq!(token_info(2), CKR_OK);
        assert_eq!(program.sign_init(other, CKM_SHA256_RSA_PKCS, key), CKR_OK);
        assert_eq!(program.sign(other, b"text").map(|signature| signature.len()), Ok(256));
        // The end waits for the call, and no new one begins.
        // SAFETY: no argument.
        let ending = scope.spawn(|| unsafe { list.C_Finalize.unwrap()(null_mut()) });
        let mut info = CK_INFO::default();
        // SAFETY: a place of ours.
        while unsafe { list.C_GetInfo.unwrap()(&raw mut info) } != CKR_CRYPTOKI_NOT_INITIALIZED {}
        assert!(!ending.is_finished());
        leave.send(()).unwrap();
        assert_eq!((busy.join().unwrap(), ending.join().unwrap()), (CKR_OK, CKR_OK));
    });
    assert!(!program.card.pin("id-81").unwrap().verified);
}
