//! Which page a card belongs to: historical bytes order the attempts, applets that answer decide, content confirms.

use super::{Generation, Page, Roster};
use crate::apdu::Status;
use crate::channel::Channel;
use crate::error::Error;
use crate::place::{self, Fetched, Habits, Reading, Selection, select_applet};
use std::sync::Arc;

/// How many exchanges may be spent before a card is called unknown.
const EXCHANGES: u32 = 4;

/// What a card was recognised as.
#[derive(Debug, Clone)]
pub(crate) struct Recognised {
    pub page: Arc<Page>,
    pub generation: Generation,
    /// The historical bytes bear a mark of the page.
    pub marked: bool,
}

/// Recognises the card, in four exchanges at most when it is none of ours.
pub(crate) fn recognise(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    habits: &mut Habits,
    roster: &Roster,
    atr: &[u8],
    historical: &[u8],
) -> Result<Recognised, Error> {
    let mut answered: Vec<(&[u8], bool)> = Vec::new();
    let (marked, unmarked): (Vec<_>, Vec<_>) = roster.pages().iter().partition(|page| page.mark(historical).is_some());
    for page in marked.into_iter().chain(unmarked) {
        let mark = page.mark(historical);
        if mark.is_none() && page.mark_required {
            continue;
        }
        for applet in page.recognised_by.iter().filter_map(|name| page.applet(name)) {
            let aid = applet.aid.as_slice();
            let answers = match answered.iter().find(|(tried, _)| *tried == aid) {
                Some(&(_, answers)) => answers,
                None if channel.exchanges() >= EXCHANGES => return Err(unrecognised(channel, atr)),
                None => {
                    let answers = answers(select_applet(channel, selection, applet))?;
                    answered.push((aid, answers));
                    answers
                }
            };
            // A mark and the applet that the page puts first are enough; anything less, the content has to confirm.
            let first = page.recognised_by.first() == Some(&applet.name);
            if answers && ((mark.is_some() && (first || page.specimen)) || confirmed(channel, selection, habits, page)?)
            {
                let generation = mark.map_or(page.generation, |mark| mark.generation);
                return Ok(Recognised { page: Arc::clone(page), generation, marked: mark.is_some() });
            }
        }
    }
    Err(unrecognised(channel, atr))
}

fn answers(selected: Result<(), Error>) -> Result<bool, Error> {
    match selected {
        Ok(()) => Ok(true),
        Err(Error::Refused { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Whether the item that the page names for it has the content it should have.
fn confirmed(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    habits: &mut Habits,
    page: &Page,
) -> Result<bool, Error> {
    // A page that names no item is confirmed by an AID of its own.
    let Some(name) = page.confirmed_by else { return Ok(true) };
    let Some((item, applet)) = page.item(name).and_then(|item| Some((item, page.applet(&item.applet)?))) else {
        return Ok(false);
    };
    let mut file = Fetched { bytes: Vec::new(), redacted: false };
    let mut reading = Reading { channel, selection, habits, may_give_way: false };
    match place::fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {}) {
        Ok(()) => Ok(file.redacted || matches!(crate::data::crn::decode(&file.bytes), Ok(Some(_)))),
        Err(Error::Refused { status, .. }) if status != Status::OK => Ok(false),
        Err(Error::Absent(_) | Error::Malformed { .. } | Error::Empty(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

fn unrecognised(channel: &Channel<'_>, atr: &[u8]) -> Error {
    Error::Unrecognised { atr: hex::encode_upper(atr), exchanges: channel.exchanges() }
}
