//! What a script sees of an exchange: the raw command, the honest card behind it, its own notes.

use idcard_core::transport::LinkError;

use super::{Fault, exchange};
use crate::card::Card;

/// One exchange in the hands of a script.
pub(super) struct Play<'a, 'b> {
    pub(super) card: &'a mut Card,
    /// The faults further inside.
    pub(super) rest: &'b mut [Fault],
    pub(super) note: &'a mut Vec<u8>,
    pub(super) number: usize,
    pub(super) command: &'a [u8],
}

impl Play<'_, '_> {
    /// What the card answers by itself.
    pub(super) fn honest(&mut self) -> Result<Vec<u8>, LinkError> {
        self.pass(self.command)
    }

    /// What the card answers to another command.
    pub(super) fn pass(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        exchange(self.card, self.rest, self.number, command)
    }

    /// The instruction byte.
    pub(super) fn ins(&self) -> u8 {
        self.command.get(1).copied().unwrap_or(0)
    }

    pub(super) fn p1p2(&self) -> u16 {
        match self.command {
            [_, _, p1, p2, ..] => u16::from_be_bytes([*p1, *p2]),
            _ => 0,
        }
    }

    pub(super) fn is_read(&self) -> bool {
        self.ins() == 0xB0
    }

    /// READ BINARY, GET DATA, a signature, a challenge: commands that nobody sends but for the data.
    pub(super) fn wants_data(&self) -> bool {
        matches!(self.ins(), 0xB0 | 0xCA | 0x84 | 0x88) || self.signs() || self.ins() == 0xC0
    }

    /// `00 2A 9E 9A`: the signature is made.
    pub(super) fn signs(&self) -> bool {
        self.ins() == 0x2A && self.p1p2() == 0x9E9A
    }

    /// VERIFY with a PIN in it.
    pub(super) fn presents_pin(&self) -> bool {
        self.ins() == 0x20 && self.command.len() > 5
    }

    /// VERIFY without a PIN: a question about the counter.
    pub(super) fn asks_pin_state(&self) -> bool {
        self.ins() == 0x20 && self.command.len() <= 5
    }

    /// SELECT by the name of an applet.
    pub(super) fn selects_applet(&self) -> bool {
        self.ins() == 0xA4 && self.p1p2() >> 8 == 0x04
    }

    /// Le of a command without data: `00 B0 00 00 Le`, short or extended.
    pub(super) fn le(&self) -> Option<usize> {
        match self.command.get(4..)? {
            [0] => Some(256),
            [le] => Some(usize::from(*le)),
            [0, 0, 0] => Some(65_536),
            [0, high, low] => Some(usize::from(u16::from_be_bytes([*high, *low]))),
            _ => None,
        }
    }

    /// A command in extended form.
    pub(super) fn is_extended(&self) -> bool {
        matches!(self.command.get(4..), Some([0, _, _, ..]))
    }

    /// A number that differs from exchange to exchange, below `below`.
    pub(super) fn turn(&self, below: usize) -> usize {
        self.number.checked_rem(below).unwrap_or(0)
    }
}

/// Data and status word of a raw answer.
pub(super) fn split(answer: &[u8]) -> (&[u8], u16) {
    match answer.split_last_chunk::<2>() {
        Some((data, sw)) => (data, u16::from_be_bytes(*sw)),
        None => (answer, 0),
    }
}

/// Data and status word as a raw answer.
pub(super) fn join(data: &[u8], sw: u16) -> Vec<u8> {
    [data, &sw.to_be_bytes()].concat()
}

/// A bare status word as a raw answer.
pub(super) fn bare(sw: u16) -> Vec<u8> {
    join(&[], sw)
}

/// One of several status words, by turns.
pub(super) fn one_of(play: &Play<'_, '_>, words: &[u16]) -> Vec<u8> {
    bare(words.get(play.turn(words.len())).copied().unwrap_or(0x6F00))
}
