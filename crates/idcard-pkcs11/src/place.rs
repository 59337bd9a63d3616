//! One reader: the card in it and the sessions of its two slots. A call for them waits for the one before, and for no other reader.

mod operations;
mod searching;

pub use searching::Value;

use crate::readers::{Insertion, Opening};
use crate::role::Role;
use crate::rv::{Result, Rv};
use crate::session::Session;
use crate::token::Token;
use cryptoki_sys::*;
use std::collections::BTreeMap;

/// The most readers that are told apart, far more than any system has: the handle of a session tells its reader.
pub(crate) const READERS: usize = 1024;

/// A card that is in a reader, and the way to it.
pub(crate) struct Present {
    pub insertion: Insertion,
    pub opening: Opening,
}

/// What is known of a reader's card, and who works with it.
pub(crate) struct Place {
    number: usize,
    name: String,
    card: Option<Insertion>,
    content: Content,
    sessions: BTreeMap<CK_SESSION_HANDLE, Session>,
    opened: CK_SESSION_HANDLE,
    /// The module was finalised.
    over: bool,
}

enum Content {
    /// Nothing, or a card that was not looked at yet.
    Unexamined(Option<Opening>),
    /// A card of others.
    Foreign,
    Ours(Box<Token>),
}

impl Place {
    pub(crate) fn new(number: usize, name: &str) -> Self {
        Self {
            number,
            name: name.to_owned(),
            card: None,
            content: Content::Unexamined(None),
            sessions: BTreeMap::new(),
            opened: 0,
            over: false,
        }
    }

    /// Takes note of the card that is in now; the sessions of another one end.
    ///
    /// # Errors
    /// `CKR_CRYPTOKI_NOT_INITIALIZED` after the end.
    pub(crate) fn take_note(&mut self, now: Option<Present>) -> Result<()> {
        if self.over {
            return Err(Rv::NOT_INITIALIZED);
        }
        if self.card.as_ref() != now.as_ref().map(|now| &now.insertion) {
            self.card = now.as_ref().map(|now| now.insertion.clone());
            self.content = Content::Unexamined(None);
            self.sessions.clear();
        }
        if let Content::Unexamined(opening) = &mut self.content {
            *opening = now.map(|now| now.opening);
        }
        Ok(())
    }

    /// The card, and which of the slots hold a token, where that was seen.
    pub(crate) fn seen(&self) -> Option<(&Insertion, [bool; 2])> {
        let holds = match &self.content {
            Content::Unexamined(_) => return None,
            Content::Foreign => [false; 2],
            Content::Ours(token) => Role::BOTH.map(|role| token.has(role)),
        };
        Some((self.card.as_ref()?, holds))
    }

    /// The card of ours, where it has something for the role; one that was not looked at yet is looked at.
    ///
    /// # Errors
    /// `CKR_TOKEN_NOT_PRESENT`, `CKR_TOKEN_NOT_RECOGNIZED`; what the link did.
    pub(crate) fn token(&mut self, role: Role) -> Result<&mut Token> {
        if self.card.is_none() {
            return Err(Rv(CKR_TOKEN_NOT_PRESENT));
        }
        if let Content::Unexamined(opening) = &mut self.content {
            log::info!("looking at the card in {}", self.name);
            let opening = opening.take().ok_or(Rv(CKR_TOKEN_NOT_PRESENT))?;
            match opening().map_err(Rv::from).and_then(Token::meet) {
                Ok(token) => self.content = Content::Ours(Box::new(token)),
                Err(Rv(CKR_TOKEN_NOT_RECOGNIZED)) => self.content = Content::Foreign,
                Err(rv) => return Err(rv),
            }
        }
        match &mut self.content {
            Content::Ours(token) if token.has(role) => Ok(token),
            _ => Err(Rv(CKR_TOKEN_NOT_RECOGNIZED)),
        }
    }

    /// The card of ours, if it was met already; nothing is asked of anybody.
    fn known_token(&mut self) -> Option<&mut Token> {
        match &mut self.content {
            Content::Ours(token) => Some(token),
            _ => None,
        }
    }

