//! Debug logs of OpenSC, level 3 and more: `Outgoing APDU (7 bytes):`, `Incoming APDU (2 bytes):`, rows of a dump.

use super::conversations::{Conversations, Key, Outcome};
use super::hexes::{self, Secret};
use super::name::Name;
use super::{Damage, ImportError, Line, Log};
use crate::transport::{Protocol, scard};
use std::collections::BTreeMap;
use std::time::Duration;

/// How many processes are kept in mind.
const MOST: usize = 64;
/// Milliseconds of a day: clocks start again at midnight.
const DAY: u64 = 86_400_000;

/// A process that writes to the log.
#[derive(Default)]
struct Process {
    reader: Option<Name>,
    atr: Option<Secret>,
    protocol: Option<Protocol>,
    visit: u32,
    /// When its last command went out, in milliseconds of the day.
    since: Option<u64>,
    now: Option<u64>,
    /// It has begun a command about a PIN, which it does not log.
    pin: bool,
}

/// The rows of a dump that is under way.
struct Dump {
    process: String,
    outgoing: bool,
    announced: usize,
    bytes: Secret,
    line: usize,
}

/// What the log has said so far.
#[derive(Default)]
pub(super) struct OpenSc {
    processes: BTreeMap<String, Process>,
    /// Who wrote the last message: the lines without a beginning of their own belong to it.
    speaking: String,
    dump: Option<Dump>,
}

/// A message: who writes, when, and what behind the name of the function.
struct Message<'t> {
    process: &'t str,
    time: Option<u64>,
    function: &'t str,
    told: &'t str,
}

impl<'t> Message<'t> {
    /// `P:26781; T:0x139 09:54:30.602 [opensc-tool] apdu.c:367:sc_single_transmit: called`; older versions begin with the
    /// thread, or have nothing before the bracket.
    fn of(text: &'t str) -> Option<Self> {
        let (before, rest) = text.split_once('[')?;
        let (program, rest) = rest.split_once("] ")?;
        let mut parts = rest.splitn(4, ':');
        let (file, number) = (parts.next()?, parts.next()?);
        let (function, told) = (parts.next()?, parts.next()?);
        let is_place = file.ends_with(".c") && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_place || program.len() > 64 || before.len() > 128 {
            return None;
        }
        let mut words = before.split_ascii_whitespace();
        let time = words.next_back().and_then(clock);
        let process = before.split([';', ' ']).next().filter(|first| !first.is_empty()).unwrap_or(program);
        Some(Self { process, time, function, told: told.trim_start() })
    }
}

/// A line that OpenSC writes.
pub(super) fn is_message(text: &str) -> bool {
    Message::of(text).is_some()
}

impl Log for OpenSc {
    fn line(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        if let Some(message) = Message::of(line.text) {
            return self.message(&message, line.number, into);
        }
        for (mark, outgoing) in [("Outgoing APDU", true), ("Incoming APDU", false)] {
            if let Some(announced) = line.text.strip_prefix(mark) {
                self.cut_off(into)?;
                let announced = announced.split(['(', '[']).nth(1).and_then(|rest| rest.split_once(" byte"));
                let Some(announced) = announced.and_then(|(count, _)| count.trim().parse().ok()) else {
                    return into.lost(&self.key(&self.speaking), line.number, Damage::NotHex);
                };
                let (process, bytes) = (self.speaking.clone(), Secret::default());
                self.dump = Some(Dump { process, outgoing, announced, bytes, line: line.number });
                return self.complete(into);
            }
        }
        self.row(line, into)
    }

    fn end(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        self.cut_off(into)
    }
}

