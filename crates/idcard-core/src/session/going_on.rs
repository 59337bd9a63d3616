//! Going on with a card whose state was lost on the way: another program reset it, or the service was restarted.

use super::{Session, items};
use crate::error::Error;
use crate::family::{ItemName, PinKind};
use crate::place::{self, Fetched, Reading};
use crate::transport::LinkError;

impl Session<'_> {
    /// Whether a PIN was presented in this session and lost since, because another program reset the card or the
    /// service was restarted. It is never presented a second time; its holder may be asked again.
    #[must_use]
    pub const fn has_lost_pin(&self) -> bool {
        self.pin_lost
    }

    /// Takes the card up again after a failure by which its state is lost, and makes sure that it is the same.
    ///
    /// What a PIN had opened is closed again. Resets by others are borne three times in a session, the service may be
    /// restarted once; a secure channel ends with the state.
    ///
    /// # Errors
    /// The failure itself where it is none of these, or cannot be borne again; [`Error::CardChanged`].
    pub(crate) fn go_on_after(&mut self, source: LinkError, step: String) -> Result<(), Error> {
        let restarted = source.is_of_a_restart() && !self.restarted && !self.secured;
        if source != LinkError::Reset && !restarted {
            return Err(Error::Reader { step, source });
        }
        self.restarted |= restarted;
        self.selection.forget();
        self.pin_lost |= !self.verified.is_empty();
        self.verified.clear();
        self.same = false;
        if self.serial.is_none() {
            self.open.clear();
        }
        self.channel.recover(&step)?;
        self.same_card()
    }

    /// Has `attempt` present a PIN, and tries again only while no VERIFY has gone out.
    ///
    /// # Errors
    /// Those of the attempt; [`Error::PinForgotten`] when the card was reset with the PIN on its way.
    pub(crate) fn presenting(
        &mut self,
        kind: PinKind,
        mut attempt: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        loop {
            let before = self.presentations;
            match attempt(self) {
                Err(Error::Reader { source, step }) if self.presentations == before => {
                    self.go_on_after(source, step)?;
                }
                Err(Error::Reader { source: LinkError::Reset, step }) => return Err(self.forgotten(kind, step)),
                done => return done,
            }
        }
    }

    /// Another program has reset the card while a PIN was on its way or counted as presented.
    pub(crate) fn forgotten(&mut self, kind: PinKind, step: String) -> Error {
        self.pin_lost = true;
        match self.go_on_after(LinkError::Reset, step) {
            Ok(()) => Error::PinForgotten { kind },
            Err(error) => error,
        }
    }

    /// Compares the serial number with the one this card had before: two exchanges, none where it is unknown or was compared.
    ///
    /// # Errors
    /// [`Error::CardChanged`].
    pub(crate) fn same_card(&mut self) -> Result<(), Error> {
        let Some(known) = self.serial.clone().filter(|_| !self.same) else { return Ok(()) };
        let page = std::sync::Arc::clone(&self.recognised.page);
        let Some(item) = page.item(ItemName::Serial) else { return Ok(()) };
        let Some(applet) = page.applet(&item.applet) else { return Ok(()) };
        let mut file = Fetched { bytes: Vec::new(), redacted: false };
        let mut reading = Reading {
            channel: &mut self.channel,
            selection: &mut self.selection,
            habits: &mut self.habits,
            may_give_way: false,
        };
        place::fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {})?;
        let found = item.decoder.and_then(|decoder| items::decode_serial(decoder, &file.bytes).ok().flatten());
        if found.as_ref() == Some(&known) {
            self.fetched.insert(ItemName::Serial, file);
            self.same = true;
            return Ok(());
        }
        Err(Error::CardChanged)
    }
}