    pub(crate) fn token_info(&mut self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO> {
        let mut info = self.token(Role::of(slot))?.info(Role::of(slot))?;
        let count = |writes: Option<bool>| {
            let of_slot = self.sessions.values().filter(|session| session.slot == slot);
            let counted = of_slot.filter(|session| writes.is_none_or(|writes| session.writes == writes)).count();
            CK_ULONG::try_from(counted).unwrap_or(CK_ULONG::MAX)
        };
        info.ulSessionCount = count(None);
        info.ulRwSessionCount = count(Some(true));
        Ok(info)
    }

    pub(crate) fn has(&self, handle: CK_SESSION_HANDLE) -> bool {
        self.sessions.contains_key(&handle)
    }

    pub(crate) fn open_session(&mut self, slot: CK_SLOT_ID, writes: bool) -> Result<CK_SESSION_HANDLE> {
        self.token(Role::of(slot))?;
        let exhausted = Rv(CKR_SESSION_COUNT);
        let readers = CK_SESSION_HANDLE::try_from(READERS).map_err(|_| exhausted)?;
        let number = CK_SESSION_HANDLE::try_from(self.number).map_err(|_| exhausted)?;
        self.opened = self.opened.checked_add(1).ok_or(exhausted)?;
        let handle = self.opened.checked_mul(readers).and_then(|handle| handle.checked_add(number)).ok_or(exhausted)?;
        self.sessions.insert(handle, Session::new(slot, writes));
        Ok(handle)
    }

    pub(crate) fn close_session(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
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

    pub(crate) fn close_all_sessions(&mut self, slot: CK_SLOT_ID) {
        self.end_signatures(slot);
        self.sessions.retain(|_, session| session.slot != slot);
        self.leave(slot);
    }

    /// Logs out of a slot that nobody uses any more. A card that has gone has forgotten by itself.
    fn leave(&mut self, slot: CK_SLOT_ID) {
        let role = Role::of(slot);
        if let Some(token) = self.known_token().filter(|token| token.logged_in(role))
            && let Err(rv) = token.log_out(role)
        {
            log::info!("logging out of slot {slot}: {rv}");
        }
    }

    /// Takes back a PIN that was presented for a signature which is not made.
    fn take_back(&mut self, slot: CK_SLOT_ID) {
        if let Some(token) = self.known_token()
            && let Err(rv) = token.lock()
        {
            log::info!("locking the card in slot {slot}: {rv}");
        }
    }

    pub(crate) fn session_info(&mut self, handle: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO> {
        let (session, token) = self.session(handle)?;
        let state = session.state(token.logged_in(session.role()));
        let serial = CKF_SERIAL_SESSION | if session.writes { CKF_RW_SESSION } else { 0 };
        Ok(CK_SESSION_INFO { slotID: session.slot, state, flags: serial, ulDeviceError: 0 })
    }

    pub(crate) fn login(&mut self, handle: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: Option<&[u8]>) -> Result<()> {
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
            _ => Err(Rv(CKR_USER_TYPE_INVALID)),
        }
    }

    pub(crate) fn set_pin(&mut self, handle: CK_SESSION_HANDLE, old: &[u8], new: &[u8]) -> Result<()> {
        let (session, token) = self.session(handle)?;
        if !session.writes {
            return Err(Rv(CKR_SESSION_READ_ONLY));
        }
        token.change_pin(session.role(), old, new)
    }

    pub(crate) fn logout(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
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

    /// The end: whoever is logged in is logged out, and the card is let go.
    pub(crate) fn finish(&mut self) {
        self.sessions.clear();
        self.over = true;
        if let Content::Ours(mut token) = std::mem::replace(&mut self.content, Content::Unexamined(None)) {
            for role in Role::BOTH {
                if token.logged_in(role)
                    && let Err(rv) = token.log_out(role)
                {
                    log::info!("logging out at the end: {rv}");
                }
            }
        }
    }

    /// A session and its card.
    fn session(&mut self, handle: CK_SESSION_HANDLE) -> Result<(&mut Session, &mut Token)> {
        let invalid = Rv(CKR_SESSION_HANDLE_INVALID);
        let role = self.sessions.get(&handle).ok_or(invalid)?.role();
        self.token(role).map_err(|rv| match rv {
            Rv(CKR_TOKEN_NOT_PRESENT | CKR_TOKEN_NOT_RECOGNIZED) => Rv::REMOVED,
            other => other,
        })?;
        match (self.sessions.get_mut(&handle), &mut self.content) {
            (Some(session), Content::Ours(token)) => Ok((session, token)),
            _ => Err(invalid),
        }
    }

    /// A session alone.
    fn only_session(&mut self, handle: CK_SESSION_HANDLE) -> Result<&mut Session> {
        self.sessions.get_mut(&handle).ok_or(Rv(CKR_SESSION_HANDLE_INVALID))
    }
}
