//! A card in a reader as a transport.

use super::hand::Hand;
use super::link::{self, Interrupt, Link, Reply, Request};
use super::slots::{ReaderState, Slot};
use super::{Selection, Timeouts, bounded, choice};
use crate::transport::pad::{NO_PAD, PinPad};
use crate::transport::trace::COMMAND_LIMIT;
use crate::transport::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport, scard};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;
use zeroize::Zeroizing;

/// Time for what follows a wait that the other thread bounds itself: a card that is started, a service that restarts.
const MARGIN: Duration = Duration::from_secs(3);
/// Time for the other thread to say itself that its wait is over.
const DECISION: Duration = Duration::from_millis(200);
/// The most that is waited for a card when several are asked whether they are the one.
const ASIDE: Duration = Duration::from_secs(1);

/// Chooses readers.
#[derive(Debug)]
pub struct Reader;

impl Reader {
    /// Waits for the card that is meant and connects to it, shared with other programs.
    ///
    /// # Errors
    /// [`LinkError::NoReader`] at once when no reader is meant; [`LinkError::NoCard`] when none is put in in time;
    /// [`LinkError::Ambiguous`] when several are; [`LinkError::Busy`], [`LinkError::Mute`] and others from the link.
    pub fn connect(selection: &Selection<'_>, timeouts: Timeouts) -> Result<PcscTransport, LinkError> {
        let mut cards = choice::wait(selection.name, timeouts.card)?;
        match (cards.len(), selection.recognise) {
            (1, _) => cards.pop().map_or(Err(LinkError::NoCard), |card| PcscTransport::open(&card, timeouts)),
            (_, None) => Err(ambiguous(&cards)),
            (_, Some(recognise)) => {
                let aside = Timeouts { busy: timeouts.busy.min(ASIDE), ..timeouts };
                let (mut ours, mut failure) = (Vec::new(), None);
                for card in cards.iter().filter(|card| card.slot == Slot::Card) {
                    match PcscTransport::open(card, aside) {
                        Ok(mut transport) => {
                            if recognise(&mut transport) {
                                ours.push((card.clone(), transport));
                            }
                        }
                        Err(error) => failure = Some(error),
                    }
                }
                let names: Vec<_> = ours.iter().map(|(card, _)| card.clone()).collect();
                match (ours.pop(), ours.is_empty(), failure) {
                    (Some((_, mut only)), true, _) => {
                        only.timeouts = timeouts;
                        Ok(only)
                    }
                    (Some(_), false, _) => Err(ambiguous(&names)),
                    (None, _, Some(failure)) => Err(failure),
                    (None, _, None) => Err(ambiguous(&cards)),
                }
            }
        }
    }
}

fn ambiguous(cards: &[ReaderState]) -> LinkError {
    LinkError::Ambiguous { readers: cards.iter().map(|card| card.name.clone()).collect() }
}

/// A card in a reader.
///
/// When this is dropped the card is let go in order; after [`PcscTransport::reset_on_leave`] it is reset then. After a
/// call that did not return in time every further call fails with the same error.
pub struct PcscTransport {
    link: Link,
    reader: String,
    atr: Vec<u8>,
    protocol: Protocol,
    timeouts: Timeouts,
    /// The buffer for commands; what it held is wiped.
    outgoing: Zeroizing<Vec<u8>>,
}

impl PcscTransport {
    /// Connects to the card in one of the readers that [`super::readers`] told.
    ///
    /// # Errors
    /// As [`Reader::connect`], but no card is waited for.
    pub fn open(reader: &ReaderState, timeouts: Timeouts) -> Result<Self, LinkError> {
        let (link, port) = link::pair();
        let (opened, told) = sync_channel(1);
        let id = reader.id.clone();
        bounded::spawn(move || match Hand::connect(id, timeouts, &port) {
            Ok(hand) => {
                let card = (hand.atr().to_vec(), hand.protocol());
                let _ = opened.send(Ok(card));
                hand.serve(&port);
            }
            Err(error) => drop(opened.send(Err(error))),
        })?;
        // A card that is held by others blocks the call inside the service; one that nobody uses may take its time
        // to start, or be powered off and on.
        let patience = if reader.in_use { DECISION } else { MARGIN };
        let (atr, protocol) = match told.recv_timeout(timeouts.busy.saturating_add(patience)) {
            Ok(card) => card?,
            Err(RecvTimeoutError::Timeout) => {
                return Err(link.abandon(LinkError::Busy { waited: timeouts.busy }));
            }
            Err(RecvTimeoutError::Disconnected) => return Err(LinkError::Lost { code: scard::UNKNOWN }),
        };
        let outgoing = Zeroizing::new(Vec::with_capacity(4 + 1 + 255 + 1));
        Ok(Self { link, reader: reader.name.clone(), atr, protocol, timeouts, outgoing })
    }

