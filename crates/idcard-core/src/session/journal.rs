//! The journal of a change to several objects of one PIN: how far it came, and the flags that keep that on the card.
//!
//! Flags and their places are those of `nid-card.md` 5.4. A change begins with the flag of the first object and ends
//! when the flags are cleared in the same order, so that every moment in between can be told from every other.

use super::Session;
use crate::apdu::{Command, Malformed};
use crate::error::Error;
use crate::family::{ItemName, JournalRules, Page, PinKind, PinObject};
use crate::place::{Step, select_file};

/// How far the change of one object came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalMark {
    /// Not begun, or all has ended.
    Idle,
    /// Begun: whether the object holds the old PIN or the new one, nobody knows.
    Started,
    /// Finished: the object holds the new PIN.
    Finished,
}

impl JournalMark {
    /// What a flag tells; `None` for a value that nobody writes.
    const fn of(flag: u8) -> Option<Self> {
        match flag {
            0x00 => Some(Self::Idle),
            0x01 => Some(Self::Started),
            0x0F => Some(Self::Finished),
            _ => None,
        }
    }

    const fn flag(self) -> u8 {
        match self {
            Self::Idle => 0x00,
            Self::Started => 0x01,
            Self::Finished => 0x0F,
        }
    }

    /// The word of documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Started => "started",
            Self::Finished => "finished",
        }
    }
}

/// What the journal tells about one PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinJournal {
    marks: Vec<(String, JournalMark)>,
}

impl PinJournal {
    /// The objects by their names on the page, in the order in which they are changed, and how far each came.
    #[must_use]
    pub fn marks(&self) -> &[(String, JournalMark)] {
        &self.marks
    }

    /// How far one object came.
    #[must_use]
    pub fn mark(&self, object: &str) -> Option<JournalMark> {
        self.marks.iter().find(|(name, _)| name == object).map(|(_, mark)| *mark)
    }

    /// The same with another mark for one object.
    pub(super) fn with(mut self, object: &str, mark: JournalMark) -> Self {
        self.marks.iter_mut().filter(|(name, _)| name == object).for_each(|(_, place)| *place = mark);
        self
    }

    /// Whether no change is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.all(JournalMark::Idle)
    }

    /// Whether a change has reached every object, so that nothing is left but to clear the journal.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        // Flags are cleared from the first on: where the first is cleared and a later one is not, that had begun.
        let Some(first) = self.marks.iter().position(|(_, mark)| *mark != JournalMark::Idle) else { return false };
        let rest = if first == 0 { self.marks.get(..) } else { self.marks.get(first.saturating_add(1)..) };
        rest.is_some_and(|rest| rest.iter().all(|(_, mark)| *mark == JournalMark::Finished))
    }

    /// Whether the last change reached all objects or none; `None` where that cannot be told.
    #[must_use]
    pub fn in_step(&self) -> Option<bool> {
        if self.is_idle() || self.is_complete() {
            return Some(true);
        }
        let is_there = |wanted| self.marks.iter().any(|(_, mark)| *mark == wanted);
        if is_there(JournalMark::Finished) && is_there(JournalMark::Idle) { Some(false) } else { None }
    }

    fn all(&self, wanted: JournalMark) -> bool {
        self.marks.iter().all(|(_, mark)| *mark == wanted)
    }
}

/// The journal's file while a change goes on.
pub(super) struct JournalFile {
    rules: JournalRules,
    content: Vec<u8>,
    /// What a value stands for that nobody writes.
    strange: JournalMark,
}

impl JournalFile {
    /// Flags are written one at a time, so that tearing spoils one: that object counts as begun. Two strange flags were
    /// never written, and tell of no change.
    fn new(rules: JournalRules, content: Vec<u8>, objects: &[PinObject]) -> Self {
        let mut file = Self { rules, content, strange: JournalMark::Started };
        let flags = objects.iter().filter_map(|object| file.flag(object));
        if flags.filter(|flag| JournalMark::of(*flag).is_none()).count() > 1 {
            file.strange = JournalMark::Idle;
        }
        file
    }

    fn flag(&self, object: &PinObject) -> Option<u8> {
        object.journal.and_then(|at| self.content.get(usize::from(at))).copied()
    }

    /// What the flags tell.
    pub(super) fn journal(&self, objects: &[PinObject]) -> PinJournal {
        let told = |flag| JournalMark::of(flag).unwrap_or(self.strange);
        let mark = |object: &PinObject| self.flag(object).map_or(JournalMark::Idle, told);
        PinJournal { marks: objects.iter().map(|object| (object.name.clone(), mark(object))).collect() }
    }
}

