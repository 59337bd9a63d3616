//! docs/cards.md is what the card pages say: rendered here, and compared.

use idcard_core::family::{ChangeForm, Extent, Find, Item, Page, PinObject, Roster, StatusForm};
use std::fmt::Write as _;
use std::path::Path;

/// Set to write the document anew in the place of comparing it.
const WRITE: &str = "IDCARD_WRITE_DOCS";

#[test]
fn the_document_of_the_cards_says_what_the_pages_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cards.md");
    let text = document(&Roster::built_in().unwrap());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written == text, "docs/cards.md is not what the pages say: run this test once with {WRITE}=1");
}

fn document(roster: &Roster) -> String {
    let mut out = String::from(
        "# The cards, and how well they are known\n\nMade from the pages in `crates/idcard-core/cards`. Evidence: `A` two \
         independent sources or a real card, `B` one source, `C` inferred, `ours` defined by this project, `trace` \
         seen in a recorded trace (pages that `page suggest` drafts). What is not listed is not known: the program reports it as such.\n",
    );
    for page in roster.pages() {
        family(&mut out, page);
    }
    out
}

fn family(out: &mut String, page: &Page) {
    let _ = write!(out, "\n## {}: {}\n\n", page.family, page.title);
    let _ = writeln!(out, "| historical bytes | generation | evidence | source |\n|---|---|---|---|");
    for mark in &page.marks {
        let whole = if mark.anywhere { "…" } else { "" };
        let _ = writeln!(
            out,
            "| `{whole}{}{whole}` | {} | {} | {} |",
            mark.historical, mark.generation, mark.evidence, mark.source
        );
    }
    let _ = writeln!(out, "\n| applet | AID | offsets | files found | evidence | source |\n|---|---|---|---|---|---|");
    for applet in &page.applets {
        let unit = if applet.offset_unit == 4 { "4-byte words" } else { "bytes" };
        let find = if applet.find == Find::Child { "among children" } else { "anywhere" };
        let _ = writeln!(
            out,
            "| {} | `{}` | {unit} | {find} | {} | {} |",
            applet.name, applet.aid, applet.evidence, applet.source
        );
    }
    let _ = writeln!(out, "\n| item | place | access | layout | evidence | source |\n|---|---|---|---|---|---|");
    for item in &page.items {
        item_row(out, item);
    }
    pins(out, &page.pins);
    upkeep(out, page);
    keys(out, page);
}

fn item_row(out: &mut String, item: &Item) {
    let place = match (&item.path, &item.command) {
        (Some(path), _) => format!("{} {path}", item.applet),
        (_, Some(command)) => format!("{} GET DATA {command}", item.applet),
        _ => item.applet.clone(),
    };
    let access =
        item.pin.as_ref().map_or_else(|| "free, as far as known".to_owned(), |pin| format!("PIN object {pin}"));
    let layout = match (item.decoder, item.extent) {
        (None, _) => "unknown",
        (_, Extent::Object) => "one data object",
        (_, Extent::Objects) => "data objects",
        (_, Extent::Fixed) => "fixed length",
    };
    let _ = writeln!(out, "| {} | {place} | {access} | {layout} | {} | {} |", item.name, item.evidence, item.source);
}

fn pins(out: &mut String, pins: &[PinObject]) {
    if pins.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n| PIN object | PIN | place | digits | status by | evidence | source |\n|---|---|---|---|---|---|---|"
    );
    for pin in pins {
        let place = pin.path.as_ref().map_or_else(|| pin.applet.clone(), |path| format!("{} {path}", pin.applet));
        let status = if pin.status == StatusForm::EmptyVerify { "empty VERIFY" } else { "GetInfo" };
        let _ = writeln!(
            out,
            "| {} | {} | {place}, reference {} | {} to {} | {status} | {} | {} |",
            pin.name, pin.kind, pin.reference, pin.minimum, pin.maximum, pin.evidence, pin.source
        );
    }
}

/// How PINs are replaced, and what else the page tells below its tables.
fn upkeep(out: &mut String, page: &Page) {
    let known = |pin: &&PinObject| pin.change.is_some() || pin.unblock.is_some();
    if page.pins.iter().any(|pin| known(&pin)) {
        let _ = writeln!(
            out,
            "\n| PIN object | changed by the old PIN | unblocked by the PUK | PUK | evidence | source |\n|---|---|---|---|---|---|"
        );
    }
    let form = |form, packed, padded| match form {
        None => "not known",
        Some(ChangeForm::Packed) => packed,
        Some(ChangeForm::Padded) => padded,
    };
    for pin in page.pins.iter().filter(known) {
        let unblock = pin.unblock.as_ref();
        let puk = unblock.map_or_else(String::new, |unblock| {
            let tries = unblock.tries.map_or_else(|| "tries not known".to_owned(), |tries| format!("{tries} tries"));
            format!("{} to {} digits, {tries}", unblock.minimum, unblock.maximum)
        });
        let (evidence, source) = unblock.map_or((pin.evidence, &pin.source), |one| (one.evidence, &one.source));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {puk} | {evidence} | {source} |",
            pin.name,
            form(pin.change, "`80 24 00`, packed", "`00 24`, padded"),
            form(unblock.map(|unblock| unblock.form), "`80 24 01`, packed", "`00 2C`, padded")
        );
    }
    if let Some(journal) = &page.journal {
        let flags = journal.order.iter().filter_map(|name| page.pin(name)).filter_map(|pin| {
            let at = pin.journal?;
            Some(format!("{} (byte {at})", pin.name))
        });
        let flags: Vec<_> = flags.collect();
        let _ = writeln!(
            out,
            "\nA change goes through {}, each between its flags in the journal; evidence {}, {}.",
            flags.join(", "),
            journal.evidence,
            journal.source
        );
    }
    if let Some(channel) = &page.channel {
        let _ = writeln!(
            out,
            "\nThe secure channel opens in {} {}; evidence {}, {}.",
            channel.applet, channel.path, channel.evidence, channel.source
        );
    }
    if let Some(fingers) = &page.fingers {
        let _ = writeln!(
            out,
            "\nFingers are compared in {}: `00 21 00`; evidence {}, {}.",
            fingers.applet, fingers.evidence, fingers.source
        );
    }
}

fn keys(out: &mut String, page: &Page) {
    if page.keys.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n| key | place | PIN object | algorithms | evidence | source |\n|---|---|---|---|---|---|");
    for key in &page.keys {
        let place = key.path.as_ref().map_or_else(|| key.applet.clone(), |path| format!("{} {path}", key.applet));
        let each = if key.pin_per_signature { ", at every signature" } else { "" };
        let algorithms: Vec<_> = key
            .algorithms
            .iter()
            .map(|known| {
                let hash = known.hash.map_or_else(|| "any hash".to_owned(), |hash| format!("{hash:?}"));
                format!("{:?} {hash}", known.scheme)
            })
            .collect();
        let _ = writeln!(
            out,
            "| {} | {place} | {}{each} | {} | {} | {} |",
            key.name,
            key.pin,
            algorithms.join(", "),
            key.evidence,
            key.source
        );
    }
}
