//! Logging in and out: one VERIFY at a time, the card left unlocked between two calls only while somebody is logged in.

use super::{Token, pin_of};
use crate::role::Role;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use idcard_core::family::PinObject;
use idcard_core::pin::{Pad, PinEntry, PinState};
use idcard_core::{Error, LastTry, Pin};

impl Token {
    /// Presents the PIN of a slot, for the user or for one signature. Without a PIN the reader's own pad asks for it.
    ///
    /// The key that asks at every signature stays unlocked only from the PIN for that signature on; when its user
    /// just logs in, the PIN is checked and the card is locked again.
    ///
    /// # Errors
    /// `CKR_PIN_INCORRECT`, `CKR_PIN_LOCKED`, `CKR_PIN_LEN_RANGE`, `CKR_PIN_INVALID`; `CKR_FUNCTION_FAILED` where a change
    /// of the PIN was interrupted, and nothing was sent; what the link did.
    pub(crate) fn log_in(&mut self, role: Role, pin: Option<&[u8]>, for_a_signature: bool) -> Result<()> {
        let object = pin_of(role, &self.page)?;
        let typed = pin.map(|pin| typed(pin, &object)).transpose()?;
        let entry = match &typed {
            Some(pin) => PinEntry::Typed(pin),
            None if self.pad => PinEntry::OnPad(pad()),
            None => return Err(Rv::ARGUMENTS_BAD),
        };
        // What is read later would select another directory.
        self.read_certificates()?;
        let asks = role.key(&self.page).is_some_and(|key| key.pin_per_signature);
        let other_stays = role == Role::Signature && self.still_logged_in(Role::Identity)?;
        let mut session = self.card.session()?;
        if other_stays {
            session.unlocked_key(Role::Identity.key_name()).map(drop)?;
        }
        let presented = session.signing_key(role.key_name(), entry, LastTry::Allow).map(drop);
        let keep = match &presented {
            Ok(()) => other_stays || for_a_signature || !asks,
            Err(_) => other_stays,
        };
        log::info!("PIN of the {} slot: {}", role.word(), Outcome(&presented));
        let ended = if keep { session.end_unlocked() } else { session.end() };
        if !keep {
            self.side(Role::Identity).logged_in = false;
        }
        self.remember(role, &presented);
        if let Err(Error::PinUnfinished { .. }) = presented {
            log::warn!("idcard pin resume finishes it");
        }
        match presented {
            Ok(()) => Ok(ended?),
            // A reset by others took the PIN on its way; that is no login that was lost.
            Err(Error::PinForgotten { .. }) => Err(Rv(CKR_DEVICE_ERROR)),
            Err(error) => Err(error.into()),
        }
    }

    /// Changes the PIN of a slot in all the objects that hold it. The card is reset then, so that nobody is logged in.
    ///
    /// The flags tell of one object, and the old PIN goes to another one first: of a PIN with several objects the last try
    /// of none is taken.
    ///
    /// # Errors
    /// As [`Token::log_in`]; `CKR_FUNCTION_FAILED` where an object has no try to spare, and nothing was sent;
    /// `CKR_FUNCTION_NOT_SUPPORTED` where it is not known how.
    pub(crate) fn change_pin(&mut self, role: Role, old: &[u8], new: &[u8]) -> Result<()> {
        let object = pin_of(role, &self.page)?;
        let (old, new) = (typed(old, &object)?, typed(new, &object)?);
        let mut session = self.card.session()?;
        let several = self.page.pins.iter().filter(|pin| pin.kind == object.kind).count() > 1;
        let last_try = if several { LastTry::Refuse } else { LastTry::Allow };
        let changed = session.change_pin(object.kind, &old, &new, last_try).map(drop);
        log::info!("changing the PIN of the {} slot: {}", role.word(), Outcome(&changed));
        let ended = session.end_locked();
        self.sides.iter_mut().for_each(|side| (side.logged_in, side.fresh) = (false, false));
        let refused = matches!(changed, Err(Error::WrongPin { .. } | Error::Locked { .. } | Error::PinNotTried { .. }));
        self.side(role).ask_all = several && (refused || (self.side(role).ask_all && changed.is_err()));
        match changed {
            Err(Error::PinNotTried { .. }) => {
                log::warn!("idcard pin change --last-try presents the PIN to all the objects that hold it");
                Err(Rv(CKR_FUNCTION_FAILED))
            }
            Ok(()) => Ok(ended?),
            Err(Error::NoPinChange { .. }) => Err(Rv(CKR_FUNCTION_NOT_SUPPORTED)),
            Err(error) => Err(error.into()),
        }
    }

