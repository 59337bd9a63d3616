//! VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER and the MPCOS form `80 24` (`specimen.md` 5; `nid-card.md` 5).

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::Card;
use super::command::Command;
use super::sw::{Answer, Sw};
use crate::image::{Pin, Profile, Puk};

/// The length of a PIN in Classic, padded with `00`.
const CLASSIC: usize = 16;

impl Card {
    /// The digits of the PIN that a reference means in the current folder: what its holder knows.
    pub(crate) fn pin_here(&self, reference: u8) -> Option<&[u8]> {
        let at = self.pin_position(reference).ok()?;
        Some(&self.applet().ok()?.pins.get(at)?.value)
    }

    pub(super) fn verify(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1 != 0 {
            return Err(Sw::BAD_P1P2);
        }
        let profile = self.applet()?.profile;
        if profile == Profile::Pardis {
            return Err(Sw::SECURITY_STATUS); // only protected (nid-card.md 5.6)
        }
        if let Some(puk) = self.applet()?.puks.iter().find(|puk| puk.reference == Some(command.p2)) {
            return if command.is_query() { Err(state_of(puk.tries, puk.failed)) } else { Err(Sw::CONDITIONS) };
        }
        let at = self.pin_position(command.p2)?;
        let pin = self.applet()?.pins.get(at).ok_or(Sw::NO_REFERENCE)?;
        if command.is_query() && profile == Profile::Classic {
            return if self.state.verified.contains(&pin.name) {
                Ok(Answer::ok())
            } else {
                Err(state_of(pin.tries, pin.failed))
            };
        }
        if command.data.len() != if profile == Profile::Mpcos { 8 } else { CLASSIC } {
            return Err(Sw::WRONG_LENGTH);
        }
        let right = match profile {
            Profile::Mpcos => pack(command.data).is_some_and(|given| same(&given, &packed(&pin.value))),
            _ => same(command.data, &padded(&pin.value)),
        };
        let name = self.present(at, right)?;
        self.state.verified.insert(name);
        Ok(Answer::ok())
    }

    /// `00 24 00 8x 20` old and new, `00 2C 00 8x 20` PUK and new, 16 bytes each.
    pub(super) fn change_or_unblock(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1 != 0 {
            return Err(Sw::BAD_P1P2);
        }
        let at = self.pin_position(command.p2)?;
        let (key, new) = halves::<CLASSIC>(command.data)?;
        let digits = new.split(|byte| *byte == 0).next().unwrap_or_default();
        let clean = digits.iter().all(u8::is_ascii_digit) && same(new, &padded(digits));
        let digits = Zeroizing::new(digits.to_vec());
        let pin = self.applet()?.pins.get(at).ok_or(Sw::NO_REFERENCE)?;
        if !clean || digits.len() < pin.digits.0 || digits.len() > pin.digits.1 {
            return Err(Sw::BAD_DATA);
        }
        if command.ins == 0x2C {
            let right = self.puk_of(at)?.is_some_and(|puk| same(key, &padded(&puk.value)));
            self.unblock(at, right, digits)
        } else {
            let right = same(key, &padded(&pin.value));
            self.change(at, right, digits)
        }
    }

    /// `80 24 00 00 08` old and new, `80 24 01 00 08` PUK and new, 4 packed bytes each, in the folder of the PIN.
    pub(super) fn change_or_unblock_packed(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1 > 1 {
            return Err(Sw::BAD_P1P2);
        }
        let at = self.pin_position(command.p2)?;
        let (key, new) = halves::<4>(command.data)?;
        if new.iter().any(|byte| byte >> 4 > 9 || byte & 0x0F > 9) {
            return Err(Sw::BAD_DATA);
        }
        // Where the digits end cannot be told from the packing; all eight are kept, and compare equal once packed.
        let digits = new.iter().flat_map(|byte| [b'0' | byte >> 4, b'0' | byte & 0x0F]).collect();
        let digits = Zeroizing::new(digits);
        if command.p1 == 1 {
            let right = self.puk_of(at)?.is_some_and(|puk| same(key, &packed(&puk.value)));
            self.unblock(at, right, digits)
        } else {
            let pin = self.applet()?.pins.get(at).ok_or(Sw::NO_REFERENCE)?;
            let right = same(key, &packed(&pin.value));
            self.change(at, right, digits)
        }
    }

