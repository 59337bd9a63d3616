//! What a reader with a pin pad of its own is asked to do: the PIN goes from its keys to the card past the computer.

use super::LinkError;
use std::time::Duration;

/// A link without a pin pad.
pub(crate) const NO_PAD: LinkError = LinkError::Lost { code: "SCARD_E_UNSUPPORTED_FEATURE" };

/// Asks for a PIN in ASCII digits, left-justified in the data field of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinPad<'a> {
    /// The command as it goes to the card, its data field filled with the padding of the PIN (no PIN in it).
    pub command: &'a [u8],
    /// The fewest digits.
    pub shortest: u8,
    /// The most digits.
    pub longest: u8,
    /// How long the reader waits for the holder, in whole seconds, at most 255 s; zero: as the reader likes.
    pub timeout: Duration,
    /// The language of the reader's display, by its Windows identifier: `0x0409` English, `0x0429` Persian.
    pub language: u16,
    /// Where in the data field the new PIN goes, for a command that changes the PIN: the holder is asked for the old PIN,
    /// which goes to its beginning, and twice for the new one. Nothing where a PIN is only presented.
    pub new_pin: Option<u8>,
}

impl PinPad<'_> {
    /// The feature that the reader needs for it (PC/SC part 10, 2.3).
    #[cfg_attr(not(feature = "pcsc"), allow(dead_code))]
    pub(crate) const fn feature(&self) -> u8 {
        if self.new_pin.is_some() { MODIFY_DIRECT } else { VERIFY_DIRECT }
    }

    /// `PIN_VERIFY_STRUCTURE` or `PIN_MODIFY_STRUCTURE` (PC/SC part 10, 2.5.2 and 2.5.3), numbers in the byte order of the
    /// host; nothing when the command cannot be asked for so: it has no data field, or one of more than 16 bytes a PIN.
    #[cfg_attr(not(feature = "pcsc"), allow(dead_code))]
    pub(crate) fn structure(&self) -> Option<Vec<u8>> {
        const IN_BYTES_LEFT_ASCII: u8 = 0x82;
        const AFTER_THE_KEY: u8 = 0x02;
        const ONE_MESSAGE: u8 = 0x01;
        const THREE_MESSAGES: u8 = 0x03;
        const OLD_PIN_AND_CONFIRMATION: u8 = 0x03;
        let (&[_, _, _, _, all], block) = self.command.split_first_chunk::<5>()?;
        let length = self.new_pin.map_or(Some(all), |at| all.checked_sub(at).filter(|rest| *rest == at))?;
        if length == 0 || length > 16 || block.len() != usize::from(all) {
            return None;
        }
        // The structure can tell of 15 bytes at most. The reader puts the digits into that many bytes of the field; the
        // sixteenth is padding that stands there already.
        let block_length = length.min(15);
        if self.longest > block_length {
            return None;
        }
        let timeout = u8::try_from(self.timeout.as_secs()).unwrap_or(u8::MAX);
        let digits = u16::from_be_bytes([self.shortest, self.longest]);
        let mut out = vec![timeout, timeout, IN_BYTES_LEFT_ASCII, block_length, 0];
        if let Some(at) = self.new_pin {
            out.extend_from_slice(&[0, at]);
        }
        out.extend_from_slice(&digits.to_ne_bytes());
        if self.new_pin.is_some() {
            out.extend_from_slice(&[OLD_PIN_AND_CONFIRMATION, AFTER_THE_KEY, THREE_MESSAGES]);
        } else {
            out.extend_from_slice(&[AFTER_THE_KEY, ONE_MESSAGE]);
        }
        out.extend_from_slice(&self.language.to_ne_bytes());
        out.push(0); // the first message
        if self.new_pin.is_some() {
            out.extend_from_slice(&[1, 2]);
        }
        out.extend_from_slice(&[0, 0, 0]); // nothing for the reader's own T=1 blocks
        out.extend_from_slice(&u32::try_from(self.command.len()).ok()?.to_ne_bytes());
        out.extend_from_slice(self.command);
        Some(out)
    }
}

/// `FEATURE_VERIFY_PIN_DIRECT` (PC/SC part 10, 2.3).
#[cfg_attr(not(feature = "pcsc"), allow(dead_code))]
pub(crate) const VERIFY_DIRECT: u8 = 0x06;

/// `FEATURE_MODIFY_PIN_DIRECT`.
#[cfg_attr(not(feature = "pcsc"), allow(dead_code))]
const MODIFY_DIRECT: u8 = 0x07;

