//! The link model: how long an exchange takes with a real card and reader, computed from its bytes. Nothing waits.
//!
//! ```text
//! time = host + CCID exchanges · USB round trip + card + wire
//! ```

mod card;
mod line;
mod profile;

#[cfg(test)]
mod tests;

pub use self::card::card_time;
pub use self::line::{Contactless, Line};
pub use self::profile::{PROFILES, Profile};

use self::line::Body;
use super::Protocol;
use crate::atr::{Atr, Rate};
use std::time::Duration;

/// What a reader takes and gives over CCID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Single blocks of T=1: the driver cuts an APDU into blocks.
    Tpdu,
    /// Whole short APDUs.
    ShortApdu,
    /// Whole APDUs of any length, in messages that carry at most so many bytes of them.
    ExtendedApdu {
        /// Bytes of an APDU in one message.
        message: u16,
    },
}

/// A reader, as far as time depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// The clock that it gives to contact cards, in kHz; never more than the card bears.
    pub clock_khz: u32,
    /// Whether it negotiates the card's rate; one that does not stays at F = 372, D = 1.
    pub negotiates: bool,
    /// IFSD: the longest information field of T=1 that it receives, in bytes.
    pub ifsd: u8,
    /// The bit rate of contactless cards.
    pub contactless: Contactless,
    /// What it exchanges with the host.
    pub level: Level,
    /// One round trip between host and reader.
    pub usb: Duration,
    /// The time that the software of the host needs for an exchange.
    pub host: Duration,
}

impl Reader {
    /// A usual reader: 4 MHz, rate negotiated, blocks of 254 bytes, 106 kbit/s, TPDU, full-speed USB.
    pub const USUAL: Self = Self {
        clock_khz: 4_000,
        negotiates: true,
        ifsd: 254,
        contactless: Contactless::Kbit106,
        level: Level::Tpdu,
        usb: Duration::from_millis(2),
        host: Duration::from_micros(50),
    };
}

/// A link: line and reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// How bytes go between reader and card.
    pub line: Line,
    /// What the reader exchanges with the host.
    pub level: Level,
    /// One round trip between host and reader.
    pub usb: Duration,
    /// The time that the software of the host needs for an exchange.
    pub host: Duration,
}

impl Link {
    /// The link that this reader makes with a card that gives this answer to reset.
    ///
    /// Without a readable answer or with a reserved rate the line stays at F = 372, D = 1.
    ///
    /// ```
    /// use idcard_core::transport::{Protocol, clock::{Link, Reader}};
    /// let atr = [0x3B, 0x7B, 0x96, 0, 0, 0x80, 0x13, 0x53, 0x50, 0x43, 0x73, 0x96, 0x71, 0x1B, 0x91, 0x30];
    /// let link = Link::new(&atr, Protocol::T0, &Reader::USUAL);
    /// // READ BINARY of 256 bytes: 264 characters of 12 etu and 8 etu of turning, 4 µs each.
    /// let answer = [&[0x55; 256][..], &[0x90, 0x00]].concat();
    /// assert_eq!(link.wire(&[0x00, 0xB0, 0x00, 0x00, 0x00], &answer).as_micros(), 12_704);
    /// ```
    #[must_use]
    pub fn new(atr: &[u8], protocol: Protocol, reader: &Reader) -> Self {
        let atr = Atr::parse(atr).ok();
        let rate = atr.as_ref().filter(|_| reader.negotiates).and_then(Atr::rate).unwrap_or(Rate::DEFAULT);
        let clock_khz = reader.clock_khz.min(rate.highest_khz);
        let guard = |protocol| atr.as_ref().map_or(12, |atr| atr.guard_time(protocol));
        let line = match (&atr, protocol) {
            (Some(atr), _) if atr.is_contactless() => Line::Contactless(reader.contactless),
            (_, Protocol::T0) => Line::T0 { rate, clock_khz, guard: guard(0) },
            (atr, Protocol::T1) => {
                let t1 = atr.as_ref().and_then(Atr::t1);
                Line::T1 {
                    rate,
                    clock_khz,
                    guard: guard(1),
                    ifsc: t1.map_or(32, |t1| t1.ifsc),
                    ifsd: reader.ifsd,
                    crc: t1.is_some_and(|t1| t1.crc),
                }
            }
        };
        Self { line, level: reader.level, usb: reader.usb, host: reader.host }
    }

    /// The time of one exchange: raw command, raw answer with its status word.
    #[must_use]
    pub fn exchange(&self, command: &[u8], answer: &[u8]) -> Duration {
        self.host
            .saturating_add(self.usb.saturating_mul(self.messages(command, answer)))
            .saturating_add(card_time(command, answer))
            .saturating_add(self.wire(command, answer))
    }

    /// The time on the wire between reader and card alone.
    #[must_use]
    pub fn wire(&self, command: &[u8], answer: &[u8]) -> Duration {
        self.line.time(command, answer)
    }

    /// Round trips between host and reader for one exchange.
    #[must_use]
    pub fn messages(&self, command: &[u8], answer: &[u8]) -> u32 {
        let total = command.len().saturating_add(answer.len());
        let messages = match (self.line, self.level) {
            (Line::Contactless(_), _) | (Line::T1 { .. }, Level::ShortApdu) => 1,
            // A reader that fetches the answer of a case 4 command asks the card twice.
            (Line::T0 { .. }, _) => 1 + usize::from(Body::of(command).is_fetched(answer)),
            (Line::T1 { .. }, Level::Tpdu) => self.line.blocks(command, answer).saturating_sub(1),
            (Line::T1 { .. }, Level::ExtendedApdu { message }) => total.div_ceil(usize::from(message).max(1)),
        };
        u32::try_from(messages.max(1)).unwrap_or(u32::MAX)
    }
}
