//! What is wrong with a page beyond its words: names that lead nowhere, statements that contradict each other.

use super::page::Page;
use super::words::{ChangeForm, Extent, ItemName, StatusForm};
use std::collections::BTreeSet;

/// One thing that is wrong with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFault {
    /// The line in the file, counted from 1, where it can be told.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for PageFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// The text of a page, for finding the line of an entry.
struct Text<'t>(&'t str);

impl Text<'_> {
    /// The line that says `key = "value"` in a table of this name, or anywhere else.
    fn line(&self, table: &str, key: &str, value: &str) -> Option<usize> {
        let header = format!("[[{table}]]");
        let wanted = format!("{key}=\"{value}\"");
        let mut within = false;
        let mut elsewhere = None;
        for (number, line) in self.0.lines().enumerate() {
            let packed: String = line.chars().filter(|character| !character.is_whitespace()).collect();
            if packed.starts_with('[') {
                within = packed.starts_with(&header);
            }
            if packed.contains(&wanted) {
                let number = number.saturating_add(1);
                if within {
                    return Some(number);
                }
                elsewhere = elsewhere.or(Some(number));
            }
        }
        elsewhere
    }

    /// The line on which a key of the page itself stands.
    fn key(&self, key: &str) -> Option<usize> {
        let is =
            |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
        self.0.lines().position(is).map(|number| number.saturating_add(1))
    }
}

impl Page {
    /// Everything that is wrong with a page whose words are all known, in the order of its parts.
    pub(super) fn loose_ends(&self, text: &str) -> Vec<PageFault> {
        let text = Text(text);
        let mut faults = Vec::new();
        self.names(&text, &mut faults);
        self.applet_faults(&text, &mut faults);
        self.item_faults(&text, &mut faults);
        self.pin_faults(&text, &mut faults);
        faults
    }

    fn names(&self, text: &Text<'_>, faults: &mut Vec<PageFault>) {
        let mut nowhere = |line: Option<usize>, what: String| faults.push(PageFault { line, what });
        if self.recognised_by.is_empty() {
            nowhere(text.key("recognised_by"), "recognised_by names no applet".to_owned());
        }
        for name in self.recognised_by.iter().filter(|name| self.applet(name).is_none()) {
            nowhere(text.key("recognised_by"), format!("no applet is named \"{name}\""));
        }
        if let Some(item) = self.confirmed_by.filter(|name| self.item(*name).is_none()) {
            nowhere(text.key("confirmed_by"), format!("there is no item {item}"));
        }
        let items = self.items.iter().map(|item| ("item", &item.applet));
        let pins = self.pins.iter().map(|pin| ("pin", &pin.applet));
        let keys = self.keys.iter().map(|key| ("key", &key.applet));
        let channel = self.channel.iter().map(|channel| ("channel", &channel.applet));
        let fingers = self.fingers.iter().map(|fingers| ("fingers", &fingers.applet));
        for (table, name) in items.chain(pins).chain(keys).chain(channel).chain(fingers) {
            if self.applet(name).is_none() {
                nowhere(text.line(table, "applet", name), format!("no applet is named \"{name}\""));
            }
        }
        let guarded = self.items.iter().filter_map(|item| item.pin.as_ref().map(|pin| ("item", pin)));
        for (table, name) in guarded.chain(self.keys.iter().map(|key| ("key", &key.pin))) {
            if self.pin(name).is_none() {
                nowhere(text.line(table, "pin", name), format!("no pin is named \"{name}\""));
            }
        }
        let applets = self.applets.iter().map(|applet| ("applet", applet.name.clone()));
        // Files of which only the place is known may be many.
        let named = self.items.iter().filter(|item| item.name != ItemName::Unnamed);
        let items = named.map(|item| ("item", item.name.to_string()));
        let pins = self.pins.iter().map(|pin| ("pin", pin.name.clone()));
        let keys = self.keys.iter().map(|key| ("key", key.name.to_string()));
        let mut seen = BTreeSet::new();
        for (table, name) in applets.chain(items).chain(pins).chain(keys) {
            if !seen.insert((table, name.clone())) {
                nowhere(text.line(table, "name", &name), format!("{table} \"{name}\" is there twice"));
            }
        }
    }

    fn applet_faults(&self, text: &Text<'_>, faults: &mut Vec<PageFault>) {
        for applet in &self.applets {
            let mut wrong = |what: &str| {
                let line = text.line("applet", "name", &applet.name);
                faults.push(PageFault { line, what: format!("applet \"{}\": {what}", applet.name) });
            };
            if !matches!(applet.offset_unit, 1 | 4) {
                wrong("offset_unit is 1 or 4");
            }
            if !(5..=16).contains(&applet.aid.as_slice().len()) {
                wrong("an AID has 5 to 16 bytes");
            }
        }
    }

