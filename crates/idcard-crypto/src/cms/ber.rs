//! Reads BER and DER from a stream of any length: definite and indefinite lengths, constructed strings, bounded depth (X.690).

mod element;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead};

use thiserror::Error;

/// The deepest nesting that is followed.
pub(crate) const DEPTH: usize = 32;
/// How many bytes of structure around the content are held, in all.
pub(crate) const METADATA: usize = 8 << 20;

/// The tag of an OCTET STRING.
pub(crate) const OCTET_STRING: u32 = 0x04;
/// The tag of an OCTET STRING in pieces.
pub(crate) const OCTET_STRING_PIECES: u32 = 0x24;

/// Why a structure could not be read.
#[derive(Debug, Error)]
pub(crate) enum BerError {
    /// The stream failed.
    #[error("cannot read the signature")]
    Io(#[from] io::Error),
    /// The bytes are not what X.690 or RFC 5652 ask for.
    #[error("{what} at byte {offset}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
        /// Offset from the start of the stream.
        offset: u64,
    },
    /// The structure goes beyond a bound.
    #[error("the limit of {0}")]
    Limit(&'static str),
    /// What received the content refused it.
    #[error("cannot write the content")]
    Sink(#[source] io::Error),
}

/// Identifier and length octets of one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The identifier octets as they stand, big-endian: `30`, `A0`, `5F2E`.
    pub(crate) tag: u32,
    /// Whether the contents are elements.
    pub(crate) constructed: bool,
    /// Length of the contents; `None` where an end-of-contents mark closes them.
    pub(crate) length: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Where the contents end; `None`: at the end-of-contents mark.
    end: Option<u64>,
    /// The nearest end that an enclosing element states.
    limit: Option<u64>,
}

/// A position in a stream of nested elements.
pub(crate) struct BerReader<R> {
    inner: R,
    offset: u64,
    frames: Vec<Frame>,
    spent: usize,
}

impl<R: BufRead> BerReader<R> {
    pub(crate) const fn new(inner: R) -> Self {
        Self { inner, offset: 0, frames: Vec::new(), spent: 0 }
    }

    pub(crate) const fn malformed(&self, what: &'static str) -> BerError {
        BerError::Malformed { what, offset: self.offset }
    }

