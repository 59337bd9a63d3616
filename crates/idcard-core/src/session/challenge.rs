//! Random bytes of the card.

use super::Session;
use crate::apdu::{Command, Malformed};
use crate::error::Error;

/// What is being done, for messages.
const STEP: &str = "GET CHALLENGE";

impl Session<'_> {
    /// Eight random bytes from whatever applet is selected (GET CHALLENGE, ISO/IEC 7816-4, 11.5.3): nothing is selected
    /// for it, so that a PIN which is presented stays so. How good they are nobody knows: they are to be mixed with
    /// others.
    ///
    /// # Errors
    /// [`Error::Refused`] where the applet has none; [`Error::Garbled`] for another length; what the link did.
    pub fn challenge(&mut self) -> Result<[u8; 8], Error> {
        let reply = self.channel.expect(&Command::new(0x00, 0x84, 0x00, 0x00).expecting(8), &STEP)?;
        reply.data.try_into().map_err(|_| Error::Garbled {
            step: STEP.to_owned(),
            source: Malformed::new("a challenge of another length than eight bytes", reply.data.len()),
        })
    }
}
