//! The module between `C_Initialize` and `C_Finalize`: slots, sessions and what is done in them, without a pointer.
//!
//! Calls for one reader wait for each other, since its card does one thing at a time; those for other readers go on.

mod calls;

pub use crate::place::Value;
pub use crate::role::Shown;

use crate::place::{Place, READERS};
use crate::readers::{Readers, Watch};
use crate::role::Role;
use crate::rv::{Result, Rv};
use crate::slots::Slots;
use calls::First;
use cryptoki_sys::*;
use idcard_core::LinkError;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// The state of the module.
pub struct Module {
    slots: Slots,
    /// The slots, and those with a token, as their number was told last.
    counted: Mutex<[Option<Vec<CK_SLOT_ID>>; 2]>,
}

impl Module {
    /// A module over a set of readers, both slots of each. The cards that are in already are no event.
    #[must_use]
    pub fn new(readers: Box<dyn Readers>) -> Self {
        Self::showing(readers, Shown::BOTH)
    }

    /// A module that shows only some of the slots.
    #[must_use]
    pub fn showing(readers: Box<dyn Readers>, shown: Shown) -> Self {
        let slots = Slots::new(readers, shown);
        let _ = slots.look(); // it fails after the end alone
        slots.forget_changes();
        Self { slots, counted: Mutex::default() }
    }

    /// `C_GetSlotList`: the slots, or those that hold a token.
    ///
    /// # Errors
    /// None that is not an accident of ours; a card that does not answer is not there.
    pub fn slot_list(&self, with_token: bool) -> Result<Vec<CK_SLOT_ID>> {
        self.slots.look()?;
        let mut slots = self.slots.attached();
        if with_token {
            let mut holding = Vec::new();
            for slot in slots {
                if self.has_token(slot)? {
                    holding.push(slot);
                }
            }
            slots = holding;
        }
        Ok(slots)
    }

    /// `C_GetSlotList` in two steps: a program that was told their number brings room for so many. It gets those that it
    /// was told of, where another card came in between: few programs ask a second time.
    ///
    /// # Errors
    /// As [`Module::slot_list`].
    pub fn slot_list_for(&self, with_token: bool, room: Option<usize>) -> Result<Vec<CK_SLOT_ID>> {
        let slots = self.slot_list(with_token)?;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let [all, holding] = &mut *counted;
        let counted = if with_token { holding } else { all };
        match (room, &counted) {
            (None, _) => *counted = Some(slots.clone()),
            (Some(room), Some(told)) if slots.len() > room && told.len() <= room => return Ok(told.clone()),
            _ => {}
        }
        Ok(slots)
    }

    /// Whether a card of ours that has something for the slot is in. A card that was looked at before is not waited for.
    fn has_token(&self, slot: CK_SLOT_ID) -> Result<bool> {
        if let Some(known) = self.slots.holds(slot)? {
            return Ok(known);
        }
        match self.at(slot, |place| place.token(Role::of(slot)).map(drop)) {
            Ok(()) => Ok(true),
            Err(Rv(CKR_TOKEN_NOT_PRESENT | CKR_TOKEN_NOT_RECOGNIZED | CKR_DEVICE_REMOVED | CKR_DEVICE_ERROR)) => {
                Ok(false)
            }
            Err(other) => Err(other),
        }
    }

