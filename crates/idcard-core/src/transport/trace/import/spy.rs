//! Raw files of libpcscspy: calls of each thread, line by line, `7F21@>|seconds|microseconds|SCardTransmit`.

use super::conversations::{Conversations, Key, Outcome};
use super::hexes;
use super::name::Name;
use super::{Damage, ImportError, Line, Log};
use crate::transport::{Protocol, scard};
use std::collections::BTreeMap;
use std::time::Duration;
use zeroize::Zeroizing;

/// How many threads, handles and readers are kept in mind.
const MOST: usize = 256;
/// How many values a call may have.
const VALUES: usize = 512;
/// How long the values of a call may be together, in bytes: two extended APDUs with blanks.
const LENGTH: usize = 512 * 1024;

/// A call under way.
struct Call {
    function: String,
    since: u64,
    values: Vec<Zeroizing<String>>,
    length: usize,
}

/// What the file has told so far.
#[derive(Default)]
pub(super) struct Spy {
    calls: BTreeMap<String, Call>,
    /// The context and the reader of each handle of a card.
    handles: BTreeMap<Name, (Name, Name)>,
    readers: BTreeMap<Name, Reader>,
    /// The line at which the file stands.
    at: usize,
}

#[derive(Default)]
struct Reader {
    atr: Option<Vec<u8>>,
    protocol: Option<Protocol>,
    visit: u32,
}

/// The thread and the rest of a line.
fn split(text: &str) -> Option<(&str, &str)> {
    let (thread, rest) = text.split_once('@')?;
    let lawful = (1..=16).contains(&thread.len()) && thread.bytes().all(|byte| byte.is_ascii_hexdigit());
    lawful.then_some((thread, rest))
}

/// A line that begins or ends a call.
pub(super) fn is_call(text: &str) -> bool {
    split(text).is_some_and(|(_, rest)| rest.starts_with(">|") || rest.starts_with("<|"))
}

impl Log for Spy {
    fn line(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        self.at = line.number;
        let Some((thread, rest)) = split(line.text) else { return Ok(()) };
        if let Some(begun) = rest.strip_prefix(">|") {
            let mut parts = begun.splitn(3, '|');
            let since = time(parts.next(), parts.next());
            let function = parts.next().unwrap_or_default().chars().take(64).collect();
            if self.calls.len() < MOST || self.calls.contains_key(thread) {
                let call = Call { function, since, values: Vec::new(), length: 0 };
                if self.calls.insert(thread.to_owned(), call).is_some_and(|before| before.function == "SCardTransmit") {
                    into.note(line.number, Damage::NoAnswer);
                }
            }
            return Ok(());
        }
        if let Some(ended) = rest.strip_prefix("<|") {
            let mut parts = ended.splitn(5, '|');
            let now = time(parts.next(), parts.next());
            let code = parts.nth(2).and_then(|code| code.strip_prefix("0x"));
            let code = code.and_then(|code| u32::from_str_radix(code.trim_end(), 16).ok());
            let Some(call) = self.calls.remove(thread) else { return Ok(()) };
            let elapsed = Duration::from_micros(now.saturating_sub(call.since));
            return self.ended(&call, code.unwrap_or(u32::MAX), elapsed, line.number, into);
        }
        if let Some(call) = self.calls.get_mut(thread) {
            call.length = call.length.saturating_add(rest.len());
            if call.values.len() < VALUES && call.length <= LENGTH {
                call.values.push(Zeroizing::new(rest.to_owned()));
            }
        }
        Ok(())
    }

    fn end(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        if self.calls.values().any(|call| call.function == "SCardTransmit") {
            into.note(self.at, Damage::NoAnswer);
        }
        Ok(())
    }
}

