//! Commands that only ask: the closed set of what a survey may send to a card that nobody knows.

use super::Command;

/// What a question asks. There is no word for anything that presents, changes or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asks {
    /// SELECT: an applet or a file.
    Select,
    /// READ BINARY: bytes of the selected file.
    ReadBinary,
    /// GET DATA: a data object of the selected applet.
    GetData,
    /// GET RESPONSE, and the GetInfo of MPCOS secret codes, which is of the same instruction (`nid-card.md` 5.3).
    GetResponse,
    /// VERIFY without a body: how many tries are left (ISO/IEC 7816-4, 11.6.6). No PIN can be in it.
    TriesLeft,
}

/// A raw command that only asks. No other command can be made into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    raw: &'a [u8],
    asks: Asks,
}

impl<'a> Question<'a> {
    /// Takes a raw command, and nothing but one of the five kinds: in the clear, unchained, on the basic channel.
    ///
    /// ```
    /// use idcard_core::apdu::{Asks, Question};
    /// let asks = |raw: &'static [u8]| Question::of(raw).map(Question::asks);
    /// assert_eq!(asks(&[0x00, 0xB0, 0x00, 0x00, 0x04]), Some(Asks::ReadBinary));
    /// assert_eq!(asks(&[0x00, 0x20, 0x00, 0x81]), Some(Asks::TriesLeft));
    /// assert_eq!(asks(&[0x00, 0x20, 0x00, 0x81, 0x01, 0x31]), None); // a PIN
    /// assert_eq!(asks(&[0x00, 0xD6, 0x00, 0x00, 0x01, 0x00]), None); // a write
    /// ```
    #[must_use]
    pub fn of(raw: &'a [u8]) -> Option<Self> {
        let asks = match raw {
            [0x00, 0xA4, ..] => Asks::Select,
            [0x00, 0xB0, _, _, _] | [0x00, 0xB0, _, _, 0, _, _] => Asks::ReadBinary,
            [0x00 | 0x80, 0xCA, _, _, _] | [0x00 | 0x80, 0xCA, _, _, 0, _, _] => Asks::GetData,
            [0x00, 0xC0, 0, 0, _] | [0x80, 0xC0, 2, 5, _] => Asks::GetResponse,
            [0x00, 0x20, 0, _] => Asks::TriesLeft,
            _ => return None,
        };
        Some(Self { raw, asks })
    }

    /// The command as it goes over the link.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.raw
    }

    /// What it asks.
    #[must_use]
    pub const fn asks(self) -> Asks {
        self.asks
    }
}

/// READ BINARY of `length` bytes at an offset in the applet's unit.
pub(crate) fn bytes_at(position: u8, length: u32) -> Command {
    Command::new(0x00, 0xB0, 0x00, position).expecting(length)
}

/// GET DATA of a tag, up to `length` bytes.
pub(crate) fn data_object(class: u8, tag: [u8; 2], length: u32) -> Command {
    let [high, low] = tag;
    Command::new(class, 0xCA, high, low).expecting(length)
}

/// VERIFY without a body.
pub(crate) fn tries_left(reference: u8) -> Command {
    Command::new(0x00, 0x20, 0x00, reference)
}

/// GetInfo of the MPCOS secret-code file that is selected.
pub(crate) fn code_info() -> Command {
    Command::new(0x80, 0xC0, 0x02, 0x05).expecting(12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apdu::Form;
    use proptest::prelude::*;

    #[test]
    fn whatever_a_survey_forms_is_a_question() {
        let commands =
            [bytes_at(0, 4), bytes_at(1, 4), data_object(0x80, [0x9F, 0x7F], 45), tries_left(0x81), code_info()];
        for command in commands {
            for form in [Form::ShortT0, Form::Short, Form::Extended] {
                let mut raw = Vec::new();
                assert!(command.encode(form, &mut raw));
                assert!(Question::of(&raw).is_some(), "{command:?}");
            }
        }
    }

    #[test]
    fn what_presents_changes_or_writes_is_none() {
        let presents: [&[u8]; 9] = [
            &[0x00, 0x20, 0x00, 0x81, 0x00],
            &[0x00, 0x20, 0x00, 0x81, 0x08, 0x31, 0x32, 0x33, 0x34, 0, 0, 0, 0],
            &[0x00, 0x24, 0x00, 0x81],
            &[0x80, 0x24, 0x00, 0x00],
            &[0x00, 0x2C, 0x00, 0x81],
            &[0x00, 0xD6, 0x00, 0x00],
            &[0x00, 0x84, 0x00, 0x00, 0x08],
            &[0x80, 0xC0, 0x02, 0x06, 0x0C],
            &[0x90, 0x38, 0x00, 0x00, 0x0C],
        ];
        for raw in presents {
            assert_eq!(Question::of(raw), None, "{raw:02X?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_beside_the_five_kinds_pass(raw in prop::collection::vec(any::<u8>(), 0..12)) {
            if let Some(question) = Question::of(&raw) {
                prop_assert_eq!(question.as_bytes(), &raw[..]);
                prop_assert!([0xA4, 0xB0, 0xCA, 0xC0, 0x20].contains(&raw[1]));
                prop_assert!(raw[1] != 0x20 || raw.len() == 4, "VERIFY has no body");
                prop_assert!(matches!(raw[0], 0x00 | 0x80));
            }
        }
    }
}
