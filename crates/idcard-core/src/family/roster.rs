//! The pages at hand: those embedded in the library, and those that a user adds or puts in their place.

use super::page::Page;
use crate::error::Error;
use std::path::Path;
use std::sync::Arc;

/// The longest page file that is read, in bytes.
const LENGTH: u64 = 1024 * 1024;

const BUILT_IN: [(&str, &str); 4] = [
    ("specimen.toml", include_str!("../../cards/specimen.toml")),
    ("mav.toml", include_str!("../../cards/mav.toml")),
    ("pardis.toml", include_str!("../../cards/pardis.toml")),
    ("omid.toml", include_str!("../../cards/omid.toml")),
];

/// The card families that are known.
#[derive(Debug, Clone)]
pub struct Roster {
    pages: Vec<Arc<Page>>,
}

impl Roster {
    /// The pages embedded in the library.
    ///
    /// # Errors
    /// [`Error::Page`], which a test rules out for the embedded pages.
    ///
    /// ```
    /// let roster = idcard_core::family::Roster::built_in()?;
    /// assert!(roster.pages().iter().any(|page| page.family == "mav"));
    /// # Ok::<(), idcard_core::Error>(())
    /// ```
    pub fn built_in() -> Result<Self, Error> {
        let pages = BUILT_IN.iter().map(|(name, text)| Page::parse(text, Path::new(name)).map(Arc::new));
        Ok(Self { pages: pages.collect::<Result<_, _>>()? })
    }

    /// Adds a page from a file; it takes the place of the page of the same family, and is tried first.
    ///
    /// # Errors
    /// [`Error::Page`] when the file cannot be read or is no valid page.
    pub fn add(&mut self, path: &Path) -> Result<(), Error> {
        let page = Page::read(path)?;
        self.pages.retain(|known| known.family != page.family);
        self.pages.insert(0, Arc::new(page));
        Ok(())
    }

    /// The pages, in the order of trying.
    #[must_use]
    pub fn pages(&self) -> &[Arc<Page>] {
        &self.pages
    }
}

impl Page {
    /// Reads a page from a file of 1 MiB at most.
    ///
    /// # Errors
    /// [`Error::Page`] with the line.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |what: String| Error::Page { path: path.to_owned(), what };
        let metadata = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
        if !metadata.is_file() || metadata.len() > LENGTH {
            return Err(wrong("not a file of 1 MiB at most".to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        Self::parse(&text, path)
    }

    /// Parses the text of a page; `path` names it in errors.
    ///
    /// # Errors
    /// [`Error::Page`] with the line: a word that the vocabulary does not have, or a name that leads nowhere.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let wrong = |what: String| Error::Page { path: path.to_owned(), what };
        let page: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.lines().count().max(1));
            let message = error.message();
            wrong(line.map_or_else(|| message.to_owned(), |line| format!("line {line}: {message}")))
        })?;
        match page.loose_end() {
            Some(what) => Err(wrong(what)),
            None => Ok(page),
        }
    }

    /// A name that leads nowhere, or a statement that contradicts itself.
    fn loose_end(&self) -> Option<String> {
        let unknown = |name: &String| self.applet(name).is_none();
        let applets = self.recognised_by.iter().chain(self.items.iter().map(|item| &item.applet));
        let applets =
            applets.chain(self.pins.iter().map(|pin| &pin.applet)).chain(self.keys.iter().map(|key| &key.applet));
        let applets = applets.chain(self.channel.iter().map(|channel| &channel.applet));
        if let Some(name) = applets.into_iter().find(|name| unknown(name)) {
            return Some(format!("no applet is named \"{name}\""));
        }
        if self.recognised_by.is_empty() {
            return Some("recognised_by names no applet".to_owned());
        }
        let guards = self.items.iter().filter_map(|item| item.pin.as_ref()).chain(self.keys.iter().map(|key| &key.pin));
        if let Some(name) = guards.into_iter().find(|name| self.pin(name).is_none()) {
            return Some(format!("no pin is named \"{name}\""));
        }
        if let Some(applet) = self.applets.iter().find(|applet| !matches!(applet.offset_unit, 1 | 4)) {
            return Some(format!("applet \"{}\": offset_unit is 1 or 4", applet.name));
        }
        if let Some(applet) = self.applets.iter().find(|applet| !(5..=16).contains(&applet.aid.as_slice().len())) {
            return Some(format!("applet \"{}\": an AID has 5 to 16 bytes", applet.name));
        }
        for item in &self.items {
            if item.path.is_some() == item.command.is_some() {
                return Some(format!("item {}: either path or command", item.name));
            }
            if item.command.as_ref().is_some_and(|header| header.as_slice().len() != 4) {
                return Some(format!("item {}: command is CLA INS P1 P2", item.name));
            }
        }
        for pin in &self.pins {
            if pin.reference.as_slice().len() != 1
                || pin.length > 16
                || pin.maximum > pin.length
                || pin.minimum > pin.maximum
            {
                return Some(format!("pin \"{}\": one byte of reference, minimum ≤ maximum ≤ length ≤ 16", pin.name));
            }
            if (pin.status == super::StatusForm::SecretCodeInfo) != pin.status_path.is_some() {
                return Some(format!("pin \"{}\": status_path goes with secret_code_info", pin.name));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Page, Error> {
        Page::parse(text, Path::new("test.toml"))
    }

    #[test]
    fn every_built_in_page_parses_and_is_told_apart() {
        let roster = Roster::built_in().unwrap();
        let families: Vec<_> = roster.pages().iter().map(|page| page.family.as_str()).collect();
        assert_eq!(families, ["specimen", "mav", "pardis", "omid"]);
    }

    #[test]
    fn a_wrong_word_is_found_with_its_line() {
        let text = include_str!("../../cards/omid.toml").replace("evidence = \"B\"", "evidence = \"D\"");
        let line = text.lines().position(|line| line.contains("\"D\"")).unwrap() + 1;
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains(&format!("line {line}:")), "{error}");
    }

    #[test]
    fn names_that_lead_nowhere_are_found() {
        let page = include_str!("../../cards/pardis.toml");
        let error = parse(&page.replace("applet = \"issuer\"", "applet = \"nobody\"")).unwrap_err().to_string();
        assert!(error.contains("nobody"), "{error}");
        assert!(parse(&page.replace("title", "subtitle")).is_err(), "unknown fields are refused");
    }
}
