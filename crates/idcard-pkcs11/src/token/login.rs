//! Logging in and out: one VERIFY at a time, the card left unlocked between two calls only while somebody is logged in.

use super::{Token, pin_of};
use crate::role::Role;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use idcard_core::pin::PinState;
use idcard_core::{Error, LastTry, Pin};

impl Token {
    /// Presents the PIN of a slot, for the user or for one signature.
    ///
    /// The key that asks at every signature stays unlocked only from the PIN for that signature on; when its user
    /// just logs in, the PIN is checked and the card is locked again.
    ///
    /// # Errors
    /// `CKR_PIN_INCORRECT`, `CKR_PIN_LOCKED`, `CKR_PIN_LEN_RANGE`, `CKR_PIN_INVALID`; what the link did.
    pub(crate) fn log_in(&mut self, role: Role, pin: &[u8], for_a_signature: bool) -> Result<()> {
        let object = pin_of(role, &self.page)?;
        let text = std::str::from_utf8(pin).map_err(|_| Rv(CKR_PIN_INVALID))?;
        if text.chars().count() < usize::from(object.minimum) || text.chars().count() > usize::from(object.maximum) {
            return Err(Rv(CKR_PIN_LEN_RANGE));
        }
        let pin = Pin::new(text)?;
        // What is read later would select another directory.
        self.read_certificates()?;
        let asks = role.key(&self.page).is_some_and(|key| key.pin_per_signature);
        let other_stays = role == Role::Signature && self.still_logged_in(Role::Identity)?;
        let mut session = self.card.session()?;
        if other_stays {
            session.unlocked_key(Role::Identity.key_name()).map(drop)?;
        }
        let presented = session.signing_key(role.key_name(), &pin, LastTry::Allow).map(drop);
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
        presented?;
        Ok(ended?)
    }

    fn remember(&mut self, role: Role, presented: &std::result::Result<(), Error>) {
        let side = self.side(role);
        let state = |tries_left| Some(PinState { tries_left, verified: false, blocked: tries_left == Some(0) });
        match presented {
            Ok(()) => {
                side.logged_in = true;
                side.pin = Some(PinState { tries_left: None, verified: true, blocked: false });
            }
            Err(Error::WrongPin { tries_left, .. }) => side.pin = state(*tries_left),
            Err(Error::Locked { .. }) => side.pin = state(Some(0)),
            Err(_) => {}
        }
        side.fresh = matches!(presented, Err(Error::WrongPin { .. } | Error::Locked { .. }));
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
