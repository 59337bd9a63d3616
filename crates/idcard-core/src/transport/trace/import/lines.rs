//! The lines of a log: bounded, without colours and line ends, wiped behind the reader.

use super::{ImportError, LOG_LIMIT, LOG_LINE_LIMIT};
use std::io::{BufRead, Read};
use zeroize::Zeroize;

/// A line of a log.
pub(super) struct Line<'t> {
    /// Counted from 1.
    pub number: usize,
    /// Without colours and without its end; bytes that are no text are replaced.
    pub text: &'t str,
    /// The line is not longer than is read; else `text` is empty.
    pub whole: bool,
}

pub(super) struct Lines<R> {
    input: R,
    raw: Vec<u8>,
    text: String,
    number: usize,
    bytes: u64,
}

/// How much is read at once, in bytes: the longest line, and one to see that there is more.
const PIECE: usize = LOG_LINE_LIMIT + 1;

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        // The whole room at once: a buffer that grows leaves copies behind.
        Self { input, raw: Vec::with_capacity(PIECE), text: String::new(), number: 0, bytes: 0 }
    }

    /// The next line; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, ImportError> {
        wipe_text(&mut self.text);
        if !self.fill()? {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let ended = self.raw.ends_with(b"\n");
        let whole = ended || self.raw.len() <= LOG_LINE_LIMIT;
        if whole {
            plain(&self.raw, &mut self.text);
        } else {
            // What is left of the line goes by in pieces of the same length.
            while !self.raw.ends_with(b"\n") && self.fill()? {}
        }
        Ok(Some(Line { number: self.number, text: &self.text, whole }))
    }

    /// Reads to the end of the line, or as much of it as one piece may have.
    fn fill(&mut self) -> Result<bool, ImportError> {
        wipe(&mut self.raw);
        let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
        let read = self.input.by_ref().take(limit).read_until(b'\n', &mut self.raw).map_err(ImportError::Read)?;
        self.bytes = self.bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if self.bytes > LOG_LIMIT { Err(ImportError::TooLarge) } else { Ok(read != 0) }
    }
}

impl<R> Drop for Lines<R> {
    fn drop(&mut self) {
        wipe(&mut self.raw);
        wipe_text(&mut self.text);
    }
}

/// Empties a buffer and wipes what was in it, which is all that there was: room beyond it was wiped with the line before.
/// Wiping the whole room each time would make every line as dear as the longest.
///
/// How many bytes were wiped.
fn wipe(raw: &mut Vec<u8>) -> usize {
    let length = raw.len();
    raw.as_mut_slice().zeroize();
    raw.clear();
    length
}

/// The same for text.
fn wipe_text(text: &mut String) -> usize {
    let length = text.len();
    text.as_mut_str().zeroize();
    text.clear();
    length
}

/// The text without its end and without what steers a terminal (ECMA-48: `ESC [ … final byte`).
fn plain(raw: &[u8], text: &mut String) {
    // Three bytes stand for one that is no text.
    text.reserve(raw.len().saturating_mul('\u{FFFD}'.len_utf8()));
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            0x1B => {
                if let Some(sequence) = rest.strip_prefix(b"[") {
                    let end = sequence.iter().position(|byte| (0x40..=0x7E).contains(byte));
                    rest = end.and_then(|end| sequence.get(end.saturating_add(1)..)).unwrap_or_default();
                }
            }
            b'\n' | b'\r' => {}
            b'\t' => text.push(' '),
            0x20..=0x7E => text.push(char::from(byte)),
            _ => text.push('\u{FFFD}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8]) -> Vec<(usize, String, bool)> {
        let mut lines = Lines::new(input);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.text.to_owned(), line.whole));
        }
        found
    }

    #[test]
    fn colours_and_line_ends_are_gone() {
        let found = all(b"\x1B[36m00000003\x1B[0m APDU: 00\r\nSW:\x1B[");
        assert_eq!(found, [(1, "00000003 APDU: 00".to_owned(), true), (2, "SW:".to_owned(), true)]);
    }

    #[test]
    fn a_short_line_costs_no_more_behind_a_long_one() {
        let log = [vec![b'A'; LOG_LINE_LIMIT - 1], b"\nPIN\n\n".to_vec()].concat();
        let mut lines = Lines::new(log.as_slice());
        let mut wiped = Vec::new();
        while lines.next().unwrap().is_some() {
            wiped.push((wipe(&mut lines.raw.clone()), wipe_text(&mut lines.text.clone())));
        }
        assert_eq!(wiped, [(LOG_LINE_LIMIT, LOG_LINE_LIMIT - 1), (4, 3), (1, 0)]);
        assert!(lines.raw.capacity() < 2 * LOG_LINE_LIMIT, "{}", lines.raw.capacity());
    }

    #[test]
    fn a_line_that_is_too_long_goes_by_and_counts_as_one() {
        let mut input = vec![b'A'; LOG_LINE_LIMIT * 3];
        input.extend_from_slice(b"\nnext\n");
        assert_eq!(all(&input), [(1, String::new(), false), (2, "next".to_owned(), true)]);
        let longest = vec![b'A'; LOG_LINE_LIMIT];
        assert!(all(&longest)[0].2);
    }
}
