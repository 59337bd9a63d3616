//! Finishing a change that was interrupted: what is known is proved first, what is unknown is found out with one try at most.

use super::Session;
use super::journal::{JournalFile, JournalMark};
use super::pin_change::{check_all, check_change, check_unblock, interrupted};
use crate::error::Error;
use crate::family::{PinKind, PinObject};
use crate::pin::{Entitlement, LastTry, Pin};

/// Which PIN is known to be the right one.
struct Proved {
    /// The old PIN was accepted by another object.
    old: bool,
    /// The new PIN was accepted by another object.
    new: bool,
}

impl Session<'_> {
    /// Clears the journal of a change that had reached every object; no PIN has a part in it.
    ///
    /// # Errors
    /// [`Error::PinUnfinished`] when an object is left; what the card and the link did.
    pub fn clear_pin_journal(&mut self, kind: PinKind) -> Result<(), Error> {
        let objects = self.objects(kind, "verified")?;
        self.deciding = true;
        let Some(mut file) = self.journal_file(&objects)? else { return Ok(()) };
        let journal = file.journal(&objects);
        if journal.is_idle() {
            return Ok(());
        }
        if !journal.is_complete() {
            return Err(Error::PinUnfinished { kind });
        }
        self.same_card()?;
        self.clear_journal(&mut file, &objects).map_err(|source| interrupted(kind, source))
    }

    /// Finishes a change that was interrupted, so that all objects hold the new PIN.
    ///
    /// The new PIN is presented to the objects that have it, the old one to those that have that: a PIN that is not the
    /// one of the interrupted change is found out there. An object of which nobody knows which PIN it holds gets one of
    /// them and, where it refuses that, the other, if another object has accepted that one: a mistake costs one try at
    /// most, which the end of the change gives back. With the PUK no try is spent. Where nothing was interrupted, nothing
    /// is sent.
    ///
    /// # Errors
    /// As [`Session::change_pin`] and [`Session::unblock_pin`]; [`Error::PinUnproved`] inside [`Error::PinInterrupted`]
    /// where the refusal of one PIN leaves one that no object has accepted: what is known now is in the journal, and the
    /// right PINs finish the change when they are entered once more.
    pub fn resume_pin(
        &mut self,
        kind: PinKind,
        by: Entitlement<'_>,
        new: &Pin,
        last_try: LastTry,
    ) -> Result<(), Error> {
        let what = if matches!(by, Entitlement::Old(_)) { "changed" } else { "unblocked" };
        let objects = self.objects(kind, what)?;
        let unchanged = matches!(by, Entitlement::Old(old) if old.is(new));
        match by {
            Entitlement::Old(old) if unchanged => check_all(&objects, old)?,
            Entitlement::Old(old) => check_change(&objects, old, new)?,
            Entitlement::Puk(puk) => check_unblock(&objects, puk, new)?,
        }
        self.deciding = true;
        let Some(mut file) = self.journal_file(&objects)? else { return Ok(()) };
        let journal = file.journal(&objects);
        if journal.is_idle() {
            return Ok(());
        }
        if journal.is_complete() {
            return self.clear_pin_journal(kind);
        }
        self.may_be_sent(&objects)?;
        if unchanged {
            self.have_tries(&objects, last_try)?;
            self.verify_all(&objects, new)?;
            return self.clear_journal(&mut file, &objects).map_err(|source| interrupted(kind, source));
        }
        let of = |wanted| -> Vec<PinObject> {
            let has = |object: &&PinObject| journal.mark(&object.name) == Some(wanted);
            objects.iter().filter(has).cloned().collect()
        };
        let (idle, mut finished) = (of(JournalMark::Idle), of(JournalMark::Finished));
        match by {
            Entitlement::Old(old) => {
                self.have_tries(&objects, last_try)?;
                self.verify_all(&finished, new)?;
                self.verify_all(&idle, old)?;
            }
            Entitlement::Puk(_) => {
                // What has no try to spare is unblocked once more.
                let mut left = Vec::new();
                for object in finished {
                    if self.pin_state(&object)?.has_a_try_to_spare() {
                        left.push(object);
                    }
                }
                finished = left;
                for object in objects.iter().filter(|object| !finished.contains(object)) {
                    self.may_send_puk(object, last_try)?;
                }
                self.verify_all(&finished, new)?;
            }
        }
        let mut proved = Proved { old: !idle.is_empty(), new: !finished.is_empty() };
        let mut file = Some(file);
        for object in &objects {
            let done = match (journal.mark(&object.name), by) {
                _ if finished.contains(object) => Ok(()),
                (Some(JournalMark::Started), Entitlement::Old(_)) => {
                    self.settle(&mut file, object, by, new, &mut proved, last_try)
                }
                _ => self.replace_one(&mut file, object, by, new).map_err(|(error, _)| error),
            };
            done.map_err(|source| interrupted(kind, source))?;
        }
        match file.as_mut() {
            Some(file) => self.clear_journal(file, &objects).map_err(|source| interrupted(kind, source)),
            None => Ok(()),
        }
    }

    /// Brings an object to the new PIN of which nobody knows which PIN it holds.
    ///
    /// A refusal of a PIN that another object has accepted settles what this one holds, and the journal keeps that before
    /// anything else is sent. A successful change leaves the counter full: where it is not, the old PIN is likelier.
    fn settle(
        &mut self,
        file: &mut Option<JournalFile>,
        object: &PinObject,
        by: Entitlement<'_>,
        new: &Pin,
        proved: &mut Proved,
        last_try: LastTry,
    ) -> Result<(), Error> {
        let left = self.pin_state(object)?.tries_left.unwrap_or_default();
        if !proved.old && left > 2 {
            return match self.verify_all([object], new) {
                Ok(()) => {
                    proved.new = true;
                    self.mark(file.as_mut(), object, JournalMark::Finished)
                }
                Err(Error::WrongPin { kind, tries_left }) => {
                    if proved.new {
                        self.note(file, object, JournalMark::Idle)?;
                    }
                    Err(Error::PinUnproved { kind, refused: "new", tries_left })
                }
                Err(other) => Err(other),
            };
        }
        match self.replace(object, by, new) {
            Ok(()) => proved.old = true,
            Err(Error::WrongPin { kind, tries_left }) => {
                match (proved.old, proved.new) {
                    (true, true) => self.mark(file.as_mut(), object, JournalMark::Finished)?,
                    (true, false) => self.note(file, object, JournalMark::Finished)?,
                    (false, _) => {}
                }
                if !proved.new {
                    return Err(Error::PinUnproved { kind, refused: "old", tries_left });
                }
                // Even what must be right by the journal is not risked on the last try: the journal may be wrong.
                let spare = tries_left.is_some_and(|left| left > 1) || last_try == LastTry::Allow;
                if !spare {
                    return Err(Error::PinNotTried { kind, tries_left });
                }
                self.verify_all([object], new)?;
            }
            Err(other) => return Err(other),
        }
        self.mark(file.as_mut(), object, JournalMark::Finished)
    }

    /// Keeps what a refusal has settled, unless the whole would then look like a change that has ended: the new PIN of this
    /// run may be mistaken, and the journal wrong.
    fn note(&mut self, file: &mut Option<JournalFile>, object: &PinObject, mark: JournalMark) -> Result<(), Error> {
        let objects = self.objects(object.kind, "verified")?;
        let Some(file) = file.as_mut() else { return Ok(()) };
        let then = file.journal(&objects).with(&object.name, mark);
        if then.is_idle() || then.is_complete() { Ok(()) } else { self.mark(Some(file), object, mark) }
    }
}
