//! The thread that owns the PC/SC handles of one card and does what its caller asks.

mod connecting;
mod converse;
mod keys;

use self::connecting::{PROTOCOLS, busy, patiently, unserved};
use self::converse::{converse, leaving, refuse, send};
use super::link::{Port, Reply, Request};
use super::{Timeouts, code, slots};
use crate::transport::scard::{self, Step};
use crate::transport::trace::ANSWER_LIMIT;
use crate::transport::{LinkError, Protocol};
use pcsc::{Card, Context, Disposition, Error, Scope, ShareMode};
use std::ffi::CString;
use std::time::{Duration, Instant};

/// How long a service that restarts, and a reader and a card with it, may stay away.
const RESTART: Duration = Duration::from_secs(2);
/// pcsc-lite lets those who wait look every 100 ms whether the card is free: a shorter gap lets nobody in.
const GAP: Duration = Duration::from_millis(if cfg!(all(unix, not(target_os = "macos"))) { 110 } else { 0 });
/// How long the card is kept before such a gap is made.
const HELD: Duration = Duration::from_millis(400);

/// What comes after a transaction, or without one.
enum Next {
    Idle,
    Begin,
    Recover,
    GiveWay,
    Gone,
}

/// The handles of one card.
pub(super) struct Hand {
    context: Context,
    card: Card,
    reader: CString,
    atr: Vec<u8>,
    protocol: Protocol,
    limits: Timeouts,
    held_since: Instant,
}

impl Hand {
    /// Connects to the card; a card that does not answer is powered off and on once.
    pub(super) fn connect(reader: CString, limits: Timeouts, port: &Port) -> Result<Self, LinkError> {
        let context = slots::context()?;
        let mut card = connecting::connect(&context, &reader, limits.busy, port)?;
        let (atr, protocol) = connecting::status(&mut card, limits.busy, port).map_err(slots::connecting)?;
        Ok(Self { context, card, reader, atr, protocol, limits, held_since: Instant::now() })
    }

    pub(super) fn atr(&self) -> &[u8] {
        &self.atr
    }

    pub(super) const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Serves requests until the caller is gone.
    pub(super) fn serve(mut self, port: &Port) {
        let mut buffer = vec![0; ANSWER_LIMIT];
        let mut next = Next::Idle;
        loop {
            next = match next {
                Next::Idle => idle(port),
                Next::Begin => {
                    self.held_since = Instant::now();
                    self.hold(port, &mut buffer)
                }
                Next::Recover => match self.take_up(port) {
                    Ok(()) => self.hold(port, &mut buffer),
                    Err(error) => refuse(port, error),
                },
                Next::GiveWay => {
                    if self.held_since.elapsed() >= HELD {
                        port.pause(GAP);
                        self.held_since = Instant::now();
                    }
                    self.hold(port, &mut buffer)
                }
                Next::Gone => break,
            };
        }
        connecting::disconnect(self.card, leaving(port));
    }

    /// Begins a transaction, replies, and stays in it.
    fn hold(&mut self, port: &Port, buffer: &mut [u8]) -> Next {
        let began = Instant::now();
        let (mut renewed, mut wait) = (false, connecting::FIRST_WAIT);
        loop {
            let error = match self.card.transaction2() {
                Ok(transaction) => {
                    send(port, Reply { protocol: Some(self.protocol), ..Reply::default() });
                    return converse(transaction, (&self.context, &self.reader), port, buffer);
                }
                Err((_, error)) => error,
            };
            let cured = match error {
                // The state of the card is unknown after a begin anyway.
                // Each of the others that wait for the card may reset it when it lets go.
                Error::ResetCard if began.elapsed() < self.limits.busy => self.take_up(port),
                error if unserved(error) && !renewed => {
                    renewed = true;
                    self.renew(port)
                }
                error if busy(error) && began.elapsed() < self.limits.busy => {
                    let left = self.limits.busy.saturating_sub(began.elapsed());
                    if port.pause(connecting::longer(&mut wait).min(left)) {
                        Ok(())
                    } else {
                        return Next::Gone;
                    }
                }
                error => Err(scard::link_error(code(error), Step::Hold, began.elapsed())),
            };
            if let Err(error) = cured {
                return refuse(port, error);
            }
        }
    }

    /// Takes the card up again after a reset, or after the service was restarted.
    fn take_up(&mut self, port: &Port) -> Result<(), LinkError> {
        let card = &mut self.card;
        let taken = patiently(self.limits.busy, port, busy, || {
            card.reconnect(ShareMode::Shared, PROTOCOLS, Disposition::LeaveCard)
        });
        match taken {
            Ok(()) => self.same_card(port),
            Err((error, _)) if unserved(error) => self.renew(port),
            Err((Error::NoSmartcard, _)) => Err(LinkError::Removed),
            Err((error, waited)) => Err(scard::link_error(code(error), Step::Hold, waited)),
        }
    }

    /// Begins anew with a service that was restarted: its old handles mean nothing.
    fn renew(&mut self, port: &Port) -> Result<(), LinkError> {
        let away = |error| unserved(error) || busy(error) || error == Error::NoSmartcard;
        let anew = patiently(RESTART, port, away, || {
            let context = Context::establish(Scope::User)?;
            let card = context.connect(&self.reader, ShareMode::Shared, PROTOCOLS)?;
            Ok((context, card))
        });
        match anew {
            Ok((context, card)) => {
                self.context = context;
                connecting::disconnect(std::mem::replace(&mut self.card, card), Disposition::LeaveCard);
                self.same_card(port)
            }
            Err((Error::NoSmartcard, _)) => Err(LinkError::Removed),
            Err((error, waited)) => Err(scard::link_error(code(error), Step::Hold, waited)),
        }
    }

    fn same_card(&mut self, port: &Port) -> Result<(), LinkError> {
        let status = connecting::status(&mut self.card, self.limits.busy, port);
        let (atr, protocol) = status.map_err(|e| scard::link_error(code(e), Step::Hold, Duration::ZERO))?;
        self.protocol = protocol;
        if atr == self.atr { Ok(()) } else { Err(LinkError::Changed) }
    }
}

/// Outside a transaction: one may begin, or one that was lost may be taken up or ended.
fn idle(port: &Port) -> Next {
    match port.requests.recv() {
        Ok(Request::Begin) => Next::Begin,
        Ok(Request::Recover) => Next::Recover,
        Ok(Request::GiveWay) => Next::GiveWay,
        Ok(Request::End(_)) => {
            send(port, Reply::default());
            Next::Idle
        }
        Ok(Request::Exchange { command, answer }) => {
            converse::give_back(port, command, answer, Duration::ZERO, Some(converse::OUTSIDE));
            Next::Idle
        }
        Ok(Request::FindPad | Request::Pad { .. }) => refuse(port, converse::OUTSIDE),
        Err(_) => Next::Gone,
    }
}
