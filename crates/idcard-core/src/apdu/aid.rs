//! The name of an applet: an application identifier of 5 to 16 bytes (ISO/IEC 7816-5).

use std::fmt;

/// An application identifier.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Aid {
    bytes: [u8; 16],
    length: u8,
}

impl Aid {
    /// Takes 5 to 16 bytes; anything else is `None`.
    ///
    /// ```
    /// use idcard_core::apdu::Aid;
    /// let manager = Aid::new(&[0xA0, 0, 0, 0, 0x18, 0x43, 0x4D, 0]).expect("eight bytes");
    /// assert_eq!(manager.to_string(), "A000000018434D00");
    /// assert!(Aid::new(&[1, 2]).is_none());
    /// ```
    #[must_use]
    pub fn new(name: &[u8]) -> Option<Self> {
        if name.len() < 5 {
            return None;
        }
        let mut bytes = [0; 16];
        bytes.get_mut(..name.len())?.copy_from_slice(name);
        Some(Self { bytes, length: u8::try_from(name.len()).ok()? })
    }

    /// The bytes as they are sent in SELECT.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl fmt::Display for Aid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Aid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aid({self})")
    }
}
