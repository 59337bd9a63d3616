//! Eight links, from the slowest to the fastest kind that occurs (`performance.md` 1.3).

use super::{Contactless, Level, Line, Link, Reader};
use crate::atr::Rate;

/// A link with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Protocol and TA1, or the bit rate: `t0-94`, `cl-106`.
    pub name: &'static str,
    /// Its parameters.
    pub link: Link,
}

impl Profile {
    /// The profile of this name.
    ///
    /// ```
    /// use idcard_core::transport::clock::Profile;
    /// assert!(Profile::named("t1-96").is_some());
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }
}

/// All profiles: contact lines at 4 MHz (TA1 = 97 at 5 MHz), at a reader that takes TPDUs over full-speed USB.
///
/// | name | line |
/// |---|---|
/// | `no-pps` | T=0, F = 372, D = 1: a reader that never negotiates |
/// | `t0-94` | T=0, F = 512, D = 8 |
/// | `t0-95` | T=0, F = 512, D = 16 |
/// | `t0-96` | T=0, F = 512, D = 32 |
/// | `t1-96` | T=1, F = 512, D = 32, blocks of 254 bytes |
/// | `t1-97` | T=1, F = 512, D = 64, blocks of 254 bytes, 5 MHz |
/// | `cl-106` | contactless, 106 kbit/s |
/// | `cl-848` | contactless, 848 kbit/s |
pub const PROFILES: [Profile; 8] = [
    profile("no-pps", Line::T0 { rate: Rate::DEFAULT, clock_khz: 4_000, guard: 12 }),
    profile("t0-94", Line::T0 { rate: rate(8), clock_khz: 4_000, guard: 12 }),
    profile("t0-95", Line::T0 { rate: rate(16), clock_khz: 4_000, guard: 12 }),
    profile("t0-96", Line::T0 { rate: rate(32), clock_khz: 4_000, guard: 12 }),
    profile("t1-96", t1(32, 4_000)),
    profile("t1-97", t1(64, 5_000)),
    profile("cl-106", Line::Contactless(Contactless::Kbit106)),
    profile("cl-848", Line::Contactless(Contactless::Kbit848)),
];

const fn profile(name: &'static str, line: Line) -> Profile {
    let Reader { usb, host, .. } = Reader::USUAL;
    Profile { name, link: Link { line, level: Level::Tpdu, usb, host } }
}

const fn rate(d: u8) -> Rate {
    Rate { f: 512, d, highest_khz: 5_000 }
}

const fn t1(d: u8, clock_khz: u32) -> Line {
    Line::T1 { rate: rate(d), clock_khz, guard: 12, ifsc: 254, ifsd: 254, crc: false }
}