    fn remember(&mut self, role: Role, presented: &std::result::Result<(), Error>) {
        let side = self.side(role);
        let state = |tries_left| Some(PinState { tries_left, verified: false, blocked: tries_left == Some(0) });
        match presented {
            Ok(()) => {
                side.logged_in = true;
                side.pin = Some(PinState { tries_left: None, verified: true, blocked: false });
            }
            Err(Error::WrongPinOfObject { fewest, .. }) => {
                side.ask_all = true;
                side.pin = state(Some(fewest.1));
            }
            Err(Error::WrongPin { tries_left, .. }) => side.pin = state(*tries_left),
            Err(Error::Locked { .. }) => side.pin = state(Some(0)),
            Err(_) => {}
        }
        let told = |error: &Error| {
            matches!(error, Error::WrongPin { .. } | Error::WrongPinOfObject { .. } | Error::Locked { .. })
        };
        side.fresh = presented.as_ref().is_err_and(told);
    }

    /// Whether the login of a slot still counts on the card; one that another program has ended is over.
    pub(crate) fn still_logged_in(&mut self, role: Role) -> Result<bool> {
        let asks = role.key(&self.page).is_some_and(|key| key.pin_per_signature);
        if !self.logged_in(role) || asks {
            return Ok(self.logged_in(role));
        }
        let mut session = self.card.session()?;
        let counts = match session.unlocked_key(role.key_name()).map(drop) {
            Ok(()) => true,
            Err(Error::PinRequired { .. }) => false,
            Err(error) => return Err(error.into()),
        };
        session.end_unlocked()?;
        self.side(role).logged_in = counts;
        Ok(counts)
    }

    /// Logs out of a slot. The card is reset unless the other slot needs what it holds.
    ///
    /// # Errors
    /// What the link did; the user is logged out all the same.
    pub(crate) fn log_out(&mut self, role: Role) -> Result<()> {
        self.side(role).logged_in = false;
        let identity_stays = role == Role::Signature && self.logged_in(Role::Identity);
        if identity_stays { Ok(()) } else { self.lock() }
    }

    /// Takes back a PIN that was presented for a signature that will not be made: the card can only forget all at once.
    ///
    /// # Errors
    /// What the link did.
    pub(crate) fn lock(&mut self) -> Result<()> {
        self.side(Role::Identity).logged_in = false;
        Ok(self.card.session()?.end_locked()?)
    }
}

/// A PIN as a program hands it over: text of a length that the card knows.
fn typed(pin: &[u8], object: &PinObject) -> Result<Pin> {
    let text = std::str::from_utf8(pin).map_err(|_| Rv(CKR_PIN_INVALID))?;
    if !(usize::from(object.minimum)..=usize::from(object.maximum)).contains(&text.chars().count()) {
        return Err(Rv(CKR_PIN_LEN_RANGE));
    }
    Ok(Pin::new(text)?)
}

/// How the pad of the reader asks: in the language of the user's locale.
fn pad() -> Pad {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    let persian = locale.is_some_and(|locale| locale.starts_with("fa"));
    Pad { language: if persian { Pad::PERSIAN } else { Pad::ENGLISH }, ..Pad::default() }
}

/// The outcome in the log: no word of the PIN.
struct Outcome<'a>(&'a std::result::Result<(), Error>);

impl std::fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Ok(()) => f.write_str("accepted"),
            Err(error) => error.fmt(f),
        }
    }
}
