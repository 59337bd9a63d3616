//! Changing a PIN on the reader's own pin pad: old PIN and new PIN go from its keys to the card past the computer.

use super::Session;
use super::pins::no_pin;
use crate::apdu::{Command, Status};
use crate::error::Error;
use crate::family::{ChangeForm, PinKind};
use crate::pin::{LastTry, Pad, PinOperation};
use crate::place::Step;
use crate::transport::pad::PinPad;

/// The length of one PIN in CHANGE REFERENCE DATA, and where the new one begins.
const FIELD: u8 = 16;

impl Session<'_> {
    /// Whether a PIN can be changed on a pin pad: it lies in one object, since nobody could tell whether the holder types
    /// the same PINs for every object, and is written in ASCII.
    #[must_use]
    pub fn changes_on_pad(&self, kind: PinKind) -> bool {
        let mut objects = self.page().pins.iter().filter(|object| object.kind == kind);
        matches!((objects.next(), objects.next()), (Some(one), None) if one.change == Some(ChangeForm::Padded))
    }

    /// Has the reader ask the holder for the old PIN and, twice, for the new one, and change it.
    ///
    /// # Errors
    /// [`Error::PadUnfit`] where it cannot be changed so; those of [`Session::may_begin`]: the holder was not asked.
    /// [`Error::PadCancelled`], [`Error::PadTimedOut`], [`Error::PinRule`] when the new PIN was typed in two ways: the
    /// card has seen no PIN. [`Error::WrongPin`].
    pub fn change_pin_on_pad(&mut self, kind: PinKind, pad: Pad, last_try: LastTry) -> Result<(), Error> {
        let page = self.recognised_page();
        let object = page.pins.iter().find(|object| object.kind == kind).filter(|_| self.changes_on_pad(kind));
        let Some(object) = object else { return Err(Error::PadUnfit { kind }) };
        let Some(applet) = page.applet(&object.applet) else { return Err(no_pin(object)) };
        self.may_begin(PinOperation::Change, kind, last_try)?;
        self.enter(applet, object.path.as_ref())?;
        let reference = object.reference.as_slice().first().copied().unwrap_or_default();
        let command = Command::new(0x00, 0x24, 0x00, reference).with_data(&[0; 2 * FIELD as usize]);
        let step =
            Step { verb: "CHANGE REFERENCE DATA on the pin pad", applet, path: object.path.as_ref(), offset: None };
        let (shortest, longest) = (object.minimum, object.maximum);
        let Pad { timeout, language } = pad;
        self.pin_sent = true;
        self.used_up(object);
        let status = self.channel.send_by_pad(&command, &step, |command| PinPad {
            command,
            shortest,
            longest,
            timeout,
            language,
            new_pin: Some(FIELD),
        })?;
        match (status, status.tries_left()) {
            (Status::OK, _) => Ok(()),
            (Status::BLOCKED, _) | (_, Some(0)) => Err(Error::Locked { kind }),
            (_, left @ Some(_)) => Err(Error::WrongPin { kind, tries_left: left }),
            _ if status.sw1() == 0x63 => Err(Error::WrongPin { kind, tries_left: None }),
            // The reader's own words, by which it tells that nothing went to the card (PC/SC part 10, 2.5.3).
            (Status(0x6400), _) => Err(Error::PadTimedOut { kind }),
            (Status(0x6401), _) => Err(Error::PadCancelled { kind }),
            (Status(0x6402), _) => Err(Error::PinRule { what: "the new PIN was entered in two ways" }),
            (Status(0x6403), _) => Err(Error::PinLength { kind, minimum: shortest, maximum: longest }),
            _ => Err(Error::Refused { step: step.to_string(), status }),
        }
    }
}
