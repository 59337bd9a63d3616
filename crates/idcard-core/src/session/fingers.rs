//! Comparing a finger on the card with the one that is enrolled there; no template ever leaves the card.

use super::Session;
use super::pins::told;
use crate::apdu::{Command, Status};
use crate::data::Minutiae;
use crate::error::Error;
use crate::family::ItemName;
use crate::pin::{LastTry, PinState};
use crate::place::Step;

impl Session<'_> {
    /// How often a finger may still be compared; no try is spent.
    ///
    /// `reference` is the one that the fingerprint status names for the finger.
    ///
    /// # Errors
    /// [`Error::NoFingerComparison`] where the page knows of none; [`Error::Refused`] when the card does not tell.
    pub fn finger_state(&mut self, reference: u8) -> Result<PinState, Error> {
        let page = self.recognised_page();
        let Some(rules) = page.fingers.as_ref() else { return Err(Error::NoFingerComparison) };
        let Some(applet) = page.applet(&rules.applet) else { return Err(Error::NoFingerComparison) };
        self.enter(applet, None)?;
        let step = Step { verb: "VERIFY of a finger without a body", applet, path: None, offset: None };
        let status = self.channel.send(&Command::new(0x00, 0x21, 0x00, reference), &step)?.status;
        told(status).ok_or_else(|| Error::Refused { step: step.to_string(), status })
    }

    /// Has the card compare a finger with the one enrolled under `reference`. One comparison is sent at most.
    ///
    /// # Errors
    /// [`Error::NoFingerComparison`], [`Error::SecureChannelRequired`] on a sealed card, [`Error::FingerLocked`],
    /// [`Error::FingerNotTried`]: nothing was sent. [`Error::FingerDiffers`]: it was compared once. [`Error::Refused`],
    /// [`Error::Reader`].
    pub fn verify_finger(&mut self, reference: u8, finger: &Minutiae, last_try: LastTry) -> Result<(), Error> {
        let page = self.recognised_page();
        self.same_card()?;
        for object in &page.pins {
            if self.is_sealed(object)? {
                return Err(Error::SecureChannelRequired(ItemName::Fingerprints));
            }
        }
        let state = self.finger_state(reference)?;
        if state.blocked {
            return Err(Error::FingerLocked);
        }
        if !state.has_a_try_to_spare() && last_try == LastTry::Refuse {
            return Err(Error::FingerNotTried { tries_left: state.tries_left });
        }
        let applet = page.fingers.as_ref().and_then(|rules| page.applet(&rules.applet));
        let Some(applet) = applet else { return Err(Error::NoFingerComparison) };
        let command = Command::new(0x00, 0x21, 0x00, reference).with_data(&finger.template());
        let step = Step { verb: "VERIFY of a finger", applet, path: None, offset: None };
        self.pin_sent = true;
        let status = self.channel.send(&command, &step)?.status;
        match (status, status.tries_left()) {
            (Status::OK, _) => Ok(()),
            (Status::BLOCKED, _) | (_, Some(0)) => Err(Error::FingerLocked),
            (_, tries_left @ Some(_)) => Err(Error::FingerDiffers { tries_left }),
            _ if status.sw1() == 0x63 => Err(Error::FingerDiffers { tries_left: None }),
            _ => Err(Error::Refused { step: step.to_string(), status }),
        }
    }
}
