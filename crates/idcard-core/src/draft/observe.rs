//! What traces show of a card: applets that answered, files, data objects, PINs that were accepted.

use super::access::{Access, Presented};
use super::content::Reading;
use super::spot::Spot;
use crate::apdu::{Status, TlvReader};
use crate::atr::Atr;
use crate::transport::trace::{Octets, Place, Step, Trace};

/// How many applets, and how many files, data objects and PINs of each, are kept: a page has its bounds.
const APPLETS: usize = 16;
const MOST: usize = 64;
/// The master file.
const MF: u16 = 0x3F00;

/// All that was seen.
#[derive(Default)]
pub(super) struct Seen {
    /// The historical bytes of each card.
    pub historical: Vec<(Vec<u8>, Spot)>,
    pub applets: Vec<SeenApplet>,
    /// Commands that went to no known applet, or under secure messaging.
    pub stray: usize,
    /// Commands about more applets, files and data objects than are kept.
    pub left_out: usize,
}

pub(super) struct SeenApplet {
    pub aid: Vec<u8>,
    pub spot: Spot,
    /// SELECT asked for no answer.
    pub silent: bool,
    /// SELECT by AID carried Le.
    pub answers: bool,
    /// DFs were found among the children of the current one; none where no DF was selected.
    pub child: Option<bool>,
    pub files: Vec<SeenFile>,
    pub objects: Vec<SeenObject>,
    pub presented: Vec<Presented>,
}

pub(super) struct SeenFile {
    /// From the MF on.
    pub path: Vec<u16>,
    pub spot: Spot,
    /// By its file control information.
    pub size: Option<usize>,
    pub readings: Vec<Reading>,
    pub access: Access,
}

/// What GET DATA brought.
pub(super) struct SeenObject {
    pub header: [u8; 4],
    pub spot: Spot,
    pub value: Octets,
    pub access: Access,
}

/// What the answers to GET RESPONSE belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Control,
    Read,
    /// The data object of this place in the list.
    Data(usize),
    Other,
}

/// Where a trace stands.
struct Walk<'s> {
    seen: &'s mut Seen,
    applet: Option<usize>,
    place: Place,
    /// The PIN that counts as presented in this applet.
    presented: Option<usize>,
    asked: Asked,
    spot: Spot,
}

impl Seen {
    pub(super) fn of(traces: &[Trace]) -> Self {
        let mut seen = Self::default();
        for (trace, number) in traces.iter().zip(1..) {
            let spot = Spot { trace: number, line: 1 };
            let mut walk = Walk {
                seen: &mut seen,
                applet: None,
                place: Place::default(),
                presented: None,
                asked: Asked::Other,
                spot,
            };
            let mut sent = None;
            for entry in trace.entries() {
                match &entry.step {
                    Step::Command(command) => {
                        walk.spot.line = entry.line;
                        sent = Some(command);
                    }
                    Step::Answer { bytes, .. } => {
                        if let (Some(command), Some(status)) = (sent.take(), bytes.status()) {
                            walk.exchange(command, bytes, status);
                        }
                    }
                    Step::Atr(atr) => {
                        walk.spot.line = entry.line;
                        walk.card(atr);
                    }
                    Step::Reset | Step::Removed => walk.forget(),
                    Step::Begin | Step::End | Step::Protocol(_) | Step::Error { .. } => {}
                }
            }
        }
        seen
    }
}