impl Spy {
    fn ended(
        &mut self,
        call: &Call,
        code: u32,
        elapsed: Duration,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        let value = |at: usize| call.values.get(at).map_or("", |value| value.as_str());
        let done = code == 0;
        let resets = |text: &str| matches!(number(text), Some(1 | 2));
        let key = self.key(value(0));
        match (call.function.as_str(), key) {
            ("SCardConnect", _) if done => {
                if let [context, reader, .., handle, protocol] = call.values.as_slice() {
                    self.connected(Name::of(context), &Name::of(reader), Name::of(handle), protocol);
                }
                Ok(())
            }
            ("SCardGetStatusChange", _) => {
                for names in call.values.windows(5) {
                    if let [reader, state, _, _, atr] = names
                        && number(state).is_some()
                    {
                        self.card(&Name::of(reader), atr);
                    }
                }
                Ok(())
            }
            ("SCardStatus" | "SCardGetAttrib", Some(key)) if done => {
                let reader = key.reader.unwrap_or_default();
                call.values.iter().for_each(|value| self.card(&reader, value));
                Ok(())
            }
            ("SCardTransmit", key) => self.transmitted(call, key, code, elapsed, line, into),
            ("SCardBeginTransaction", Some(key)) if done => into.begin(&key),
            ("SCardEndTransaction" | "SCardDisconnect", Some(key)) if done => {
                if call.function == "SCardDisconnect" {
                    self.handles.remove(&Name::of(value(0)));
                }
                into.end(&key, resets(value(1)))
            }
            ("SCardReconnect", Some(key)) if done && resets(value(3)) => into.reset(&key),
            _ => Ok(()),
        }
    }

    /// Nine values: handle, protocol, two lengths, command, protocol, two lengths, answer; older versions tell no protocols
    /// and have five.
    fn transmitted(
        &mut self,
        call: &Call,
        key: Option<Key>,
        code: u32,
        elapsed: Duration,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        let key = key.unwrap_or_else(|| Key { framed: true, ..Key::default() });
        let value = |at: usize| call.values.get(at).map_or("", |value| value.as_str());
        let dump = |length: usize, bytes: usize| {
            let bytes = hexes::bytes(value(bytes))?;
            let announced = number(value(length)).and_then(|length| usize::try_from(length).ok());
            if announced == Some(bytes.len()) { Ok(bytes) } else { Err(Damage::CutOff) }
        };
        let older = call.values.len() == 5;
        let command = match if older { dump(1, 2) } else { dump(3, 4) } {
            Ok(command) => command,
            Err(what) => return into.lost(&key, line, what),
        };
        if let Some(reader) = key.reader.as_ref().and_then(|reader| self.readers.get(reader)) {
            into.card(&key, reader.atr.as_deref(), reader.protocol)?;
        }
        if code != 0 {
            into.command(&key, line, &command)?;
            return into.outcome(&key, line, &Outcome::Failure(scard::name(code)), Some(elapsed));
        }
        match if older { dump(3, 4) } else { dump(7, 8) } {
            Ok(answer) => {
                into.command(&key, line, &command)?;
                into.outcome(&key, line, &Outcome::Answer(&answer), Some(elapsed))
            }
            Err(what) => into.lost(&key, line, what),
        }
    }

    fn connected(&mut self, context: Name, reader: &Name, handle: Name, protocol: &str) {
        if let Some(known) = self.reader(reader) {
            known.protocol = match number(protocol) {
                Some(1) => Some(Protocol::T0),
                Some(2) => Some(Protocol::T1),
                _ => None,
            };
        }
        if self.handles.len() < MOST || self.handles.contains_key(&handle) {
            self.handles.insert(handle, (context, reader.clone()));
        }
    }

    /// A reader shows this answer to reset; another one than before is another card.
    fn card(&mut self, reader: &Name, atr: &str) {
        let Ok(atr) = hexes::bytes(atr) else { return };
        if !matches!(atr.first(), Some(0x3B | 0x3F)) || !(2..=33).contains(&atr.len()) {
            return;
        }
        if let Some(known) = self.reader(reader)
            && known.atr.as_deref() != Some(&atr)
        {
            known.visit = known.visit.saturating_add(u32::from(known.atr.is_some()));
            known.atr = Some(atr.to_vec());
        }
    }

    fn reader(&mut self, name: &Name) -> Option<&mut Reader> {
        if self.readers.len() >= MOST && !self.readers.contains_key(name) {
            return None;
        }
        Some(self.readers.entry(name.clone()).or_default())
    }

    fn key(&self, handle: &str) -> Option<Key> {
        let (context, reader) = self.handles.get(&Name::of(handle))?;
        let visit = self.readers.get(reader).map_or(0, |reader| reader.visit);
        Some(Key {
            program: Some(Name::of(&format!("context {context}"))),
            reader: Some(reader.clone()),
            visit,
            framed: true,
        })
    }
}

/// Seconds and microseconds, in microseconds.
fn time(seconds: Option<&str>, microseconds: Option<&str>) -> u64 {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    number(seconds).saturating_mul(1_000_000).saturating_add(number(microseconds))
}

/// `0x00000002`.
fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}
