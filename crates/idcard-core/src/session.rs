//! An exclusive visit to the card: items are fetched once, PINs presented as their page tells, the card left clean.

mod challenge;
mod fingers;
mod going_on;
mod items;
mod journal;
mod pin_change;
mod pin_on_pad;
mod pin_resume;
mod pins;
mod puk;
mod secure_channel;

pub use items::Slot;
pub use journal::{JournalMark, PinJournal};
pub use pin_change::PinChanged;
pub(crate) use pins::check_rules;

use crate::apdu::Status;
use crate::channel::Channel;
use crate::data::serial::Serial;
use crate::error::Error;
use crate::family::recognition::Recognised;
use crate::family::{Applet, FilePath, Generation, Item, ItemName, Page, PinKind};
use crate::place::{self, Fetched, Habits, Progress, Reading, Selection};
use crate::transport::{Leaving, LinkError, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Called while an item is read: the item, the bytes that are there, and how many it will be where that is known.
type Listener<'c> = Box<dyn FnMut(ItemName, usize, Option<usize>) + 'c>;

/// A session with one card; other programs wait until it is dropped.
///
/// Free items are read in turns of half a second; from the first PIN on the card is kept. A session in which a PIN was
/// presented resets the card when it ends, so that nothing stays unlocked.
///
/// ```
/// use idcard_core::{Card, Error, LastTry, Pin, family::ItemName};
///
/// fn greet(card: &mut Card, pin: &Pin) -> Result<(), Error> {
///     let mut session = card.session()?;
///     println!("{:?}", session.dates()?); // free to read
///     match session.present_for(ItemName::Identity, pin, LastTry::Refuse) {
///         Err(Error::WrongPin { tries_left, .. }) => println!("wrong; tries left: {tries_left:?}"),
///         presented => {
///             presented?;
///             println!("{:?}", session.identity()?.surname);
///         }
///     }
///     session.end() // resets the card where a PIN was presented
/// }
/// ```
pub struct Session<'c> {
    pub(crate) channel: Channel<'c>,
    pub(crate) selection: Selection,
    habits: Habits,
    recognised: Recognised,
    serial: &'c mut Option<Serial>,
    /// Items that this card gave in clear, in this session or in an earlier one that knew it by its serial number.
    open: &'c mut BTreeSet<ItemName>,
    /// The serial number was compared or read since the last time that the card could have been another.
    same: bool,
    fetched: BTreeMap<ItemName, Fetched>,
    verified: Vec<String>,
    pin_sent: bool,
    /// What the card told decides whether a secret is sent: it may not change before.
    deciding: bool,
    pin_lost: bool,
    /// How many VERIFY commands with a PIN have gone out.
    presentations: u32,
    /// What the journal of a PIN told, and in which turn.
    unfinished: Option<(PinKind, u32, bool)>,
    restarted: bool,
    secured: bool,
    /// Terminal keys were sent: the card may be in a secure channel, whatever it answered.
    proving: bool,
    sealed: bool,
    progress: Option<Listener<'c>>,
}

