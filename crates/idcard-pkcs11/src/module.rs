//! The module between `C_Initialize` and `C_Finalize`: slots, sessions and what is done in them, without a pointer.

mod operations;
mod searching;

pub use searching::Value;

use crate::readers::{Readers, Watch};
use crate::role::Role;
use crate::rv::{Result, Rv};
use crate::session::Session;
use crate::slots::Slots;
use crate::token::Token;
use cryptoki_sys::*;
use idcard_core::LinkError;
use std::collections::BTreeMap;

/// The state of the module.
pub struct Module {
    slots: Slots,
    sessions: BTreeMap<CK_SESSION_HANDLE, Session>,
    last_session: CK_SESSION_HANDLE,
}

impl Module {
    /// A module over a set of readers. The cards that are in already are no event.
    #[must_use]
    pub fn new(readers: Box<dyn Readers>) -> Self {
        let mut slots = Slots::new(readers);
        slots.refresh();
        slots.forget_changes();
        Self { slots, sessions: BTreeMap::new(), last_session: 0 }
    }

    /// Looks at the readers; sessions whose card has gone are closed.
    pub fn refresh(&mut self) {
        let lost = self.slots.refresh();
        self.sessions.retain(|_, session| !lost.contains(&session.slot));
    }

    /// `C_GetSlotList`: the slots, or those that hold a token.
    ///
    /// # Errors
    /// None that is not an accident of ours; a card that does not answer is not there.
    pub fn slot_list(&mut self, with_token: bool) -> Result<Vec<CK_SLOT_ID>> {
        self.refresh();
        let mut slots = self.slots.attached();
        if with_token {
            let mut holding = Vec::new();
            for slot in slots {
                if self.slots.has_token(slot)? {
                    holding.push(slot);
                }
            }
            slots = holding;
        }
        Ok(slots)
    }

