//! The pages at hand: those embedded in the library, and those that a user adds or puts in their place.

use super::loose_ends::PageFault;
use super::page::Page;
use crate::error::Error;
use std::path::Path;
use std::sync::Arc;

/// The longest page file that is read, in bytes.
const LENGTH: u64 = 1024 * 1024;

pub(super) const BUILT_IN: [(&str, &str); 4] = [
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
        self.add_page(Page::read(path)?);
        Ok(())
    }

    /// Adds a page; it takes the place of the page of the same family, and is tried first.
    pub fn add_page(&mut self, page: Page) {
        self.pages.retain(|known| known.family != page.family);
        self.pages.insert(0, Arc::new(page));
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
        Self::check(text).map_err(|faults| {
            let what = faults.first().map(PageFault::to_string).unwrap_or_default();
            Error::Page { path: path.to_owned(), what }
        })
    }

    /// Parses the text of a page, or tells everything that is wrong with it.
    ///
    /// # Errors
    /// At least one [`PageFault`]: a single one for text that is no TOML or has an unknown word.
    ///
    /// ```
    /// use idcard_core::family::Page;
    /// let faults = Page::check("family = \"x\"\ntitel = \"a slip\"\n").unwrap_err();
    /// assert_eq!(faults[0].line, Some(2));
    /// ```
    pub fn check(text: &str) -> Result<Self, Vec<PageFault>> {
        let page: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map(|before| before.matches('\n').count().saturating_add(1));
            vec![PageFault { line, what: error.message().to_owned() }]
        })?;
        let faults = page.loose_ends(text);
        if faults.is_empty() { Ok(page) } else { Err(faults) }
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
