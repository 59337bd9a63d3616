//! MANAGE SECURITY ENVIRONMENT, PERFORM SECURITY OPERATION, INTERNAL AUTHENTICATE (`specimen.md` 5; `nid-card.md` 6).

use idcard_core::transport::Protocol;

use self::private::{Algorithm, PrivateKey};
use super::command::Command;
use super::sw::{Answer, Sw};
use super::{Card, tlv};
use crate::image::Key;

mod private;

/// What the security environment is set for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Environment {
    /// PSO: which key, which algorithm.
    Signature(u8, Algorithm),
    /// INTERNAL AUTHENTICATE: which key, which algorithm.
    Authentication(u8, Algorithm),
    /// MUTUAL AUTHENTICATE with the keys of the channel.
    Channel,
}

impl Card {
    pub(super) fn manage_environment(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1 != 0x41 || !matches!(command.p2, 0xA4 | 0xB6) {
            return Err(Sw::BAD_P1P2);
        }
        let mut objects = tlv::all(command.data).ok_or(Sw::BAD_DATA)?;
        objects.sort_unstable();
        let environment = match (command.p2, objects.as_slice()) {
            (0xB6, [(0x80, [algorithm]), (0x84, [key])]) => {
                Environment::Signature(*key, self.algorithm(*key, *algorithm)?)
            }
            (0xA4, [(0x80, [algorithm @ (0x02 | 0x04)]), (0x84, [key])]) => {
                if !self.key(*key)?.authenticates {
                    return Err(Sw::NO_REFERENCE);
                }
                Environment::Authentication(*key, self.algorithm(*key, *algorithm)?)
            }
            (0xA4, [(0x83, [reference]), (0x95, [0x80])]) => {
                let name = &self.applet()?.name;
                let keys = self.image.channel.as_ref().filter(|keys| keys.reference == *reference);
                keys.filter(|keys| keys.applet == *name).ok_or(Sw::NO_REFERENCE)?;
                Environment::Channel
            }
            _ => return Err(Sw::BAD_DATA),
        };
        self.state.environment = Some(environment);
        self.state.hash = None;
        Ok(Answer::ok())
    }

    pub(super) fn security_operation(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        match command.p1p2() {
            0x90A0 => self.take_hash(command),
            0x9E9A => self.compute_signature(command),
            _ => Err(Sw::BAD_P1P2),
        }
    }

    /// `00 2A 90 A0 Lc 90 len hash`.
    fn take_hash(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        let Some(Environment::Signature(_, algorithm)) = self.state.environment else { return Err(Sw::CONDITIONS) };
        let Some((0x90, hash, [])) = tlv::first(command.data) else { return Err(Sw::BAD_DATA) };
        if !algorithm.takes(hash.len()) {
            return Err(Sw::BAD_DATA);
        }
        self.state.hash = Some(hash.to_vec());
        Ok(Answer::ok())
    }

    /// `00 2A 9E 9A Le`. A wrong Le costs neither the hash nor the PIN.
    fn compute_signature(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        let Some(Environment::Signature(reference, algorithm)) = self.state.environment else {
            return Err(Sw::CONDITIONS);
        };
        if !command.data.is_empty() {
            return Err(Sw::WRONG_LENGTH);
        }
        let (key, pin) = self.usable_key(reference)?;
        let hash = self.state.hash.clone().ok_or(Sw::CONDITIONS)?;
        let size = key.signature_size();
        let wanted = match self.interface().protocol {
            Protocol::T0 if !self.state.protected => command.le.or(Some(256)),
            _ => command.le,
        };
        if wanted != Some(size) {
            return Err(Sw::exactly(size));
        }
        let signature = key.sign(algorithm, &hash, &mut self.random).ok_or(Sw::BAD_DATA)?;
        self.state.hash = None;
        if self.applet()?.pins.iter().any(|known| known.name == pin && known.spent_by_signature) {
            self.state.verified.remove(&pin);
        }
        Ok(Answer::data(signature))
    }

    /// `00 88 00 00 Lc data Le`.
    pub(super) fn internal_authenticate(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1p2() != 0 {
            return Err(Sw::BAD_P1P2);
        }
        let Some(Environment::Authentication(reference, algorithm)) = self.state.environment else {
            return Err(Sw::CONDITIONS);
        };
        let (key, _) = self.usable_key(reference)?;
        if command.data.is_empty() {
            return Err(Sw::WRONG_LENGTH);
        }
        if command.le.is_some_and(|wanted| wanted != key.signature_size()) {
            return Err(Sw::exactly(key.signature_size()));
        }
        if !algorithm.takes(command.data.len()) {
            return Err(Sw::BAD_DATA);
        }
        key.sign(algorithm, command.data, &mut self.random).map(Answer::data).ok_or(Sw::BAD_DATA)
    }

    /// The key of that reference that is known in the current folder.
    fn key(&self, reference: u8) -> Result<&Key, Sw> {
        let here = |key: &Key| key.folder.is_none() || key.folder == self.state.folder;
        self.applet()?.keys.iter().find(|key| key.reference == reference && here(key)).ok_or(Sw::NO_REFERENCE)
    }

    /// The algorithm of that byte, where the key is of its kind.
    fn algorithm(&self, reference: u8, algorithm: u8) -> Result<Algorithm, Sw> {
        let key = PrivateKey::parse(&self.key(reference)?.pkcs8).ok_or(Sw::BROKEN)?;
        Algorithm::of_byte(algorithm).filter(|algorithm| key.knows(*algorithm)).ok_or(Sw::BAD_DATA)
    }

    /// The key, ready to sign, and the name of the PIN that was verified for it.
    fn usable_key(&self, reference: u8) -> Result<(PrivateKey, String), Sw> {
        let key = self.key(reference)?;
        if !self.state.verified.contains(&key.pin) {
            return Err(Sw::SECURITY_STATUS);
        }
        Ok((PrivateKey::parse(&key.pkcs8).ok_or(Sw::BROKEN)?, key.pin.clone()))
    }
}
