//! Mutual authentication in a session, after which the session speaks through the channel.

use super::Session;
use crate::apdu::{Command, Malformed, Status};
use crate::error::{Error, KeyError};
use crate::family::ItemName;
use crate::place::Step;
use crate::secure::{self, CardChallenge, PLAIN, Secured, TerminalKeys};

impl Session<'_> {
    /// Opens the secure channel of the card; whatever the session does from then on goes through it.
    ///
    /// Six exchanges at most where the serial number is not known yet: SELECT, MANAGE SECURITY ENVIRONMENT, GET CHALLENGE,
    /// MUTUAL AUTHENTICATE, and two for the serial number.
    ///
    /// # Errors
    /// [`Error::NoSecureChannel`] where the page knows of none; [`Error::TerminalKeys`] when the keys are not there or the
    /// card does not accept them or did not prove that it has them: nothing else should be asked of it then.
    /// [`Error::Refused`] when the card refuses a step before. No PIN has a part in it.
    pub fn open_channel(&mut self, keys: &mut dyn TerminalKeys) -> Result<(), Error> {
        let page = self.recognised_page();
        let Some(channel) = page.channel.as_ref() else { return Err(Error::NoSecureChannel) };
        let Some(applet) = page.applet(&channel.applet) else { return Err(Error::NoSecureChannel) };
        let serial = self.serial()?.and_then(|serial| <[u8; 8]>::try_from(serial.as_bytes()).ok());
        let Some(serial) = serial else { return Err(Error::Absent(ItemName::Serial)) };
        self.enter(applet, Some(&channel.path))?;
        let step = |verb| Step { verb, applet, path: Some(&channel.path), offset: None };

        let environment = [0x83, 0x01, keys.reference(), 0x95, 0x01, 0x80];
        let set = Command::new(0x00, 0x22, 0x41, 0xA4).with_data(&environment);
        self.channel.expect(&set, &step("MANAGE SECURITY ENVIRONMENT"))?;

        let ask = step("GET CHALLENGE");
        let reply = self.channel.expect(&Command::new(0x00, 0x84, 0x00, 0x00).expecting(8), &ask)?;
        let Ok(challenge) = <[u8; 8]>::try_from(reply.data) else {
            let source = Malformed::new("a challenge of another length than eight bytes", reply.data.len());
            return Err(Error::Garbled { step: ask.to_string(), source });
        };

        let ours = keys.authenticate(&CardChallenge { serial, challenge }).map_err(Error::TerminalKeys)?;
        let prove = step("MUTUAL AUTHENTICATE");
        let command = Command::new(0x80, 0x82, 0x00, 0x00).with_data(&ours).expecting(72);
        self.proving = true;
        let reply = self.channel.send(&command, &prove)?;
        if reply.status != Status::OK {
            return Err(Error::TerminalKeys(KeyError::CardRefused(reply.status)));
        }
        let Ok(theirs) = <[u8; 72]>::try_from(reply.data) else {
            let source = Malformed::new("a proof of another length than 72 bytes", reply.data.len());
            return Err(Error::Garbled { step: prove.to_string(), source });
        };
        let session = keys.session_keys(&theirs).map_err(Error::TerminalKeys)?;
        let messaging = secure::messaging(channel.suite, &session);
        let protocol = self.channel.protocol();
        self.wrap(PLAIN, |link| Box::new(Secured::new(link, protocol, messaging)));
        Ok(())
    }
}
