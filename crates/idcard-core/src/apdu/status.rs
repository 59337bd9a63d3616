//! The status word: a number that can be asked questions (ISO/IEC 7816-4, 5.6).

use std::fmt;

/// The two bytes SW1 SW2 that end every response APDU.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Status(pub u16);

impl Status {
    /// Done, nothing to remark. Only this value is success.
    pub const OK: Self = Self(0x9000);
    /// The end of the file was reached before Le bytes; the data is valid.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// A length is wrong.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// The security status does not allow it.
    pub const SECURITY_STATUS: Self = Self(0x6982);
    /// The PIN object is blocked.
    pub const BLOCKED: Self = Self(0x6983);
    /// The reference data cannot be used (ISO/IEC 7816-4, 5.6): nothing says that it is blocked, or that a PUK would help.
    pub const UNUSABLE: Self = Self(0x6984);
    /// File or applet not found.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// Reference data not found.
    pub const REFERENCE_NOT_FOUND: Self = Self(0x6A88);
    /// The offset lies beyond the end of the file.
    pub const BEYOND_END: Self = Self(0x6B00);

    /// SW1, the class of the status.
    #[must_use]
    pub const fn sw1(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// SW2, its qualifier.
    #[must_use]
    pub const fn sw2(self) -> u8 {
        (self.0 & 0xFF) as u8
    }

    /// `61xx`: how many more bytes wait for GET RESPONSE (`00` means 256).
    #[must_use]
    pub const fn more(self) -> Option<u16> {
        if self.sw1() == 0x61 { Some(full(self.sw2())) } else { None }
    }

    /// `6Cxx`: the Le with which the command is to be repeated (`00` means 256).
    #[must_use]
    pub const fn exact_length(self) -> Option<u16> {
        if self.sw1() == 0x6C { Some(full(self.sw2())) } else { None }
    }

    /// `63Cx`: how many presentations of the PIN are left.
    ///
    /// ```
    /// use idcard_core::apdu::Status;
    /// assert_eq!(Status(0x63C2).tries_left(), Some(2));
    /// assert_eq!(Status(0x6300).tries_left(), None);
    /// ```
    #[must_use]
    pub const fn tries_left(self) -> Option<u8> {
        if self.0 & 0xFFF0 == 0x63C0 { Some((self.0 & 0xF) as u8) } else { None }
    }

    /// A warning: the command was run, and something is to be said of it or of its data.
    #[must_use]
    pub const fn is_warning(self) -> bool {
        matches!(self.sw1(), 0x62 | 0x63)
    }

    /// What it means (ISO/IEC 7816-4:2013, tables 5 to 7); `None` where the standard does not tell.
    #[must_use]
    pub const fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            0x6281 => "a part of the data may be corrupted",
            0x6282 => "the end was reached before all bytes",
            0x6283 => "the file is deactivated",
            0x6285 => "the file is terminated",
            0x6200..=0x6300 => "a warning without a reason",
            0x63C0..=0x63CF => "a counter of tries",
            0x6381 => "the file is full",
            0x6400..=0x64FF => "an error of execution; the memory is unchanged",
            0x6581 => "a failure of the memory",
            0x6500..=0x65FF => "an error of execution; the memory has changed",
            0x6600..=0x66FF => "a matter of security",
            0x6700..=0x67FF => "a wrong length",
            0x6881 => "no logical channels",
            0x6882 => "no secure messaging",
            0x6884 => "no chaining of commands",
            0x6981 => "the command does not fit the kind of file",
            0x6982 => "access denied",
            0x6983 => "the PIN is blocked",
            0x6984 => "the reference data cannot be used",
            0x6985 => "the conditions of use are not met",
            0x6986 => "no file is selected",
            0x6987 | 0x6988 => "secure messaging is missing or wrong",
            0x6A80 => "wrong parameters in the data",
            0x6A81 => "the function is not supported",
            0x6A82 => "no such file or applet",
            0x6A83 => "no such record",
            0x6A84 => "not enough memory",
            0x6A86 | 0x6A87 | 0x6B00..=0x6BFF => "wrong parameters",
            0x6A88 => "no such reference",
            0x6D00 => "the instruction is not supported",
            0x6E00 => "the class is not supported",
            0x6F00 => "an error without a reason",
            _ => return None,
        })
    }

    /// The number, and its meaning where it has one.
    ///
    /// ```
    /// use idcard_core::apdu::Status;
    /// assert_eq!(Status(0x6A88).in_words(), "6A88, no such reference");
    /// ```
    #[must_use]
    pub fn in_words(self) -> String {
        self.meaning().map_or_else(|| self.to_string(), |meaning| format!("{self}, {meaning}"))
    }

    /// True for what ISO/IEC 7816-3 allows as a status word: SW1 `6X` but not `60`, or `9X`.
    #[must_use]
    pub const fn is_lawful(self) -> bool {
        matches!(self.sw1(), 0x61..=0x6F | 0x90..=0x9F)
    }
}

const fn full(count: u8) -> u16 {
    if count == 0 { 256 } else { count as u16 }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Status({:04X})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_answers_questions() {
        assert_eq!(Status(0x6100).more(), Some(256));
        assert_eq!(Status(0x6110).more(), Some(16));
        assert_eq!(Status(0x6C00).exact_length(), Some(256));
        assert_eq!(Status(0x63C0).tries_left(), Some(0));
        assert_eq!(Status(0x6983).tries_left(), None);
    }

    #[test]
    fn only_iso_classes_are_lawful() {
        for unlawful in [0x0000, 0x6000, 0x7000, 0xA000, 0xFFFF] {
            assert!(!Status(unlawful).is_lawful(), "{unlawful:04X}");
        }
        for lawful in [0x9000, 0x6100, 0x6FFF, 0x9F10] {
            assert!(Status(lawful).is_lawful(), "{lawful:04X}");
        }
    }
}
