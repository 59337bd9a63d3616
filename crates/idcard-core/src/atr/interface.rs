//! The interface bytes: global ones and those of T=0 and T=1 (ISO/IEC 7816-3, 8.2.3, 8.3, 10.2, 11.4).

use super::{Atr, Rate};
use crate::apdu::Malformed;

/// TAi, TBi, TCi, TDi for one i, and the protocol that TDi−1 named; none for i = 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    protocol: Option<u8>,
    ta: Option<u8>,
    tb: Option<u8>,
    tc: Option<u8>,
    td: Option<u8>,
}

impl Level {
    /// The protocol that TDi names.
    pub(super) fn next_protocol(&self) -> Option<u8> {
        self.td.map(|td| td & 0x0F)
    }

    pub(super) fn is_only_td(&self, td: u8) -> bool {
        self.td == Some(td) && [self.ta, self.tb, self.tc].iter().all(Option::is_none)
    }

    pub(super) fn is_empty(&self) -> bool {
        [self.ta, self.tb, self.tc, self.td].iter().all(Option::is_none)
    }
}

/// All levels, and the offset of the first byte behind them.
pub(super) fn levels(bytes: &[u8], format: u8) -> Result<(Vec<Level>, usize), Malformed> {
    let mut at = 2;
    let mut take = |announced: bool| match (announced, bytes.get(at)) {
        (false, _) => Ok(None),
        (true, None) => Err(Malformed::new("an answer to reset cut off in its interface bytes", bytes.len())),
        (true, Some(byte)) => {
            at += 1;
            Ok(Some(*byte))
        }
    };
    let mut levels = Vec::new();
    // Every further level takes a byte, so that the chain ends with the bytes.
    let mut next = Some((None, format));
    while let Some((protocol, announced)) = next {
        let level = Level {
            protocol,
            ta: take(announced & 0x10 != 0)?,
            tb: take(announced & 0x20 != 0)?,
            tc: take(announced & 0x40 != 0)?,
            td: take(announced & 0x80 != 0)?,
        };
        next = level.td.map(|td| (Some(td & 0x0F), td));
        levels.push(level);
    }
    Ok((levels, at))
}

/// Whether the card takes a change of the transmission parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// No TA2: protocol and parameters are negotiated by PPS.
    Negotiable,
    /// TA2: protocol and parameters are fixed.
    Specific {
        /// The protocol that applies.
        protocol: u8,
        /// The parameters are known to both sides and not those of TA1.
        implicit: bool,
        /// The card can come up in negotiable mode after another reset.
        changeable: bool,
    },
}

/// The parameters of T=1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct T1 {
    /// IFSC: the longest information field that the card receives, in bytes.
    pub ifsc: u8,
    /// BWI: the block waiting time is 11 etu + 2^BWI · 960 · 372/f.
    pub bwi: u8,
    /// CWI: the character waiting time is 11 + 2^CWI etu.
    pub cwi: u8,
    /// The error detection code is a CRC and not an LRC.
    pub crc: bool,
}

impl Atr {
    /// TA1 as it stands.
    #[must_use]
    pub fn ta1(&self) -> Option<u8> {
        self.levels.first().and_then(|level| level.ta)
    }

    /// The rate that the card offers: TA1, or 372/1 without it. `None` for reserved values.
    #[must_use]
    pub fn rate(&self) -> Option<Rate> {
        self.ta1().map_or(Some(Rate::DEFAULT), Rate::of_ta1)
    }

    /// The protocols offered, in their order, each once; T=15 is none.
    #[must_use]
    pub fn protocols(&self) -> Vec<u8> {
        let mut offered = Vec::new();
        for protocol in self.levels.iter().filter_map(Level::next_protocol).filter(|protocol| *protocol != 15) {
            if !offered.contains(&protocol) {
                offered.push(protocol);
            }
        }
        if offered.is_empty() {
            offered.push(0);
        }
        offered
    }

    /// Whether the card offers T=1.
    #[must_use]
    pub fn offers_t1(&self) -> bool {
        self.protocols().contains(&1)
    }

    /// By TA2.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.levels.get(1).and_then(|level| level.ta) {
            None => Mode::Negotiable,
            Some(ta2) => {
                Mode::Specific { protocol: ta2 & 0x0F, implicit: ta2 & 0x10 != 0, changeable: ta2 & 0x80 == 0 }
            }
        }
    }

    /// N, the extra guard time of TC1 in etu as it stands; 255 is the least time that the protocol allows.
    #[must_use]
    pub fn extra_guard_time(&self) -> u8 {
        self.levels.first().and_then(|level| level.tc).unwrap_or(0)
    }

    /// The guard time from one character to the next of the same direction, in etu: 12 + N, with N = 255 standing
    /// for 12 in T=0 and for 11 in T=1.
    #[must_use]
    pub fn guard_time(&self, protocol: u8) -> u16 {
        match self.extra_guard_time() {
            255 if protocol == 1 => 11,
            255 => 12,
            extra => 12 + u16::from(extra),
        }
    }

    /// WI of T=0, by TC2: the waiting time is WI · 960 · Fi/f.
    #[must_use]
    pub fn waiting_integer(&self) -> u8 {
        self.levels.get(1).and_then(|level| level.tc).unwrap_or(10)
    }

    /// The parameters of T=1, where it is offered: the first bytes specific to it, or else the standard's values.
    #[must_use]
    pub fn t1(&self) -> Option<T1> {
        // What follows TD1 is global or of T=0; bytes of T=1 stand in the third level or later.
        let level = self.levels.iter().skip(2).find(|level| level.protocol == Some(1));
        let waiting = level.and_then(|level| level.tb).unwrap_or(0x4D);
        self.offers_t1().then(|| T1 {
            ifsc: level.and_then(|level| level.ta).unwrap_or(32),
            bwi: waiting >> 4,
            cwi: waiting & 0x0F,
            crc: level.and_then(|level| level.tc).is_some_and(|tc| tc & 0x01 != 0),
        })
    }
}