    fn change(&mut self, at: usize, right: bool, digits: Zeroizing<Vec<u8>>) -> Result<Answer, Sw> {
        let name = self.present(at, right)?;
        self.state.verified.remove(&name); // a new value has not been presented yet
        self.pin_mut(at)?.value = digits.to_vec();
        Ok(Answer::ok())
    }

    fn unblock(&mut self, at: usize, right: bool, digits: Zeroizing<Vec<u8>>) -> Result<Answer, Sw> {
        let pin = self.pin_mut(at)?;
        let (name, puk) = (pin.name.clone(), pin.puk.clone());
        let puk = self.applet_mut()?.puks.iter_mut().find(|known| Some(&known.name) == puk.as_ref());
        let puk = puk.ok_or(Sw::NO_REFERENCE)?;
        count(&mut puk.failed, puk.tries, right)?;
        self.state.verified.remove(&name);
        let pin = self.pin_mut(at)?;
        pin.value = digits.to_vec();
        pin.failed = 0;
        Ok(Answer::ok())
    }

    /// Counts one presentation of a PIN; a wrong one also ends an earlier verification. Gives the PIN's name.
    fn present(&mut self, at: usize, right: bool) -> Result<String, Sw> {
        let pin = self.pin_mut(at)?;
        let name = pin.name.clone();
        let outcome = count(&mut pin.failed, pin.tries, right);
        if outcome.is_err() {
            self.state.verified.remove(&name);
        }
        outcome.map(|()| name)
    }

    /// The PIN of that reference that is known in the current folder.
    fn pin_position(&self, reference: u8) -> Result<usize, Sw> {
        let here = |pin: &Pin| pin.folder.is_none() || pin.folder == self.state.folder;
        let known = |pin: &Pin| pin.references.contains(&reference) && here(pin);
        self.applet()?.pins.iter().position(known).ok_or(Sw::NO_REFERENCE)
    }

    fn pin_mut(&mut self, at: usize) -> Result<&mut Pin, Sw> {
        self.applet_mut()?.pins.get_mut(at).ok_or(Sw::NO_REFERENCE)
    }

    fn puk_of(&self, at: usize) -> Result<Option<&Puk>, Sw> {
        let applet = self.applet()?;
        let pin = applet.pins.get(at).ok_or(Sw::NO_REFERENCE)?;
        Ok(applet.puks.iter().find(|puk| Some(&puk.name) == pin.puk.as_ref()))
    }
}

/// Counts one presentation: a blocked counter answers `6983` whatever is presented, a wrong one `63Cx`.
pub(super) fn count(failed: &mut u8, tries: u8, right: bool) -> Result<(), Sw> {
    if *failed >= tries {
        return Err(Sw::BLOCKED);
    }
    if right {
        *failed = 0;
        return Ok(());
    }
    *failed = failed.saturating_add(1);
    Err(Sw::wrong(tries.saturating_sub(*failed)))
}

pub(super) fn state_of(tries: u8, failed: u8) -> Sw {
    match tries.saturating_sub(failed) {
        0 => Sw::BLOCKED,
        left => Sw::wrong(left),
    }
}

fn halves<const N: usize>(data: &[u8]) -> Result<(&[u8], &[u8]), Sw> {
    if data.len() != N.saturating_mul(2) {
        return Err(Sw::WRONG_LENGTH);
    }
    data.split_at_checked(N).ok_or(Sw::WRONG_LENGTH)
}

fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// ASCII digits padded with `00` to 16 bytes.
fn padded(digits: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut padded = Zeroizing::new(digits.to_vec());
    padded.resize(CLASSIC, 0);
    padded
}

/// Eight bytes of ASCII digits padded with `00`, packed; nothing where they are anything else.
fn pack(presented: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digits = presented.split(|byte| *byte == 0).next().unwrap_or_default();
    let rest = presented.get(digits.len()..)?;
    let clean = digits.iter().all(u8::is_ascii_digit) && rest.iter().all(|byte| *byte == 0);
    clean.then(|| packed(digits))
}

/// Two digits a byte, right-padded with 0 to four bytes.
fn packed(digits: &[u8]) -> Zeroizing<Vec<u8>> {
    let digit = |at: usize| digits.get(at).map_or(0, |ascii| ascii & 0x0F);
    Zeroizing::new((0..4).map(|byte| digit(2 * byte) << 4 | digit(2 * byte + 1)).collect())
}
