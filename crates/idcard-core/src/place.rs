//! Where an item lies, and the one loop that fetches it: length from the data, exact last Le, offsets in the applet's unit.

mod offset;
mod select;

use crate::apdu::tlv::{self, Header};
use crate::apdu::{Command, Malformed, Status};
use crate::channel::{Channel, Extended};
use crate::error::Error;
use crate::family::{Applet, Extent, FilePath, Item, ItemName};
use crate::transport::{LinkError, Protocol};
use std::fmt;
use std::time::Duration;

pub(crate) use select::{Selection, describe_applet, describe_file, select_applet, select_df, select_file};

/// The longest object, header included.
pub(crate) const OBJECT: usize = tlv::LENGTH + 8;
/// An offset whose first bit is set would name a short file identifier instead (ISO/IEC 7816-4, 11.3.3).
const OFFSETS: usize = 0x8000;
/// How long free reads keep the card before others have their turn.
pub(crate) const TURN: Duration = Duration::from_millis(500);
/// Le for an extended READ BINARY: the longest object in one answer, a multiple of every offset unit.
const EXTENDED: u32 = 32 * 1024;
/// What Le steps down to, after a card or reader refused a longer one.
const STEPS: [u32; 7] = [256, 252, 248, 244, 231, 192, 128];

/// Called while an item is read: the item, the bytes that are there, and how many it will be where that is known.
pub(crate) type Progress<'p> = &'p mut dyn FnMut(ItemName, usize, Option<usize>);

/// The bytes of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The item as its extent tells: whole objects with tag and length, padding cut off.
    pub bytes: Vec<u8>,
    /// Some of the bytes were masked in the trace they come from, and read as `00`.
    pub redacted: bool,
}

/// What the loop has learned about this card: kept for the whole session.
#[derive(Debug)]
pub(crate) struct Habits {
    /// The Le of a short READ BINARY.
    pub chunk: u32,
    /// Offset units that were proved or disproved, by applet.
    pub units: Vec<(String, u8)>,
}

impl Habits {
    /// The Le that costs the fewest exchanges and blocks on a link (`performance.md` 1.2, V-05).
    pub(crate) fn new(protocol: Protocol, contactless: bool) -> Self {
        let chunk = match protocol {
            Protocol::T0 => 256,
            Protocol::T1 if contactless => 251,
            Protocol::T1 => 252,
        };
        Self { chunk, units: Vec::new() }
    }
}

/// The state in which items are fetched: the conversation, what is selected, what was learned.
pub(crate) struct Reading<'a, 't> {
    pub channel: &'a mut Channel<'t>,
    pub selection: &'a mut Selection,
    pub habits: &'a mut Habits,
    /// Free items may be read in several turns; what a PIN guards may not.
    pub may_give_way: bool,
}

/// For messages: which step of fetching which file.
pub(crate) struct Step<'a> {
    pub verb: &'static str,
    pub applet: &'a Applet,
    pub path: Option<&'a FilePath>,
    pub offset: Option<usize>,
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in applet {}", self.verb, self.applet.name)?;
        if let Some(path) = self.path {
            write!(f, ", file {path}")?;
        }
        match self.offset {
            Some(offset) => write!(f, ", byte {offset}"),
            None => Ok(()),
        }
    }
}

/// Fetches an item: the only way by which the content of a file or data object comes in.
///
/// `file` holds what an earlier attempt brought, before another program reset the card; reading goes on behind it.
pub(crate) fn fetch(
    reading: &mut Reading<'_, '_>,
    item: &Item,
    applet: &Applet,
    file: &mut Fetched,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let leaves = reading.selection.applet().is_some_and(|selected| selected != applet.name);
    if leaves && reading.may_give_way && reading.channel.turn() > TURN / 2 {
        // Another applet has to be selected in any case: here a turn for the others costs no exchange.
        reading.channel.give_way(&Step { verb: "giving way", applet, path: None, offset: None })?;
        reading.selection.forget();
    }
    match (&item.path, &item.command) {
        (Some(path), None) => {
            read_file(reading, item, applet, path, file, progress)?;
            if item.extent != Extent::Fixed {
                let before = padding(&file.bytes);
                file.bytes.drain(..before);
            }
            Ok(())
        }
        (None, Some(header)) => {
            *file = get_data(reading, item, applet, header.as_slice())?;
            Ok(())
        }
        _ => Err(Error::LayoutUnknown(item.name)),
    }
}