impl Walk<'_> {
    fn forget(&mut self) {
        self.applet = None;
        self.place.forget();
        self.presented = None;
        self.asked = Asked::Other;
    }

    fn card(&mut self, atr: &[u8]) {
        self.forget();
        let Ok(atr) = Atr::parse(atr) else { return };
        let historical = atr.historical().as_bytes();
        let known = self.seen.historical.iter().any(|(bytes, _)| bytes == historical);
        if !historical.is_empty() && !known && self.seen.historical.len() < APPLETS {
            self.seen.historical.push((historical.to_vec(), self.spot));
        }
    }

    fn exchange(&mut self, command: &Octets, answer: &Octets, status: Status) {
        let &[class, instruction, p1, p2, ..] = command.filled() else { return };
        if class & 0x0C != 0 && class & 0x60 == 0 {
            self.seen.stray = self.seen.stray.saturating_add(1);
            self.asked = Asked::Other;
            return;
        }
        let done = status == Status::OK || matches!(status.sw1(), 0x61..=0x62);
        match instruction {
            0xA4 if p1 == 0x04 => self.select_applet(command, status, done),
            0xC0 if class & 0x80 == 0 => self.more(answer),
            _ if self.applet.is_none() => self.seen.stray = self.seen.stray.saturating_add(1),
            0xA4 => self.select_file(command, answer, status, done),
            0xB0 if p1 & 0x80 == 0 => self.read(u16::from_be_bytes([p1, p2]), answer, status, done),
            0xCA => self.data([class, instruction, p1, p2], answer, status, done),
            0x20 => self.verify(command, p2, status),
            _ => self.asked = Asked::Other,
        }
    }

    fn select_applet(&mut self, command: &Octets, status: Status, done: bool) {
        self.asked = Asked::Other;
        if !done {
            return;
        }
        self.place.follow(command, status);
        let aid = self.place.applet().and_then(|aid| hex::decode(aid).ok()).unwrap_or_default();
        if !(5..=16).contains(&aid.len()) {
            return self.forget();
        }
        let position = self.seen.applets.iter().position(|applet| applet.aid == aid);
        if position.is_none() && self.seen.applets.len() >= APPLETS {
            self.seen.left_out = self.seen.left_out.saturating_add(1);
            return self.forget();
        }
        if position != self.applet || position.is_none() {
            self.presented = None;
        }
        let raw = command.filled();
        let length = usize::from(raw.get(4).copied().unwrap_or_default());
        let position = position.unwrap_or(self.seen.applets.len());
        if position == self.seen.applets.len() {
            self.seen.applets.push(SeenApplet {
                aid,
                spot: self.spot,
                silent: raw.get(3) == Some(&0x0C),
                answers: raw.len() > length.saturating_add(5),
                child: None,
                files: Vec::new(),
                objects: Vec::new(),
                presented: Vec::new(),
            });
        }
        self.applet = Some(position);
    }

    fn select_file(&mut self, command: &Octets, answer: &Octets, status: Status, done: bool) {
        self.asked = Asked::Other;
        let how = command.filled().get(2).copied().unwrap_or_default();
        if done {
            self.place.follow(command, status);
        }
        let path = self.path();
        if let Some(applet) = self.applet.and_then(|at| self.seen.applets.get_mut(at)).filter(|_| done) {
            match how {
                0x01 => applet.child = Some(true),
                0x00 if path.len() > 1 => applet.child = applet.child.or(Some(false)),
                _ => {}
            }
        }
        if done && answer.len() > 2 {
            self.control(answer);
        }
        self.asked = if done { Asked::Control } else { Asked::Other };
    }

    /// File control information: the size of a file.
    fn control(&mut self, answer: &Octets) {
        let bytes = answer.filled().get(..answer.len().saturating_sub(2)).unwrap_or_default();
        let mut outer = TlvReader::new(bytes);
        let Some(Ok(template)) = outer.next() else { return };
        if !matches!(template.tag, 0x62 | 0x6F) {
            return;
        }
        let objects: Vec<_> = template.children(&outer).flatten().collect();
        let value = |tag| objects.iter().find(|object| object.tag == tag).map(|object| object.value);
        if value(0x82).is_some_and(|kind| kind.first().is_some_and(|kind| kind & 0x38 == 0x38)) {
            return; // a DF
        }
        let size = value(0x80).filter(|size| size.len() <= 3);
        let size = size.map(|size| size.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte)));
        if let (Some(size), Some(file)) = (size, self.file()) {
            file.size = Some(size);
        }
    }

    fn read(&mut self, offset: u16, answer: &Octets, status: Status, done: bool) {
        self.asked = if done { Asked::Read } else { Asked::Other };
        let presented = self.presented;
        let Some(file) = self.file() else { return };
        file.access.met(status, presented);
        if done || status == Status::BEYOND_END {
            Reading::take(&mut file.readings, offset, answer, status);
        }
    }

    fn data(&mut self, header: [u8; 4], answer: &Octets, status: Status, done: bool) {
        self.asked = Asked::Other;
        let (presented, spot) = (self.presented, self.spot);
        let Some(applet) = self.applet.and_then(|at| self.seen.applets.get_mut(at)) else { return };
        let position = applet.objects.iter().position(|object| object.header == header);
        let position = position.unwrap_or(applet.objects.len());
        if position == applet.objects.len() && position < MOST && (done || status == Status::SECURITY_STATUS) {
            let access = Access::default();
            applet.objects.push(SeenObject { header, spot, value: Octets::default(), access });
        }
        let Some(object) = applet.objects.get_mut(position) else { return };
        object.access.met(status, presented);
        if done {
            object.value = data_of(answer);
            self.asked = Asked::Data(position);
        }
    }

    fn verify(&mut self, command: &Octets, reference: u8, status: Status) {
        self.asked = Asked::Other;
        let length = command.len().saturating_sub(5);
        if status != Status::OK || length == 0 {
            return;
        }
        let mut folder = self.path();
        if self.place.has_file() {
            folder.pop();
        }
        let Some(applet) = self.applet.and_then(|at| self.seen.applets.get_mut(at)) else { return };
        let new = Presented { reference, length, folder, spot: self.spot };
        let position = applet.presented.iter().position(|known| known.is_same(&new));
        self.presented = position.or_else(|| {
            (applet.presented.len() < MOST).then(|| {
                applet.presented.push(new);
                applet.presented.len().saturating_sub(1)
            })
        });
    }

    /// GET RESPONSE.
    fn more(&mut self, answer: &Octets) {
        match self.asked {
            Asked::Control => self.control(answer),
            Asked::Read => {
                if let Some(reading) = self.file().and_then(|file| file.readings.last_mut()) {
                    reading.more(answer);
                }
            }
            Asked::Data(position) => {
                let applet = self.applet.and_then(|at| self.seen.applets.get_mut(at));
                if let Some(object) = applet.and_then(|applet| applet.objects.get_mut(position)) {
                    data_of(answer).iter().for_each(|byte| object.value.push(byte));
                }
            }
            Asked::Other => {}
        }
    }

    /// The current path, from the MF on.
    fn path(&self) -> Vec<u16> {
        let told = self.place.path().unwrap_or_default();
        let identifiers = told.split('/').filter_map(|part| u16::from_str_radix(part, 16).ok());
        let mut path: Vec<u16> = identifiers.collect();
        if path.first() != Some(&MF) {
            path.insert(0, MF);
        }
        path
    }

    /// The current file; only paths that a page can write.
    fn file(&mut self) -> Option<&mut SeenFile> {
        let (path, spot) = (self.path(), self.spot);
        if !(2..=3).contains(&path.len()) {
            return None;
        }
        let files = &mut self.seen.applets.get_mut(self.applet?)?.files;
        let position = files.iter().position(|file| file.path == path);
        if position.is_none() && files.len() >= MOST {
            self.seen.left_out = self.seen.left_out.saturating_add(1);
            return None;
        }
        let position = position.unwrap_or(files.len());
        if position == files.len() {
            files.push(SeenFile { path, spot, size: None, readings: Vec::new(), access: Access::default() });
        }
        files.get_mut(position)
    }
}

/// An answer without its status word.
fn data_of(answer: &Octets) -> Octets {
    let mut data = Octets::default();
    answer.iter().take(answer.len().saturating_sub(2)).for_each(|byte| data.push(byte));
    data
}
