//! READ BINARY, UPDATE BINARY, GET DATA, GetInfo (`specimen.md` 2, 5; `nid-card.md` 3.2, 5.3).

use idcard_core::transport::Protocol;

use super::Card;
use super::command::Command;
use super::sw::{Answer, Sw};
use crate::image::Ef;

impl Card {
    pub(super) fn read_binary(&self, command: &Command<'_>) -> Result<Answer, Sw> {
        let file = self.current_file(command)?;
        let wanted = command.le.filter(|_| command.data.is_empty()).ok_or(Sw::WRONG_LENGTH)?;
        let locked = file.read.never
            || (file.read.channel && !self.state.protected)
            || file.read.pin.as_ref().is_some_and(|pin| !self.state.verified.contains(pin));
        if locked {
            return Err(Sw::SECURITY_STATUS);
        }
        let rest = file.content.get(self.offset(command)?..).filter(|rest| !rest.is_empty()).ok_or(Sw::OFFSET)?;
        match rest.get(..wanted) {
            Some(bytes) => Ok(Answer::data(bytes.to_vec())),
            None if self.interface().protocol == Protocol::T0 && !self.state.protected => Err(Sw::exactly(rest.len())),
            None => Ok(Answer { data: rest.to_vec(), sw: Sw::END_OF_FILE }),
        }
    }

    pub(super) fn update_binary(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        let file = self.current_file(command)?;
        if !file.update {
            return Err(Sw::SECURITY_STATUS);
        }
        if command.data.is_empty() {
            return Err(Sw::WRONG_LENGTH);
        }
        let offset = self.offset(command)?;
        let at = self.state.file;
        let file = self.applet_mut()?.files.get_mut(at.ok_or(Sw::NO_CURRENT_FILE)?).ok_or(Sw::NO_CURRENT_FILE)?;
        let rest = file.content.get_mut(offset..).filter(|rest| !rest.is_empty()).ok_or(Sw::OFFSET)?;
        rest.get_mut(..command.data.len()).ok_or(Sw::WRONG_LENGTH)?.copy_from_slice(command.data);
        Ok(Answer::ok())
    }

    pub(super) fn get_data(&self, command: &Command<'_>) -> Result<Answer, Sw> {
        self.object(command.p1p2(), command)
    }

    /// `90 38 00 00` of the Pardis card manager (`nid-card.md` 3.4), kept in the image under that number.
    pub(super) fn get_pardis_number(&self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1p2() != 0 {
            return Err(Sw::BAD_P1P2);
        }
        self.object(0x9038, command).map_err(|sw| if sw == Sw::NO_REFERENCE { Sw::NO_INSTRUCTION } else { sw })
    }

    fn object(&self, tag: u16, command: &Command<'_>) -> Result<Answer, Sw> {
        if !command.data.is_empty() {
            return Err(Sw::WRONG_LENGTH);
        }
        let (_, value) = self.applet()?.objects.iter().find(|(known, _)| *known == tag).ok_or(Sw::NO_REFERENCE)?;
        Ok(Answer::data(value.clone()))
    }

    /// `80 C0 02 05 0C` on a secret-code file: byte 1 the failed presentations as bits, byte 2 those of the PUK.
    pub(super) fn get_info(&self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1p2() != 0x0205 {
            return Err(Sw::BAD_P1P2);
        }
        let applet = self.applet()?;
        let file = self.state.file.and_then(|at| applet.files.get(at)).ok_or(Sw::NO_CURRENT_FILE)?;
        let name = file.secret_code_of.as_ref().ok_or(Sw::WRONG_FILE_KIND)?;
        let pin = applet.pins.iter().find(|pin| pin.name == *name).ok_or(Sw::NO_REFERENCE)?;
        let puk = applet.puks.iter().find(|puk| Some(&puk.name) == pin.puk.as_ref());
        let bits = 1_u8.checked_shl(u32::from(pin.failed)).map_or(0xFF, |next| next.wrapping_sub(1));
        let mut info = vec![0; 12];
        for (place, value) in info.iter_mut().skip(1).zip([bits, puk.map_or(0, |puk| puk.failed)]) {
            *place = value;
        }
        Ok(Answer::data(info))
    }

    fn current_file(&self, command: &Command<'_>) -> Result<&Ef, Sw> {
        if command.p1 & 0x80 != 0 {
            return Err(Sw::NOT_FOUND); // a short file identifier, and no file has one
        }
        let at = self.state.file.ok_or(Sw::NO_CURRENT_FILE)?;
        self.applet()?.files.get(at).ok_or(Sw::NO_CURRENT_FILE)
    }

    /// P1 and P2 in bytes.
    fn offset(&self, command: &Command<'_>) -> Result<usize, Sw> {
        Ok(usize::from(command.p1p2()).saturating_mul(self.applet()?.unit))
    }
}
