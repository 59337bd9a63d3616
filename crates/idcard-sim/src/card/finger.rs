//! VERIFY of a finger on the card: `00 21 00 ref Lc 7F2E 81 LL 81 nn minutiae` (`nid-card.md` 8, the sibling card).

use subtle::ConstantTimeEq as _;

use super::Card;
use super::command::Command;
use super::pin::{count, state_of};
use super::sw::{Answer, Sw};
use super::tlv;

impl Card {
    /// Compares a probe with the enrolled finger. A virtual card has no matcher: the probe must be the template itself.
    pub(super) fn verify_finger(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1 != 0 {
            return Err(Sw::BAD_P1P2);
        }
        let reference = command.p2;
        let finger = self.applet_mut()?.fingers.iter_mut().find(|finger| finger.reference == reference);
        let finger = finger.ok_or(Sw::NO_REFERENCE)?;
        if command.is_query() {
            return Err(state_of(finger.tries, finger.failed));
        }
        let [0x7F, 0x2E, rest @ ..] = command.data else { return Err(Sw::BAD_DATA) };
        let template = [&[0x30], rest].concat(); // the two-byte tag stands for one, the length is read alike
        let Some((_, template, [])) = tlv::first(&template) else { return Err(Sw::BAD_DATA) };
        let Some((0x81, probe, [])) = tlv::first(template) else { return Err(Sw::BAD_DATA) };
        count(&mut finger.failed, finger.tries, probe.ct_eq(&finger.template).into())?;
        Ok(Answer::ok())
    }
}
