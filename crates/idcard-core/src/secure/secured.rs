//! A transaction around a transaction: what goes down is protected, what comes up is checked; one failure closes it.

use super::messaging::{Messaging, Plain};
use crate::apdu::{Command, Status};
use crate::channel::{Channel, Extended};
use crate::error::Error;
use crate::transport::{Exchange, Leaving, LinkError, Protocol, Transaction};

/// An open secure channel over a link.
pub(crate) struct Secured<'t> {
    channel: Channel<'t>,
    messaging: Option<Messaging>,
}

impl<'t> Secured<'t> {
    pub(crate) fn new(link: Box<dyn Transaction + 't>, protocol: Protocol, messaging: Messaging) -> Self {
        Self { channel: Channel::new(link, protocol, Extended::Never), messaging: Some(messaging) }
    }

    /// Closes the channel for good, and says why.
    fn close(&mut self, what: &'static str, status: Option<Status>) -> LinkError {
        self.messaging = None;
        LinkError::SecureChannel { what, status }
    }
}

impl Transaction for Secured<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        let Some(plain) = Plain::parse(command) else {
            return Err(LinkError::Unlawful { what: "only short commands go through the secure channel" });
        };
        let Some(messaging) = self.messaging.as_mut() else {
            return Err(LinkError::SecureChannel { what: "it is closed", status: None });
        };
        let (header, objects) = messaging.protect(&plain);
        let [class, instruction, p1, p2] = header;
        let protected = Command::new(class, instruction, p1, p2).with_data(&objects).expecting(256);
        let before = self.channel.turn();
        let reply = match self.channel.send(&protected, &"a protected command") {
            Ok(reply) => reply,
            Err(Error::Reader { source, .. }) => {
                self.messaging = None;
                return Err(source);
            }
            Err(_) => return Err(self.close("the card answered against the protocol", None)),
        };
        let (outer, redacted) = (reply.status, reply.redacted);
        let data = reply.data.to_vec();
        let opened = self.messaging.as_mut().and_then(|messaging| messaging.unprotect(&data, outer));
        let Some((data, status)) = opened else {
            return Err(self.close("an answer came without valid protection", Some(outer)));
        };
        answer.extend_from_slice(&data);
        answer.extend_from_slice(&status.0.to_be_bytes());
        Ok(Exchange { elapsed: self.channel.turn().saturating_sub(before), redacted })
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        // The keys went with the card's state, and nobody else's reset is a fault of the card.
        self.messaging = None;
        Err(LinkError::Reset)
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        // Another program's first plain command would close the channel.
        Ok(())
    }

    fn end(mut self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.messaging = None;
        self.channel.end(leaving)
    }
}