    /// `C_GetSlotInfo`.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub fn slot_info(&mut self, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO> {
        self.refresh();
        self.slots.info(slot)
    }

    /// `C_GetTokenInfo`.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`, `CKR_TOKEN_NOT_PRESENT`, `CKR_TOKEN_NOT_RECOGNIZED`; what the link did.
    pub fn token_info(&mut self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO> {
        self.refresh();
        let mut info = self.slots.token(slot)?.info(Role::of(slot))?;
        let count = |writes: Option<bool>| {
            let of_slot = self.sessions.values().filter(|session| session.slot == slot);
            let counted = of_slot.filter(|session| writes.is_none_or(|writes| session.writes == writes)).count();
            CK_ULONG::try_from(counted).unwrap_or(CK_ULONG::MAX)
        };
        info.ulSessionCount = count(None);
        info.ulRwSessionCount = count(Some(true));
        Ok(info)
    }

    /// `C_GetMechanismList`: what the key of the slot computes, and the digests.
    ///
    /// # Errors
    /// As [`Module::token_info`].
    pub fn mechanism_list(&mut self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>> {
        self.refresh();
        let mut list = self.slots.token(slot)?.mechanisms(Role::of(slot))?;
        list.extend(crate::mechanism::digests());
        Ok(list)
    }

    /// `C_GetMechanismInfo`.
    ///
    /// # Errors
    /// As [`Module::token_info`]; `CKR_MECHANISM_INVALID`.
    pub fn mechanism_info(&mut self, slot: CK_SLOT_ID, kind: CK_MECHANISM_TYPE) -> Result<CK_MECHANISM_INFO> {
        if !self.mechanism_list(slot)?.contains(&kind) {
            return Err(Rv(CKR_MECHANISM_INVALID));
        }
        let key = self.slots.token(slot)?.key_kind(Role::of(slot))?;
        Ok(crate::mechanism::info(kind, key))
    }

    /// `C_OpenSession`. Sessions that may write are opened too, since programs ask for them without need.
    ///
    /// # Errors
    /// `CKR_SESSION_PARALLEL_NOT_SUPPORTED`, `CKR_ARGUMENTS_BAD` for unknown flags; as [`Module::token_info`].
    pub fn open_session(&mut self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Result<CK_SESSION_HANDLE> {
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(Rv(CKR_SESSION_PARALLEL_NOT_SUPPORTED));
        }
        if flags & !(CKF_SERIAL_SESSION | CKF_RW_SESSION) != 0 {
            return Err(Rv::ARGUMENTS_BAD);
        }
        self.refresh();
        self.slots.token(slot)?;
        self.last_session = self.last_session.checked_add(1).ok_or(Rv(CKR_SESSION_COUNT))?;
        self.sessions.insert(self.last_session, Session::new(slot, flags & CKF_RW_SESSION != 0));
        Ok(self.last_session)
    }

    /// `C_CloseSession`; the last session of a slot logs out.
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`.
    pub fn close_session(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
        let session = self.sessions.remove(&handle).ok_or(Rv(CKR_SESSION_HANDLE_INVALID))?;
        let slot = session.slot;
        if session.holds_a_pin() {
            self.take_back(slot);
        }
        if self.sessions.values().all(|other| other.slot != slot) {
            self.leave(slot);
        }
        Ok(())
    }

    /// `C_CloseAllSessions`.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub fn close_all_sessions(&mut self, slot: CK_SLOT_ID) -> Result<()> {
        if !self.slots.attached().contains(&slot) {
            return Err(Rv(CKR_SLOT_ID_INVALID));
        }
        self.end_signatures(slot);
        self.sessions.retain(|_, session| session.slot != slot);
        self.leave(slot);
        Ok(())
    }

    /// Logs out of a slot that nobody uses any more. A card that has gone has forgotten by itself.
    fn leave(&mut self, slot: CK_SLOT_ID) {
        let role = Role::of(slot);
        if let Some(token) = self.slots.known_token(slot).filter(|token| token.logged_in(role))
            && let Err(rv) = token.log_out(role)
        {
            log::info!("logging out of slot {slot}: {rv}");
        }
    }

    /// Takes back a PIN that was presented for a signature which is not made.
    fn take_back(&mut self, slot: CK_SLOT_ID) {
        if let Some(token) = self.slots.known_token(slot)
            && let Err(rv) = token.lock()
        {
            log::info!("locking the card in slot {slot}: {rv}");
        }
    }

    /// `C_GetSessionInfo`.
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`, `CKR_DEVICE_REMOVED`.
    pub fn session_info(&mut self, handle: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO> {
        self.look(handle)?;
        let (session, token) = self.session(handle)?;
        let state = session.state(token.logged_in(session.role()));
        let serial = CKF_SERIAL_SESSION | if session.writes { CKF_RW_SESSION } else { 0 };
        Ok(CK_SESSION_INFO { slotID: session.slot, state, flags: serial, ulDeviceError: 0 })
    }

    /// `C_Login`, for the user or for the signature that is under way. Without a PIN the reader's own pad asks for it.
    ///
    /// # Errors
    /// `CKR_ARGUMENTS_BAD` without a PIN where there is no pad, `CKR_FUNCTION_CANCELED` by the holder at the pad;
    /// `CKR_USER_ALREADY_LOGGED_IN`, `CKR_USER_TYPE_INVALID`, `CKR_OPERATION_NOT_INITIALIZED`; those of the PIN:
    /// `CKR_PIN_INCORRECT`, `CKR_PIN_LOCKED`, `CKR_PIN_LEN_RANGE`, `CKR_PIN_INVALID`; what the link did.
    pub fn login(&mut self, handle: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: Option<&[u8]>) -> Result<()> {
        self.look(handle)?;
        let (session, token) = self.session(handle)?;
        let role = session.role();
        match user {
            CKU_USER if token.still_logged_in(role)? => Err(Rv(CKR_USER_ALREADY_LOGGED_IN)),
            CKU_USER => token.log_in(role, pin, false),
            CKU_CONTEXT_SPECIFIC => {
                let signing = session.signing.as_mut().ok_or(Rv::NO_OPERATION)?;
                if !signing.asks {
                    return Err(Rv::NO_OPERATION);
                }
                if !token.logged_in(role) {
                    return Err(Rv::NOT_LOGGED_IN);
                }
                token.log_in(role, pin, true)?;
                signing.allowed = true;
                Ok(())
            }
            CKU_SO => Err(Rv(CKR_USER_TYPE_INVALID)),
            _ => Err(Rv(CKR_USER_TYPE_INVALID)),
        }
    }

    /// `C_SetPIN`: changes the PIN of the slot in all the objects that hold it, and resets the card.
    ///
    /// # Errors
    /// `CKR_SESSION_READ_ONLY`; those of the PIN as in [`Module::login`]; `CKR_FUNCTION_NOT_SUPPORTED` where it is not
    /// known how.
    pub fn set_pin(&mut self, handle: CK_SESSION_HANDLE, old: &[u8], new: &[u8]) -> Result<()> {
        self.look(handle)?;
        let (session, token) = self.session(handle)?;
        if !session.writes {
            return Err(Rv(CKR_SESSION_READ_ONLY));
        }
        token.change_pin(session.role(), old, new)
    }

    /// `C_Logout`: operations that need the login end, and the card is reset.
    ///
    /// # Errors
    /// `CKR_USER_NOT_LOGGED_IN`; what the link did.
    pub fn logout(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
        self.look(handle)?;
        let (session, token) = self.session(handle)?;
        let slot = session.slot;
        if !token.logged_in(session.role()) {
            return Err(Rv::NOT_LOGGED_IN);
        }
        let done = token.log_out(session.role());
        self.end_signatures(slot);
        done
    }

    /// Gives up the signatures that are under way in a slot.
    fn end_signatures(&mut self, slot: CK_SLOT_ID) {
        let sessions = self.sessions.values_mut().filter(|session| session.slot == slot);
        let held = sessions.filter_map(|session| session.signing.take()).filter(|signing| signing.allowed).count();
        if held > 0 {
            self.take_back(slot);
        }
    }

    /// `C_Finalize`: whoever is logged in is logged out.
    pub fn finish(&mut self) {
        self.sessions.clear();
        for token in self.slots.tokens() {
            for role in Role::BOTH {
                if token.logged_in(role)
                    && let Err(rv) = token.log_out(role)
                {
                    log::info!("logging out at the end: {rv}");
                }
            }
        }
    }

    /// A slot whose card came or went since the last call, for `C_WaitForSlotEvent`.
    pub fn changed_slot(&mut self) -> Option<CK_SLOT_ID> {
        self.refresh();
        self.slots.take_change()
    }

    /// Watches the readers, for a caller that waits outside.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn watch(&self) -> std::result::Result<Box<dyn Watch>, LinkError> {
        self.slots.watch()
    }

    /// Notices what has happened at the readers; a session whose card has just gone is told so this once.
    fn look(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
        if !self.sessions.contains_key(&handle) {
            return Err(Rv(CKR_SESSION_HANDLE_INVALID));
        }
        self.refresh();
        if self.sessions.contains_key(&handle) { Ok(()) } else { Err(Rv::REMOVED) }
    }

    /// A session and its card.
    fn session(&mut self, handle: CK_SESSION_HANDLE) -> Result<(&mut Session, &mut Token)> {
        let session = self.sessions.get_mut(&handle).ok_or(Rv(CKR_SESSION_HANDLE_INVALID))?;
        let token = self.slots.token(session.slot).map_err(|rv| match rv {
            Rv(CKR_TOKEN_NOT_PRESENT | CKR_TOKEN_NOT_RECOGNIZED) => Rv::REMOVED,
            other => other,
        })?;
        Ok((session, token))
    }

    /// A session alone.
    fn only_session(&mut self, handle: CK_SESSION_HANDLE) -> Result<&mut Session> {
        self.sessions.get_mut(&handle).ok_or(Rv(CKR_SESSION_HANDLE_INVALID))
    }
}