/// The objects of a PIN, in the order in which they are changed.
pub(super) fn objects_in_order(page: &Page, kind: PinKind) -> Vec<PinObject> {
    let mut objects: Vec<PinObject> = page.pins.iter().filter(|object| object.kind == kind).cloned().collect();
    if let Some(rules) = &page.journal {
        // Objects that the order does not name stay behind those that it names.
        objects.sort_by_key(|object| rules.order.iter().position(|name| *name == object.name).unwrap_or(usize::MAX));
    }
    objects
}

impl Session<'_> {
    /// What the journal tells about a PIN; `None` where the PIN has no journal. No try is spent.
    ///
    /// # Errors
    /// As [`Session::fetch`].
    pub fn pin_journal(&mut self, kind: PinKind) -> Result<Option<PinJournal>, Error> {
        let page = self.recognised_page();
        let objects = objects_in_order(&page, kind);
        Ok(self.journal_file(&objects)?.map(|file| file.journal(&objects)))
    }

    /// The file of the journal as it is now; `None` where these objects have none.
    pub(super) fn journal_file(&mut self, objects: &[PinObject]) -> Result<Option<JournalFile>, Error> {
        let page = self.recognised_page();
        let Some(rules) = page.journal.clone() else { return Ok(None) };
        if objects.iter().all(|object| object.journal.is_none()) {
            return Ok(None);
        }
        self.fetched.remove(&ItemName::Journal);
        let file = self.fetch(ItemName::Journal)?;
        if file.redacted {
            return Err(Error::Redacted(ItemName::Journal));
        }
        let content = file.bytes.clone();
        let file = JournalFile::new(rules, content, objects);
        if objects.iter().any(|object| object.journal.is_some() && file.flag(object).is_none()) {
            let source = Malformed::new("a journal that ends before its flags", file.content.len());
            return Err(Error::Malformed { item: ItemName::Journal, source });
        }
        Ok(Some(file))
    }

    /// Whether the journal tells of a change of a PIN that did not end, so that none may be presented: nobody could say
    /// which of its objects hold which PIN. A card that has no journal, or denies it, tells of no change.
    ///
    /// [`Session::present_for`] and [`Session::signing_key`] ask for themselves. They read the journal anew only where
    /// other programs had their turn since: to be asked here while the way to its file is short saves exchanges.
    ///
    /// # Errors
    /// [`Error::PinWithheld`]: the journal is there and cannot be read, so that nobody knows. What the link did;
    /// [`Error::CardChanged`].
    pub fn has_unfinished_change(&mut self, kind: PinKind) -> Result<bool, Error> {
        if let Some((of, turn, told)) = self.unfinished
            && (of, turn) == (kind, self.channel.turns())
        {
            return Ok(told);
        }
        let told = match self.pin_journal(kind) {
            Ok(journal) => journal.is_some_and(|journal| !journal.is_idle() && !journal.is_complete()),
            Err(error) if is_not_given(&error) => false,
            Err(failed @ (Error::Reader { .. } | Error::CardChanged)) => return Err(failed),
            Err(failed) => {
                let why = "whether an earlier change of it has ended cannot be read";
                return Err(Error::PinWithheld { kind, why, source: Box::new(failed) });
            }
        };
        self.unfinished = Some((kind, self.channel.turns(), told));
        Ok(told)
    }

    /// Clears flags that hold what nobody writes, before the first of a change is written.
    pub(super) fn prepare(&mut self, file: &mut JournalFile, objects: &[PinObject]) -> Result<(), Error> {
        for at in objects.iter().filter_map(|object| object.journal) {
            if file.content.get(usize::from(at)).is_some_and(|flag| JournalMark::of(*flag).is_none()) {
                self.write_journal(file, at, file.strange.flag())?;
            }
        }
        Ok(())
    }

    /// Writes how far the change of an object came.
    pub(super) fn mark(
        &mut self,
        file: Option<&mut JournalFile>,
        object: &PinObject,
        mark: JournalMark,
    ) -> Result<(), Error> {
        match (file, object.journal) {
            (Some(file), Some(at)) => self.write_journal(file, at, mark.flag()),
            _ => Ok(()),
        }
    }

    /// Clears the flags in the order of the objects, and what else the page names.
    pub(super) fn clear_journal(&mut self, file: &mut JournalFile, objects: &[PinObject]) -> Result<(), Error> {
        let flags: Vec<u8> = objects.iter().filter_map(|object| object.journal).collect();
        let others = file.rules.cleared.clone();
        for at in flags.into_iter().chain(others) {
            if file.content.get(usize::from(at)).is_some_and(|flag| *flag != 0) {
                self.write_journal(file, at, 0x00)?;
            }
        }
        Ok(())
    }

    /// Writes one byte of the journal. The bytes before it in the same unit of the applet's offsets are written as they are.
    fn write_journal(&mut self, file: &mut JournalFile, at: u8, flag: u8) -> Result<(), Error> {
        let page = self.recognised_page();
        let absent = Error::Absent(ItemName::Journal);
        let Some(item) = page.item(ItemName::Journal) else { return Err(absent) };
        let (Some(applet), Some(path)) = (page.applet(&item.applet), item.path.as_ref()) else { return Err(absent) };
        let unit = usize::from(applet.offset_unit.max(1));
        let at = usize::from(at);
        let (number, start) = (at / unit, at - at % unit);
        let Some(place) = file.content.get_mut(at) else { return Err(absent) };
        *place = flag;
        let Some(data) = file.content.get(start..=at) else { return Err(absent) };
        let [high, low] = u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
        self.unfinished = None;
        self.fetched.remove(&ItemName::Journal);
        select_file(&mut self.channel, &mut self.selection, applet, path)?;
        let step = Step { verb: "UPDATE BINARY", applet, path: Some(path), offset: Some(at) };
        self.channel.expect(&Command::new(0x00, 0xD6, high, low).with_data(data), &step)?;
        Ok(())
    }
}