impl OpenSc {
    fn message(&mut self, message: &Message<'_>, line: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        if self.processes.len() >= MOST && !self.processes.contains_key(message.process) {
            return Ok(());
        }
        message.process.clone_into(&mut self.speaking);
        let process = self.processes.entry(self.speaking.clone()).or_default();
        process.now = message.time.or(process.now);
        let told = message.told;
        if let Some(reader) = told.strip_prefix("reader '").and_then(|rest| rest.strip_suffix('\'')) {
            process.reader = Some(Name::of(reader));
        } else if let Some(protocol) = told.strip_prefix("Initial protocol: ") {
            process.protocol = match protocol.trim_end() {
                "T=0" => Some(Protocol::T0),
                "T=1" => Some(Protocol::T1),
                _ => None,
            };
        } else if let Some(atr) = told.strip_prefix("ATR     : ") {
            process.atr = hexes::bytes(&atr.replace(':', " ")).ok().filter(|atr| !atr.is_empty());
        } else if message.function == "pcsc_connect" && told == "called" {
            process.atr = None;
            process.protocol = None;
        } else if told == "card absent" && process.since.is_some() {
            // Whatever comes next is another card, or the same one put in again.
            process.visit = process.visit.saturating_add(1);
            process.since = None;
        } else if message.function == "sc_pin_cmd" && told == "called" {
            process.pin = true;
        } else if message.function == "sc_pin_cmd" && std::mem::take(&mut process.pin) {
            return into.lost(&self.key(&self.speaking), line, Damage::HiddenPin);
        } else if let Some((_, code)) = told.split_once("SCardTransmit/Control failed: 0x") {
            let code = u32::from_str_radix(code.trim_end(), 16).map_or(scard::UNKNOWN, scard::name);
            return self.fails(code, line, into);
        } else if told.starts_with("unable to transmit") && message.function == "pcsc_transmit" {
            return self.fails("SCARD_E_NOT_TRANSACTED", line, into);
        }
        Ok(())
    }

    fn fails(&mut self, code: &'static str, line: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        self.cut_off(into)?;
        let key = self.key(&self.speaking);
        if into.is_open(&key) { into.outcome(&key, line, &Outcome::Failure(code), self.elapsed()) } else { Ok(()) }
    }

    fn row(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        let Some(dump) = &mut self.dump else { return Ok(()) };
        match hexes::row(line.text) {
            Some(row) if dump.bytes.len().saturating_add(row.len()) <= dump.announced => {
                dump.bytes.extend_from_slice(&row);
                dump.line = line.number;
                self.complete(into)
            }
            // Messages of the program itself may stand between.
            None => Ok(()),
            Some(_) => self.cut_off(into),
        }
    }

    /// The dump is whole: it is a command, or the answer to one.
    fn complete(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        let Some(dump) = self.dump.take_if(|dump| dump.bytes.len() == dump.announced) else { return Ok(()) };
        let key = self.key(&dump.process);
        if !dump.outgoing {
            let elapsed = self.elapsed();
            return into.outcome(&key, dump.line, &Outcome::Answer(&dump.bytes), elapsed);
        }
        if let Some(process) = self.processes.get_mut(&dump.process) {
            process.since = process.now;
            process.pin = false;
            into.card(&key, process.atr.as_ref().map(|atr| atr.as_slice()), process.protocol)?;
        }
        into.command(&key, dump.line, &dump.bytes)
    }

    /// A dump ends before its announced length.
    fn cut_off(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        match self.dump.take() {
            Some(dump) => into.lost(&self.key(&dump.process), dump.line, Damage::CutOff),
            None => Ok(()),
        }
    }

    fn key(&self, process: &str) -> Key {
        let program = (!process.is_empty()).then(|| Name::of(&process.replace("P:", "process ")));
        let known = self.processes.get(process);
        let (reader, visit) = known.map_or((None, 0), |known| (known.reader.clone(), known.visit));
        Key { program, reader, visit, framed: false }
    }

    fn elapsed(&self) -> Option<Duration> {
        let process = self.processes.get(&self.speaking)?;
        let took = process.now?.saturating_add(DAY).saturating_sub(process.since?).checked_rem(DAY)?;
        (took != 0).then(|| Duration::from_millis(took))
    }
}

/// `09:54:30.602` in milliseconds.
fn clock(text: &str) -> Option<u64> {
    let (seconds, thousandths) = text.split_once('.')?;
    let mut parts = seconds.splitn(3, ':').map(|part| part.parse::<u64>().ok().filter(|value| *value < 100));
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let thousandths = thousandths.parse::<u64>().ok().filter(|_| thousandths.len() == 3)?;
    let seconds = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds);
    Some(seconds.saturating_mul(1000).saturating_add(thousandths))
}
