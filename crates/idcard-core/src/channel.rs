//! Send and expect: the one place that meets `61xx`, `6Cxx`, surplus and silence, counts exchanges and logs them.

use crate::apdu::{Command, Form, Malformed, Response, Status};
use crate::error::Error;
use crate::transport::pad::PinPad;
use crate::transport::{Exchange, Leaving, LinkError, Protocol, Transaction};
use std::fmt;
use std::time::Duration;

/// The longest answer: the data of an extended Le, and the status word.
const LONGEST: usize = 65_536 + 2;
/// The most exchanges in one session.
const EXCHANGES: u32 = 4_096;
/// The most links of one `61xx` chain, and the most bytes that it may bring.
const LINKS: u32 = 300;
const JOINED: usize = 64 * 1024;
/// How often the card may be reset by others in one session.
const RESETS: u32 = 3;

/// Whether a command may be sent a second time, with the Le that `6Cxx` names.
fn is_repeatable(command: &Command) -> bool {
    // SELECT, READ BINARY, GET RESPONSE and GetInfo, GET DATA: they leave no trace on the card. VERIFY and the
    // computations of a key are not among them: a repeated one could cost a try or a signature.
    matches!(command.instruction(), 0xA4 | 0xB0 | 0xB1 | 0xC0 | 0xCA | 0xCB) && !command.is_secret()
}

fn is_protected(command: &Command) -> bool {
    command.class() & 0x0C != 0
}

fn presents_a_pin(command: &Command) -> bool {
    command.class() & 0x0C == 0 && matches!(command.instruction(), 0x20 | 0x21 | 0x24 | 0x25 | 0x2C | 0x2D)
}

/// Whether extended length works on this card behind this reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extended {
    /// The answer to reset does not offer it, or it failed.
    Never,
    /// Offered, not tried.
    Untried,
    /// A READ has proved it.
    Proved,
}

/// A data field and its status word, on loan from the channel.
pub(crate) struct Reply<'a> {
    pub data: &'a [u8],
    pub status: Status,
    pub redacted: bool,
    /// A `6Cxx` announced more bytes than then came.
    pub cut: bool,
}

/// A conversation inside one transaction.
pub(crate) struct Channel<'t> {
    link: Option<Box<dyn Transaction + 't>>,
    protocol: Protocol,
    pub extended: Extended,
    raw: Vec<u8>,
    answer: Vec<u8>,
    joined: Vec<u8>,
    exchanges: u32,
    resets: u32,
    turn: Duration,
    turns: u32,
}

impl<'t> Channel<'t> {
    pub(crate) fn new(link: Box<dyn Transaction + 't>, protocol: Protocol, extended: Extended) -> Self {
        Self {
            link: Some(link),
            protocol,
            extended,
            raw: Vec::with_capacity(512),
            answer: Vec::with_capacity(512),
            joined: Vec::new(),
            exchanges: 0,
            resets: 0,
            turn: Duration::ZERO,
            turns: 0,
        }
    }

    /// How many commands went over the link so far.
    pub(crate) const fn exchanges(&self) -> u32 {
        self.exchanges
    }

    /// How long this transaction has kept the card, by link time.
    pub(crate) const fn turn(&self) -> Duration {
        self.turn
    }

    /// How often other programs may have had the card since the session began.
    pub(crate) const fn turns(&self) -> u32 {
        self.turns
    }

