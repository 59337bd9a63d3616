//! Replacing a PIN in all its objects: by the old PIN or by the PUK, with a journal that outlasts a torn-out card.

use super::Session;
use super::journal::{JournalFile, JournalMark, objects_in_order};
use super::pins::{check_rules, no_pin};
use super::puk::check_puk;
use crate::apdu::{Command, Status};
use crate::error::Error;
use crate::family::{ChangeForm, ItemName, PinKind, PinObject};
use crate::pin::{Entitlement, LastTry, Pin, PinEntry, PinOperation, Puk, packed, padded};
use crate::place::Step;
use zeroize::Zeroizing;

/// What came with a new PIN that the cards have taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PinChanged {
    /// It is the last four digits of the holder's national number: easy to guess.
    pub ends_national_number: bool,
}

impl Session<'_> {
    /// Whether an operation may be begun, and how many tries are left of what would be presented: the fewest of all
    /// objects, `None` where the card does not tell. Nothing secret is sent, and no try is spent.
    ///
    /// # Errors
    /// What the operation itself would end with before it sends anything.
    pub fn may_begin(
        &mut self,
        operation: PinOperation,
        kind: PinKind,
        last_try: LastTry,
    ) -> Result<Option<u8>, Error> {
        let objects = self.objects(kind, operation.participle())?;
        self.may_be_sent(&objects)?;
        self.deciding = true;
        if operation == PinOperation::Unblock {
            let mut fewest = Some(u8::MAX);
            for object in &objects {
                fewest = fewest.min(self.may_send_puk(object, last_try)?);
            }
            return Ok(fewest);
        }
        self.nothing_is_unfinished(kind, &objects)?;
        self.have_tries(&objects, last_try)
    }

    /// Presents a PIN to every object that holds it, and stops at the first refusal. A pin pad asks for each of them.
    ///
    /// # Errors
    /// [`Error::PinLength`], [`Error::CardChanged`], [`Error::PinNeedsChannel`], [`Error::PinUnfinished`],
    /// [`Error::Locked`], [`Error::PinNotTried`]: nothing was sent. [`Error::WrongPin`]: it was refused once.
    pub fn verify_pin<'p>(
        &mut self,
        kind: PinKind,
        entry: impl Into<PinEntry<'p>>,
        last_try: LastTry,
    ) -> Result<(), Error> {
        let entry = entry.into();
        let objects = self.objects(kind, PinOperation::Verify.participle())?;
        objects.iter().try_for_each(|object| check_rules(object, entry))?;
        self.may_begin(PinOperation::Verify, kind, last_try)?;
        self.verify_all(&objects, entry)
    }

    /// Changes a PIN in all its objects. The old PIN is presented to each of them before the first is changed.
    ///
    /// # Errors
    /// As [`Session::verify_pin`]; [`Error::NoPinChange`] where the page does not know how; [`Error::PinRule`] for a new
    /// PIN that the card could not tell from another; [`Error::PinInterrupted`] when it had begun and did not end, for a
    /// PIN of one object [`Error::PinOldOrNew`].
    pub fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin, last_try: LastTry) -> Result<PinChanged, Error> {
        let objects = self.objects(kind, PinOperation::Change.participle())?;
        check_change(&objects, old, new)?;
        self.may_begin(PinOperation::Change, kind, last_try)?;
        let mut changed = PinChanged::default();
        for object in &objects {
            self.present_now(object, old.into())?;
            changed.ends_national_number |= self.ends_national_number(object, new)?;
        }
        let mut file = self.journal_file(&objects)?;
        self.replace_all(&mut file, &objects, Entitlement::Old(old), new)?;
        Ok(changed)
    }

    /// Unblocks a PIN in all its objects with the PUK, and gives it a new value. What an interrupted change has left is
    /// done anew.
    ///
    /// # Errors
    /// As [`Session::change_pin`]; [`Error::PukLocked`], [`Error::PukNotTried`]: nothing was sent; [`Error::WrongPuk`].
    pub fn unblock_pin(&mut self, kind: PinKind, puk: &Puk, new: &Pin, last_try: LastTry) -> Result<PinChanged, Error> {
        let objects = self.objects(kind, PinOperation::Unblock.participle())?;
        check_unblock(&objects, puk, new)?;
        self.may_begin(PinOperation::Unblock, kind, last_try)?;
        let mut file = self.journal_file(&objects)?;
        if let Some(file) = file.as_mut() {
            self.take_over(file, &objects)?;
        }
        self.replace_all(&mut file, &objects, Entitlement::Puk(puk), new)
    }

    fn guards_identity(&self, object: &PinObject) -> bool {
        let item = self.page().item(ItemName::Identity);
        item.is_some_and(|item| item.decoder.is_some() && item.pin.as_ref() == Some(&object.name))
    }

    /// Whether a PIN of four digits is the end of the holder's national number, where the object that has just been opened
    /// guards it. A card that does not tell is no reason to give up the change, a link that fails is one.
    fn ends_national_number(&mut self, object: &PinObject, new: &Pin) -> Result<bool, Error> {
        if new.digits() != 4 || !self.guards_identity(object) {
            return Ok(false);
        }
        match self.identity() {
            Ok(identity) => Ok(identity.national_number.valid().is_some_and(|number| new.ends(number.as_str()))),
            Err(failed @ Error::Reader { .. }) => Err(failed),
            Err(_) => Ok(false),
        }
    }

    /// The objects of a PIN, where there are any and they can be kept in step.
    pub(super) fn objects(&self, kind: PinKind, what: &'static str) -> Result<Vec<PinObject>, Error> {
        let page = self.page();
        let objects = objects_in_order(page, kind);
        let kept = objects.len() == 1 || (page.journal.is_some() && objects.iter().all(|one| one.journal.is_some()));
        let known = match what {
            "changed" => kept && objects.iter().all(|object| object.change.is_some()),
            "unblocked" => kept && objects.iter().all(|object| object.unblock.is_some()),
            _ => true,
        };
        if objects.is_empty() || !known { Err(Error::NoPinChange { kind, what }) } else { Ok(objects) }
    }

    /// The card is the one that was met before, and not sealed.
    pub(super) fn may_be_sent(&mut self, objects: &[PinObject]) -> Result<(), Error> {
        self.same_card()?;
        for object in objects {
            if self.is_sealed(object)? {
                return Err(Error::PinNeedsChannel { kind: object.kind });
            }
        }
        Ok(())
    }

    /// Clears what only had to be cleared; anything else that was interrupted is for [`Session::resume_pin`].
    fn nothing_is_unfinished(&mut self, kind: PinKind, objects: &[PinObject]) -> Result<(), Error> {
        let Some(mut file) = self.journal_file(objects)? else { return Ok(()) };
        let journal = file.journal(objects);
        if journal.is_complete() {
            return self.clear_journal(&mut file, objects);
        }
        if journal.is_idle() { Ok(()) } else { Err(Error::PinUnfinished { kind }) }
    }

    /// Whether every object has a try to spare; the fewest of them, `None` where one does not tell.
    pub(super) fn have_tries(&mut self, objects: &[PinObject], last_try: LastTry) -> Result<Option<u8>, Error> {
        let mut fewest = Some(u8::MAX);
        for object in objects {
            let state = self.state_for_presenting(object)?;
            if state.blocked {
                return Err(Error::Locked { kind: object.kind });
            }
            if !state.has_a_try_to_spare() && last_try == LastTry::Refuse {
                return Err(Error::PinNotTried { kind: object.kind, tries_left: state.tries_left });
            }
            fewest = fewest.min(state.tries_left);
        }
        Ok(fewest)
    }

    /// One VERIFY for each object, whose state is known.
    pub(super) fn verify_all<'o, 'p>(
        &mut self,
        objects: impl IntoIterator<Item = &'o PinObject>,
        entry: impl Into<PinEntry<'p>>,
    ) -> Result<(), Error> {
        let entry = entry.into();
        objects.into_iter().try_for_each(|object| self.present_now(object, entry))
    }

    /// Makes ready what an earlier change has left, before another begins: an object that it had finished counts as begun
    /// again, so that no moment of the new change looks like the end of the old one.
    fn take_over(&mut self, file: &mut JournalFile, objects: &[PinObject]) -> Result<(), Error> {
        let journal = file.journal(objects);
        if journal.is_complete() {
            self.clear_journal(file, objects)?;
        }
        for object in objects {
            if file.journal(objects).mark(&object.name) == Some(JournalMark::Finished) {
                self.mark(Some(&mut *file), object, JournalMark::Started)?;
            }
        }
        Ok(())
    }

    /// Replaces the PIN in one object after the other, each between its flags, and clears the journal.
    fn replace_all(
        &mut self,
        file: &mut Option<JournalFile>,
        objects: &[PinObject],
        by: Entitlement<'_>,
        new: &Pin,
    ) -> Result<PinChanged, Error> {
        if let Some(file) = file.as_mut() {
            self.prepare(file, objects)?;
        }
        let (mut any, mut changed) = (false, PinChanged::default());
        let fresh = file.as_ref().is_none_or(|file| file.journal(objects).is_idle());
        for object in objects {
            match self.replace_one(file, object, by, new) {
                Ok(()) => any = true,
                // The first object refused, and no other was touched: all is as it was.
                Err((error, true)) if !any && fresh => {
                    return match file.as_mut().map(|file| self.clear_journal(file, objects)) {
                        Some(Err(source)) => Err(interrupted(object.kind, source)),
                        _ => Err(error),
                    };
                }
                Err((error, false)) if file.is_none() => {
                    return Err(Error::PinOldOrNew { kind: object.kind, source: Box::new(error) });
                }
                Err((error, true)) if file.is_none() => return Err(error),
                Err((error, _)) => return Err(interrupted(object.kind, error)),
            }
            if matches!(by, Entitlement::Puk(_)) && new.digits() == 4 && self.guards_identity(object) {
                // While the journal stands: where this presentation is torn, resuming sets its counter right.
                let told = self.present_now(object, new.into()).and_then(|()| self.ends_national_number(object, new));
                changed.ends_national_number = told.map_err(|source| interrupted(object.kind, source))?;
            }
        }
        if let Some((file, kind)) = file.as_mut().zip(objects.first().map(|object| object.kind)) {
            self.clear_journal(file, objects).map_err(|source| interrupted(kind, source))?;
        }
        Ok(changed)
    }

    /// Replaces the PIN in one object, between its flags.
    ///
    /// With the error comes whether it is certain that the object still holds what it held.
    pub(super) fn replace_one(
        &mut self,
        file: &mut Option<JournalFile>,
        object: &PinObject,
        by: Entitlement<'_>,
        new: &Pin,
    ) -> Result<(), (Error, bool)> {
        let one = std::slice::from_ref(object);
        let before = file.as_ref().and_then(|file| file.journal(one).mark(&object.name)).unwrap_or(JournalMark::Idle);
        self.mark(file.as_mut(), object, JournalMark::Started).map_err(|error| (error, false))?;
        match self.replace(object, by, new) {
            Ok(()) => self.mark(file.as_mut(), object, JournalMark::Finished).map_err(|error| (error, false)),
            Err(error) if !leaves_all_as_it_was(&error) => Err((error, false)),
            Err(refused) => match self.mark(file.as_mut(), object, before) {
                Ok(()) => Err((refused, true)),
                Err(error) => Err((error, false)),
            },
        }
    }

    /// The one command that replaces the PIN of an object. It is never repeated.
    pub(super) fn replace(&mut self, object: &PinObject, by: Entitlement<'_>, new: &Pin) -> Result<(), Error> {
        let page = self.recognised_page();
        let Some(applet) = page.applet(&object.applet) else { return Err(no_pin(object)) };
        let (form, old, verb) = match by {
            Entitlement::Old(old) => (object.change, old, "CHANGE REFERENCE DATA"),
            Entitlement::Puk(puk) => {
                (object.unblock.as_ref().map(|unblock| unblock.form), puk.as_pin(), "RESET RETRY COUNTER")
            }
        };
        let reference = object.reference.as_slice().first().copied().unwrap_or_default();
        let by_puk = matches!(by, Entitlement::Puk(_));
        let command = match form {
            Some(ChangeForm::Packed) => {
                let (Some(old), Some(new)) = (packed(old), packed(new)) else { return Err(no_pin(object)) };
                let body = Zeroizing::new([old.as_slice(), &new].concat());
                Command::new(0x80, 0x24, u8::from(by_puk), reference).with_data(&body)
            }
            Some(ChangeForm::Padded) => {
                let body = Zeroizing::new([padded(old).as_slice(), &padded(new)].concat());
                Command::new(0x00, if by_puk { 0x2C } else { 0x24 }, 0x00, reference).with_data(&body)
            }
            None => return Err(Error::NoPinChange { kind: object.kind, what: "replaced" }),
        };
        self.enter(applet, object.path.as_ref())?;
        let step = Step { verb, applet, path: object.path.as_ref(), offset: None };
        self.pin_sent = true;
        // The new value has not been presented.
        self.used_up(object);
        let status = self.channel.send(&command, &step)?.status;
        let kind = object.kind;
        let wrong = |tries_left| match by {
            Entitlement::Old(_) => Error::WrongPin { kind, tries_left },
            Entitlement::Puk(_) => Error::WrongPuk { kind, tries_left },
        };
        match (status, status.tries_left()) {
            (Status::OK, _) => Ok(()),
            (Status::BLOCKED, _) | (_, Some(0)) if by_puk => Err(Error::PukLocked { kind }),
            (Status::BLOCKED, _) | (_, Some(0)) => Err(Error::Locked { kind }),
            (_, left @ Some(_)) => Err(wrong(left)),
            _ if status.sw1() == 0x63 => Err(wrong(None)),
            _ => Err(Error::Refused { step: step.to_string(), status }),
        }
    }
}

