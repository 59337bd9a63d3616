//! Logs of `pcscd --apdu`: `00000027 APDU: 00 A4 …` and `00000051 SW: 90 00`, with what its other messages tell.
//!
//! Without debug messages a log tells neither programs nor readers apart; then the cards that are in decide. With them
//! each command is the one of the client that asked for it, and a thread's number, which coloured logs have, is sure.

mod daemon;
mod message;

use self::daemon::Daemon;
use self::message::Message;
use super::conversations::Conversations;
use super::{ImportError, Line, Log};
use std::collections::HashMap;

/// How many services one log may speak of.
const DAEMONS: usize = 64;

pub(super) use self::message::{is_command, is_message};

/// The services that wrote the log, by what stands before their messages.
#[derive(Default)]
pub(super) struct Pcscd {
    daemons: HashMap<String, Daemon>,
}

impl Log for Pcscd {
    fn line(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        let Some(message) = Message::of(line.text) else { return Ok(()) };
        if self.daemons.len() >= DAEMONS && !self.daemons.contains_key(message.source) {
            return Ok(());
        }
        let daemon = self.daemons.entry(message.source.to_owned()).or_insert_with(|| Daemon::new(message.source));
        daemon.take(&message, line.number, into)
    }

    fn end(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        for daemon in self.daemons.values_mut() {
            daemon.settle(into)?;
        }
        Ok(())
    }
}