    pub(crate) const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Puts a wrapped transaction in the place of the plain one. What goes through it are short commands with their Le,
    /// whatever the protocol below.
    pub(crate) fn wrap(&mut self, wrapper: impl FnOnce(Box<dyn Transaction + 't>) -> Box<dyn Transaction + 't>) {
        self.link = self.link.take().map(wrapper);
        self.protocol = Protocol::T1;
        self.extended = Extended::Never;
    }

    /// Sends a command and gives the whole answer, pieces joined.
    ///
    /// `step` says for messages what is being done, with applet and file.
    pub(crate) fn send(&mut self, command: &Command, step: &dyn fmt::Display) -> Result<Reply<'_>, Error> {
        let mut redacted = self.exchange(command, step)?;
        let mut status = self.status(step)?;
        let mut most = command.expected();
        let mut announced = 0;
        if let Some(exact) = status.exact_length() {
            if !is_repeatable(command) || command.expected() == Some(u32::from(exact)) {
                return Err(garbled(step, "an unusable request for another length"));
            }
            most = Some(u32::from(exact));
            announced = usize::from(exact);
            redacted |= self.exchange(&command.repeated_with(u32::from(exact)), step)?;
            status = self.status(step)?;
            if status.exact_length().is_some() {
                return Err(garbled(step, "a second request for another length"));
            }
        }
        if status.more().is_some() {
            if presents_a_pin(command) {
                return Err(garbled(step, "data announced where a PIN was presented"));
            }
            redacted |= self.collect(command, step)?;
            let response = parse(&self.joined, step)?;
            // The Le of a protected command counts plain bytes: its answer, whose protection is checked above, is longer.
            let most = if is_protected(command) { None } else { most };
            let data = surplus(most, response.data, step)?;
            return Ok(Reply { data, status: response.status, redacted, cut: data.len() < announced });
        }
        let response = parse(&self.answer, step)?;
        let data = surplus(most, response.data, step)?;
        Ok(Reply { data, status, redacted, cut: data.len() < announced })
    }

    /// Sends a command for which only `9000` will do.
    pub(crate) fn expect(&mut self, command: &Command, step: &dyn fmt::Display) -> Result<Reply<'_>, Error> {
        let reply = self.send(command, step)?;
        if reply.status == Status::OK {
            Ok(reply)
        } else {
            Err(Error::Refused { step: step.to_string(), status: reply.status })
        }
    }

    /// Whether the reader can send a command that it completes on its own pin pad.
    pub(crate) fn has_pad(&mut self) -> bool {
        self.link.as_mut().is_some_and(|link| link.has_pad())
    }

    /// Has the reader's pin pad complete a command that presents a PIN, and send it.
    pub(crate) fn send_by_pad(
        &mut self,
        command: &Command,
        step: &dyn fmt::Display,
        request: impl for<'c> FnOnce(&'c [u8]) -> PinPad<'c>,
    ) -> Result<Status, Error> {
        self.over_the_link(command, step, |link, raw, answer| link.verify_on_pad(&request(raw), answer))?;
        let status = self.status(step)?;
        if status.exact_length().is_some() || status.more().is_some() || self.answer.len() > 2 {
            return Err(garbled(step, "more than a status word where a PIN was presented"));
        }
        Ok(status)
    }

    /// Fetches the pieces that a `61xx` announced, and joins them behind the data that came with it.
    fn collect(&mut self, command: &Command, step: &dyn fmt::Display) -> Result<bool, Error> {
        let mut redacted = false;
        self.joined.clear();
        for link in 0..LINKS {
            let response = parse(&self.answer, step)?;
            if link > 0 && response.data.is_empty() && response.status.more().is_some() {
                return Err(garbled(step, "a chain of answers without data"));
            }
            if self.joined.len().saturating_add(response.data.len()) > JOINED {
                break;
            }
            self.joined.extend_from_slice(response.data);
            let Some(more) = response.status.more() else {
                let Status(word) = response.status;
                self.joined.extend_from_slice(&word.to_be_bytes());
                return Ok(redacted);
            };
            let get = Command::new(command.class() & 0x03, 0xC0, 0, 0).expecting(u32::from(more));
            redacted |= self.exchange(&get, step)?;
            if let Some(exact) = self.status(step)?.exact_length() {
                redacted |= self.exchange(&get.repeated_with(u32::from(exact)), step)?;
                if self.status(step)?.exact_length().is_some() {
                    return Err(garbled(step, "a second request for another length"));
                }
            }
        }
        Err(Error::Limit { step: step.to_string(), bound: "300 pieces or 64 KiB of one answer" })
    }

    /// One command over the link and its raw answer into `self.answer`.
    fn exchange(&mut self, command: &Command, step: &dyn fmt::Display) -> Result<bool, Error> {
        self.over_the_link(command, step, |link, raw, answer| link.transmit(raw, answer))
    }

    fn over_the_link(
        &mut self,
        command: &Command,
        step: &dyn fmt::Display,
        send: impl FnOnce(&mut dyn Transaction, &[u8], &mut Vec<u8>) -> Result<Exchange, LinkError>,
    ) -> Result<bool, Error> {
        if self.exchanges >= EXCHANGES {
            return Err(Error::Limit { step: step.to_string(), bound: "4,096 exchanges in one session" });
        }
        let form = match (self.protocol, self.extended) {
            (Protocol::T0, _) => Form::ShortT0,
            (Protocol::T1, Extended::Never) => Form::Short,
            (Protocol::T1, _) => Form::Extended,
        };
        if !command.encode(form, &mut self.raw) {
            return Err(unlawful(step));
        }
        let Some(link) = self.link.as_mut() else { return Err(unlawful(step)) };
        self.exchanges += 1;
        let sent = send(link.as_mut(), &self.raw, &mut self.answer);
        if command.is_secret() {
            zeroize::Zeroize::zeroize(&mut self.raw);
        }
        match sent {
            Ok(_) if self.answer.len() > LONGEST => {
                log::debug!("> {command:?} < {}", Answer(&self.answer));
                let source = LinkError::Unlawful { what: "an answer longer than a link can carry" };
                Err(Error::Reader { step: step.to_string(), source })
            }
            Ok(exchange) => {
                self.turn = self.turn.saturating_add(exchange.elapsed);
                log::debug!("> {command:?} < {}", Answer(&self.answer));
                Ok(exchange.redacted)
            }
            Err(source) => {
                log::debug!("> {command:?} < {source}");
                Err(Error::Reader { step: step.to_string(), source })
            }
        }
    }

    fn status(&self, step: &dyn fmt::Display) -> Result<Status, Error> {
        Ok(parse(&self.answer, step)?.status)
    }

    /// After a reset by others: takes the link up again, at most three times in a session.
    pub(crate) fn recover(&mut self, step: &dyn fmt::Display) -> Result<(), Error> {
        self.resets += 1;
        if self.resets > RESETS {
            return Err(Error::Limit { step: step.to_string(), bound: "three resets by other programs" });
        }
        let Some(link) = self.link.as_mut() else { return Err(unlawful(step)) };
        self.turns += 1;
        link.recover().map_err(|source| Error::Reader { step: step.to_string(), source })?;
        self.turn = Duration::ZERO;
        Ok(())
    }

    /// Lets other programs have their turn.
    pub(crate) fn give_way(&mut self, step: &dyn fmt::Display) -> Result<(), Error> {
        let Some(link) = self.link.as_mut() else { return Err(unlawful(step)) };
        self.turn = Duration::ZERO;
        self.turns += 1;
        link.give_way().map_err(|source| Error::Reader { step: step.to_string(), source })
    }

    /// Ends the transaction.
    pub(crate) fn end(&mut self, leaving: Leaving) -> Result<(), LinkError> {
        zeroize::Zeroize::zeroize(&mut self.raw);
        zeroize::Zeroize::zeroize(&mut self.answer);
        zeroize::Zeroize::zeroize(&mut self.joined);
        self.link.take().map_or(Ok(()), |link| link.end(leaving))
    }
}