fn get_data(reading: &mut Reading<'_, '_>, item: &Item, applet: &Applet, header: &[u8]) -> Result<Fetched, Error> {
    let &[class, instruction, p1, p2] = header else { return Err(Error::LayoutUnknown(item.name)) };
    select_applet(reading.channel, reading.selection, applet).map_err(|error| absent(error, item.name))?;
    let length = item.length.map_or(256, u32::from);
    let step = Step { verb: "GET DATA", applet, path: None, offset: None };
    let reply = reading
        .channel
        .expect(&Command::new(class, instruction, p1, p2).expecting(length), &step)
        .map_err(|error| absent(error, item.name))?;
    if item.length.is_some_and(|length| reply.data.len() != usize::from(length)) {
        let source = Malformed::new("an answer of another length than the page tells", reply.data.len());
        return Err(Error::Malformed { item: item.name, source });
    }
    Ok(Fetched { bytes: reply.data.to_vec(), redacted: reply.redacted })
}

/// A file or applet that is not there is an absent item, whatever step found it out.
fn absent(error: Error, item: ItemName) -> Error {
    match error {
        Error::Refused { status: Status::NOT_FOUND | Status::REFERENCE_NOT_FOUND, .. } => Error::Absent(item),
        other => other,
    }
}

/// What one READ BINARY came to.
enum Piece {
    /// So many bytes were appended; more may follow.
    More,
    /// Fewer bytes than asked for were appended: the end of the file, or what the card can give at a time.
    Short,
    /// The end of the file.
    End,
    /// The same offset is to be asked for again, in another way.
    Again,
}

fn read_file(
    reading: &mut Reading<'_, '_>,
    item: &Item,
    applet: &Applet,
    path: &FilePath,
    file: &mut Fetched,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let mut selected = false;
    loop {
        if !selected {
            select_file(reading.channel, reading.selection, applet, path).map_err(|error| absent(error, item.name))?;
            selected = true;
        }
        let target = target(item, &file.bytes)?;
        progress(item.name, file.bytes.len(), target);
        if target.is_some_and(|target| file.bytes.len() >= target) {
            file.bytes.truncate(target.unwrap_or_default());
            return Ok(());
        }
        match read_piece(reading, applet, path, target, file)? {
            Piece::More | Piece::Again => {}
            Piece::Short if item.extent == Extent::Objects && ends_with_an_object(&file.bytes) => return Ok(()),
            Piece::Short => {}
            Piece::End => return finish(item, file),
        }
        if reading.may_give_way && reading.channel.turn() > TURN {
            reading.channel.give_way(&Step { verb: "giving way", applet, path: Some(path), offset: None })?;
            reading.selection.forget();
            selected = false;
        }
    }
}

/// How long the item will be, as far as its first bytes tell.
fn target(item: &Item, bytes: &[u8]) -> Result<Option<usize>, Error> {
    let malformed = |source| Error::Malformed { item: item.name, source };
    let object = |bytes: &[u8], at| match tlv::header(bytes) {
        Header::Complete { header, length, .. } => Ok(Some(header.saturating_add(length))),
        Header::Partial => Ok(None),
        Header::Malformed(what) => Err(malformed(Malformed::new(what, at))),
    };
    match item.extent {
        Extent::Fixed => Ok(item.length.map(usize::from)),
        Extent::Object => {
            let before = padding(bytes);
            match bytes.get(before..) {
                None | Some([]) => Ok(None),
                Some(rest) => Ok(object(rest, before)?.map(|length| length.saturating_add(before))),
            }
        }
        Extent::Objects => {
            let mut at = 0usize;
            loop {
                let rest = bytes.get(at..).unwrap_or_default();
                let before = padding(rest);
                let Some(rest @ [_, ..]) = rest.get(before..) else {
                    // Padding behind whole objects ends them. Where there is none yet, only the next byte tells whether
                    // more follow.
                    return Ok((at > 0 && before > 0).then_some(at));
                };
                at = at.saturating_add(before);
                match object(rest, at)? {
                    Some(length) if length <= rest.len() => at = at.saturating_add(length),
                    // The object under way is longer than what is there; more may follow it.
                    Some(length) if at.saturating_add(length) > OBJECT => {
                        return Err(malformed(Malformed::new("objects of more than 32 KiB", at)));
                    }
                    _ => return Ok(None),
                }
            }
        }
    }
}

/// The file has ended: that is right only where the item is whole.
fn finish(item: &Item, file: &mut Fetched) -> Result<(), Error> {
    let before = if item.extent == Extent::Fixed { 0 } else { padding(&file.bytes) };
    if before == file.bytes.len() {
        return Err(Error::Empty(item.name));
    }
    match (item.extent, target(item, &file.bytes)?) {
        (_, Some(target)) if file.bytes.len() >= target => {
            file.bytes.truncate(target);
            Ok(())
        }
        (Extent::Objects, None) if ends_with_an_object(&file.bytes) => Ok(()),
        _ => {
            let source = Malformed::new("the file ends before the object does", file.bytes.len());
            Err(Error::Malformed { item: item.name, source })
        }
    }
}

fn ends_with_an_object(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        rest = rest.get(padding(rest)..).unwrap_or_default();
        let Header::Complete { header, length, .. } = tlv::header(rest) else { return false };
        match rest.get(header.saturating_add(length)..) {
            Some([]) => return true,
            Some(after) => rest = after,
            None => return false,
        }
    }
}

