//! Files: which of them are there, which are free, and in which unit their offsets count.

use super::plan::Stop;
use super::{Fault, Finding, Reason, Subject, Surveyor, Verdict};
use crate::apdu::{Status, TlvReader, question};
use crate::error::Error;
use crate::family::{Applet, Extent, FilePath, Item};
use crate::place::{self, Step};
use std::sync::Arc;

/// How many bytes of a file are read to see whether it is free (`nid-card.md` 13.3).
const FIRST: u32 = 4;

/// The answer to a short READ BINARY.
struct Read {
    status: Status,
    bytes: Vec<u8>,
    redacted: bool,
}

impl Read {
    fn is_free(&self) -> bool {
        matches!(self.status, Status::OK | Status::END_OF_FILE)
    }
}

impl Surveyor<'_> {
    /// The files of the page in this applet, and those that are asked for beside them.
    pub(super) fn files(&mut self, stop: &Stop) -> Result<(), Error> {
        let page = Arc::clone(&self.page);
        let on_page: Vec<&Item> =
            page.items.iter().filter(|item| stop.on_page && item.applet == stop.applet.name).collect();
        let asked = || stop.asked.files.iter().flat_map(|files| files.paths.iter().map(|path| (path, &files.fills)));
        let mut counted = false;
        for (item, path) in on_page.iter().filter_map(|item| Some((*item, item.path.as_ref()?))) {
            let fills = asked().find(|(known, _)| *known == path).and_then(|(_, fills)| fills.clone());
            self.file(&stop.applet, path, Some(item), fills, &mut counted)?;
        }
        for (path, fills) in asked() {
            if !on_page.iter().any(|item| item.path.as_ref() == Some(path)) {
                self.file(&stop.applet, path, None, fills.clone(), &mut counted)?;
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        applet: &Applet,
        path: &FilePath,
        item: Option<&Item>,
        fills: Option<String>,
        counted: &mut bool,
    ) -> Result<(), Error> {
        self.session.let_others(super::STEP, place::TURN)?;
        let mut finding = Finding::new(Subject::File, Verdict::New, &applet.name, path.to_string());
        finding.item = item.map(|item| item.name);
        finding.evidence = item.map(|item| item.evidence);
        finding.fills = fills;
        let information = match self.control_information(applet, path)? {
            Ok(information) => information,
            Err(fault) => {
                self.findings.push(fault.judge(finding, item.is_some()));
                return Ok(());
            }
        };
        finding.file_size = size(&information);
        let read = match self.short_read(applet, path, 0, FIRST)? {
            Ok(read) => read,
            Err(fault) => {
                self.findings.push(fault.judge(finding, item.is_some()));
                return Ok(());
            }
        };
        finding.status = Some(read.status);
        let whole = item.filter(|item| item.pin.is_none() && is_read_whole(item) && read.is_free());
        let finding = match whole {
            Some(item) => {
                if !*counted {
                    *counted = self.offset_unit(applet, path)?;
                }
                finding.verdict = Verdict::Matched;
                self.content(item, finding)?
            }
            None => self.judged(finding, item, &read),
        };
        self.findings.push(finding);
        Ok(())
    }

    /// A file of which nothing more is read.
    fn judged(&self, finding: Finding, item: Option<&Item>, read: &Read) -> Finding {
        let witness = |item: &Item| self.page.pins.iter().any(|pin| pin.sealed_when_refused == Some(item.name));
        let free_by_page = |item: &Item| item.pin.is_none() && is_read_whole(item);
        let (verdict, reason) = match (read.status, item) {
            (Status::SECURITY_STATUS, Some(item)) if !free_by_page(item) => (Verdict::Matched, Reason::Guarded),
            (Status::SECURITY_STATUS, Some(item)) if witness(item) => (Verdict::Matched, Reason::Sealed),
            (Status::SECURITY_STATUS, Some(_)) => (Verdict::Differed, Reason::Guarded),
            (Status::SECURITY_STATUS, None) => (Verdict::New, Reason::Guarded),
            (Status::BEYOND_END, Some(item)) => {
                (if free_by_page(item) { Verdict::Differed } else { Verdict::Matched }, Reason::Empty)
            }
            (Status::BEYOND_END, None) => (Verdict::New, Reason::Empty),
            _ if read.is_free() => match item {
                // A file whose access the page does not tell.
                Some(item) if item.pin.is_none() => (Verdict::Matched, Reason::Free),
                Some(_) => (Verdict::Differed, Reason::Free),
                None => (Verdict::New, Reason::Free),
            },
            (_, Some(_)) => (Verdict::Differed, Reason::Refused),
            (_, None) => (Verdict::New, Reason::Refused),
        };
        let finding = Finding { verdict, ..finding.because(reason) };
        match (read.is_free(), read.redacted) {
            (true, false) => finding.read(&read.bytes),
            (true, true) => finding.because(Reason::Masked),
            (false, _) => finding,
        }
    }

    /// Selects the file and gives what the card tells of it.
    fn control_information(&mut self, applet: &Applet, path: &FilePath) -> Result<Result<Vec<u8>, Fault>, Error> {
        let described =
            self.try_step(|session| place::describe_file(&mut session.channel, &mut session.selection, applet, path))?;
        match described {
            // The card may know only the way without control information.
            Err(Fault::Status(status)) if status != Status::NOT_FOUND => {
                let silent = Applet { silent: true, ..applet.clone() };
                let again = self.try_step(|session| {
                    place::describe_file(&mut session.channel, &mut session.selection, &silent, path)
                })?;
                Ok(again.map_err(|_| Fault::Status(status)))
            }
            other => Ok(other),
        }
    }

    /// A short READ BINARY at an offset in the applet's unit.
    fn short_read(
        &mut self,
        applet: &Applet,
        path: &FilePath,
        position: u8,
        length: u32,
    ) -> Result<Result<Read, Fault>, Error> {
        let command = question::bytes_at(position, length);
        self.try_step(|session| {
            place::select_file(&mut session.channel, &mut session.selection, applet, path)?;
            let step = Step { verb: "READ BINARY", applet, path: Some(path), offset: None };
            let reply = session.channel.send(&command, &step)?;
            Ok(Read { status: reply.status, bytes: reply.data.to_vec(), redacted: reply.redacted })
        })
    }

    /// Reads eight bytes, and four at offset 1: they are those of byte 1 or those of byte 4 (`nid-card.md` 3.2).
    /// False where the file tells nothing, so that another one is to be tried.
    fn offset_unit(&mut self, applet: &Applet, path: &FilePath) -> Result<bool, Error> {
        let Ok(first) = self.short_read(applet, path, 0, 8)? else { return Ok(false) };
        let Ok(second) = self.short_read(applet, path, 1, 4)? else { return Ok(false) };
        let (Some(by_bytes), Some(by_words)) = (first.bytes.get(1..5), first.bytes.get(4..8)) else {
            return Ok(false);
        };
        let found = match (second.bytes == by_bytes, second.bytes == by_words) {
            (true, false) => Some(1),
            (false, true) => Some(4),
            _ => None,
        };
        let Some(found) = found.filter(|_| !first.redacted && !second.redacted) else { return Ok(false) };
        let verdict = if found == applet.offset_unit { Verdict::Matched } else { Verdict::Differed };
        let mut finding = Finding::new(Subject::OffsetUnit, verdict, &applet.name, path.to_string());
        finding.status = Some(second.status);
        finding.evidence = Some(applet.evidence);
        finding.values.push(("told", applet.offset_unit.to_string()));
        finding.values.push(("found", found.to_string()));
        self.findings.push(finding);
        Ok(true)
    }
}

/// What the page knows well enough: its layout, or its length. A file of which only the place is known is not read.
fn is_read_whole(item: &Item) -> bool {
    item.decoder.is_some() || item.extent == Extent::Fixed
}

/// The size of a file by its control information (ISO/IEC 7816-4, 7.4.3, tags 80 and 81).
fn size(information: &[u8]) -> Option<u32> {
    let mut outer = TlvReader::new(information);
    let template = outer.next()?.ok()?;
    let named = template.children(&outer).flatten().find(|object| matches!(object.tag, 0x80 | 0x81))?;
    let bytes = named.value;
    (bytes.len() <= 4).then(|| bytes.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)))
}