/// Whether the card has no journal, or does not let it be read (ISO/IEC 7816-4, 5.6: `69xx`, `6Axx`).
fn is_not_given(error: &Error) -> bool {
    match error {
        Error::Absent(_)
        | Error::Empty(_)
        | Error::LayoutUnknown(_)
        | Error::PinRequired { .. }
        | Error::SecureChannelRequired(_)
        | Error::Redacted(_) => true,
        Error::Refused { status, .. } => matches!(status.sw1(), 0x69 | 0x6A),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use JournalMark::{Finished, Idle, Started};

    fn journal(marks: [JournalMark; 3]) -> PinJournal {
        PinJournal { marks: ["ev", "id", "classic"].into_iter().map(str::to_owned).zip(marks).collect() }
    }

    #[test]
    fn every_moment_of_a_change_is_told_from_every_other() {
        for (marks, in_step, complete) in [
            ([Idle, Idle, Idle], Some(true), false),
            ([Started, Idle, Idle], None, false),
            ([Finished, Idle, Idle], Some(false), false),
            ([Finished, Started, Idle], Some(false), false),
            ([Finished, Finished, Idle], Some(false), false),
            ([Finished, Finished, Started], None, false),
            ([Finished, Finished, Finished], Some(true), true),
            ([Idle, Finished, Finished], Some(true), true),
            ([Idle, Idle, Finished], Some(true), true),
            // The clearing of a flag that was torn.
            ([Started, Finished, Finished], None, false),
            ([Idle, Started, Finished], Some(true), true),
            ([Idle, Idle, Started], Some(true), true),
            // What another program left that goes by another order.
            ([Idle, Started, Idle], None, false),
            ([Idle, Finished, Idle], Some(false), false),
        ] {
            let journal = journal(marks);
            assert_eq!(journal.in_step(), in_step, "{marks:?}");
            assert_eq!(journal.is_complete(), complete, "{marks:?}");
        }
    }

    /// What three flags tell: those of words 7, 2 and 3 of the specimen, in the order of its page.
    fn told(flags: [u8; 3]) -> Vec<JournalMark> {
        let roster = crate::family::Roster::built_in().unwrap();
        let page = roster.pages().iter().find(|page| page.specimen).unwrap();
        let objects = objects_in_order(page, PinKind::Id);
        let mut content = vec![0; 32];
        (content[29], content[8], content[12]) = (flags[0], flags[1], flags[2]);
        let file = JournalFile::new(page.journal.clone().unwrap(), content, &objects);
        file.journal(&objects).marks().iter().map(|(_, mark)| *mark).collect()
    }

    #[test]
    fn a_torn_flag_counts_as_begun() {
        assert_eq!(told([0x0F, 0x01, 0x00]), [Finished, Started, Idle]);
        for flag in (0..=u8::MAX).filter(|flag| ![0x00, 0x0F].contains(flag)) {
            assert_eq!(told([0x0F, flag, 0x00]), [Finished, Started, Idle], "{flag:02X}");
        }
    }

    #[test]
    fn flags_that_were_never_written_tell_of_no_change() {
        assert_eq!(told([0xFF; 3]), [Idle; 3]);
        assert_eq!(told([0x00, 0xFF, 0x20]), [Idle; 3]);
        assert_eq!(told([0x01, 0xFF, 0xFF]), [Started, Idle, Idle]);
        assert_eq!(told([0xFF, 0x0F, 0xFF]), [Idle, Finished, Idle]);
    }
}
