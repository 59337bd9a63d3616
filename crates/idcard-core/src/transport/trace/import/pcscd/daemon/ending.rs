//! How a command ends in the log: its answer, the message that the client was served, a card that leaves.

use super::super::super::conversations::{Conversations, Key, Outcome};
use super::super::super::name::Name;
use super::super::super::{Damage, ImportError, hexes};
use super::super::message::Message;
use super::{Answer, Daemon, MOST, UnderWay};
use crate::transport::scard;

impl Daemon {
    /// An answer: of the only command under way, of the one of this thread, or of a client that will be told.
    pub(super) fn answer(
        &mut self,
        bytes: &str,
        message: &Message<'_>,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        let waits = |one: &UnderWay| one.answer.is_none();
        let of_thread = |one: &UnderWay| message.thread.is_none() || one.thread.as_deref() == message.thread;
        let waiting: Vec<usize> =
            (0..).zip(&self.under_way).filter(|(_, one)| waits(one) && of_thread(one)).map(|(at, _)| at).collect();
        let bytes = match hexes::bytes(bytes) {
            Ok(bytes) => bytes,
            Err(what) => {
                return match waiting.as_slice() {
                    [only] if *only < self.under_way.len() => {
                        let key = self.under_way.remove(*only).key;
                        into.lost(&key, line, what)
                    }
                    _ => {
                        into.note(line, what);
                        Ok(())
                    }
                };
            }
        };
        match waiting.as_slice() {
            [] => {
                into.note(line, Damage::NoCommand);
                Ok(())
            }
            [only] => {
                let since = self.under_way.get(*only).and_then(|one| one.since);
                let elapsed = self.elapsed(since);
                let Some(one) = self.under_way.get_mut(*only) else { return Ok(()) };
                let tells_more = one.client.is_some() || bytes.is_empty();
                one.answer = Some(Answer { line, bytes, elapsed });
                if tells_more { Ok(()) } else { self.settle_at(*only, into) }
            }
            [first, ..] => {
                let elapsed = self.elapsed(self.under_way.get(*first).and_then(|one| one.since));
                if self.unassigned.len() < MOST {
                    self.unassigned.push_back(Answer { line, bytes, elapsed });
                }
                Ok(())
            }
        }
    }

    /// A client was served: what it asked for is over.
    pub(super) fn served(
        &mut self,
        request: &str,
        client: u32,
        code: &str,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        let succeeded = code == "SCARD_S_SUCCESS";
        match request {
            "TRANSMIT" => {
                self.clients.served(client);
                let Some(at) = self.under_way.iter().position(|one| one.client == Some(client)) else { return Ok(()) };
                let mut one = self.under_way.remove(at);
                if one.answer.is_none() {
                    if self.unassigned.len() > 1 {
                        into.note(line, Damage::WhoseCommand);
                    }
                    one.answer = self.unassigned.pop_front();
                }
                if self.under_way.is_empty() {
                    self.unassigned.clear();
                }
                if succeeded {
                    return deliver(one, line, into);
                }
                let code = scard::full_name(code).unwrap_or(scard::UNKNOWN);
                let elapsed = self.elapsed(one.since);
                into.outcome(&one.key, line, &Outcome::Failure(code), elapsed)
            }
            "BEGIN_TRANSACTION" if succeeded => match self.key_of(Some(client), None) {
                Some(key) => into.begin(&key),
                None => Ok(()),
            },
            "END_TRANSACTION" | "DISCONNECT" if succeeded => {
                let reset = self.clients.take_reset(client);
                self.key_of(Some(client), None).map_or(Ok(()), |key| into.end(&key, reset))
            }
            "RECONNECT" if succeeded && self.clients.take_reset(client) => {
                self.key_of(Some(client), None).map_or(Ok(()), |key| into.reset(&key))
            }
            _ => Ok(()),
        }
    }

    /// The driver says that nothing came back: of the log without debug messages the only word about it.
    pub(super) fn not_transacted(
        &mut self,
        message: &Message<'_>,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        let failed = |one: &UnderWay| {
            one.client.is_none()
                && one.thread.as_deref() == message.thread
                && one.answer.as_ref().is_none_or(|answer| answer.bytes.is_empty())
        };
        let Some(at) = self.under_way.iter().position(failed) else { return Ok(()) };
        let one = self.under_way.remove(at);
        let elapsed = self.elapsed(one.since);
        into.outcome(&one.key, line, &Outcome::Failure("SCARD_E_NOT_TRANSACTED"), elapsed)
    }

    pub(super) fn removed(
        &mut self,
        reader: &Name,
        line: usize,
        into: &mut Conversations<'_>,
    ) -> Result<(), ImportError> {
        while let Some(at) = self.under_way.iter().position(|one| one.key.reader.as_ref() == Some(reader)) {
            let one = self.under_way.remove(at);
            match one.answer {
                Some(ref answer) if !answer.bytes.is_empty() => deliver(one, line, into)?,
                _ => into.outcome(&one.key, line, &Outcome::Failure("SCARD_W_REMOVED_CARD"), None)?,
            }
        }
        if let Some(slot) = self.slots.get_mut(reader) {
            slot.card = false;
        }
        Ok(())
    }

    /// A client leaves; the next one of its number is another program.
    pub(super) fn gone(&mut self, client: u32, line: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        while let Some(at) = self.under_way.iter().position(|one| one.client == Some(client)) {
            deliver(self.under_way.remove(at), line, into)?;
        }
        if let Some(key) = self.key_of(Some(client), None) {
            into.leave(&key)?;
        }
        self.clients.leaves(client);
        Ok(())
    }

    /// Two commands and nothing that tells them apart: none is trusted.
    pub(super) fn confused(&mut self, key: &Key, line: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        self.under_way.retain(|one| one.key != *key);
        into.lost(key, line, Damage::WhoseAnswer)
    }

    /// Hands out every answer that waited for another word.
    pub(in super::super) fn settle(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        self.settle_where(into, |_| true)
    }

    pub(super) fn settle_where(
        &mut self,
        into: &mut Conversations<'_>,
        which: impl Fn(&UnderWay) -> bool,
    ) -> Result<(), ImportError> {
        while let Some(at) = self.under_way.iter().position(|one| one.answer.is_some() && which(one)) {
            self.settle_at(at, into)?;
        }
        Ok(())
    }

    fn settle_at(&mut self, at: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        if at >= self.under_way.len() {
            return Ok(());
        }
        let one = self.under_way.remove(at);
        deliver(one, 0, into)
    }
}

/// Hands out a command with its answer; without one it is left out, `line` telling where that was seen.
fn deliver(one: UnderWay, line: usize, into: &mut Conversations<'_>) -> Result<(), ImportError> {
    match one.answer {
        Some(answer) => into.outcome(&one.key, answer.line, &Outcome::Answer(&answer.bytes), answer.elapsed),
        None => into.lost(&one.key, line, Damage::NoAnswer),
    }
}