    fn peek_byte(&mut self) -> Result<Option<u8>, BerError> {
        loop {
            match self.inner.fill_buf() {
                Ok(piece) => return Ok(piece.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn byte(&mut self) -> Result<u8, BerError> {
        if self.frames.last().and_then(|frame| frame.limit).is_some_and(|limit| self.offset >= limit) {
            return Err(self.malformed("an element longer than the one that holds it"));
        }
        let byte = self.peek_byte()?.ok_or_else(|| self.malformed("the data end in the middle of an element"))?;
        self.inner.consume(1);
        self.offset += 1;
        Ok(byte)
    }

    /// Whether the element that was entered last has no further content.
    pub(crate) fn at_end(&mut self) -> Result<bool, BerError> {
        match self.frames.last() {
            Some(Frame { end: Some(end), .. }) => Ok(self.offset >= *end),
            Some(Frame { end: None, .. }) => Ok(self.peek_byte()? == Some(0)),
            None => Ok(self.peek_byte()?.is_none()),
        }
    }

    /// The first identifier octet of the next element, or `None` at the end of the element that holds it.
    pub(crate) fn peek_tag(&mut self) -> Result<Option<u8>, BerError> {
        if self.at_end()? { Ok(None) } else { self.peek_byte() }
    }

    /// Reads identifier and length octets.
    pub(crate) fn header(&mut self) -> Result<Header, BerError> {
        let first = self.byte()?;
        if first == 0 {
            return Err(self.malformed("an end-of-contents mark where an element is due"));
        }
        let mut tag = u32::from(first);
        if first & 0x1F == 0x1F {
            for count in 0.. {
                if count == 3 {
                    return Err(self.malformed("a tag of more than four bytes"));
                }
                let byte = self.byte()?;
                tag = tag << 8 | u32::from(byte);
                if byte & 0x80 == 0 {
                    break;
                }
            }
        }
        let constructed = first & 0x20 != 0;
        let length = match self.byte()? {
            short @ 0..=0x7F => Some(u64::from(short)),
            0x80 if constructed => None,
            0x80 => return Err(self.malformed("an indefinite length of a primitive element")),
            long @ 0x81..=0x88 => {
                let mut length = 0u64;
                for _ in 0..(long & 0x0F) {
                    length = length << 8 | u64::from(self.byte()?);
                }
                Some(length)
            }
            _ => return Err(self.malformed("a length of more than eight bytes")),
        };
        if let Some(length) = length {
            self.end_of(length)?;
        }
        Ok(Header { tag, constructed, length })
    }

    /// Where contents of `length` bytes end, if what holds them is that long.
    fn end_of(&self, length: u64) -> Result<u64, BerError> {
        let end = self.offset.checked_add(length).ok_or_else(|| self.malformed("a length beyond 64 bits"))?;
        match self.frames.last().and_then(|frame| frame.limit) {
            Some(limit) if end > limit => Err(self.malformed("an element longer than the one that holds it")),
            _ => Ok(end),
        }
    }

    /// Reads the header of an element that must have the tag `tag`.
    pub(crate) fn expect(&mut self, tag: u32, what: &'static str) -> Result<Header, BerError> {
        if self.at_end()? {
            return Err(self.malformed(what));
        }
        let header = self.header()?;
        if header.tag == tag { Ok(header) } else { Err(self.malformed(what)) }
    }

    /// Steps inside a constructed element.
    pub(crate) fn enter(&mut self, header: Header) -> Result<(), BerError> {
        if !header.constructed {
            return Err(self.malformed("a primitive element where a constructed one is due"));
        }
        if self.frames.len() >= DEPTH {
            return Err(BerError::Limit("its depth of nesting"));
        }
        let limit = self.frames.last().and_then(|frame| frame.limit);
        let frame = match header.length {
            Some(length) => {
                let end = self.end_of(length)?;
                Frame { end: Some(end), limit: Some(end) }
            }
            None => Frame { end: None, limit },
        };
        self.frames.push(frame);
        Ok(())
    }

    /// Steps out of the element that was entered last; anything left in it is a fault.
    pub(crate) fn leave(&mut self) -> Result<(), BerError> {
        if !self.at_end()? {
            return Err(self.malformed("an element that the structure does not provide for"));
        }
        if let Some(Frame { end: None, .. }) = self.frames.last()
            && (self.byte()? != 0 || self.byte()? != 0)
        {
            return Err(self.malformed("an end-of-contents mark that is none"));
        }
        self.frames.pop();
        Ok(())
    }

    /// Hands `length` bytes of contents on, in pieces as the stream gives them.
    fn contents(
        &mut self,
        mut length: u64,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        self.end_of(length)?;
        while length > 0 {
            let piece = match self.inner.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let take = usize::try_from(length).map_or(piece.len(), |length| length.min(piece.len()));
            let Some(piece) = piece.get(..take).filter(|piece| !piece.is_empty()) else {
                return Err(self.malformed("the data end in the middle of an element"));
            };
            sink(piece)?;
            self.inner.consume(take);
            self.offset += take as u64;
            length -= take as u64;
        }
        Ok(())
    }

    /// Streams an OCTET STRING whose header was read, whole or in pieces, and returns its length.
    pub(crate) fn octets(
        &mut self,
        header: Header,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), BerError>,
    ) -> Result<u64, BerError> {
        match (header.tag, header.length) {
            (OCTET_STRING, Some(length)) => {
                self.contents(length, sink)?;
                Ok(length)
            }
            (OCTET_STRING_PIECES, _) => {
                let mut total = 0u64;
                self.enter(header)?;
                while !self.at_end()? {
                    let piece = self.header()?;
                    total = total.saturating_add(self.octets(piece, sink)?);
                }
                self.leave()?;
                Ok(total)
            }
            _ => Err(self.malformed("an element that is no OCTET STRING")),
        }
    }

    /// Whether the stream holds nothing more, read to its end only as far as one byte.
    pub(crate) fn finished(&mut self) -> Result<bool, BerError> {
        Ok(self.peek_byte()?.is_none())
    }
}
