//! Reads the bytes of one PEM block from a stream, line by line.

use std::io::{self, BufRead, Read};

use base64ct::{Base64, Encoding};

/// The longest line that is accepted, in characters: some programs write no line breaks at all.
const LONGEST: usize = 64 << 10;
/// How much text may stand before the block, in characters.
const PREFACE: usize = 64 << 10;

/// The bytes of the first block with one of the labels.
pub(crate) struct PemReader<R> {
    text: R,
    end: String,
    /// Base64 characters that do not fill a group of four yet.
    rest: Vec<u8>,
    bytes: Vec<u8>,
    at: usize,
    padded: bool,
    ended: bool,
}

/// What is wrong with the text; told from a fault of the stream by [`PemFault::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PemFault(pub(crate) &'static str);

impl PemFault {
    /// The fault of the text inside an error of the stream.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

fn malformed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, PemFault(what))
}

/// One line without its end, or `None` at the end of the text.
fn line(text: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = text.take(LONGEST as u64 + 1).read_until(b'\n', &mut line)?;
    if read > LONGEST {
        return Err(malformed("a line of PEM text is too long"));
    }
    Ok((read > 0).then(|| line.trim_ascii().to_vec()))
}

impl<R: BufRead> PemReader<R> {
    /// Looks for the first block; `None` where there is none or its label is another one.
    pub(crate) fn new(mut text: R, labels: &[&str]) -> io::Result<Option<Self>> {
        let mut passed = 0usize;
        while let Some(line) = line(&mut text)? {
            passed = passed.saturating_add(line.len());
            if let Some(label) = line.strip_prefix(b"-----BEGIN ").and_then(|rest| rest.strip_suffix(b"-----")) {
                let Some(label) = labels.iter().find(|known| known.as_bytes() == label) else { return Ok(None) };
                let end = format!("-----END {label}-----");
                let (rest, bytes) = (Vec::new(), Vec::new());
                return Ok(Some(Self { text, end, rest, bytes, at: 0, padded: false, ended: false }));
            }
            if passed > PREFACE {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Whether all bytes were read and nothing but blanks follows the block.
    pub(crate) fn finished(&mut self) -> io::Result<bool> {
        if !self.fill_buf()?.is_empty() {
            return Ok(false);
        }
        while let Some(line) = line(&mut self.text)? {
            if !line.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn next_line(&mut self) -> io::Result<()> {
        let line = line(&mut self.text)?.ok_or_else(|| malformed("the PEM block has no end"))?;
        if line == self.end.as_bytes() {
            self.ended = true;
            return if self.rest.is_empty() { Ok(()) } else { Err(malformed("the base64 text is cut off")) };
        }
        if self.padded && !line.is_empty() {
            return Err(malformed("base64 text after its padding"));
        }
        self.rest.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let whole = self.rest.len() - self.rest.len() % 4;
        let left = self.rest.split_off(whole);
        let groups = std::mem::replace(&mut self.rest, left);
        self.padded = groups.ends_with(b"=");
        let groups = str::from_utf8(&groups).map_err(|_| malformed("a character that is not base64"))?;
        self.bytes = Base64::decode_vec(groups).map_err(|_| malformed("a character that is not base64"))?;
        self.at = 0;
        Ok(())
    }
}

impl<R: BufRead> BufRead for PemReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.bytes.len() && !self.ended {
            self.next_line()?;
        }
        Ok(self.bytes.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount).min(self.bytes.len());
    }
}

impl<R: BufRead> Read for PemReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PemWriter, encode};
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn read(text: &[u8]) -> io::Result<Option<(Vec<u8>, bool)>> {
        let Some(mut reader) = PemReader::new(text, &["CMS", "PKCS7"])? else { return Ok(None) };
        let mut bytes = vec![];
        reader.read_to_end(&mut bytes)?;
        let finished = reader.finished()?;
        Ok(Some((bytes, finished)))
    }

    #[test]
    fn text_around_the_block_is_told_from_the_block() {
        let block = "a preface\r\n\r\n-----BEGIN PKCS7-----\r\nQUJ\r\nDRA==\r\n-----END PKCS7-----\r\n \r\n";
        assert_eq!(read(block.as_bytes()).unwrap(), Some((b"ABCD".to_vec(), true)));
        let (_, finished) = read(format!("{block}more").as_bytes()).unwrap().unwrap();
        assert!(!finished);
        assert_eq!(read(&encode("CERTIFICATE", b"x").into_bytes()).unwrap(), None);
        assert_eq!(read(b"").unwrap(), None);
        assert_eq!(read(&b"words\n".repeat(20_000)).unwrap(), None);
    }

    #[test]
    fn broken_blocks_are_faults() {
        for (body, why) in [
            ("QUJD\n", "no end line"),
            ("QUJ\n-----END CMS-----", "a group cut off"),
            ("QUI=\nQUJD\n-----END CMS-----", "text after the padding"),
            ("QU!D\n-----END CMS-----", "no base64"),
            ("QUJD\n-----END PKCS7-----", "another end"),
        ] {
            assert!(read(format!("-----BEGIN CMS-----\n{body}").as_bytes()).is_err(), "{why}");
        }
        let endless = (&b"-----BEGIN CMS-----\n"[..]).chain(io::repeat(b'A'));
        let reader = PemReader::new(io::BufReader::new(endless), &["CMS"]).unwrap();
        assert!(reader.unwrap().read_to_end(&mut vec![]).is_err(), "a line without end");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in prop::collection::vec(any::<u8>(), 0..500), step in 1..100usize) {
            let mut text = vec![];
            let mut writer = PemWriter::new(&mut text, "CMS").unwrap();
            for part in bytes.chunks(step) {
                writer.write_all(part).unwrap();
            }
            writer.finish().unwrap();
            prop_assert!(text == encode("CMS", &bytes).into_bytes());
            prop_assert_eq!(read(&text).unwrap(), Some((bytes, true)));
        }
    }
}
