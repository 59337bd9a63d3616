//! The clients of a service, by its messages: who asks, for what, about which reader.

use super::super::super::name::Name;
use std::collections::{BTreeMap, VecDeque};

/// How many clients and threads are kept in mind.
const MOST: usize = 256;

pub(super) struct Client {
    number: u32,
    /// How many clients came before it: numbers are given away again.
    turn: u32,
    pub reader: Option<Name>,
    request: String,
    reset: bool,
}

impl Client {
    pub(super) fn name(&self) -> String {
        format!("client {} (number {} in the log)", self.number, self.turn)
    }
}

#[derive(Default)]
pub(super) struct Clients {
    known: BTreeMap<u32, Client>,
    /// Who waits for an answer of the card, in the order of asking.
    asking: VecDeque<u32>,
    threads: BTreeMap<String, u32>,
    /// Who asked last.
    last: Option<u32>,
    met: u32,
}

/// `TRANSMIT from client 11`.
pub(super) fn asked(told: &str) -> Option<(&str, u32)> {
    let (request, client) = told.split_once(" from client ")?;
    Some((request, client.trim_end().parse().ok()?))
}

/// `TRANSMIT for client 11, rv=SCARD_S_SUCCESS`.
pub(super) fn served(told: &str) -> Option<(&str, u32, &str)> {
    let (request, rest) = told.split_once(" for client ")?;
    let (client, code) = rest.split_once(", rv=")?;
    Some((request, client.parse().ok()?, code.trim_end()))
}

impl Clients {
    pub(super) fn get(&self, client: u32) -> Option<&Client> {
        self.known.get(&client)
    }

    pub(super) fn asks(&mut self, client: u32, request: &str, thread: Option<&str>) {
        if self.known.len() >= MOST && !self.known.contains_key(&client) {
            return;
        }
        let known = self.known.entry(client).or_insert_with(|| {
            self.met = self.met.saturating_add(1);
            Client { number: client, turn: self.met, reader: None, request: String::new(), reset: false }
        });
        known.request = request.chars().take(32).collect();
        self.last = Some(client);
        if let Some(thread) = thread.filter(|thread| self.threads.len() < MOST || self.threads.contains_key(*thread)) {
            self.threads.insert(thread.to_owned(), client);
        }
        if request == "TRANSMIT" && self.asking.len() < MOST {
            self.asking.push_back(client);
        }
    }

    /// The client of a thread, else the one whose last request was one of these, the latest first.
    fn who(&mut self, thread: Option<&str>, requests: &[&str]) -> Option<&mut Client> {
        let by_thread = thread.and_then(|thread| self.threads.get(thread)).copied();
        let fits = |known: &BTreeMap<u32, Client>, client: &u32| {
            known.get(client).is_some_and(|known| requests.contains(&known.request.as_str()))
        };
        let by_request = || {
            let last = self.last.filter(|client| fits(&self.known, client));
            last.or_else(|| self.known.keys().copied().find(|client| fits(&self.known, client)))
        };
        let client = by_thread.or_else(by_request)?;
        self.known.get_mut(&client)
    }

    pub(super) fn connecting(&mut self, thread: Option<&str>) -> Option<&Client> {
        self.who(thread, &["CONNECT", "RECONNECT"]).map(|client| &*client)
    }

    pub(super) fn connects_to(&mut self, reader: &Name, thread: Option<&str>) {
        if let Some(client) = self.who(thread, &["CONNECT"]) {
            client.reader = Some(reader.clone());
        }
    }

    pub(super) fn resets(&mut self, thread: Option<&str>) {
        if let Some(client) = self.who(thread, &["END_TRANSACTION", "DISCONNECT", "RECONNECT"]) {
            client.reset = true;
        }
    }

    pub(super) fn take_reset(&mut self, client: u32) -> bool {
        self.known.get_mut(&client).is_some_and(|known| std::mem::take(&mut known.reset))
    }

    /// Whose command this is, and whether that is in doubt.
    pub(super) fn whose_command(&mut self, thread: Option<&str>) -> (Option<u32>, bool) {
        if let Some(thread) = thread {
            let client = self.threads.get(thread).copied();
            self.asking.retain(|asking| Some(*asking) != client);
            return (client, false);
        }
        let doubtful = self.asking.len() > 1;
        (self.asking.pop_front(), doubtful)
    }

    pub(super) fn served(&mut self, client: u32) {
        self.asking.retain(|asking| *asking != client);
    }

    pub(super) fn leaves(&mut self, client: u32) {
        self.known.remove(&client);
        self.served(client);
        self.threads.retain(|_, of| *of != client);
    }
}
