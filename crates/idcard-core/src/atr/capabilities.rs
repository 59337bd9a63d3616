//! The card capabilities of the historical bytes (ISO/IEC 7816-4, 12.1.1.9).

/// Up to three software function tables. What a table that is left out would say is not promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities {
    selection: u8,
    coding: Option<u8>,
    channels: Option<u8>,
}

impl Capabilities {
    /// Reads the value of the compact-TLV object 7: one to three bytes.
    ///
    /// ```
    /// use idcard_core::atr::Capabilities;
    /// let card = Capabilities::read(&[0x96, 0x71, 0x5B]).expect("three tables");
    /// assert!(card.extended_length() && card.by_file_identifier() && !card.by_path());
    /// assert_eq!((card.data_unit_quartets(), card.channels()), (Some(2), Some(4)));
    /// ```
    #[must_use]
    pub const fn read(value: &[u8]) -> Option<Self> {
        match value {
            [selection] => Some(Self { selection: *selection, coding: None, channels: None }),
            [selection, coding] => Some(Self { selection: *selection, coding: Some(*coding), channels: None }),
            [selection, coding, channels] => {
                Some(Self { selection: *selection, coding: Some(*coding), channels: Some(*channels) })
            }
            _ => None,
        }
    }

    const fn selects(self, bit: u8) -> bool {
        self.selection & bit != 0
    }

    /// A DF is selected by its full name (AID).
    #[must_use]
    pub const fn by_full_name(self) -> bool {
        self.selects(0x80)
    }

    /// A DF is selected by a part of its name.
    #[must_use]
    pub const fn by_partial_name(self) -> bool {
        self.selects(0x40)
    }

    /// A file is selected by a path.
    #[must_use]
    pub const fn by_path(self) -> bool {
        self.selects(0x20)
    }

    /// A file is selected by its file identifier.
    #[must_use]
    pub const fn by_file_identifier(self) -> bool {
        self.selects(0x10)
    }

    /// A DF is selected implicitly.
    #[must_use]
    pub const fn implicitly(self) -> bool {
        self.selects(0x08)
    }

    /// Short EF identifiers are understood.
    #[must_use]
    pub const fn short_file_identifier(self) -> bool {
        self.selects(0x04)
    }

    /// Records are found by number.
    #[must_use]
    pub const fn record_number(self) -> bool {
        self.selects(0x02)
    }

    /// Records are found by identifier.
    #[must_use]
    pub const fn record_identifier(self) -> bool {
        self.selects(0x01)
    }

    /// The data unit in quartets (half bytes): 1 to 32,768; two are a byte. `None` without the second table.
    #[must_use]
    pub fn data_unit_quartets(self) -> Option<u32> {
        self.coding.map(|coding| 1 << (coding & 0x0F))
    }

    fn third(self, bit: u8) -> bool {
        self.channels.is_some_and(|table| table & bit != 0)
    }

    /// Command chaining.
    #[must_use]
    pub fn chaining(self) -> bool {
        self.third(0x80)
    }

    /// Extended Lc and Le fields.
    #[must_use]
    pub fn extended_length(self) -> bool {
        self.third(0x40)
    }

    /// The limits of extended lengths stand in EF.ATR/INFO.
    #[must_use]
    pub fn extended_length_limits(self) -> bool {
        self.third(0x20)
    }

    /// The card assigns logical channels.
    #[must_use]
    pub fn channels_by_card(self) -> bool {
        self.third(0x10)
    }

    /// The interface device assigns logical channels.
    #[must_use]
    pub fn channels_by_device(self) -> bool {
        self.third(0x08)
    }

    /// The most logical channels; 8 stands for eight or more. `None` without the third table.
    #[must_use]
    pub fn channels(self) -> Option<u8> {
        self.channels.map(|table| (table & 0x07) + 1)
    }
}
