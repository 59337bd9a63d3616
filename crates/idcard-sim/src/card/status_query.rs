//! The protected PIN status query of Pardis cards (`nid-card.md` 5.6).

use subtle::ConstantTimeEq as _;

use super::command::Command;
use super::pin::state_of;
use super::sw::{Answer, Sw};
use super::{Card, tdes, tlv};

impl Card {
    /// `0C 20 00 P2 0A 8E 08 MAC` after GET CHALLENGE; both keys come from the challenge and the key of the image.
    pub(super) fn protected_status(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if (command.cla, command.ins, command.p1) != (0x0C, 0x20, 0x00) {
            return Err(Sw::NO_INSTRUCTION);
        }
        let challenge = self.state.challenge.take().filter(|bytes| bytes.len() == 8).ok_or(Sw::CONDITIONS)?;
        let applet = self.applet()?;
        let key = applet.status_key.ok_or(Sw::BAD_SECURE_MESSAGING)?;
        let seed = [challenge.as_slice(), &2_u64.to_be_bytes()].concat();
        let kmac: [u8; 16] = tdes::encrypt(&key, &seed).try_into().map_err(|_| Sw::BROKEN)?;
        let Some((0x8E, mac, [])) = tlv::first(command.data) else { return Err(Sw::BAD_SECURE_MESSAGING) };
        let header = tdes::pad(&[command.cla, command.ins, command.p1, command.p2]);
        if !bool::from(tdes::mac_of_blocks(&kmac, &header).ct_eq(mac)) {
            return Err(Sw::BAD_SECURE_MESSAGING);
        }
        let here = |folder: Option<u16>| folder.is_none() || folder == self.state.folder;
        let pin = applet.pins.iter().find(|pin| pin.references.contains(&command.p2) && here(pin.folder));
        let sw = pin.map_or(Sw::NO_REFERENCE, |pin| state_of(pin.tries, pin.failed));
        let mut data = tlv::object(0x99, &sw.0.to_be_bytes());
        data.extend(tlv::object(0x8E, &tdes::mac(&kmac, &data)));
        Ok(Answer { data, sw })
    }
}
