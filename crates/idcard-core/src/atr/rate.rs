//! The rate of the contact line: clock rate conversion and baud rate adjustment (ISO/IEC 7816-3, tables 7 and 8).

/// F, D and the highest clock: one etu is F/D clock cycles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// Clock rate conversion integer.
    pub f: u16,
    /// Baud rate adjustment integer.
    pub d: u8,
    /// The highest clock frequency that the card bears, in kHz.
    pub highest_khz: u32,
}

/// F and the highest clock in kHz, by the high half of TA1; zero where it is reserved.
const F: [(u16, u32); 16] = [
    (372, 4_000),
    (372, 5_000),
    (558, 6_000),
    (744, 8_000),
    (1116, 12_000),
    (1488, 16_000),
    (1860, 20_000),
    (0, 0),
    (0, 0),
    (512, 5_000),
    (768, 7_500),
    (1024, 10_000),
    (1536, 15_000),
    (2048, 20_000),
    (0, 0),
    (0, 0),
];

/// D, by the low half of TA1; zero where it is reserved.
const D: [u8; 16] = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0];

impl Rate {
    /// The rate after reset, and of a card without TA1.
    pub const DEFAULT: Self = Self { f: 372, d: 1, highest_khz: 5_000 };

    /// The rate that TA1 names; `None` for reserved values.
    ///
    /// ```
    /// use idcard_core::atr::Rate;
    /// let rate = Rate::of_ta1(0x96).expect("not reserved");
    /// assert_eq!((rate.f, rate.d, rate.bit_rate(4_000)), (512, 32, 250_000));
    /// ```
    #[must_use]
    pub fn of_ta1(ta1: u8) -> Option<Self> {
        let &(f, highest_khz) = F.get(usize::from(ta1 >> 4))?;
        let &d = D.get(usize::from(ta1 & 0x0F))?;
        (f != 0 && d != 0).then_some(Self { f, d, highest_khz })
    }

    /// Clock cycles in one etu.
    #[must_use]
    pub fn clocks_per_etu(self) -> f64 {
        f64::from(self.f) / f64::from(self.d.max(1))
    }

    /// Bits a second at this clock frequency, rounded.
    #[must_use]
    pub fn bit_rate(self, clock_khz: u32) -> u32 {
        let f = u64::from(self.f.max(1));
        let twice = u64::from(clock_khz) * 2_000 * u64::from(self.d) / f;
        u32::try_from(twice.div_ceil(2)).unwrap_or(u32::MAX)
    }
}
