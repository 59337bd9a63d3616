//! A card page drafted from recorded traces: what answered, what was read, what it seems to be, and how that is known.

mod access;
mod content;
mod meaning;
mod objects;
mod observe;
mod places;
mod spot;
#[cfg(test)]
mod tests;
mod text;

use crate::family::{Mark, Page, PageFault, Roster};
use crate::session::Slot;
use crate::transport::trace::Trace;
use observe::Seen;
use thiserror::Error;

/// How a page is drafted.
pub struct Drafting<'d> {
    /// The name of the family that the page will describe.
    pub family: &'d str,
    /// The pages that are known: they lend names, units and limits to what a trace shows at the same place.
    pub roster: &'d Roster,
    /// Tells which slot a certificate belongs in; this crate does not take certificates apart.
    pub certificate: &'d dyn Fn(&[u8]) -> Option<Slot>,
}

/// A drafted page.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The page as TOML, with what was seen as comments. No value of the card is in it.
    pub text: String,
    /// The same, parsed.
    pub page: Page,
}

/// Why no page can be drafted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DraftError {
    /// No applet was selected by its AID.
    #[error("no applet answers to its AID in these traces; a page begins with one")]
    NoApplet,
    /// The traces are those of different families.
    #[error("trace {trace} is of another family than those before it: one page describes one family")]
    OtherFamily {
        /// The trace, counted from 1.
        trace: usize,
    },
    /// The name of the family is no word.
    #[error("a family's name has 1 to 32 lower-case letters, digits, - and _")]
    Name,
    /// What was seen makes no lawful page.
    #[error("what these traces show makes no page: {0}")]
    NoPage(PageFault),
}

/// Drafts a page. Nothing is in it that no trace shows, but for what a known page tells of the same place, which its
/// source then names; what cannot be told stays a comment.
///
/// ```
/// use idcard_core::{draft::{Drafting, draft}, family::Roster, transport::trace::Trace};
/// let text = "# idcard trace 1\n> 00 A4 04 0C 08 A0 00 00 00 18 43 4D 00\n< 90 00\n";
/// let trace = Trace::parse(text.as_bytes()).expect("a trace");
/// let roster = Roster::built_in()?;
/// let drafting = Drafting { family: "mine", roster: &roster, certificate: &|_| None };
/// let draft = draft(&[trace], &drafting).expect("an applet answers");
/// assert_eq!(draft.page.applets[0].name, "manager");
/// # Ok::<(), idcard_core::Error>(())
/// ```
///
/// # Errors
/// [`DraftError`].
pub fn draft(traces: &[Trace], drafting: &Drafting<'_>) -> Result<Draft, DraftError> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if !(1..=32).contains(&drafting.family.len()) || !drafting.family.bytes().all(letter) {
        return Err(DraftError::Name);
    }
    let seen = Seen::of(traces);
    if seen.applets.is_empty() {
        return Err(DraftError::NoApplet);
    }
    let known = known(&seen, drafting.roster)?;
    let text = text::page(&seen, known, drafting, traces.len());
    match Page::check(&text) {
        Ok(page) => Ok(Draft { text, page }),
        Err(mut faults) => Err(DraftError::NoPage(faults.swap_remove(0))),
    }
}

/// The known page whose mark the cards bear.
fn known<'r>(seen: &Seen, roster: &'r Roster) -> Result<Option<(&'r Page, &'r Mark)>, DraftError> {
    let mut known: Option<(&Page, &Mark)> = None;
    for (historical, spot) in &seen.historical {
        let fits = roster.pages().iter().find_map(|page| Some((page.as_ref(), page.mark(historical)?)));
        match (known, fits) {
            (Some((before, _)), Some((page, _))) if before.family != page.family => {
                return Err(DraftError::OtherFamily { trace: spot.trace });
            }
            (None, Some(fits)) => known = Some(fits),
            _ => {}
        }
    }
    Ok(known)
}
