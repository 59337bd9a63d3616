//! The items of a drafted page: each with its size, its access, its tags, its encodings, and why it is taken for what it is.

use super::super::access::Access;
use super::super::content::{Content, Reading, unit};
use super::super::meaning::Meaning;
use super::super::objects;
use super::super::observe::{Seen, SeenApplet, SeenFile, SeenObject};
use super::super::places::Known;
use super::super::spot::Spot;
use super::pins::Pins;
use super::{Sheet, hexes, path, quoted, sourced, word};
use crate::data::Nature;
use crate::data::digits::counted;
use crate::family::{Extent, ItemName};
use crate::session::Slot;
use std::collections::BTreeSet;

/// How many values of an item are told of one by one.
const LEAVES: usize = 24;

pub(super) struct Items {
    entries: Vec<Entry>,
}

struct Entry {
    applet: String,
    place: Place,
    spot: Spot,
    notes: Vec<String>,
    meaning: Option<Meaning>,
    guard: Guard,
}

enum Place {
    File(String),
    Command(String),
}

/// What guards an item.
#[derive(PartialEq, Eq)]
enum Guard {
    Free,
    Pin(String),
    /// It was refused, and nothing shows what opens it.
    Refused,
    /// A PIN that this page cannot describe.
    Unknown,
}

impl Items {
    pub(super) fn of(
        seen: &Seen,
        names: &[String],
        known: &Known<'_>,
        pins: &Pins,
        certificate: &dyn Fn(&[u8]) -> Option<Slot>,
    ) -> Self {
        let mut items = Self { entries: Vec::new() };
        for (at, (applet, name)) in seen.applets.iter().zip(names).enumerate() {
            for object in &applet.objects {
                items.object(at, applet, name, object, known, pins);
            }
            let told = known.applet(&applet.aid).map_or(1, |(_, known)| usize::from(known.offset_unit));
            let unit = unit(applet.files.iter().flat_map(|file| &file.readings)).unwrap_or(told);
            for file in &applet.files {
                items.file(at, applet, name, file, unit, known, pins, certificate);
            }
        }
        items
    }

    /// The names of the items that are entries.
    pub(super) fn names(&self) -> impl Iterator<Item = ItemName> + '_ {
        self.entries.iter().filter_map(Entry::entered).map(|meaning| meaning.name)
    }

    /// The length of the journal, where it is an entry.
    pub(super) fn journal(&self) -> Option<u16> {
        let journal =
            self.entries.iter().filter_map(Entry::entered).find(|meaning| meaning.name == ItemName::Journal)?;
        journal.length.filter(|_| journal.extent == Extent::Fixed)
    }

    fn object(
        &mut self,
        at: usize,
        applet: &SeenApplet,
        name: &str,
        object: &SeenObject,
        known: &Known<'_>,
        pins: &Pins,
    ) {
        let (guard, access) = guard(&object.access, at, pins);
        let (bytes, masked) = (object.value.filled(), object.value.has_masks());
        let known = known.object(&applet.aid, object.header);
        let meaning = Meaning::of_object(object.header, bytes, masked, known);
        let content = Content { bytes: bytes.to_vec(), masked, ended: true, ..Content::default() };
        let mut notes = vec![format!("{} by GET DATA; {access}", long(bytes.len()))];
        notes.extend(told(&content));
        self.add(name, Place::Command(hexes(&object.header)), object.spot, notes, meaning, guard);
    }

    #[allow(clippy::too_many_arguments, reason = "what was seen, what is known, and the names that both go by")]
    fn file(
        &mut self,
        at: usize,
        applet: &SeenApplet,
        name: &str,
        file: &SeenFile,
        unit: usize,
        known: &Known<'_>,
        pins: &Pins,
        certificate: &dyn Fn(&[u8]) -> Option<Slot>,
    ) {
        let whole = |reading: &Reading| reading.content(unit).or_else(|| reading.content(1));
        let content = file.readings.iter().filter_map(whole).max_by_key(|content| content.bytes.len());
        let (guard, access) = guard(&file.access, at, pins);
        if content.is_none()
            && file.size.is_none()
            && file.access.refused.is_none()
            && file.access.refused_after.is_none()
        {
            return; // selected, and nothing told of it
        }
        let known = known.file(&applet.aid, &file.path);
        let meaning = Meaning::of_file(content.as_ref(), file.size, known, certificate);
        let size = match (file.size, &content) {
            (Some(size), _) => format!("{} by its control information", counted(size, "byte", "bytes")),
            (None, Some(content)) if content.ended => format!("{}, read to its end", long(content.bytes.len())),
            (None, Some(content)) => format!("at least {}, its end was not read", long(content.bytes.len())),
            (None, None) => "of unknown size".to_owned(),
        };
        let mut notes = vec![format!("{size}; {access}")];
        notes.extend(content.iter().flat_map(told));
        self.add(name, Place::File(path(&file.path)), file.spot, notes, meaning, guard);
    }

    fn add(
        &mut self,
        applet: &str,
        place: Place,
        spot: Spot,
        mut notes: Vec<String>,
        mut meaning: Option<Meaning>,
        guard: Guard,
    ) {
        let taken = |name: ItemName| name != ItemName::Unnamed && self.names().any(|other| other == name);
        if let Some(name) = meaning.as_ref().map(|meaning| meaning.name).filter(|name| taken(*name)) {
            notes.push(format!("this too seems to be {name}, of which a page has one"));
            meaning = None;
        }
        self.entries.push(Entry { applet: applet.to_owned(), place, spot, notes, meaning, guard });
    }

    pub(super) fn write(&self, sheet: &mut Sheet) {
        for entry in &self.entries {
            sheet.line("");
            match entry.entered() {
                Some(meaning) => entry.write(sheet, meaning),
                None => entry.remark(sheet),
            }
        }
    }
}

