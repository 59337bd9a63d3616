//! BER-TLV data objects over borrowed bytes: bounded, zero-copy, with offsets in every error (ISO/IEC 7816-4, 5.2.2).

use super::Malformed;

/// The deepest nesting that is followed.
pub const DEPTH: usize = 8;
/// The longest value that is accepted, in bytes.
pub const LENGTH: usize = 32 * 1024;

/// One data object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag as it is written, one to three bytes, big-endian: `5F2E`, `70`.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// Offset of the first byte of the tag from the start of the outermost object read.
    pub offset: usize,
    /// Length of tag and length field, in bytes.
    pub header: usize,
}

impl<'a> Tlv<'a> {
    /// The offset of the value.
    #[must_use]
    pub const fn value_offset(&self) -> usize {
        self.offset.saturating_add(self.header)
    }

    /// Reads the data objects inside the value, one level deeper.
    #[must_use]
    pub const fn children(&self, reader: &TlvReader<'a>) -> TlvReader<'a> {
        TlvReader { rest: self.value, offset: self.value_offset(), depth: reader.depth + 1 }
    }
}

/// Walks the data objects of a byte string in order. Padding bytes 00 and FF between objects are skipped.
#[derive(Debug, Clone)]
pub struct TlvReader<'a> {
    rest: &'a [u8],
    offset: usize,
    depth: usize,
}

impl<'a> TlvReader<'a> {
    /// Starts at the first byte.
    ///
    /// ```
    /// use idcard_core::apdu::TlvReader;
    /// let mut reader = TlvReader::new(&[0x70, 0x03, 0x84, 0x01, 0x02, 0x00]);
    /// let outer = reader.next().expect("one object")?;
    /// let inner = outer.children(&reader).next().expect("one inside")?;
    /// assert_eq!((outer.tag, inner.tag, inner.value, inner.offset), (0x70, 0x84, &[2u8][..], 2));
    /// assert!(reader.next().is_none());
    /// # Ok::<(), idcard_core::apdu::Malformed>(())
    /// ```
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0, depth: 0 }
    }

    fn fail(&mut self, what: &'static str) -> Result<Tlv<'a>, Malformed> {
        self.rest = &[];
        Err(Malformed::new(what, self.offset))
    }
}

impl<'a> Iterator for TlvReader<'a> {
    type Item = Result<Tlv<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some((0x00 | 0xFF, rest)) = self.rest.split_first() {
            self.rest = rest;
            self.offset += 1;
        }
        if self.rest.is_empty() {
            return None;
        }
        if self.depth > DEPTH {
            return Some(self.fail("data objects nested too deep"));
        }
        let (tag, header, length) = match header(self.rest) {
            Header::Complete { tag, header, length } => (tag, header, length),
            Header::Partial => return Some(self.fail("a data object cut off in its header")),
            Header::Malformed(what) => return Some(self.fail(what)),
        };
        let Some((value, rest)) = self.rest.get(header..).and_then(|body| body.split_at_checked(length)) else {
            return Some(self.fail("a data object longer than the bytes that hold it"));
        };
        let tlv = Tlv { tag, value, offset: self.offset, header };
        self.offset += header + length;
        self.rest = rest;
        Some(Ok(tlv))
    }
}

/// What the first bytes of a data object tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// Tag, length of the header and length of the value, in bytes.
    Complete {
        /// The tag.
        tag: u32,
        /// Length of tag and length field.
        header: usize,
        /// Length of the value.
        length: usize,
    },
    /// More bytes are needed to tell.
    Partial,
    /// It is none.
    Malformed(&'static str),
}