    fn item_faults(&self, text: &Text<'_>, faults: &mut Vec<PageFault>) {
        for item in &self.items {
            let mut wrong = |what: &str| {
                let line = text.line("item", "name", &item.name.to_string());
                faults.push(PageFault { line, what: format!("item {}: {what}", item.name) });
            };
            if item.path.is_some() == item.command.is_some() {
                wrong("either path or command");
            }
            if item.command.as_ref().is_some_and(|header| header.as_slice().len() != 4) {
                wrong("command is CLA INS P1 P2");
            }
            if (item.extent == Extent::Fixed) != item.length.is_some() {
                wrong("length goes with extent = \"fixed\"");
            }
        }
    }

    fn pin_faults(&self, text: &Text<'_>, faults: &mut Vec<PageFault>) {
        for pin in &self.pins {
            let mut wrong = |what: &str| {
                let line = text.line("pin", "name", &pin.name);
                faults.push(PageFault { line, what: format!("pin \"{}\": {what}", pin.name) });
            };
            let orderly = pin.minimum <= pin.maximum && pin.maximum <= pin.length && pin.length <= 16;
            if pin.reference.as_slice().len() != 1 || !orderly {
                wrong("one byte of reference, minimum ≤ maximum ≤ length ≤ 16");
            }
            if (pin.status == StatusForm::SecretCodeInfo) != pin.status_path.is_some() {
                wrong("status_path goes with secret_code_info");
            }
            if pin.sealed_when_refused.is_some_and(|name| self.item(name).is_none()) {
                wrong("sealed_when_refused names no item of this page");
            }
            let unblock = pin.unblock.as_ref();
            if unblock.and_then(|unblock| unblock.reference.as_ref()).is_some_and(|one| one.as_slice().len() != 1) {
                wrong("unblock: one byte of reference");
            }
            if unblock.is_some_and(|unblock| unblock.minimum > unblock.maximum || unblock.maximum > 16) {
                wrong("unblock: minimum ≤ maximum ≤ 16");
            }
            let packed = [pin.change, unblock.map(|unblock| unblock.form)].contains(&Some(ChangeForm::Packed));
            if packed && (pin.maximum > 8 || unblock.is_some_and(|unblock| unblock.maximum > 8)) {
                wrong("eight digits at most are packed");
            }
            let journal = self.item(ItemName::Journal).and_then(|item| item.length);
            if pin.journal.is_some_and(|at| journal.is_none_or(|length| u16::from(at) >= length)) {
                wrong("journal is a byte of the item journal, whose extent is fixed");
            }
        }
        let order = self.journal.iter().flat_map(|journal| &journal.order);
        for name in order.filter(|name| self.pin(name).is_none_or(|pin| pin.journal.is_none())) {
            faults.push(PageFault { line: text.key("order"), what: format!("no pin \"{name}\" has a journal") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: impl Fn(&str) -> String) -> (String, Vec<PageFault>) {
        let text = change(include_str!("../../cards/specimen.toml"));
        let faults = Page::check(&text).unwrap_err();
        (text, faults)
    }

    #[test]
    fn each_fault_is_told_with_its_line() {
        let (text, faults) = faults(|page| {
            page.replacen("offset_unit = 4", "offset_unit = 3", 1).replacen(
                "applet = \"mpcos\"",
                "applet = \"nobody\"",
                1,
            )
        });
        let line = |part: &str| text.lines().position(|line| line.contains(part)).map(|number| number + 1);
        let told: Vec<_> = faults.iter().map(|fault| (fault.line, fault.what.as_str())).collect();
        assert!(told.contains(&(line("\"nobody\""), "no applet is named \"nobody\"")), "{told:?}");
        assert!(told.contains(&(line("name = \"mpcos\""), "applet \"mpcos\": offset_unit is 1 or 4")), "{told:?}");
        assert_eq!(told.len(), 2, "{told:?}");
    }

    #[test]
    fn what_is_there_twice_is_found() {
        let (_, faults) = faults(|page| {
            let item = page.find("[[item]]").unwrap();
            let end = page[item + 1..].find("[[").unwrap() + item + 1;
            format!("{page}\n{}", &page[item..end])
        });
        assert!(faults.iter().any(|fault| fault.what.ends_with("is there twice")), "{faults:?}");
    }

    #[test]
    fn built_in_pages_have_none() {
        for (_, text) in crate::family::roster::BUILT_IN {
            assert!(Page::check(text).is_ok());
        }
    }

    #[test]
    fn every_byte_of_a_page_may_be_anything() {
        for page in [include_str!("../../cards/omid.toml"), include_str!("../../cards/pardis.toml")] {
            for at in 0..page.len() {
                let mut bytes = page.as_bytes().to_vec();
                for byte in [bytes[at] ^ 0x01, b'\n', b'"', b'=', b'[', b'-', b'9', b'z', 0x00, 0x7F] {
                    bytes[at] = byte;
                    // What is not UTF-8 is no page.
                    let Ok(changed) = std::str::from_utf8(&bytes) else { continue };
                    if let Err(faults) = Page::check(changed) {
                        let lines = changed.lines().count() + 1;
                        assert!(!faults.is_empty(), "byte {at}: {byte:02X}");
                        assert!(faults.iter().all(|fault| fault.line.is_none_or(|line| (1..=lines).contains(&line))));
                    }
                }
            }
        }
    }
}
