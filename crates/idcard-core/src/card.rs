//! A card behind a transport: recognised in its first session, remembered by its serial number from then on.

use crate::atr::Atr;
use crate::channel::{Channel, Extended};
use crate::data::serial::Serial;
use crate::error::Error;
use crate::family::recognition::{Recognised, recognise};
use crate::family::{ItemName, Roster};
use crate::place::{Habits, Selection};
use crate::session::{Session, SessionParts};
use crate::transport::asking::Asking;
use crate::transport::{LinkError, Protocol, Transaction, Transport};
use std::collections::BTreeSet;

/// One card. Nothing is sent before [`Card::session`].
pub struct Card {
    transport: Box<dyn Transport>,
    roster: Roster,
    pub(crate) recognised: Option<Recognised>,
    pub(crate) serial: Option<Serial>,
    /// Items that this card, known by its serial number, gave in clear.
    open: BTreeSet<ItemName>,
}

impl Card {
    /// The card in the only reader that holds one, over PC/SC, with the default deadlines.
    ///
    /// # Errors
    /// [`Error::Reader`]: no service, no reader, no card, or several cards.
    #[cfg(feature = "pcsc")]
    pub fn connect() -> Result<Self, Error> {
        use crate::transport::pcsc::{Reader, Selection, Timeouts};
        let link = Reader::connect(&Selection::default(), Timeouts::default());
        Self::open(link.map_err(|source| Error::Reader { step: "connecting to the card".to_owned(), source })?)
    }

    /// The card behind any transport, with the built-in pages.
    ///
    /// # Errors
    /// [`Error::Page`], which the library's own tests rule out.
    ///
    /// ```no_run
    /// use idcard_core::{Card, transport::replay::Replay};
    /// let mut card = Card::open(Replay::open("visit.apdu").map_err(|source| {
    ///     idcard_core::Error::Reader { step: "opening the trace".to_owned(), source }
    /// })?)?;
    /// println!("{:?}", card.session()?.dates()?);
    /// # Ok::<(), idcard_core::Error>(())
    /// ```
    pub fn open(transport: impl Transport + 'static) -> Result<Self, Error> {
        Ok(Self::with_roster(Box::new(transport), Roster::built_in()?))
    }

    /// The card behind a transport, with pages of the caller's choice.
    #[must_use]
    pub fn with_roster(transport: Box<dyn Transport>, roster: Roster) -> Self {
        Self { transport, roster, recognised: None, serial: None, open: BTreeSet::new() }
    }

    /// The name of the reader, where there is one.
    #[must_use]
    pub fn reader(&self) -> Option<&str> {
        self.transport.reader()
    }

    /// The raw answer to reset.
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        self.transport.atr()
    }

    /// The protocol that the link reports.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.transport.protocol()
    }

    /// Begins an exclusive session, and recognises the card in the first one.
    ///
    /// # Errors
    /// [`Error::Reader`] from the link; [`Error::Unrecognised`] after four exchanges at most.
    pub fn session(&mut self) -> Result<Session<'_>, Error> {
        self.begin(Manner::Free)
    }

    /// A session whose transaction lets nothing through but questions.
    pub(crate) fn asking_session(&mut self) -> Result<Session<'_>, Error> {
        self.begin(Manner::Asking)
    }

    fn begin(&mut self, manner: Manner) -> Result<Session<'_>, Error> {
        let met = meet(self.transport.as_mut(), &self.roster, self.recognised.clone(), manner)?;
        let Met { channel, selection, habits, recognised } = met;
        self.recognised = Some(recognised.clone());
        let (serial, open) = (&mut self.serial, &mut self.open);
        Ok(Session::new(SessionParts { channel, selection, habits, recognised, serial, open }))
    }

    /// Whether the card behind a transport belongs to one of the pages: for choosing among several readers.
    ///
    /// # Errors
    /// [`Error::Reader`] from the link; four exchanges are spent at most.
    pub fn is_known(transport: &mut dyn Transport, roster: &Roster) -> Result<bool, Error> {
        match meet(transport, roster, None, Manner::Free) {
            Ok(_) => Ok(true),
            Err(Error::Unrecognised { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// What a session may send.
#[derive(Clone, Copy)]
enum Manner {
    Free,
    /// Questions alone: see [`crate::apdu::Question`].
    Asking,
}

/// A transaction with a card whose family is known.
struct Met<'t> {
    channel: Channel<'t>,
    selection: Selection,
    habits: Habits,
    recognised: Recognised,
}

/// Begins a transaction, and recognises the card unless that was done before.
fn meet<'t>(
    transport: &'t mut dyn Transport,
    roster: &Roster,
    known: Option<Recognised>,
    manner: Manner,
) -> Result<Met<'t>, Error> {
    let parsed = Atr::parse(transport.atr()).ok();
    let historical = parsed.as_ref().map(|atr| atr.historical().as_bytes().to_vec()).unwrap_or_default();
    let contactless = parsed.as_ref().is_some_and(Atr::is_contactless);
    let protocol = transport.protocol();
    let offered = protocol == Protocol::T1 && parsed.as_ref().is_some_and(Atr::extended_length);
    let atr = transport.atr().to_vec();
    let extended = if offered { Extended::Untried } else { Extended::Never };
    let begin = |source| Error::Reader { step: "beginning a transaction".to_owned(), source };
    let link = transport.begin().map_err(begin)?;
    let link: Box<dyn Transaction + 't> = match manner {
        Manner::Free => link,
        Manner::Asking => Box::new(Asking(link)),
    };
    let mut channel = Channel::new(link, protocol, extended);
    let (mut selection, mut habits) = (Selection::default(), Habits::new(protocol, contactless));
    if let Some(recognised) = known {
        return Ok(Met { channel, selection, habits, recognised });
    }
    let mut resumed = false;
    loop {
        match recognise(&mut channel, &mut selection, &mut habits, roster, &atr, &historical) {
            Err(Error::Reader { source, .. })
                if !resumed && (source == LinkError::Reset || source.is_of_a_restart()) =>
            {
                resumed = true;
                channel.recover(&"recognising the card")?;
                selection.forget();
            }
            other => return Ok(Met { recognised: other?, channel, selection, habits }),
        }
    }
}