    /// `C_GetSlotInfo`.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub fn slot_info(&self, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO> {
        self.slots.look()?;
        self.slots.info(slot, self.has_token(slot)?)
    }

    /// `C_GetTokenInfo`.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`, `CKR_TOKEN_NOT_PRESENT`, `CKR_TOKEN_NOT_RECOGNIZED`; what the link did.
    pub fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO> {
        self.slots.look()?;
        self.at(slot, |place| place.token_info(slot))
    }

    /// `C_GetMechanismList`: what the key of the slot computes, and the digests.
    ///
    /// # Errors
    /// As [`Module::token_info`].
    pub fn mechanism_list(&self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>> {
        self.slots.look()?;
        let mut list = self.at(slot, |place| place.token(Role::of(slot))?.mechanisms(Role::of(slot)))?;
        list.extend(crate::mechanism::digests());
        Ok(list)
    }

    /// `C_GetMechanismInfo`.
    ///
    /// # Errors
    /// As [`Module::token_info`]; `CKR_MECHANISM_INVALID`.
    pub fn mechanism_info(&self, slot: CK_SLOT_ID, kind: CK_MECHANISM_TYPE) -> Result<CK_MECHANISM_INFO> {
        if !self.mechanism_list(slot)?.contains(&kind) {
            return Err(Rv(CKR_MECHANISM_INVALID));
        }
        let key = self.at(slot, |place| place.token(Role::of(slot))?.key_kind(Role::of(slot)))?;
        Ok(crate::mechanism::info(kind, key))
    }

    /// `C_OpenSession`. Sessions that may write are opened too, since programs ask for them without need.
    ///
    /// # Errors
    /// `CKR_SESSION_PARALLEL_NOT_SUPPORTED`, `CKR_ARGUMENTS_BAD` for unknown flags; as [`Module::token_info`].
    pub fn open_session(&self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Result<CK_SESSION_HANDLE> {
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(Rv(CKR_SESSION_PARALLEL_NOT_SUPPORTED));
        }
        if flags & !(CKF_SERIAL_SESSION | CKF_RW_SESSION) != 0 {
            return Err(Rv::ARGUMENTS_BAD);
        }
        self.slots.look()?;
        self.at(slot, |place| place.open_session(slot, flags & CKF_RW_SESSION != 0))
    }

    /// `C_CloseSession`; the last session of a slot logs out.
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`.
    pub fn close_session(&self, handle: CK_SESSION_HANDLE) -> Result<()> {
        match self.within(handle, First::Go, |place| place.close_session(handle)) {
            Err(Rv::REMOVED) => Ok(()), // it ended with its card
            closed => closed,
        }
    }

    /// `C_CloseAllSessions`.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub fn close_all_sessions(&self, slot: CK_SLOT_ID) -> Result<()> {
        if !self.slots.attached().contains(&slot) {
            return Err(Rv(CKR_SLOT_ID_INVALID));
        }
        self.at(slot, |place| {
            place.close_all_sessions(slot);
            Ok(())
        })
    }

    /// `C_Finalize`: calls that are under way end first; whoever is logged in is logged out.
    pub fn finish(&self) {
        for place in self.slots.end() {
            locked(&place).finish();
        }
    }

    /// The same for a process that ends: a card that is busy with a call is not waited for.
    pub(crate) fn finish_at_once(&self) {
        for place in self.slots.end() {
            match place.try_lock() {
                Ok(mut place) => place.finish(),
                Err(TryLockError::Poisoned(place)) => place.into_inner().finish(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
    }

    /// A slot whose card came or went since the last call, for `C_WaitForSlotEvent`.
    ///
    /// # Errors
    /// `CKR_CRYPTOKI_NOT_INITIALIZED` after the end.
    pub fn changed_slot(&self) -> Result<Option<CK_SLOT_ID>> {
        self.slots.look()?;
        Ok(self.slots.take_change())
    }

    /// Watches the readers, for a caller that waits outside.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn watch(&self) -> std::result::Result<Box<dyn Watch>, LinkError> {
        self.slots.watch()
    }

    /// Works at the reader of a slot.
    fn at<T>(&self, slot: CK_SLOT_ID, work: impl FnOnce(&mut Place) -> Result<T>) -> Result<T> {
        let (number, place) = self.slots.place_of(slot)?;
        let mut place = locked(&place);
        place.take_note(self.slots.card(number))?;
        let done = work(&mut place);
        self.note(number, &place);
        done
    }

    /// Works in a session; one whose card has gone is told so this once.
    fn within<T>(
        &self,
        handle: CK_SESSION_HANDLE,
        first: First,
        work: impl FnOnce(&mut Place) -> Result<T>,
    ) -> Result<T> {
        let invalid = Rv(CKR_SESSION_HANDLE_INVALID);
        let readers = CK_SESSION_HANDLE::try_from(READERS).map_err(|_| invalid)?;
        let number = usize::try_from(handle % readers).map_err(|_| invalid)?;
        let place = self.slots.place(number).ok_or(invalid)?;
        let mut place = locked(&place);
        let had = place.has(handle);
        if had && first == First::Look {
            self.slots.look()?;
        }
        place.take_note(self.slots.card(number))?;
        match (had, place.has(handle)) {
            (true, true) => {}
            (true, false) => return Err(Rv::REMOVED),
            (false, _) => return Err(invalid),
        }
        let done = work(&mut place);
        self.note(number, &place);
        done
    }

    fn note(&self, number: usize, place: &Place) {
        if let Some((card, holds)) = place.seen() {
            self.slots.note(number, card, holds);
        }
    }
}

/// The lock of a reader. A panic in a call leaves a state that the next call can bear.
fn locked(place: &Mutex<Place>) -> MutexGuard<'_, Place> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