    /// Has the card reset when this transport is dropped, so that no verified PIN stays behind.
    pub fn reset_on_leave(&mut self, reset: bool) {
        self.link.reset.store(reset, Ordering::SeqCst);
    }

    /// A handle that breaks off what this transport waits for, from another thread.
    #[must_use]
    pub fn interrupt(&self) -> Interrupt {
        self.link.interrupt()
    }

    fn hold(&mut self, request: Request) -> Result<(), LinkError> {
        let late = LinkError::Busy { waited: self.timeouts.busy };
        let margin = match request {
            Request::Begin => DECISION,
            _ => MARGIN,
        };
        let reply = self.link.call(request, self.timeouts.busy.saturating_add(margin), late)?;
        self.protocol = reply.protocol.unwrap_or(self.protocol);
        reply.error.map_or(Ok(()), Err)
    }

    fn end(&mut self, leaving: Leaving) -> Result<(), LinkError> {
        let waited = self.timeouts.answer;
        let reply = self.link.call(Request::End(leaving), waited, LinkError::TimedOut { waited })?;
        reply.error.map_or(Ok(()), Err)
    }
}

impl Transport for PcscTransport {
    fn reader(&self) -> Option<&str> {
        Some(&self.reader)
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        self.hold(Request::Begin)?;
        Ok(Box::new(Held { transport: self, over: false }))
    }
}

struct Held<'a> {
    transport: &'a mut PcscTransport,
    over: bool,
}

impl Transaction for Held<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        if command.len() < 4 {
            return Err(LinkError::Unlawful { what: "a command has at least four bytes" });
        }
        if command.len() > COMMAND_LIMIT {
            return Err(LinkError::Unlawful { what: "a command longer than a link can carry" });
        }
        let PcscTransport { link, outgoing, timeouts, .. } = &mut *self.transport;
        let mut sent = std::mem::take(outgoing);
        sent.extend_from_slice(command);
        let request = Request::Exchange { command: sent, answer: std::mem::take(answer) };
        let waited = timeouts.answer;
        let reply = link.call(request, waited, LinkError::TimedOut { waited })?;
        let Reply { command, answer: received, elapsed, error, .. } = reply;
        *outgoing = command;
        *answer = received;
        match error {
            None => Ok(Exchange { elapsed, redacted: false }),
            Some(error) => Err(error),
        }
    }

    fn has_pad(&mut self) -> bool {
        let waited = self.transport.timeouts.answer;
        let reply = self.transport.link.call(Request::FindPad, waited, LinkError::TimedOut { waited });
        reply.is_ok_and(|reply| reply.error.is_none())
    }

    fn verify_on_pad(&mut self, pad: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        let structure = pad.structure().ok_or(NO_PAD)?;
        // The reader waits for the holder first, then the card answers; a reader that decides itself has a minute.
        let holder = if pad.timeout.is_zero() { Duration::from_secs(60) } else { pad.timeout };
        let waited = holder.saturating_add(self.transport.timeouts.answer);
        let request = Request::Pad { feature: pad.feature(), structure, answer: std::mem::take(answer) };
        let reply = self.transport.link.call(request, waited, LinkError::TimedOut { waited })?;
        *answer = reply.answer;
        reply.error.map_or(Ok(Exchange { elapsed: reply.elapsed, redacted: false }), Err)
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        self.transport.hold(Request::Recover)
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.transport.hold(Request::GiveWay)
    }

    fn end(mut self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.over = true;
        self.transport.end(leaving)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.over {
            // Who drops a transaction asks for no error.
            let _ = self.transport.end(Leaving::Keep);
        }
    }
}