impl Entry {
    /// What it is, where that is enough for an entry: of what was refused only what a known page has at this place.
    fn entered(&self) -> Option<&Meaning> {
        let meaning = self.meaning.as_ref()?;
        match self.guard {
            Guard::Free | Guard::Pin(_) => Some(meaning),
            Guard::Refused => Some(meaning).filter(|meaning| meaning.name != ItemName::Unnamed),
            Guard::Unknown => None,
        }
    }

    fn write(&self, sheet: &mut Sheet, meaning: &Meaning) {
        sheet.line("[[item]]");
        for note in &self.notes {
            sheet.comment(note);
        }
        sheet.comment(format!("why: {}", meaning.why));
        sheet.line(format!("name = \"{}\"", meaning.name));
        sheet.line(format!("applet = {}", quoted(&self.applet)));
        match &self.place {
            Place::File(path) => sheet.line(format!("path = \"{path}\"")),
            Place::Command(command) => sheet.line(format!("command = \"{command}\"")),
        }
        sheet.line(format!("extent = \"{}\"", word(&meaning.extent)));
        if let Some(length) = meaning.length.filter(|_| meaning.extent == Extent::Fixed) {
            sheet.line(format!("length = {length}"));
        }
        if let Guard::Pin(pin) = &self.guard {
            sheet.line(format!("pin = {}", quoted(pin)));
        }
        if let Some(decoder) = &meaning.decoder {
            sheet.line(format!("decoder = \"{}\"", word(decoder)));
        }
        sourced(sheet, &self.spot.to_string());
    }

    /// What cannot be an entry stays a comment.
    fn remark(&self, sheet: &mut Sheet) {
        let place = match &self.place {
            Place::File(path) => format!("file {path}"),
            Place::Command(command) => format!("data object of command {command}"),
        };
        sheet.comment(format!("{place} in applet {} ({}):", self.applet, self.spot));
        for note in &self.notes {
            sheet.comment(format!("  {note}"));
        }
        if let Some(meaning) = self.meaning.as_ref().filter(|meaning| meaning.name != ItemName::Unnamed) {
            sheet.comment(format!("  it seems to be {}: {}", meaning.name, meaning.why));
        }
    }
}

/// What guards something, and the words for it.
fn guard(access: &Access, applet: usize, pins: &Pins) -> (Guard, String) {
    let refused = access.refused.map(|status| format!("refused with {status} without a PIN"));
    match (access.free, access.after) {
        (true, _) => (Guard::Free, "read without a PIN".to_owned()),
        (false, Some(pin)) => {
            let name = pins.name(applet, pin);
            let by = name
                .map_or_else(|| "a PIN that this page cannot describe".to_owned(), |name| format!("PIN object {name}"));
            let words = match refused {
                Some(refused) => format!("{refused}, read after {by}"),
                None => format!("read after {by}; whether it is free was not tried"),
            };
            (name.map_or(Guard::Unknown, |name| Guard::Pin(name.to_owned())), words)
        }
        (false, None) => match (refused, access.refused_after) {
            (Some(refused), _) => (Guard::Refused, refused),
            (None, Some(status)) => (Guard::Refused, format!("refused with {status} after a PIN as well")),
            (None, None) => (Guard::Free, "not read".to_owned()),
        },
    }
}

/// Tags, lengths and kinds of a content, and the reason for each kind of text.
fn told(content: &Content) -> Vec<String> {
    let bytes = content.bytes.as_slice();
    if content.masked {
        return vec!["its content is masked in the trace".to_owned()];
    }
    // The length of a text tells something of the text.
    let kind = |value: &[u8]| match (reason(value), Nature::of(value)) {
        ("", _) => long(value.len()),
        (reason, Nature::Digits) if value.len() < 8 => reason.to_owned(),
        (reason, Nature::Ascii | Nature::Utf8 | Nature::Utf16) => reason.to_owned(),
        (reason, _) => format!("{}, {reason}", long(value.len())),
    };
    match objects::row(bytes) {
        _ if bytes.starts_with(&[0x30, 0x82]) => vec!["a DER structure".to_owned()],
        Some(row) => {
            let leaf = |leaf: &objects::Leaf<'_>| format!("tag {}: {}", leaf.tags, kind(leaf.value));
            let mut lines: Vec<String> = row.leaves.iter().take(LEAVES).map(leaf).collect();
            let mut seen = BTreeSet::new();
            lines.retain(|line| seen.insert(line.clone()));
            lines
        }
        None if bytes.is_empty() => Vec::new(),
        None => vec![format!("no data objects: {}", kind(bytes))],
    }
}

/// A number of bytes in words.
fn long(bytes: usize) -> String {
    counted(bytes, "byte", "bytes")
}

/// Why a value is taken for text or an image; nothing where it is not.
fn reason(value: &[u8]) -> &'static str {
    match Nature::of(value) {
        Nature::Empty | Nature::Binary => "",
        Nature::Blank => "all the same, 00 or FF",
        Nature::Digits => "ASCII digits: each byte is 30 to 39",
        Nature::Ascii => "ASCII text: each byte is a printable character",
        Nature::Utf8 => "UTF-8 text: lawful as such, with characters beyond ASCII",
        Nature::Utf16 if matches!(value, [0xFE, 0xFF, ..]) => {
            "UTF-16 text: a byte-order mark FEFF, then usual characters"
        }
        Nature::Utf16 => "UTF-16 text: Latin or Arabic letters, digits and marks when read so",
        Nature::Jpeg => "a JPEG image: begins with FFD8FF",
        Nature::Jpeg2000 => "a JPEG 2000 image: begins as such",
    }
}
