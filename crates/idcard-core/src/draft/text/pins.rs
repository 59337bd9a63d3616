//! The PIN objects of a drafted page: only those that a known page describes; of others a trace shows too little.

use super::super::observe::Seen;
use super::super::places::Known;
use super::super::spot::Spot;
use super::{Sheet, hexes, path, quoted, sourced, word};
use crate::data::digits::counted;
use crate::family::{ItemName, JournalRules, Page, PinObject};

pub(super) struct Pins {
    entries: Vec<Entry>,
}

struct Entry {
    applet: usize,
    applet_name: String,
    /// Its place among those that were presented in the applet.
    presented: usize,
    spot: Spot,
    /// Where and how it was presented.
    seen: String,
    known: Option<Described>,
}

/// What a known page tells of a PIN object.
struct Described {
    family: String,
    pin: PinObject,
    journal: Option<JournalRules>,
}

impl Described {
    fn of((page, pin): (&Page, &PinObject)) -> Self {
        Self { family: page.family.clone(), pin: pin.clone(), journal: page.journal.clone() }
    }
}

impl Pins {
    pub(super) fn of(seen: &Seen, names: &[String], known: &Known<'_>) -> Self {
        let mut pins = Self { entries: Vec::new() };
        for (at, (applet, name)) in seen.applets.iter().zip(names).enumerate() {
            for (number, presented) in applet.presented.iter().enumerate() {
                let known = known.pin(&applet.aid, presented).map(Described::of);
                pins.entries.push(Entry {
                    applet: at,
                    applet_name: name.clone(),
                    presented: number,
                    spot: presented.spot,
                    seen: format!(
                        "in {}, reference {:02X}, a body of {}",
                        path(&presented.folder),
                        presented.reference,
                        counted(presented.length, "byte", "bytes")
                    ),
                    known,
                });
            }
        }
        pins
    }

    /// The name of what was presented, where the page describes it.
    pub(super) fn name(&self, applet: usize, presented: usize) -> Option<&str> {
        let entry = self.entries.iter().find(|entry| (entry.applet, entry.presented) == (applet, presented))?;
        entry.known.as_ref().map(|known| known.pin.name.as_str())
    }

    /// `journal` is the length of the item of that name.
    pub(super) fn write(&self, sheet: &mut Sheet, items: &[ItemName], journal: Option<u16>) {
        let mut written: Vec<&str> = Vec::new();
        let mut kept: Vec<(&str, &Described)> = Vec::new();
        for entry in &self.entries {
            match &entry.known {
                Some(known) if written.contains(&known.pin.name.as_str()) => {}
                Some(known) => {
                    written.push(&known.pin.name);
                    sheet.line("");
                    entry.write(sheet, known, items);
                    let flag = known.pin.journal.filter(|at| journal.is_some_and(|length| u16::from(*at) < length));
                    if let Some(at) = flag.filter(|_| known.journal.is_some()) {
                        sheet.line(format!("journal = {at}"));
                        kept.push((&known.pin.name, known));
                    }
                    sourced(sheet, &format!("{}; all else: {}", entry.spot, known.pin.source));
                }
                None => {
                    sheet.line("");
                    sheet.comment(format!(
                        "a PIN was accepted {} (applet {}, {}).",
                        entry.seen, entry.applet_name, entry.spot
                    ));
                    sheet.comment("  Which PIN of the holder it is, how many digits it may have and how its tries are asked for, a trace");
                    sheet.comment(
                        "  does not show: whoever knows adds a [[pin]] and names it in the items that it guards.",
                    );
                }
            }
        }
        // Without it a program would present a PIN whose change another program left unfinished.
        if let Some((_, Described { family, journal: Some(rules), .. })) = kept.first() {
            let names: Vec<_> = kept.iter().map(|(name, _)| quoted(name)).collect();
            sheet.line("\n[journal]");
            sheet.comment(format!("as page {family} has it, with the PIN objects that are here"));
            sheet.line(format!("order = [{}]", names.join(", ")));
            if !rules.cleared.is_empty() {
                sheet.line(format!("cleared = {:?}", rules.cleared));
            }
            sourced(sheet, &rules.source);
        }
    }
}

impl Entry {
    fn write(&self, sheet: &mut Sheet, Described { family, pin, .. }: &Described, items: &[ItemName]) {
        sheet.line("[[pin]]");
        sheet.comment(format!("accepted {}; what else is here is as page {family} has it for this place", self.seen));
        sheet.line(format!("name = {}", quoted(&pin.name)));
        sheet.line(format!("kind = \"{}\"", word(&pin.kind)));
        sheet.line(format!("applet = {}", quoted(&self.applet_name)));
        if let Some(known) = &pin.path {
            sheet.line(format!("path = \"{known}\""));
        }
        sheet.line(format!("reference = \"{}\"", hexes(pin.reference.as_slice())));
        sheet.line(format!("length = {}", pin.length));
        sheet.line(format!("minimum = {}", pin.minimum));
        sheet.line(format!("maximum = {}", pin.maximum));
        sheet.line(format!("status = \"{}\"", word(&pin.status)));
        if let Some(known) = &pin.status_path {
            sheet.line(format!("status_path = \"{known}\""));
        }
        if let Some(item) = pin.sealed_when_refused.filter(|item| items.contains(item)) {
            sheet.line(format!("sealed_when_refused = \"{item}\""));
        }
    }
}
