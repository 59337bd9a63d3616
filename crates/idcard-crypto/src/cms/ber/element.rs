//! Takes one element out of the stream as DER: definite shortest lengths, strings in one piece.

use std::io::BufRead;

use super::{BerError, BerReader, METADATA, OCTET_STRING, OCTET_STRING_PIECES};
use crate::cms::der;

impl<R: BufRead> BerReader<R> {
    /// Reads the next element with all that is inside it and returns its DER encoding.
    ///
    /// An element that is DER already comes back byte for byte. The order inside a SET OF is left as it is: the
    /// caller decides what a wrong one means. All elements of a stream together are held to [`METADATA`] bytes.
    pub(crate) fn element(&mut self) -> Result<Vec<u8>, BerError> {
        let mut out = Vec::new();
        self.copy(&mut out)?;
        Ok(out)
    }

    /// The elements inside a constructed element whose header was read, at most so many; the limit has a name.
    pub(crate) fn elements(
        &mut self,
        header: super::Header,
        (most, limit): (usize, &'static str),
    ) -> Result<Vec<Vec<u8>>, BerError> {
        let mut all = Vec::new();
        self.enter(header)?;
        while !self.at_end()? {
            if all.len() >= most {
                return Err(BerError::Limit(limit));
            }
            all.push(self.element()?);
        }
        self.leave()?;
        Ok(all)
    }

    fn spend(&mut self, bytes: u64) -> Result<(), BerError> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.spent = self.spent.saturating_add(bytes);
        if self.spent > METADATA { Err(BerError::Limit("8 MiB around the document")) } else { Ok(()) }
    }

    fn copy(&mut self, out: &mut Vec<u8>) -> Result<(), BerError> {
        let header = self.header()?;
        self.spend(2)?;
        let body = match (header.constructed, header.length) {
            (false, Some(length)) => {
                self.spend(length)?;
                let mut body = Vec::new();
                self.contents(length, &mut |piece| {
                    body.extend_from_slice(piece);
                    Ok(())
                })?;
                body
            }
            (false, None) => return Err(self.malformed("an indefinite length of a primitive element")),
            (true, _) if header.tag == OCTET_STRING_PIECES => {
                let mut body = Vec::new();
                self.join(header, &mut body)?;
                der::element_into(out, OCTET_STRING, &body);
                return Ok(());
            }
            (true, _) => {
                let mut body = Vec::new();
                self.enter(header)?;
                while !self.at_end()? {
                    self.copy(&mut body)?;
                }
                self.leave()?;
                body
            }
        };
        der::element_into(out, header.tag, &body);
        Ok(())
    }

    fn join(&mut self, header: super::Header, body: &mut Vec<u8>) -> Result<(), BerError> {
        self.enter(header)?;
        while !self.at_end()? {
            let piece = self.header()?;
            self.spend(2)?;
            match (piece.tag, piece.length) {
                (OCTET_STRING, Some(length)) => {
                    self.spend(length)?;
                    self.contents(length, &mut |bytes| {
                        body.extend_from_slice(bytes);
                        Ok(())
                    })?;
                }
                (OCTET_STRING_PIECES, _) => self.join(piece, body)?,
                _ => return Err(self.malformed("a piece that is no OCTET STRING")),
            }
        }
        self.leave()
    }
}
