//! The historical bytes: category and compact-TLV objects (ISO/IEC 7816-4, 12.1.1).

/// The historical bytes of an answer to reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Historical<'a>(&'a [u8]);

impl<'a> Historical<'a> {
    /// Takes the bytes as they stand.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The category indicator: 80 and 00 announce compact-TLV objects, others mean something private.
    #[must_use]
    pub fn category(self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The compact-TLV objects, as far as they are whole; none in other categories than 80 and 00.
    ///
    /// ```
    /// use idcard_core::atr::Historical;
    /// let historical = Historical::new(&[0x80, 0x13, 0x53, 0x50, 0x43, 0x91, 0x30]);
    /// let objects: Vec<_> = historical.objects().collect();
    /// assert_eq!(objects, [(1, &b"SPC"[..]), (9, &[0x30])]);
    /// ```
    #[must_use]
    pub fn objects(self) -> CompactTlv<'a> {
        CompactTlv(match self.0 {
            [0x80, objects @ ..] | [0x00, objects @ .., _, _, _] => objects,
            _ => &[],
        })
    }

    /// The value of the first object with this tag, 0 to 15.
    #[must_use]
    pub fn object(self, tag: u8) -> Option<&'a [u8]> {
        self.objects().find_map(|(found, value)| (found == tag).then_some(value))
    }

    /// The country or issuer data, tag 1 or 2.
    #[must_use]
    pub fn issuer(self) -> Option<&'a [u8]> {
        self.object(1).or_else(|| self.object(2))
    }

    /// The card service data byte, tag 3: how applications are selected and where EF.DIR and EF.ATR are read.
    #[must_use]
    pub fn service_data(self) -> Option<u8> {
        match self.object(3)? {
            [byte] => Some(*byte),
            _ => None,
        }
    }

    /// The card's life cycle status, where the status indicator holds it.
    #[must_use]
    pub fn life_cycle(self) -> Option<u8> {
        match self.status_indicator()? {
            [status] | [status, _, _] => Some(*status),
            _ => None,
        }
    }

    /// The status word in the status indicator.
    #[must_use]
    pub fn status_word(self) -> Option<u16> {
        match self.status_indicator()? {
            [high, low] | [_, high, low] => Some(u16::from_be_bytes([*high, *low])),
            _ => None,
        }
    }

    /// Category 00 ends with three bytes of status; in category 80 they stand in tag 8.
    fn status_indicator(self) -> Option<&'a [u8]> {
        match self.0 {
            [0x00, rest @ ..] => rest.last_chunk::<3>().map(<[u8; 3]>::as_slice),
            _ => self.object(8),
        }
    }
}

/// Walks compact-TLV objects: the tag in the high half of a byte, the length in the low one.
#[derive(Debug, Clone)]
pub struct CompactTlv<'a>(&'a [u8]);

impl<'a> Iterator for CompactTlv<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (header, rest) = std::mem::take(&mut self.0).split_first()?;
        let (value, rest) = rest.split_at_checked(usize::from(header & 0x0F))?;
        self.0 = rest;
        Some((header >> 4, value))
    }
}