/// Whether it is certain that a command which ended so has changed nothing: the PIN was refused, the status word says that
/// the memory is unchanged (`64xx`), or the command was not run (ISO/IEC 7816-4, 5.6: `67xx` to `6Bxx`, `6Dxx`, `6Exx`).
fn leaves_all_as_it_was(error: &Error) -> bool {
    match error {
        Error::Reader { .. } | Error::Garbled { .. } => false,
        Error::Refused { status, .. } => matches!(status.sw1(), 0x64 | 0x67..=0x6B | 0x6D | 0x6E),
        _ => true,
    }
}

/// A change that had begun and did not end.
pub(super) fn interrupted(kind: PinKind, source: Error) -> Error {
    match source {
        already @ Error::PinInterrupted { .. } => already,
        source => Error::PinInterrupted { kind, source: Box::new(source) },
    }
}

pub(super) fn check_all(objects: &[PinObject], pin: &Pin) -> Result<(), Error> {
    objects.iter().try_for_each(|object| check_rules(object, pin))
}

/// Whether a change can be asked for: both PINs fit every object, and differ.
pub(super) fn check_change(objects: &[PinObject], old: &Pin, new: &Pin) -> Result<(), Error> {
    check_all(objects, old)?;
    check_new(objects, new)?;
    if old.is(new) { Err(Error::PinRule { what: "the new PIN is the old one" }) } else { Ok(()) }
}

/// Whether unblocking can be asked for.
pub(super) fn check_unblock(objects: &[PinObject], puk: &Puk, new: &Pin) -> Result<(), Error> {
    for object in objects {
        if let Some(unblock) = &object.unblock {
            check_puk(unblock, puk)?;
        }
    }
    if puk.as_pin().is(new) {
        // Whoever saw the PIN typed would have the key to all PINs.
        return Err(Error::PinRule { what: "the new PIN is the PUK" });
    }
    check_new(objects, new)
}

/// Whether a PIN may become the new one: it fits every object, and none of them takes another PIN for it.
fn check_new(objects: &[PinObject], new: &Pin) -> Result<(), Error> {
    check_all(objects, new)?;
    let forms = |object: &PinObject| [object.change, object.unblock.as_ref().map(|unblock| unblock.form)];
    let is_packed = objects.iter().flat_map(forms).any(|form| form == Some(ChangeForm::Packed));
    if is_packed && new.digits() < 8 && new.as_ascii().last() == Some(&b'0') {
        // Filled with zeros, it would be written like the PIN without its last digit (specimen.md 5).
        return Err(Error::PinRule { what: "a new PIN of fewer than eight digits does not end in 0" });
    }
    Ok(())
}