/// How many bytes of padding stand before the first data object (ISO/IEC 7816-4, 5.2.2).
fn padding(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, 0x00 | 0xFF)).count()
}

/// One READ BINARY behind the bytes that are there.
fn read_piece(
    reading: &mut Reading<'_, '_>,
    applet: &Applet,
    path: &FilePath,
    target: Option<usize>,
    file: &mut Fetched,
) -> Result<Piece, Error> {
    let unit = offset::unit(reading.habits, applet);
    let have = file.bytes.len();
    // After an answer whose length is no multiple of the unit, the last bytes are asked for once more.
    let skip = have % usize::from(unit);
    let from = have - skip;
    let position = from / usize::from(unit);
    let step = Step { verb: "READ BINARY", applet, path: Some(path), offset: Some(from) };
    if position >= OFFSETS || have >= OBJECT {
        return Err(Error::Limit { step: step.to_string(), bound: "32 KiB of one object" });
    }
    let most = most(reading, unit);
    let wanted = target.map_or(most, |target| most.min(u32::try_from(target - from).unwrap_or(most)));
    let [high, low] = u16::try_from(position).unwrap_or(u16::MAX).to_be_bytes();
    let command = Command::new(0x00, 0xB0, high, low).expecting(wanted.max(1));
    let reply = match reading.channel.send(&command, &step) {
        Ok(reply) => reply,
        Err(error) => return without_extended(reading, error, wanted, &step),
    };
    let status = reply.status;
    match status {
        Status::OK | Status::END_OF_FILE => {
            if reply.data.len() <= skip {
                if status == Status::END_OF_FILE {
                    return Ok(Piece::End);
                }
                let source = Malformed::new("success without data", from);
                return Err(Error::Garbled { step: step.to_string(), source });
            }
            if have > 0 && offset::is_in_bytes(reading.habits, applet, from, &file.bytes, reply.data) {
                offset::settle(reading.habits, applet, 1);
                return Ok(Piece::Again);
            }
            // What the card announced and did not give is still to come: no end of the file.
            let short = !reply.cut && reply.data.len() < usize::try_from(wanted).unwrap_or(usize::MAX);
            file.bytes.extend_from_slice(reply.data.get(skip..).unwrap_or_default());
            file.redacted |= reply.redacted;
            if wanted > Command::SHORT_EXPECTED {
                reading.channel.extended = Extended::Proved;
            }
            if have > 0 {
                offset::settle(reading.habits, applet, unit);
            }
            Ok(match (status, short) {
                (Status::OK, false) => Piece::More,
                (Status::OK, true) => Piece::Short,
                _ => Piece::End,
            })
        }
        Status::BEYOND_END => Ok(Piece::End),
        // Lengths, instructions, classes, chaining, or no reason given: the ways in which extended length is refused.
        Status(0x6700 | 0x6883 | 0x6884 | 0x6D00 | 0x6E00 | 0x6F00)
            if wanted > Command::SHORT_EXPECTED && reading.channel.extended == Extended::Untried =>
        {
            reading.channel.extended = Extended::Never;
            Ok(Piece::Again)
        }
        Status::WRONG_LENGTH => match STEPS.iter().find(|&&step| step < wanted.min(reading.habits.chunk)) {
            Some(&shorter) => {
                match reading.channel.extended {
                    Extended::Never => reading.habits.chunk = shorter,
                    // Until then, no answer was kept to the chunk.
                    Extended::Untried | Extended::Proved => reading.channel.extended = Extended::Never,
                }
                Ok(Piece::Again)
            }
            None => Err(Error::Refused { step: step.to_string(), status }),
        },
        _ => Err(Error::Refused { step: step.to_string(), status }),
    }
}

/// The greatest Le that this card, this link and this applet's offsets allow.
fn most(reading: &Reading<'_, '_>, unit: u8) -> u32 {
    let most = match reading.channel.extended {
        Extended::Never => reading.habits.chunk,
        Extended::Untried | Extended::Proved => EXTENDED,
    };
    most - most % u32::from(unit)
}

/// A link that fails on the first extended READ is taken up again and used with short lengths from then on.
fn without_extended(reading: &mut Reading<'_, '_>, error: Error, wanted: u32, step: &Step<'_>) -> Result<Piece, Error> {
    let cause = matches!(&error, Error::Reader { source: LinkError::Lost { .. } | LinkError::TimedOut { .. }, .. });
    if !cause || wanted <= Command::SHORT_EXPECTED || reading.channel.extended != Extended::Untried {
        return Err(error);
    }
    reading.channel.extended = Extended::Never;
    reading.channel.recover(step)?;
    reading.selection.forget();
    let path = step.path.ok_or(error)?;
    select_file(reading.channel, reading.selection, step.applet, path)?;
    Ok(Piece::Again)
}

#[cfg(test)]
mod tests;
