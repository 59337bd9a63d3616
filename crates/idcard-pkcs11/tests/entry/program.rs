//! A program that has the module to itself: the state of the module belongs to the process, so one test at a time.

use crate::desk::Desk;
use cryptoki_sys::*;
use idcard_sim::Handle;
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

static TURN: Mutex<()> = Mutex::new(());

/// The functions of PKCS#11 3.0, by the interface.
pub(super) fn functions() -> &'static CK_FUNCTION_LIST_3_0 {
    let mut interface = null_mut();
    // SAFETY: a place for a pointer; the interface and the list live as long as the library.
    unsafe {
        let rv = idcard_pkcs11::entry::C_GetInterface(null_mut(), null_mut(), &raw mut interface, 0);
        assert_eq!(rv, CKR_OK);
        &*(*interface).pFunctionList.cast::<CK_FUNCTION_LIST_3_0>()
    }
}

pub(super) struct Program {
    pub(super) list: &'static CK_FUNCTION_LIST_3_0,
    pub(super) desk: Desk,
    pub(super) card: Handle,
    _turn: Option<MutexGuard<'static, ()>>,
}

impl Program {
    /// The module over one reader with a card.
    pub(super) fn with(image: &str) -> Self {
        let turn = Self::none();
        Self::begin(image, Some(turn))
    }

    /// The same for whoever has the turn already, or is alone in its process.
    pub(super) fn begin(image: &str, turn: Option<MutexGuard<'static, ()>>) -> Self {
        let desk = Desk::default();
        desk.attach("Reader A");
        let card = desk.insert(0, image);
        assert_eq!(idcard_pkcs11::entry::initialize(|| desk.module()), CKR_OK);
        Self { list: functions(), desk, card, _turn: turn }
    }

    /// Nobody has initialised the module.
    pub(super) fn none() -> MutexGuard<'static, ()> {
        TURN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self, slot: CK_SLOT_ID) -> CK_SESSION_HANDLE {
        let mut session = 0;
        let flags = CKF_SERIAL_SESSION;
        // SAFETY: a place of ours.
        let rv = unsafe { self.list.C_OpenSession.unwrap()(slot, flags, null_mut(), None, &raw mut session) };
        assert_eq!(rv, CKR_OK);
        session
    }

    /// The slots that hold a token.
    pub(super) fn slots(&self) -> Vec<CK_SLOT_ID> {
        let (mut slots, mut count) = (vec![0; 8], 8);
        // SAFETY: a buffer of eight slots.
        let rv = unsafe { self.list.C_GetSlotList.unwrap()(CK_TRUE, slots.as_mut_ptr(), &raw mut count) };
        assert_eq!(rv, CKR_OK);
        slots.truncate(count as usize);
        slots
    }

    pub(super) fn slot_flags(&self, slot: CK_SLOT_ID) -> CK_FLAGS {
        let mut info = std::mem::MaybeUninit::<CK_SLOT_INFO>::zeroed();
        // SAFETY: a place of ours, which is filled; its fields are numbers.
        unsafe {
            assert_eq!(self.list.C_GetSlotInfo.unwrap()(slot, info.as_mut_ptr()), CKR_OK);
            info.assume_init().flags
        }
    }

    pub(super) fn login(&self, session: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: &[u8]) -> CK_RV {
        // SAFETY: a PIN of ours.
        unsafe { self.list.C_Login.unwrap()(session, user, pin.as_ptr().cast_mut(), pin.len() as CK_ULONG) }
    }

    /// The first object of a class.
    pub(super) fn object(&self, session: CK_SESSION_HANDLE, class: CK_OBJECT_CLASS) -> CK_OBJECT_HANDLE {
        let mut class = class;
        let mut template = CK_ATTRIBUTE {
            type_: CKA_CLASS,
            pValue: (&raw mut class).cast(),
            ulValueLen: size_of::<CK_OBJECT_CLASS>() as CK_ULONG,
        };
        let (mut object, mut found) = (0, 0);
        // SAFETY: places of ours.
        unsafe {
            assert_eq!(self.list.C_FindObjectsInit.unwrap()(session, &raw mut template, 1), CKR_OK);
            assert_eq!(self.list.C_FindObjects.unwrap()(session, &raw mut object, 1, &raw mut found), CKR_OK);
            assert_eq!(self.list.C_FindObjectsFinal.unwrap()(session), CKR_OK);
        }
        assert_eq!(found, 1);
        object
    }

    pub(super) fn sign_init(
        &self,
        session: CK_SESSION_HANDLE,
        kind: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
    ) -> CK_RV {
        let mut mechanism = CK_MECHANISM { mechanism: kind, pParameter: null_mut(), ulParameterLen: 0 };
        // SAFETY: a mechanism of ours.
        unsafe { self.list.C_SignInit.unwrap()(session, &raw mut mechanism, key) }
    }

    /// Signs a text into a buffer of 256 bytes.
    pub(super) fn sign(&self, session: CK_SESSION_HANDLE, text: &[u8]) -> Result<Vec<u8>, CK_RV> {
        let (mut signature, mut length) = (vec![0; 256], 256);
        let (data, data_length) = (text.as_ptr().cast_mut(), text.len() as CK_ULONG);
        // SAFETY: a text and a buffer of ours.
        let rv =
            unsafe { self.list.C_Sign.unwrap()(session, data, data_length, signature.as_mut_ptr(), &raw mut length) };
        signature.truncate(length as usize);
        if rv == CKR_OK { Ok(signature) } else { Err(rv) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SAFETY: no argument.
        let _ = unsafe { self.list.C_Finalize.unwrap()(null_mut()) };
    }
}
