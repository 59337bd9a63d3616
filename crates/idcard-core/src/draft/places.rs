//! What known pages tell of a place that a trace shows.

use super::access::Presented;
use crate::family::{Applet, Item, Page, PinObject, Roster};

/// The known pages, the one whose mark the card bears first.
pub(super) struct Known<'p> {
    pages: Vec<&'p Page>,
}

impl<'p> Known<'p> {
    pub(super) fn new(roster: &'p Roster, marked: Option<&'p Page>) -> Self {
        let others = roster.pages().iter().map(AsRef::as_ref);
        let others = others.filter(|page: &&Page| marked.is_none_or(|marked| marked.family != page.family));
        Self { pages: marked.into_iter().chain(others).collect() }
    }

    /// The applet of this AID.
    pub(super) fn applet(&self, aid: &[u8]) -> Option<(&'p Page, &'p Applet)> {
        self.pages.iter().find_map(|page| {
            let applet = page.applets.iter().find(|applet| applet.aid.as_slice() == aid)?;
            Some((*page, applet))
        })
    }

    /// The item in the file at this path.
    pub(super) fn file(&self, aid: &[u8], path: &[u16]) -> Option<(&'p Page, &'p Item)> {
        self.item(aid, |item| item.path.as_ref().is_some_and(|known| known.identifiers() == path))
    }

    /// The item that this command fetches.
    pub(super) fn object(&self, aid: &[u8], header: [u8; 4]) -> Option<(&'p Page, &'p Item)> {
        self.item(aid, |item| item.command.as_ref().is_some_and(|known| known.as_slice() == header))
    }

    fn item(&self, aid: &[u8], is: impl Fn(&Item) -> bool) -> Option<(&'p Page, &'p Item)> {
        self.pages.iter().find_map(|page| {
            let of_applet = |item: &&Item| page.applet(&item.applet).is_some_and(|own| own.aid.as_slice() == aid);
            let item = page.items.iter().filter(of_applet).find(|item| is(item))?;
            Some((*page, item))
        })
    }

    /// The PIN object that was presented so: applet, reference and length are the same, and the DF where it matters.
    pub(super) fn pin(&self, aid: &[u8], seen: &Presented) -> Option<(&'p Page, &'p PinObject)> {
        self.pages.iter().find_map(|page| {
            let is = |pin: &&PinObject| {
                page.applet(&pin.applet).is_some_and(|own| own.aid.as_slice() == aid)
                    && pin.reference.as_slice() == [seen.reference]
                    && usize::from(pin.length) == seen.length
                    && pin.path.as_ref().is_none_or(|path| path.identifiers() == seen.folder)
            };
            Some((*page, page.pins.iter().find(is)?))
        })
    }
}