/// Reads tag and length at the start of `bytes`, of which there may be fewer than the whole object.
///
/// Lengths in BER short form or of one to three bytes; indefinite and longer ones are malformed.
#[must_use]
pub fn header(bytes: &[u8]) -> Header {
    let mut tag = 0u32;
    let mut at = 0;
    loop {
        let Some(&byte) = bytes.get(at) else { return Header::Partial };
        tag = tag << 8 | u32::from(byte);
        at += 1;
        let more = if at == 1 { byte & 0x1F == 0x1F } else { byte & 0x80 != 0 };
        if !more {
            break;
        }
        if at == 3 {
            return Header::Malformed("a tag of more than three bytes");
        }
    }
    let Some(&first) = bytes.get(at) else { return Header::Partial };
    at += 1;
    let length = match first {
        0..=0x7F => usize::from(first),
        0x81..=0x83 => {
            let count = usize::from(first & 0x0F);
            let Some(field) = bytes.get(at..at + count) else { return Header::Partial };
            at += count;
            field.iter().fold(0usize, |sum, &byte| sum << 8 | usize::from(byte))
        }
        0x80 => return Header::Malformed("an indefinite length"),
        _ => return Header::Malformed("a length of more than three bytes"),
    };
    if length > LENGTH {
        return Header::Malformed("a length of more than 32 KiB");
    }
    Header::Complete { tag, header: at, length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn only(bytes: &[u8]) -> Result<(u32, Vec<u8>), Malformed> {
        let tlv = TlvReader::new(bytes).next().unwrap()?;
        Ok((tlv.tag, tlv.value.to_vec()))
    }

    #[test]
    fn tags_and_lengths_of_every_form_are_read() {
        assert_eq!(only(&[0x5F, 0x2E, 0x01, 0xAA]), Ok((0x5F2E, vec![0xAA])));
        assert_eq!(only(&[0x80, 0x81, 0x01, 0xAA]), Ok((0x80, vec![0xAA])));
        assert_eq!(only(&[0x80, 0x82, 0x00, 0x01, 0xAA]), Ok((0x80, vec![0xAA])));
        assert_eq!(only(&[0x1F, 0x81, 0x01, 0x00]), Ok((0x001F_8101, vec![])));
    }

    #[test]
    fn errors_name_the_offset() {
        let mut reader = TlvReader::new(&[0x80, 0x01, 0xAA, 0x81, 0x05, 0x00]);
        assert!(reader.next().unwrap().is_ok());
        assert_eq!(reader.next().unwrap().unwrap_err().offset, 3);
        assert_eq!(only(&[0x30, 0x80, 0x00, 0x00]).unwrap_err().what, "an indefinite length");
        assert!(reader.next().is_none(), "a fault ends the walk");
        let padded: Vec<_> = TlvReader::new(&[0xFF, 0x00, 0x80, 0x01, 0xAA, 0x00, 0x81, 0x00]).flatten().collect();
        assert_eq!(padded.iter().map(|tlv| tlv.offset).collect::<Vec<_>>(), [2, 6], "padding counts");
    }

    #[test]
    fn hostile_lengths_are_refused_without_allocation() {
        for bytes in [
            &[0x80, 0x80, 0x00][..],
            &[0x80, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
            &[0x80, 0x84, 0x00, 0x00, 0x00, 0x01, 0xAA],
            &[0x80, 0x88],
            &[0x1F, 0x81, 0x81, 0x01, 0x00],
            &[0x80, 0x83, 0xFF, 0xFF, 0xFF],
        ] {
            assert!(only(bytes).is_err(), "{bytes:02X?}");
        }
    }

    #[test]
    fn values_of_32_kib_are_the_longest() {
        for (length, taken) in [(0x8000_u32, true), (0x8001, false)] {
            let [_, field @ ..] = length.to_be_bytes();
            let bytes = [&[0x53, 0x83][..], &field, &vec![0x5A; 0x8001]].concat();
            assert_eq!(only(&bytes).is_ok(), taken, "{length}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let mut bytes = vec![];
        for _ in 0..50 {
            let mut outer = vec![0x70, u8::try_from(bytes.len()).unwrap()];
            outer.append(&mut bytes);
            bytes = outer;
        }
        let mut reader = TlvReader::new(&bytes);
        let mut levels = 0;
        while let Some(Ok(tlv)) = reader.next() {
            reader = tlv.children(&reader);
            levels += 1;
        }
        assert_eq!(levels, 9, "eight below the outermost");
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut consumed = 0;
            for tlv in TlvReader::new(&bytes).flatten() {
                consumed += tlv.header + tlv.value.len();
            }
            prop_assert!(consumed <= bytes.len());
        }

        #[test]
        fn what_is_written_is_read(value in prop::collection::vec(any::<u8>(), 0..40_000)) {
            let length = u32::try_from(value.len()).unwrap().to_be_bytes();
            let bytes = [&[0x53, 0x83][..], &length[1..], &value].concat();
            let read = only(&bytes);
            if value.len() > LENGTH { prop_assert!(read.is_err()) } else { prop_assert_eq!(read, Ok((0x53, value))) }
        }
    }
}
