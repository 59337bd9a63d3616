//! The wire between reader and card: characters of T=0, blocks of T=1 (ISO/IEC 7816-3), frames of ISO/IEC 14443-4.

use crate::atr::Rate;
use std::time::Duration;

/// How bytes go between reader and card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Characters.
    T0 {
        /// F and D.
        rate: Rate,
        /// The clock, in kHz.
        clock_khz: u32,
        /// From one character to the next of the same direction, in etu.
        guard: u16,
    },
    /// Blocks.
    T1 {
        /// F and D.
        rate: Rate,
        /// The clock, in kHz.
        clock_khz: u32,
        /// From one character to the next of the same direction, in etu.
        guard: u16,
        /// The longest information field that the card receives, in bytes.
        ifsc: u8,
        /// The longest information field that the reader receives, in bytes.
        ifsd: u8,
        /// Two check bytes and not one.
        crc: bool,
    },
    /// Frames of type A.
    Contactless(Contactless),
}

/// The bit rate of a contactless line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contactless {
    /// 106 kbit/s
    Kbit106,
    /// 212 kbit/s
    Kbit212,
    /// 424 kbit/s
    Kbit424,
    /// 848 kbit/s
    Kbit848,
}

impl Contactless {
    /// Cycles of the carrier for one bit.
    const fn cycles(self) -> u64 {
        match self {
            Self::Kbit106 => 128,
            Self::Kbit212 => 64,
            Self::Kbit424 => 32,
            Self::Kbit848 => 16,
        }
    }
}

/// The least time between characters of opposite directions in T=0, in etu.
const T0_TURN: u64 = 16;
/// The same between blocks of T=1.
const T1_TURN: u64 = 22;
/// A frame of 256 bytes without its protocol byte and check bytes.
const FRAME: usize = 253;
/// The least time between two frames, in cycles of the carrier.
const FRAME_DELAY: u64 = 1_172;
/// The carrier, in kHz.
const CARRIER_KHZ: u64 = 13_560;

impl Line {
    /// The time on the wire for a command and its answer.
    pub(super) fn time(self, command: &[u8], answer: &[u8]) -> Duration {
        let long = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        match self {
            Self::T0 { rate, clock_khz, guard } => {
                let (characters, turns) = Body::of(command).characters(answer);
                let guard = u64::from(guard);
                let etu = guard * long(characters) + T0_TURN.saturating_sub(guard) * turns;
                etu_time(etu, rate, clock_khz)
            }
            Self::T1 { rate, clock_khz, guard, crc, .. } => {
                let frames = self.frames(command, answer);
                // Node address, protocol byte, length, check.
                let around = (3 + 1 + usize::from(crc)).saturating_mul(frames);
                let characters = command.len().saturating_add(answer.len()).saturating_add(around);
                let guard = u64::from(guard);
                let etu = guard * long(characters) + T1_TURN.saturating_sub(guard) * long(frames);
                etu_time(etu, rate, clock_khz)
            }
            Self::Contactless(rate) => {
                let frames = self.frames(command, answer);
                let bytes = command.len().saturating_add(answer.len()).saturating_add(frames.saturating_mul(3));
                // Eight bits and parity for a byte, start and end for a frame.
                let bits = long(bytes) * 9 + long(frames) * 2;
                let cycles = bits * rate.cycles() + long(frames) * FRAME_DELAY;
                Duration::from_nanos(cycles * 1_000_000 / CARRIER_KHZ)
            }
        }
    }

    /// All blocks or frames, each after a change of direction: whatever has a successor is acknowledged by one more.
    pub(super) fn frames(self, command: &[u8], answer: &[u8]) -> usize {
        self.blocks(command, answer).saturating_mul(2).saturating_sub(2)
    }

    /// Blocks with information in them, both ways; a command and an answer of T=0 count as one each.
    pub(super) fn blocks(self, command: &[u8], answer: &[u8]) -> usize {
        let (to_card, to_reader) = match self {
            Self::T0 { .. } => return 2,
            Self::T1 { ifsc, ifsd, .. } => (usize::from(ifsc), usize::from(ifsd)),
            Self::Contactless(_) => (FRAME, FRAME),
        };
        let count = |bytes: &[u8], size: usize| bytes.len().div_ceil(size.max(1)).max(1);
        count(command, to_card).saturating_add(count(answer, to_reader))
    }
}

/// So many etu at this rate and clock frequency; zero without a clock.
pub(super) fn etu_time(etu: u64, rate: Rate, clock_khz: u32) -> Duration {
    // One cycle of a clock of 1 kHz takes a million nanoseconds.
    let cycles = u128::from(etu) * u128::from(rate.f);
    let divisor = u128::from(rate.d.max(1)) * u128::from(clock_khz);
    let nanoseconds = (cycles * 1_000_000).checked_div(divisor).unwrap_or(0);
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// What follows the header of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Body {
    /// Bytes of the data field.
    data: usize,
    /// There is an Le.
    expects: bool,
}

impl Body {
    /// Tells the cases of ISO/IEC 7816-4, 5.2 apart, short and extended.
    pub(super) fn of(command: &[u8]) -> Self {
        let (data, rest) = match command.get(4..).unwrap_or_default() {
            [] => (0, 0),
            [_] | [0, _, _] => (0, 1),
            [0, high, low, body @ ..] => split(usize::from(u16::from_be_bytes([*high, *low])), body),
            [short, body @ ..] => split(usize::from(*short), body),
        };
        Self { data, expects: rest > 0 }
    }

    /// Whether data come back for a command that has data itself: on T=0 they are fetched by GET RESPONSE.
    pub(super) const fn is_fetched(self, answer: &[u8]) -> bool {
        self.data > 0 && self.expects && answer.len() > 2
    }

    /// Characters and changes of direction in T=0.
    const fn characters(self, answer: &[u8]) -> (usize, u64) {
        let back = answer.len().saturating_sub(2);
        // Header and status word; with data of either direction a procedure byte.
        let incoming = if back > 0 { (back.saturating_add(8), 2) } else { (7, 2) };
        match (self.data, self.is_fetched(answer)) {
            (0, _) => incoming,
            (data, false) => (data.saturating_add(8), 3),
            (data, true) => (data.saturating_add(8).saturating_add(incoming.0), 3 + incoming.1),
        }
    }
}

fn split(length: usize, body: &[u8]) -> (usize, usize) {
    let data = length.min(body.len());
    (data, body.len().saturating_sub(data))
}