/// Finds the control code of a feature in the answer to `GET_FEATURE_REQUEST`: tag, length 4, code with its highest
/// byte first.
#[cfg_attr(not(feature = "pcsc"), allow(dead_code))]
pub(crate) fn feature(mut list: &[u8], wanted: u8) -> Option<u32> {
    while let [tag, length, rest @ ..] = list {
        let (value, next) = rest.split_at_checked(usize::from(*length))?;
        if *tag == wanted {
            return value.try_into().ok().map(u32::from_be_bytes);
        }
        list = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFY: [u8; 13] = [0x00, 0x20, 0x00, 0x81, 0x08, 0, 0, 0, 0, 0, 0, 0, 0];

    fn pad(command: &[u8]) -> PinPad<'_> {
        PinPad { command, shortest: 4, longest: 8, timeout: Duration::from_secs(30), language: 0x0409, new_pin: None }
    }

    /// The fields of the standard in their order, for a host that puts the lowest byte first.
    #[cfg(target_endian = "little")]
    #[test]
    fn the_structure_is_that_of_the_standard() {
        let mut expected = vec![30, 30]; // bTimeOut, bTimeOut2
        expected.push(0b1000_0010); // bmFormatString: bytes, position 0, left, ASCII
        expected.extend([8, 0]); // bmPINBlockString, bmPINLengthFormat
        expected.extend([8, 4]); // wPINMaxExtraDigit: shortest high, longest low
        expected.extend([2, 1]); // bEntryValidationCondition: key, bNumberMessage
        expected.extend([0x09, 0x04, 0]); // wLangId, bMsgIndex
        expected.extend([0, 0, 0]); // bTeoPrologue
        expected.extend([13, 0, 0, 0]); // ulDataLength
        expected.extend(VERIFY);
        assert_eq!(pad(&VERIFY).structure(), Some(expected));
    }

    /// The number of bytes has four bits; the last of sixteen is padding that the command holds.
    #[test]
    fn a_field_of_sixteen_bytes_is_asked_for_as_fifteen() {
        let sixteen = [&[0x00, 0x20, 0x00, 0x82, 0x10][..], &[0; 16]].concat();
        let structure = pad(&sixteen).structure().unwrap();
        assert_eq!(structure[3], 0x0F, "bmPINBlockString");
        assert_eq!(structure[structure.len() - 21..], sixteen);
        assert_eq!(PinPad { longest: 16, ..pad(&sixteen) }.structure(), None);
    }

    #[test]
    fn what_the_structure_cannot_say_is_not_asked() {
        assert_eq!(pad(&VERIFY[..4]).structure(), None);
        assert_eq!(pad(&VERIFY[..12]).structure(), None);
        assert_eq!(pad(&[0x00, 0x20, 0x00, 0x81, 0x00]).structure(), None);
        let seventeen = [&[0x00, 0x20, 0x00, 0x81, 0x11][..], &[0; 17]].concat();
        assert_eq!(pad(&seventeen).structure(), None);
        assert_eq!(PinPad { longest: 9, ..pad(&VERIFY) }.structure(), None);
        let forever = PinPad { timeout: Duration::from_secs(1_000), ..pad(&VERIFY) };
        assert_eq!(forever.structure().unwrap()[0], 255);
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn the_structure_of_a_change_is_that_of_the_standard() {
        let command = [&[0x00, 0x24, 0x00, 0x82, 0x20][..], &[0; 32]].concat();
        let change = PinPad { new_pin: Some(16), shortest: 6, ..pad(&command) };
        let mut expected = vec![30, 30]; // bTimeOut, bTimeOut2
        expected.push(0b1000_0010); // bmFormatString
        expected.extend([15, 0]); // bmPINBlockString: 15 bytes at most; bmPINLengthFormat
        expected.extend([0, 16]); // bInsertionOffsetOld, bInsertionOffsetNew
        expected.extend([8, 6]); // wPINMaxExtraDigit
        expected.push(0b11); // bConfirmPIN: the old one is asked for, the new one confirmed
        expected.extend([2, 3]); // bEntryValidationCondition, bNumberMessage
        expected.extend([0x09, 0x04]); // wLangId
        expected.extend([0, 1, 2]); // bMsgIndex1 to 3
        expected.extend([0, 0, 0]); // bTeoPrologue
        expected.extend([37, 0, 0, 0]); // ulDataLength
        expected.extend(&command);
        assert_eq!(change.structure(), Some(expected));
        assert_eq!((change.feature(), pad(&VERIFY).feature()), (0x07, 0x06));
        assert_eq!(PinPad { new_pin: Some(15), ..change }.structure(), None, "two fields of one length");
    }

    #[test]
    fn features_are_found_and_broken_lists_borne() {
        let list = [0x06, 4, 0x42, 0x33, 0x00, 0x06, 0x07, 4, 0x42, 0x33, 0x00, 0x07, 0x12, 4, 0x42, 0x33, 0x00, 0x12];
        assert_eq!(feature(&list, 0x06), Some(0x4233_0006));
        assert_eq!(feature(&list, 0x12), Some(0x4233_0012));
        assert_eq!(feature(&list, 0x01), None);
        for length in 0..list.len() {
            let _ = feature(&list[..length], 0x12);
        }
        assert_eq!(feature(&[], 0x06), None);
        assert_eq!(feature(&[0x06, 2, 0x42, 0x33], 0x06), None);
        assert_eq!(feature(&[0x05, 200, 0x06, 4], 0x06), None);
    }
}
