//! The drafted page as TOML: entries for what is known well enough, comments for all the rest.

mod items;
mod pins;

use super::content::unit;
use super::observe::{Seen, SeenApplet};
use super::places::Known;
use super::{Drafting, Mark, Page};
use crate::data::digits::counted;
use crate::family::{Find, Generation, ItemName};
use items::Items;
use pins::Pins;
use serde::Serialize;

/// Joins lines that are written one by one.
#[derive(Default)]
pub(super) struct Sheet(String);

impl Sheet {
    fn line(&mut self, text: impl AsRef<str>) {
        self.0.push_str(text.as_ref());
        self.0.push('\n');
    }

    fn comment(&mut self, text: impl AsRef<str>) {
        self.line(format!("# {}", text.as_ref().replace(char::is_control, " ")));
    }
}

/// The word of the pages' vocabulary, by the same rule that reads it.
fn word(value: &impl Serialize) -> String {
    match toml::Value::try_from(value) {
        Ok(toml::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Text of a known page as TOML, which a user may have written.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn hexes(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

fn path(identifiers: &[u16]) -> String {
    identifiers.iter().map(|identifier| format!("{identifier:04X}")).collect::<Vec<_>>().join("/")
}

/// The whole page.
pub(super) fn page(seen: &Seen, marked: Option<(&Page, &Mark)>, drafting: &Drafting<'_>, traces: usize) -> String {
    let known = Known::new(drafting.roster, marked.map(|(page, _)| page));
    let names = names(seen, &known);
    let pins = Pins::of(seen, &names, &known);
    let items = Items::of(seen, &names, &known, &pins, drafting.certificate);
    let mut sheet = Sheet::default();
    head(&mut sheet, seen, marked, &names, drafting, traces);
    if seen.historical.is_empty() {
        if items.names().any(|name| name == ItemName::Crn) {
            sheet.line("confirmed_by = \"crn\"");
        } else {
            sheet.comment(
                "No answer to reset and no CRN was seen: this page takes every card on which these applets answer.",
            );
        }
    }
    marks(&mut sheet, seen, marked);
    for (applet, name) in seen.applets.iter().zip(&names) {
        applet_entry(&mut sheet, applet, name, &known);
    }
    items.write(&mut sheet);
    pins.write(&mut sheet, &items.names().collect::<Vec<_>>(), items.journal());
    if seen.stray > 0 {
        sheet.line("");
        sheet.comment(format!(
            "{} to no applet that was selected by its AID, or under secure messaging: nothing is told of it.",
            counted(seen.stray, "command went", "commands went")
        ));
    }
    if seen.left_out > 0 {
        sheet.line("");
        sheet.comment("There was more on the card than a draft keeps: 16 applets, 64 files and data objects of each.");
    }
    sheet.0
}

fn head(
    sheet: &mut Sheet,
    seen: &Seen,
    marked: Option<(&Page, &Mark)>,
    names: &[String],
    drafting: &Drafting<'_>,
    traces: usize,
) {
    sheet.comment(format!("A draft, made of recorded traces ({traces}). Read it, complete it, check it with"));
    sheet.comment("  idcard page check FILE");
    sheet
        .comment("and try it with --page FILE. Of what the card gave only tags, lengths and kinds are here, no value.");
    sheet.line(format!("family = \"{}\"", drafting.family));
    sheet.line("title = \"A card page drafted from traces\"");
    match marked {
        Some((page, mark)) => {
            sheet.comment(format!("generation: page {} knows the mark", page.family));
            sheet.line(format!("generation = \"{}\"", word(&mark.generation)));
            if page.specimen {
                sheet.line("specimen = true");
                sheet.line("mark_required = true");
            }
        }
        None => sheet.line(format!("generation = \"{}\"", word(&Generation::Unknown))),
    }
    // What the known page asks first is what programs that follow it ask first.
    let preferred = marked.iter().flat_map(|(page, _)| &page.recognised_by);
    let preferred: Vec<&String> = preferred.filter(|name| names.contains(name)).collect();
    let own = |at: usize| seen.applets.get(at).is_some_and(|applet| !is_manager(applet));
    let others =
        names.iter().enumerate().filter(|(at, name)| own(*at) && !preferred.contains(name)).map(|(_, name)| name);
    let mut all: Vec<&String> = preferred.iter().copied().chain(others).collect();
    if all.is_empty() {
        all = names.iter().collect();
    }
    let all: Vec<_> = all.iter().map(|name| quoted(name)).collect();
    sheet.line(format!("recognised_by = [{}]", all.join(", ")));
}

/// Card managers answer on cards of every kind, and recognise none.
fn is_manager(applet: &SeenApplet) -> bool {
    let managers: [&[u8]; 3] = [&[0xA0, 0, 0, 0, 0x18, 0x43, 0x4D], &[0xA0, 0, 0, 0, 0x03], &[0xA0, 0, 0, 0x01, 0x51]];
    managers.iter().any(|manager| applet.aid.starts_with(manager))
}

fn marks(sheet: &mut Sheet, seen: &Seen, marked: Option<(&Page, &Mark)>) {
    for (historical, spot) in &seen.historical {
        sheet.line("\n[[mark]]");
        sheet.line(format!("historical = \"{}\"", hexes(historical)));
        let generation = marked.map_or(Generation::Unknown, |(_, mark)| mark.generation);
        sheet.line(format!("generation = \"{}\"", word(&generation)));
        sourced(sheet, &spot.to_string());
    }
}

fn sourced(sheet: &mut Sheet, source: &str) {
    sheet.line("evidence = \"trace\"");
    sheet.line(format!("source = {}", quoted(source)));
}

/// A name for each applet: the one of the page that knows its AID, else a number.
fn names(seen: &Seen, known: &Known<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (applet, number) in seen.applets.iter().zip(1..) {
        let known = known.applet(&applet.aid).map(|(_, known)| known.name.clone());
        let name = known.filter(|name| !names.contains(name)).unwrap_or_else(|| format!("applet-{number}"));
        names.push(name);
    }
    names
}

fn applet_entry(sheet: &mut Sheet, applet: &SeenApplet, name: &str, known: &Known<'_>) {
    let known = known.applet(&applet.aid);
    sheet.line("\n[[applet]]");
    sheet.line(format!("name = {}", quoted(name)));
    sheet.line(format!("aid = \"{}\"", hexes(&applet.aid)));
    let shown = unit(applet.files.iter().flat_map(|file| &file.readings));
    match (shown, known) {
        (Some(unit), _) => {
            sheet.comment("offset_unit: shown by a file that was read in several pieces");
            sheet.line(format!("offset_unit = {unit}"));
        }
        (None, Some((page, known))) => {
            sheet.comment(format!("offset_unit: not shown here; as page {} has it for this AID", page.family));
            sheet.line(format!("offset_unit = {}", known.offset_unit));
        }
        (None, None) if applet.files.is_empty() => {}
        (None, None) => {
            sheet.comment("offset_unit: not shown here, no file was read in several pieces; bytes are assumed");
        }
    }
    match (applet.child, known) {
        (Some(child), _) => {
            let find = if child { Find::Child } else { Find::Anywhere };
            sheet.line(format!("find = \"{}\" # as DFs were selected", word(&find)));
        }
        (None, Some((page, known))) if known.find == Find::Child => {
            sheet.comment(format!("find: no DF was selected here; as page {} has it", page.family));
            sheet.line(format!("find = \"{}\"", word(&known.find)));
        }
        (None, _) => {}
    }
    if !applet.silent {
        sheet.line("silent = false");
    }
    if applet.answers {
        sheet.line("answers = true");
    }
    sourced(sheet, &applet.spot.to_string());
}