/// What a card hands over to its session.
pub(crate) struct SessionParts<'c> {
    pub channel: Channel<'c>,
    pub selection: Selection,
    pub habits: Habits,
    pub recognised: Recognised,
    pub serial: &'c mut Option<Serial>,
    pub open: &'c mut BTreeSet<ItemName>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(parts: SessionParts<'c>) -> Self {
        let SessionParts { channel, selection, habits, recognised, serial, open } = parts;
        if serial.is_none() {
            // Nothing tells whether it is the card of the session before.
            open.clear();
        }
        Self {
            channel,
            selection,
            habits,
            recognised,
            same: serial.is_none(),
            serial,
            open,
            fetched: BTreeMap::new(),
            verified: Vec::new(),
            pin_sent: false,
            deciding: false,
            pin_lost: false,
            presentations: 0,
            unfinished: None,
            restarted: false,
            secured: false,
            proving: false,
            sealed: false,
            progress: None,
        }
    }

    /// The page of the card's family.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.recognised.page
    }

    pub(crate) fn recognised_page(&self) -> std::sync::Arc<Page> {
        std::sync::Arc::clone(&self.recognised.page)
    }

    /// The card's generation.
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.recognised.generation
    }

    /// Whether the historical bytes bear a mark of the family: false for a batch not seen before.
    #[must_use]
    pub fn has_known_mark(&self) -> bool {
        self.recognised.marked
    }

    /// How many commands this session has sent.
    #[must_use]
    pub fn exchanges(&self) -> u32 {
        self.channel.exchanges()
    }

    /// Has `progress` called while items are read: the item, the bytes that are there, how many it will be.
    pub fn on_progress(&mut self, progress: impl FnMut(ItemName, usize, Option<usize>) + 'c) {
        self.progress = Some(Box::new(progress));
    }

    /// Puts a secure channel around the transaction for the rest of the session; it carries `plain` bytes at a time.
    pub(crate) fn wrap(
        &mut self,
        plain: u32,
        wrapper: impl FnOnce(Box<dyn Transaction + 'c>) -> Box<dyn Transaction + 'c>,
    ) {
        self.channel.wrap(wrapper);
        self.habits.chunk = plain;
        self.secured = true;
        self.sealed = false;
    }

    /// Whether the secure channel is open.
    #[must_use]
    pub const fn is_secured(&self) -> bool {
        self.secured
    }

    /// The raw bytes of an item, fetched at most once in a session.
    ///
    /// # Errors
    /// [`Error::LayoutUnknown`] where the page does not know it, [`Error::PinRequired`],
    /// [`Error::SecureChannelRequired`], [`Error::Absent`], and what the card or the link did.
    pub fn fetch(&mut self, name: ItemName) -> Result<&Fetched, Error> {
        if !self.fetched.contains_key(&name) {
            let file = self.fetch_anew(name)?;
            self.fetched.insert(name, file);
        }
        self.fetched.get(&name).ok_or(Error::Absent(name))
    }

    /// Compares an item that this session has fetched with what the card gives now: for when it seems that another card
    /// lies in the reader and nobody has noticed.
    ///
    /// # Errors
    /// [`Error::CardChanged`], and those of [`Session::fetch`].
    pub fn compare(&mut self, name: ItemName) -> Result<(), Error> {
        let Some(before) = self.fetched.remove(&name) else { return Ok(()) };
        self.selection.forget();
        if *self.fetch(name)? == before { Ok(()) } else { Err(Error::CardChanged) }
    }

    /// The raw bytes of an item that this session has fetched; nothing is asked of the card.
    #[must_use]
    pub fn fetched(&self, name: ItemName) -> Option<&Fetched> {
        self.fetched.get(&name)
    }

    fn fetch_anew(&mut self, name: ItemName) -> Result<Fetched, Error> {
        let page = std::sync::Arc::clone(&self.recognised.page);
        let Some(item) = page.item(name) else { return Err(Error::LayoutUnknown(name)) };
        let Some(applet) = page.applet(&item.applet) else { return Err(Error::LayoutUnknown(name)) };
        self.permit(&page, item)?;
        let mut file = Fetched { bytes: Vec::new(), redacted: false };
        let may_give_way = !self.keeps_the_card();
        loop {
            let mut silent = |_, _, _| {};
            let progress: Progress<'_> = match self.progress.as_mut() {
                Some(progress) => progress,
                None => &mut silent,
            };
            let mut reading = Reading {
                channel: &mut self.channel,
                selection: &mut self.selection,
                habits: &mut self.habits,
                may_give_way,
            };
            match place::fetch(&mut reading, item, applet, &mut file, progress) {
                Ok(()) => return Ok(file),
                Err(Error::Reader { source, step }) => {
                    self.go_on_after(source, step)?;
                    self.permit(&page, item)?;
                    if self.serial.is_none() {
                        // Nothing tells whether it is the same card: a file is never put together from two.
                        file.bytes.clear();
                    }
                }
                Err(error) => {
                    // A file that breaks off was free to read as far as it came.
                    let gave = file.bytes.iter().any(|byte| !matches!(byte, 0x00 | 0xFF));
                    let refused = matches!(error, Error::Refused { status: Status::SECURITY_STATUS, .. });
                    if gave && !refused && self.same && !self.secured {
                        self.open.insert(name);
                    }
                    return Err(self.refusal(item, error));
                }
            }
        }
    }

    /// Whether an item may be asked for: what a PIN guards is not asked for before the PIN was presented.
    fn permit(&mut self, page: &Page, item: &Item) -> Result<(), Error> {
        let Some(pin) = item.pin.as_deref().and_then(|name| page.pin(name)) else { return Ok(()) };
        if self.verified.contains(&pin.name) {
            return Ok(());
        }
        if self.sealed && pin.sealed_when_refused.is_some() {
            return Err(Error::SecureChannelRequired(item.name));
        }
        Err(Error::PinRequired { item: item.name, kind: pin.kind })
    }

    /// What a refusal means for an item: a file that answers 6982 without a PIN being known for it is behind a channel.
    fn refusal(&mut self, item: &Item, error: Error) -> Error {
        match error {
            Error::Refused { status: Status::SECURITY_STATUS, .. } if item.pin.is_none() => {
                if self.page().pins.iter().any(|pin| pin.sealed_when_refused == Some(item.name)) {
                    self.sealed = true;
                }
                Error::SecureChannelRequired(item.name)
            }
            other => other,
        }
    }

    const fn keeps_the_card(&self) -> bool {
        self.pin_sent || self.deciding || self.secured
    }

    /// Lets other programs have their turn, where this session has kept the card for `long` and nothing is unlocked.
    pub(crate) fn let_others(&mut self, step: &str, long: Duration) -> Result<(), Error> {
        if self.keeps_the_card() || self.channel.turn() < long {
            return Ok(());
        }
        self.selection.forget();
        self.channel.give_way(&step)
    }

    /// The applet that is selected on the card: what lies in it takes the fewest exchanges now.
    #[must_use]
    pub fn selected_applet(&self) -> Option<&str> {
        self.selection.applet()
    }

    /// Which of the page's applets answer to SELECT; those that this session has selected are not asked again.
    ///
    /// # Errors
    /// [`Error::Reader`] and [`Error::Garbled`]; an applet that refuses is one that does not answer.
    pub fn applets(&mut self) -> Result<Vec<(Applet, bool)>, Error> {
        let page = std::sync::Arc::clone(&self.recognised.page);
        let mut answers = Vec::new();
        for applet in &page.applets {
            let answered = match self.selection.answered(applet.aid.as_slice()) {
                Some(answered) => answered,
                None => match self.enter(applet, None) {
                    Ok(()) => true,
                    Err(Error::Refused { .. }) => false,
                    Err(other) => return Err(other),
                },
            };
            answers.push((applet.clone(), answered));
        }
        Ok(answers)
    }

    /// Selects a DF, or the applet alone where there is no path.
    pub(crate) fn enter(&mut self, applet: &Applet, path: Option<&FilePath>) -> Result<(), Error> {
        match path {
            Some(path) => place::select_df(&mut self.channel, &mut self.selection, applet, path),
            None => place::select_applet(&mut self.channel, &mut self.selection, applet),
        }
    }

    /// Ends the session.
    ///
    /// # Errors
    /// [`Error::Reader`] when the link failed while ending; dropping a session ends it too and says nothing.
    pub fn end(mut self) -> Result<(), Error> {
        self.leave().map_err(|source| Error::Reader { step: "ending the transaction".to_owned(), source })
    }

    /// Ends the session and leaves the card as it is, PINs presented: for a program that comes back for a signature and
    /// must not keep the card meanwhile. Whoever gets to the card before finds those PINs presented, so such a program
    /// has to end with [`Session::end_locked`]. A session with a secure channel resets the card all the same.
    ///
    /// # Errors
    /// As [`Session::end`].
    pub fn end_unlocked(mut self) -> Result<(), Error> {
        self.pin_sent = false;
        self.end()
    }

    /// Ends the session and resets the card, so that no PIN stays presented, whoever presented it.
    ///
    /// # Errors
    /// As [`Session::end`].
    pub fn end_locked(mut self) -> Result<(), Error> {
        self.pin_sent = true;
        self.end()
    }

    fn leave(&mut self) -> Result<(), LinkError> {
        let guarded = self.pin_sent || self.proving;
        let ended = self.channel.end(if guarded { Leaving::Reset } else { Leaving::Keep });
        if guarded {
            wipe_stack();
        }
        ended
    }
}

/// Overwrites what the calls before have left below: ciphers take their keys to places that nobody wipes.
#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "the stack is what it wipes")]
fn wipe_stack() {
    let mut below = [0u8; 48 * 1024];
    zeroize::Zeroize::zeroize(below.as_mut_slice());
    std::hint::black_box(&below);
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // A failure here has no one left to be told to; the link itself is gone then.
        let _ = self.leave();
    }
}
