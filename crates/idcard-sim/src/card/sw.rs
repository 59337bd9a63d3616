//! The status words that the card gives (ISO/IEC 7816-4, 5.6; `nid-card.md` 9).

/// A status word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sw(pub(crate) u16);

impl Sw {
    pub(crate) const OK: Self = Self(0x9000);
    pub(crate) const END_OF_FILE: Self = Self(0x6282);
    pub(crate) const NOT_AUTHENTICATED: Self = Self(0x6300);
    pub(crate) const WRONG_LENGTH: Self = Self(0x6700);
    pub(crate) const NO_CHANNELS: Self = Self(0x6881);
    pub(crate) const NO_SECURE_MESSAGING: Self = Self(0x6882);
    pub(crate) const NO_CHAINING: Self = Self(0x6884);
    pub(crate) const WRONG_FILE_KIND: Self = Self(0x6981);
    pub(crate) const SECURITY_STATUS: Self = Self(0x6982);
    pub(crate) const BLOCKED: Self = Self(0x6983);
    pub(crate) const CONDITIONS: Self = Self(0x6985);
    pub(crate) const NO_CURRENT_FILE: Self = Self(0x6986);
    pub(crate) const BAD_SECURE_MESSAGING: Self = Self(0x6988);
    pub(crate) const BAD_DATA: Self = Self(0x6A80);
    pub(crate) const NOT_FOUND: Self = Self(0x6A82);
    pub(crate) const BAD_P1P2: Self = Self(0x6A86);
    pub(crate) const NO_REFERENCE: Self = Self(0x6A88);
    pub(crate) const OFFSET: Self = Self(0x6B00);
    pub(crate) const NO_INSTRUCTION: Self = Self(0x6D00);
    pub(crate) const NO_CLASS: Self = Self(0x6E00);
    pub(crate) const BROKEN: Self = Self(0x6F00);

    /// `63Cx`: wrong, `left` presentations remain.
    pub(crate) fn wrong(left: u8) -> Self {
        Self(0x63C0 | u16::from(left.min(0x0F)))
    }

    /// `6Cxx`: `available` bytes are there, ask for exactly them; 256 is `00`.
    pub(crate) fn exactly(available: usize) -> Self {
        Self(0x6C00 | low_byte(available))
    }

    /// `61xx`: `waiting` bytes can be fetched; 256 and more are `00`.
    pub(crate) fn waiting(waiting: usize) -> Self {
        Self(0x6100 | if waiting > 0xFF { 0 } else { low_byte(waiting) })
    }
}

fn low_byte(count: usize) -> u16 {
    u16::try_from(count & 0xFF).unwrap_or(0)
}

/// Answer data and status word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) data: Vec<u8>,
    pub(crate) sw: Sw,
}

impl Answer {
    /// Success without data.
    pub(crate) fn ok() -> Self {
        Self { data: Vec::new(), sw: Sw::OK }
    }

    /// Success with data.
    pub(crate) fn data(data: Vec<u8>) -> Self {
        Self { data, sw: Sw::OK }
    }

    /// The bytes on the wire.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.data.extend(self.sw.0.to_be_bytes());
        self.data
    }
}

impl From<Sw> for Answer {
    fn from(sw: Sw) -> Self {
        Self { data: Vec::new(), sw }
    }
}

impl From<Result<Answer, Sw>> for Answer {
    fn from(outcome: Result<Answer, Sw>) -> Self {
        outcome.unwrap_or_else(Self::from)
    }
}