fn parse<'a>(raw: &'a [u8], step: &dyn fmt::Display) -> Result<Response<'a>, Error> {
    Response::parse(raw).map_err(|source| Error::Garbled { step: step.to_string(), source })
}

/// Data beyond Le is a lie of the card or the reader; data where none was asked for is of no use and left aside.
fn surplus<'a>(most: Option<u32>, data: &'a [u8], step: &dyn fmt::Display) -> Result<&'a [u8], Error> {
    match most {
        Some(expected) if data.len() > usize::try_from(expected).unwrap_or(usize::MAX) => Err(Error::Garbled {
            step: step.to_string(),
            source: Malformed::new("more data than asked for", data.len()),
        }),
        _ => Ok(data),
    }
}

fn garbled(step: &dyn fmt::Display, what: &'static str) -> Error {
    Error::Garbled { step: step.to_string(), source: Malformed::new(what, 0) }
}

fn unlawful(step: &dyn fmt::Display) -> Error {
    let source = LinkError::Unlawful { what: "its lengths do not fit the link, or the transaction is over" };
    Error::Reader { step: step.to_string(), source }
}

/// An answer in the log: its length and status word, since the data is the holder's.
struct Answer<'a>(&'a [u8]);

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_last_chunk::<2>() {
            Some((data, [sw1, sw2])) => write!(f, "{} bytes, {sw1:02X}{sw2:02X}", data.len()),
            None => write!(f, "{} bytes, no status word", self.0.len()),
        }
    }
}

#[cfg(test)]
mod tests;
