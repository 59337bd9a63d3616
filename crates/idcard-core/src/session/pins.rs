//! Presenting a PIN: rules first, then the card's own state, then one VERIFY, never a second.

use super::Session;
use crate::apdu::{Command, Malformed, Status};
use crate::error::Error;
use crate::family::{Applet, ItemName, PinKind, PinObject, StatusForm};
use crate::pin::{LastTry, Pad, PinEntry, PinState};
use crate::place::{self, Step};
use crate::transport::LinkError;
use crate::transport::pad::{NO_PAD, PinPad};
use zeroize::Zeroizing;

/// How many presentations an MPCOS secret code takes, by the flags of those that failed (`nid-card.md` 5.3).
const fn tries_left(failed: u8) -> Option<u8> {
    match failed {
        0x00 => Some(3),
        0x01 => Some(2),
        0x03 => Some(1),
        0x07 => Some(0),
        _ => None,
    }
}

impl Session<'_> {
    /// The state of one PIN object of the page; no try is spent.
    ///
    /// # Errors
    /// [`Error::Refused`] when the card does not tell, and what the link did.
    pub fn pin_state(&mut self, object: &PinObject) -> Result<PinState, Error> {
        loop {
            let told = match object.status {
                StatusForm::EmptyVerify => self.state_by_empty_verify(object),
                StatusForm::SecretCodeInfo => self.state_by_info(object),
            };
            match told {
                Err(Error::Reader { source, step }) => self.go_on_after(source, step)?,
                told => return told,
            }
        }
    }

    /// The state of a PIN object that is to be presented: where the card refuses to tell it, nothing is known of it.
    ///
    /// # Errors
    /// As [`Session::pin_state`], but no refusal.
    pub fn state_for_presenting(&mut self, object: &PinObject) -> Result<PinState, Error> {
        match self.pin_state(object) {
            Err(Error::Refused { .. }) => Ok(PinState { tries_left: None, verified: false, blocked: false }),
            told => told,
        }
    }

    /// The tries left that a holder is told before typing a PIN: of the objects that hold it, those of the one that has the
    /// fewest. `state` is what `object` told of itself; where that is no number, there is none to tell. Others that do not
    /// answer take nothing from it. No try is spent.
    ///
    /// # Errors
    /// What the link did.
    pub fn fewest_tries(&mut self, object: &PinObject, state: PinState) -> Result<Option<u8>, Error> {
        let Some(mut fewest) = state.tries_left else { return Ok(None) };
        let page = self.recognised_page();
        for other in page.pins.iter().filter(|other| other.kind == object.kind && other.name != object.name) {
            match self.pin_state(other) {
                Ok(state) => fewest = fewest.min(state.tries_left.unwrap_or(fewest)),
                Err(error @ (Error::Reader { .. } | Error::CardChanged)) => return Err(error),
                Err(_) => {}
            }
        }
        Ok(Some(fewest))
    }

    fn state_by_empty_verify(&mut self, object: &PinObject) -> Result<PinState, Error> {
        let page = self.recognised_page();
        let Some(applet) = page.applet(&object.applet) else { return Err(no_pin(object)) };
        self.enter(applet, object.path.as_ref())?;
        let step = Step { verb: "VERIFY without a body", applet, path: object.path.as_ref(), offset: None };
        let reference = object.reference.as_slice().first().copied().unwrap_or_default();
        let status = self.channel.send(&Command::new(0x00, 0x20, 0x00, reference), &step)?.status;
        told(status).ok_or_else(|| Error::Refused { step: step.to_string(), status })
    }

    fn state_by_info(&mut self, object: &PinObject) -> Result<PinState, Error> {
        let tries_left = tries_left(self.failures(object)?.0);
        Ok(PinState { tries_left, verified: false, blocked: tries_left == Some(0) })
    }

    /// The failed presentations that an MPCOS secret code tells: those of the PIN as flags, those of the PUK as a number,
    /// where the card tells it.
    pub(super) fn failures(&mut self, object: &PinObject) -> Result<(u8, Option<u8>), Error> {
        let page = self.recognised_page();
        let (Some(applet), Some(path)) = (page.applet(&object.applet), object.status_path.as_ref()) else {
            return Err(no_pin(object));
        };
        place::select_file(&mut self.channel, &mut self.selection, applet, path)?;
        let step = Step { verb: "GetInfo of the secret code", applet, path: Some(path), offset: None };
        let command = Command::new(0x80, 0xC0, 0x02, 0x05).expecting(12);
        let reply = self.channel.expect(&command, &step)?;
        let &[_, failed, ..] = reply.data else {
            let source = Malformed::new("a secret-code answer of fewer than two bytes", reply.data.len());
            return Err(Error::Garbled { step: step.to_string(), source });
        };
        Ok((failed, reply.data.get(2).copied()))
    }

    /// Presents a PIN to the object that guards an item, unless that was done in this session.
    ///
    /// The card must be the one that earlier sessions met; a sealed card gets no PIN in clear; the PIN's own state is asked
    /// for first. One VERIFY is sent at most. With a [`Pad`] in the place of a PIN the reader asks the holder.
    ///
    /// # Errors
    /// [`Error::PinLength`], [`Error::CardChanged`], [`Error::SecureChannelRequired`], [`Error::Locked`],
    /// [`Error::PinUnfinished`], [`Error::PinWithheld`], [`Error::PinNotTried`]: nothing was sent; so [`Error::PadCancelled`] and [`Error::PadTimedOut`] of a pad.
    /// [`Error::WrongPin`]: it was sent once and refused. [`Error::PinForgotten`]: another program reset the card when
    /// it was on its way; it is not sent again.
    pub fn present_for<'p>(
        &mut self,
        item: ItemName,
        entry: impl Into<PinEntry<'p>>,
        last_try: LastTry,
    ) -> Result<(), Error> {
        let page = self.recognised_page();
        let Some(known) = page.item(item) else { return Err(Error::LayoutUnknown(item)) };
        let Some(object) = known.pin.as_deref().and_then(|name| page.pin(name)) else { return Ok(()) };
        if self.verified.contains(&object.name) {
            return Ok(());
        }
        let entry = entry.into();
        check_rules(object, entry)?;
        self.presenting(object.kind, |session| {
            session.same_card()?;
            session.has_unfinished_change(object.kind)?;
            if session.is_sealed(object)? {
                return Err(Error::SecureChannelRequired(item));
            }
            session.present(object, entry, last_try)
        })
    }

    /// Whether the reader has a pin pad that can send a PIN: then a [`Pad`] may stand in the place of one.
    ///
    /// Inside a secure channel there is none: a reader does not know its keys.
    pub fn has_pad(&mut self) -> bool {
        self.channel.has_pad()
    }

    /// Whether the object lies behind a secure channel: the page names a file that is free on a plain card.
    ///
    /// # Errors
    /// [`Error::PinWithheld`] where that file neither comes nor is denied for want of a channel, so that nobody knows; what
    /// the link did.
    pub fn is_sealed(&mut self, object: &PinObject) -> Result<bool, Error> {
        let Some(witness) = object.sealed_when_refused else { return Ok(false) };
        if self.sealed || self.secured {
            return Ok(self.sealed);
        }
        // A card does not become sealed: the same one is not asked again.
        if self.same && self.open.contains(&witness) {
            return Ok(false);
        }
        match self.fetch(witness).map(drop) {
            Ok(()) => {
                if self.same {
                    self.open.insert(witness);
                }
                Ok(false)
            }
            Err(Error::SecureChannelRequired(_)) => Ok(true),
            Err(error @ (Error::Reader { .. } | Error::CardChanged)) => Err(error),
            // What came of it before it broke off came in clear.
            Err(_) if self.same && self.open.contains(&witness) => Ok(false),
            Err(source) => {
                let why = "nothing shows that the card takes it in clear";
                Err(Error::PinWithheld { kind: object.kind, why, source: Box::new(source) })
            }
        }
    }

    /// Whether a PIN of this kind must not go to the card in clear: one of its objects lies behind a secure channel that is
    /// not open.
    ///
    /// # Errors
    /// As [`Session::is_sealed`].
    pub fn seals(&mut self, kind: PinKind) -> Result<bool, Error> {
        let page = self.recognised_page();
        for object in page.pins.iter().filter(|object| object.kind == kind) {
            if self.is_sealed(object)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Asks for the state, and then presents the PIN with one VERIFY.
    pub(crate) fn present(&mut self, object: &PinObject, entry: PinEntry<'_>, last_try: LastTry) -> Result<(), Error> {
        check_rules(object, entry)?;
        if self.has_unfinished_change(object.kind)? {
            return Err(Error::PinUnfinished { kind: object.kind });
        }
        let state = self.state_for_presenting(object)?;
        if state.blocked {
            return Err(Error::Locked { kind: object.kind });
        }
        if !state.has_a_try_to_spare() && last_try == LastTry::Refuse {
            return Err(Error::PinNotTried { kind: object.kind, tries_left: state.tries_left });
        }
        match self.present_now(object, entry) {
            Err(Error::WrongPin { kind, tries_left }) => Err(self.beside_others(object, kind, tries_left)),
            presented => presented,
        }
    }

    /// A refusal, with the object of the PIN that has the fewest tries left, where that is fewer; with the counter of the
    /// object itself where that is another than the refusal tells. They are asked only now, since every exchange before
    /// would be paid for by all whose PIN is right. What they do not tell takes nothing from the refusal.
    fn beside_others(&mut self, object: &PinObject, kind: PinKind, tries_left: Option<u8>) -> Error {
        let page = self.recognised_page();
        let mut fewest: Option<(String, u8)> = None;
        for other in page.pins.iter().filter(|other| other.kind == kind) {
            let Some(left) = self.pin_state(other).ok().and_then(|state| state.tries_left) else { continue };
            let least = fewest.as_ref().map(|(_, least)| *least).or(tries_left);
            let contradicts = other.name == object.name && Some(left) != tries_left;
            if contradicts || least.is_none_or(|least| left < least) {
                fewest = Some((other.name.clone(), left));
            }
        }
        match fewest {
            None => Error::WrongPin { kind, tries_left },
            Some(fewest) => Error::WrongPinOfObject { kind, object: object.name.clone(), tries_left, fewest },
        }
    }

    /// One VERIFY, where the state of the object is known.
    pub(super) fn present_now(&mut self, object: &PinObject, entry: PinEntry<'_>) -> Result<(), Error> {
        let page = self.recognised_page();
        let Some(applet) = page.applet(&object.applet) else { return Err(no_pin(object)) };
        self.enter(applet, object.path.as_ref())?;
        let error = match self.verify(object, applet, entry) {
            Ok(Status::OK) => {
                self.verified.push(object.name.clone());
                return Ok(());
            }
            Ok(status) => refusal(object, applet, entry, status),
            Err(error) => error,
        };
        Err(match error {
            // A card that others have reset never saw it; a reader without a pad never asked for it.
            Error::Reader { source: LinkError::Reset, .. } => error,
            Error::Reader { ref source, .. } if *source == NO_PAD => error,
            // Whether the card counted it only its counter tells, where the link still bears a question.
            Error::Reader { .. } | Error::Garbled { .. } | Error::Refused { .. } => {
                let tries_left = self.pin_state(object).ok().and_then(|state| state.tries_left);
                Error::PinUncertain { kind: object.kind, tries_left, source: Box::new(error) }
            }
            error => error,
        })
    }

    fn verify(&mut self, object: &PinObject, applet: &Applet, entry: PinEntry<'_>) -> Result<Status, Error> {
        let mut body = Zeroizing::new(vec![0u8; 16]);
        let Some(field) = body.get_mut(..usize::from(object.length)) else { return Err(no_pin(object)) };
        if let PinEntry::Typed(pin) = entry {
            let digits = pin.as_ascii();
            let Some(place) = field.get_mut(..digits.len()) else { return Err(no_pin(object)) };
            place.copy_from_slice(digits);
        }
        let reference = object.reference.as_slice().first().copied().unwrap_or_default();
        let command = Command::new(0x00, 0x20, 0x00, reference).with_data(field);
        let step = verify_step(object, applet);
        self.pin_sent = true;
        self.presentations = self.presentations.saturating_add(1);
        match entry {
            PinEntry::Typed(_) => Ok(self.channel.send(&command, &step)?.status),
            PinEntry::OnPad(Pad { timeout, language }) => {
                let (shortest, longest) = (object.minimum, object.maximum);
                self.channel.send_by_pad(&command, &step, |command| PinPad {
                    command,
                    shortest,
                    longest,
                    timeout,
                    language,
                    new_pin: None,
                })
            }
        }
    }

    /// Whether a PIN that an earlier session presented still counts, by one empty VERIFY in what is selected on the card
    /// now: selecting anew may forget it. After [`Session::end_unlocked`] only; nothing was sent in this session.
    ///
    /// A PIN that still counts proves the card to be the same, and its applet to be the one that is selected.
    pub(crate) fn still_presented(&mut self, object: &PinObject) -> Result<bool, Error> {
        let page = self.recognised_page();
        let Some(applet) = page.applet(&object.applet) else { return Err(no_pin(object)) };
        if !self.verified.contains(&object.name) {
            let step = Step { verb: "VERIFY without a body", applet, path: object.path.as_ref(), offset: None };
            let reference = object.reference.as_slice().first().copied().unwrap_or_default();
            if self.channel.send(&Command::new(0x00, 0x20, 0x00, reference), &step)?.status != Status::OK {
                return Ok(false);
            }
            self.selection.found_in(&applet.name);
            self.verified.push(object.name.clone());
            self.same = true;
            self.pin_sent = true;
        }
        Ok(true)
    }

    /// A PIN that a signature has used up counts as presented no longer.
    pub(crate) fn used_up(&mut self, object: &PinObject) {
        self.verified.retain(|name| *name != object.name);
    }
}

/// What the answer to a VERIFY without a body tells; `None` where it tells nothing.
pub(super) const fn told(status: Status) -> Option<PinState> {
    match (status, status.tries_left()) {
        (Status::OK, _) => Some(PinState { tries_left: None, verified: true, blocked: false }),
        (Status::BLOCKED, _) | (_, Some(0)) => Some(PinState { tries_left: Some(0), verified: false, blocked: true }),
        (_, Some(left)) => Some(PinState { tries_left: Some(left), verified: false, blocked: false }),
        _ => None,
    }
}

fn verify_step<'o>(object: &'o PinObject, applet: &'o Applet) -> Step<'o> {
    Step { verb: "VERIFY", applet, path: object.path.as_ref(), offset: None }
}

/// What a status word other than `9000` says about a presentation.
fn refusal(object: &PinObject, applet: &Applet, entry: PinEntry<'_>, status: Status) -> Error {
    let kind = object.kind;
    match (entry, status, status.tries_left()) {
        (_, Status::BLOCKED, _) | (.., Some(0)) => Error::Locked { kind },
        (.., left @ Some(_)) => Error::WrongPin { kind, tries_left: left },
        _ if status.sw1() == 0x63 => Error::WrongPin { kind, tries_left: None },
        // The reader's own words, by which it tells that nothing went to the card (PC/SC part 10, 2.5.2).
        (PinEntry::OnPad(_), Status(0x6400), _) => Error::PadTimedOut { kind },
        (PinEntry::OnPad(_), Status(0x6401), _) => Error::PadCancelled { kind },
        (PinEntry::OnPad(_), Status(0x6403), _) => bad_length(object),
        _ => Error::Refused { step: verify_step(object, applet).to_string(), status },
    }
}

/// Whether the PIN has as many digits as its object allows; a pad sees to that by itself.
pub(crate) fn check_rules<'p>(object: &PinObject, entry: impl Into<PinEntry<'p>>) -> Result<(), Error> {
    let PinEntry::Typed(pin) = entry.into() else { return Ok(()) };
    if (usize::from(object.minimum)..=usize::from(object.maximum)).contains(&pin.digits()) {
        return Ok(());
    }
    Err(bad_length(object))
}

fn bad_length(object: &PinObject) -> Error {
    Error::PinLength { kind: object.kind, minimum: object.minimum, maximum: object.maximum }
}

pub(super) fn no_pin(object: &PinObject) -> Error {
    Error::Refused { step: format!("the PIN object {} of the page", object.name), status: Status::REFERENCE_NOT_FOUND }
}
