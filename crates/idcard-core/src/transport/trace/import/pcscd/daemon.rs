//! One service and what its messages say so far: readers, clients, commands under way.

mod clients;
mod ending;

use self::clients::Clients;
use super::super::conversations::{Conversations, Key};
use super::super::hexes::{self, Secret};
use super::super::name::Name;
use super::super::{Damage, ImportError};
use super::message::Message;
use crate::transport::Protocol;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How many readers and how many commands under way are kept in mind.
const MOST: usize = 64;

#[derive(Default)]
struct Slot {
    atr: Option<Vec<u8>>,
    protocol: Option<Protocol>,
    visit: u32,
    card: bool,
}

/// A command that the log has shown and whose end it has not.
struct UnderWay {
    key: Key,
    client: Option<u32>,
    thread: Option<String>,
    since: Option<u64>,
    answer: Option<Answer>,
}

struct Answer {
    line: usize,
    bytes: Secret,
    elapsed: Option<Duration>,
}

/// One service.
#[derive(Default)]
pub(super) struct Daemon {
    name: String,
    /// Microseconds since its first message, where the log tells of time.
    clock: Option<u64>,
    slots: BTreeMap<Name, Slot>,
    clients: Clients,
    /// The reader of which the service speaks.
    speaking: Option<Name>,
    under_way: Vec<UnderWay>,
    /// Answers of which only the message that a client was served will tell whose they are.
    unassigned: VecDeque<Answer>,
    told_of_cards: bool,
}

impl Daemon {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.chars().take(64).collect(), ..Self::default() }
    }

    pub(super) fn take(
        &mut self,
        message: &Message<'_>,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        self.clock = self.clock.map_or(message.since, |clock| Some(clock.saturating_add(message.since.unwrap_or(0))));
        let words = message.words;
        if let Some(bytes) = words.strip_prefix("APDU:") {
            return self.command(bytes, message, line, into);
        }
        if let Some(bytes) = words.strip_prefix("SW:") {
            return self.answer(bytes, message, line, into);
        }
        if let Some(atr) = words.strip_prefix("Card ATR:") {
            if let Some(slot) = self.speaking.as_ref().and_then(|reader| self.slots.get_mut(reader)) {
                slot.atr = hexes::bytes(atr).ok().map(|atr| atr.to_vec()).filter(|atr| !atr.is_empty());
            }
            return Ok(());
        }
        let told = words.split_once(' ').map_or("", |(_place, told)| told);
        if let Some(reader) = told.strip_prefix("Card inserted into ").map(Name::of) {
            self.speak_of(&reader);
            if let Some(slot) = self.slots.get_mut(&reader) {
                *slot = Slot { visit: slot.visit.saturating_add(1), card: true, ..Slot::default() };
            }
        } else if let Some(reader) = told.strip_prefix("Card Removed From ").map(Name::of) {
            self.removed(&reader, line, into)?;
        } else if told.starts_with("Card not transacted") {
            self.not_transacted(message, line, into)?;
        } else if let Some(protocol) = protocol(told) {
            let by_client = self.clients.connecting(message.thread).and_then(|client| client.reader.clone());
            let reader = by_client.or_else(|| self.speaking.clone());
            if let Some(slot) = reader.and_then(|reader| self.slots.get_mut(&reader)) {
                slot.protocol = Some(protocol);
            }
        } else if let Some(reader) =
            told.strip_prefix("Attempting Connect to ").and_then(|rest| rest.split_once(" using protocol"))
        {
            let reader = Name::of(reader.0);
            self.speak_of(&reader);
            self.clients.connects_to(&reader, message.thread);
        } else if let Some((request, client)) = told.strip_prefix("Received command: ").and_then(clients::asked) {
            self.clients.asks(client, request, message.thread);
        } else if matches!(told, "Reset complete." | "Unpower complete." | "dwDisposition: 1" | "dwDisposition: 2") {
            self.clients.resets(message.thread);
        } else if let Some((request, client, code)) = clients::served(told) {
            self.served(request, client, code, line, into)?;
        } else if let Some(client) = told.strip_prefix("Client die: ").and_then(|client| client.parse().ok()) {
            self.gone(client, line, into)?;
        }
        Ok(())
    }

    /// The time since then.
    fn elapsed(&self, since: Option<u64>) -> Option<Duration> {
        Some(Duration::from_micros(self.clock?.saturating_sub(since?)))
    }

    fn speak_of(&mut self, reader: &Name) {
        if self.slots.len() < MOST || self.slots.contains_key(reader) {
            self.slots.entry(reader.clone()).or_default();
            self.speaking = Some(reader.clone());
        }
    }

    /// The conversation of a client, or of the card that is in where the log tells of no clients.
    fn key_of(&self, client: Option<u32>, thread: Option<&str>) -> Option<Key> {
        let name = |what: &str| {
            let whole = if self.name.is_empty() { what.to_owned() } else { format!("{}, {what}", self.name) };
            Name::of(&whole)
        };
        let (program, reader) = match client.and_then(|client| self.clients.get(client)) {
            Some(known) => (Some(name(&known.name())), known.reader.clone()),
            None if client.is_some() => return None,
            None => {
                let mut cards = self.slots.iter().filter(|(_, slot)| slot.card);
                let only = cards.next().filter(|_| cards.next().is_none());
                let program = thread.map(|thread| name(&format!("thread {thread}")));
                let process = (!self.name.is_empty()).then(|| Name::of(&self.name));
                (program.or(process), only.map(|(reader, _)| reader.clone()))
            }
        };
        let visit = reader.as_ref().and_then(|reader| self.slots.get(reader)).map_or(0, |slot| slot.visit);
        Some(Key { program, reader, visit, framed: client.is_some() })
    }

    fn command(
        &mut self,
        bytes: &str,
        message: &Message<'_>,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        let (client, doubtful) = self.clients.whose_command(message.thread);
        if doubtful {
            into.note(line, Damage::WhoseCommand);
        }
        let cards = self.slots.values().filter(|slot| slot.card).count();
        if client.is_none() && message.thread.is_none() && cards > 1 && !self.told_of_cards {
            self.told_of_cards = true;
            into.note(line, Damage::WhichCard);
        }
        let Some(key) = self.key_of(client, message.thread) else { return Ok(()) };
        // What the same client or the same card had under way is over.
        self.settle_where(into, |other| other.key == key)?;
        if into.is_open(&key) && client.is_none() && message.thread.is_none() {
            // Two commands before any answer: the log shows two programs and tells neither.
            return self.confused(&key, line, into);
        }
        if self.under_way.len() >= MOST {
            return into.lost(&key, line, Damage::WhoseAnswer);
        }
        let slot = key.reader.as_ref().and_then(|reader| self.slots.get(reader));
        into.card(&key, slot.and_then(|slot| slot.atr.as_deref()), slot.and_then(|slot| slot.protocol))?;
        match hexes::bytes(bytes) {
            Ok(bytes) => {
                into.command(&key, line, &bytes)?;
                let thread = message.thread.map(str::to_owned);
                self.under_way.push(UnderWay { key, client, thread, since: self.clock, answer: None });
                Ok(())
            }
            Err(what) => into.lost(&key, line, what),
        }
    }
}

/// The protocol that a message tells.
fn protocol(told: &str) -> Option<Protocol> {
    let name = ["Active Protocol: ", "Attempting PTS to "].iter().find_map(|words| told.strip_prefix(words))?;
    match name {
        "T=0" => Some(Protocol::T0),
        "T=1" => Some(Protocol::T1),
        _ => None,
    }
}
