//! The answer to reset, decoded (ISO/IEC 7816-3, 8): total on any bytes.

mod capabilities;
mod historical;
mod interface;
mod rate;

#[cfg(test)]
mod tests;

pub use self::capabilities::Capabilities;
pub use self::historical::{CompactTlv, Historical};
pub use self::interface::{Mode, T1};
pub use self::rate::Rate;

use self::interface::Level;
use crate::apdu::Malformed;
use std::ops::Range;

/// How bits and bytes relate on the line, by TS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// 3B: the least significant bit first, high is one.
    Direct,
    /// 3F: the most significant bit first, low is one.
    Inverse,
}

/// The check byte at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tck {
    /// None is due, since only T=0 is offered, and none is there.
    Absent,
    /// It fits.
    Right,
    /// It does not fit the bytes before it.
    Wrong,
    /// It is due and not there.
    Missing,
}

/// An answer to reset.
///
/// Faults that real cards and readers show are borne and reported: a wrong or missing check byte ([`Atr::tck`]) and
/// bytes after the end ([`Atr::trailing`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atr {
    bytes: Vec<u8>,
    convention: Convention,
    levels: Vec<Level>,
    historical: Range<usize>,
    tck: Tck,
    end: usize,
}

impl Atr {
    /// The most bytes that an answer to reset has.
    pub const LONGEST: usize = 33;

    /// Reads an answer to reset.
    ///
    /// ```
    /// use idcard_core::atr::{Atr, Tck};
    /// let atr = Atr::parse(&[0x3B, 0x88, 0x80, 0x01, 0x00, 0x73, 0xC8, 0x40, 0x13, 0x00, 0x90, 0x00, 0x71])?;
    /// assert!(atr.is_contactless());
    /// assert_eq!((atr.historical().as_bytes().len(), atr.tck()), (8, Tck::Right));
    /// # Ok::<(), idcard_core::apdu::Malformed>(())
    /// ```
    ///
    /// # Errors
    /// Fewer than two or more than 33 bytes, a first byte other than 3B and 3F, interface or historical bytes that
    /// are announced and not there.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > Self::LONGEST {
            return Err(Malformed::new("an answer to reset of more than 33 bytes", Self::LONGEST));
        }
        let convention = match bytes.first() {
            Some(0x3B) => Convention::Direct,
            Some(0x3F) => Convention::Inverse,
            Some(_) => return Err(Malformed::new("an answer to reset that begins neither with 3B nor with 3F", 0)),
            None => return Err(Malformed::new("an answer to reset without a byte", 0)),
        };
        let &format = bytes.get(1).ok_or(Malformed::new("an answer to reset without a format byte", 1))?;
        let (levels, start) = interface::levels(bytes, format)?;
        let historical = start..start.saturating_add(usize::from(format & 0x0F));
        if bytes.len() < historical.end {
            return Err(Malformed::new("an answer to reset with too few historical bytes", bytes.len()));
        }
        let is_due = levels.iter().filter_map(Level::next_protocol).any(|protocol| protocol != 0);
        let tck = match (is_due, bytes.get(historical.end)) {
            (false, _) => Tck::Absent,
            (true, None) => Tck::Missing,
            // All from the format byte to the check byte add up to zero.
            (true, Some(_)) => {
                match bytes.iter().take(historical.end.saturating_add(1)).skip(1).fold(0, |a, b| a ^ b) {
                    0 => Tck::Right,
                    _ => Tck::Wrong,
                }
            }
        };
        let end = historical.end.saturating_add(usize::from(matches!(tck, Tck::Right | Tck::Wrong)));
        Ok(Self { bytes: bytes.to_vec(), convention, levels, historical, tck, end })
    }

    /// All bytes as they came.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The convention.
    #[must_use]
    pub const fn convention(&self) -> Convention {
        self.convention
    }

    /// The historical bytes.
    #[must_use]
    pub fn historical(&self) -> Historical<'_> {
        Historical::new(self.bytes.get(self.historical.clone()).unwrap_or_default())
    }

    /// Where the historical bytes stand; a check byte comes right behind them.
    pub(crate) fn historical_range(&self) -> Range<usize> {
        self.historical.clone()
    }

    /// The check byte.
    #[must_use]
    pub const fn tck(&self) -> Tck {
        self.tck
    }

    /// Bytes after the end, which no rule accounts for.
    #[must_use]
    pub fn trailing(&self) -> &[u8] {
        self.bytes.get(self.end..).unwrap_or_default()
    }

    /// Whether a reader made it for a contactless card: no other interface bytes than TD1 = 80 and TD2 = 01
    /// (PC/SC part 3, 3.1.3.2.3.1). The line's figures mean nothing then.
    #[must_use]
    pub fn is_contactless(&self) -> bool {
        matches!(self.levels.as_slice(), [first, second, third]
            if first.is_only_td(0x80) && second.is_only_td(0x01) && third.is_empty())
    }

    /// The capabilities in the historical bytes; `None` promises nothing.
    #[must_use]
    pub fn capabilities(&self) -> Option<Capabilities> {
        self.historical().object(7).and_then(Capabilities::read)
    }

    /// Whether extended Lc and Le are promised.
    #[must_use]
    pub fn extended_length(&self) -> bool {
        self.capabilities().is_some_and(Capabilities::extended_length)
    }
}
