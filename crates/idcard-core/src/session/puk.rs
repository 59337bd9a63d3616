//! The PUK of a PIN object: how often it may still be presented, and whether it is sent.

use super::Session;
use super::pins::{no_pin, told};
use crate::apdu::{Command, Status};
use crate::error::Error;
use crate::family::{ChangeForm, PinObject, StatusForm, Unblocking};
use crate::pin::{LastTry, PinState, Puk};
use crate::place::Step;

impl Session<'_> {
    /// The state of the PUK of a PIN object; no try is spent. `None` where the page knows of no PUK or the card does not
    /// tell.
    ///
    /// # Errors
    /// [`Error::Refused`] when the card does not answer the question, and what the link did.
    pub fn puk_state(&mut self, object: &PinObject) -> Result<Option<PinState>, Error> {
        let Some(unblock) = object.unblock.as_ref() else { return Ok(None) };
        if let Some(reference) = unblock.reference.as_ref().and_then(|bytes| bytes.as_slice().first().copied()) {
            let page = self.recognised_page();
            let Some(applet) = page.applet(&object.applet) else { return Err(no_pin(object)) };
            self.enter(applet, object.path.as_ref())?;
            let step = Step { verb: "VERIFY of the PUK without a body", applet, path: None, offset: None };
            let status = self.channel.send(&Command::new(0x00, 0x20, 0x00, reference), &step)?.status;
            return match told(status) {
                Some(state) => Ok(Some(state)),
                None if status == Status::REFERENCE_NOT_FOUND => Ok(None),
                None => Err(Error::Refused { step: step.to_string(), status }),
            };
        }
        let (StatusForm::SecretCodeInfo, ChangeForm::Packed, Some(tries)) =
            (object.status, unblock.form, unblock.tries)
        else {
            return Ok(None);
        };
        let (_, failed) = self.failures(object)?;
        Ok(failed.map(|failed| {
            let left = tries.saturating_sub(failed);
            PinState { tries_left: Some(left), verified: false, blocked: left == 0 }
        }))
    }

    /// Whether the PUK may be sent to an object, and how many tries it has left where the card tells.
    pub(super) fn may_send_puk(&mut self, object: &PinObject, last_try: LastTry) -> Result<Option<u8>, Error> {
        let kind = object.kind;
        let state = match self.puk_state(object) {
            Err(Error::Refused { .. }) => None,
            told => told?,
        };
        if state.is_some_and(|state| state.blocked) {
            return Err(Error::PukLocked { kind });
        }
        let tries_left = state.and_then(|state| state.tries_left);
        if !state.is_some_and(PinState::has_a_try_to_spare) && last_try == LastTry::Refuse {
            return Err(Error::PukNotTried { kind, tries_left });
        }
        Ok(tries_left)
    }
}

/// Whether a PUK has as many digits as the object wants.
pub(super) fn check_puk(unblock: &Unblocking, puk: &Puk) -> Result<(), Error> {
    if (usize::from(unblock.minimum)..=usize::from(unblock.maximum)).contains(&puk.digits()) {
        return Ok(());
    }
    Err(Error::PinRule { what: "the PUK has another number of digits" })
}
