//! Reads a trace item by item, in bounded memory.

use super::{ANSWER_LIMIT, ATR_LIMIT, BadLine, BadTrace, COMMAND_LIMIT, ENTRY_LIMIT, Entry, FILE_LIMIT, FIRST_LINE};
use super::{LINE_LIMIT, Octets, Step};
use crate::transport::{Protocol, scard};
use std::io::{BufRead, Read};
use std::time::Duration;

/// Reads a trace line by line; an iterator over its items that ends after the first error.
pub struct Reader<R> {
    input: R,
    buffer: Vec<u8>,
    line: usize,
    bytes: u64,
    entries: usize,
    open_command: bool,
    unmasked_secrets: bool,
    over: bool,
}

impl<R: BufRead> Reader<R> {
    /// Begins to read: checks the first line.
    ///
    /// # Errors
    /// [`BadTrace`] when this is no trace.
    pub fn new(input: R) -> Result<Self, BadTrace> {
        let mut reader = Self {
            input,
            buffer: Vec::new(),
            line: 0,
            bytes: 0,
            entries: 0,
            open_command: false,
            unmasked_secrets: false,
            over: false,
        };
        match reader.next_line() {
            Ok(true) if reader.buffer == FIRST_LINE.as_bytes() => Ok(reader),
            Err(what @ BadLine::Io(_)) => Err(reader.bad(what)),
            _ => Err(reader.bad(BadLine::NoTrace)),
        }
    }

    /// A command that was read so far held its secret unmasked.
    pub const fn unmasked_secrets(&self) -> bool {
        self.unmasked_secrets
    }

    /// Puts the next line without its end into the buffer; false at the end of the file.
    fn next_line(&mut self) -> Result<bool, BadLine> {
        self.buffer.clear();
        let limit = u64::try_from(LINE_LIMIT).unwrap_or(u64::MAX).saturating_add(2); // the line end
        let count = self.input.by_ref().take(limit).read_until(b'\n', &mut self.buffer)?;
        self.line = self.line.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        if self.buffer.pop_if(|last| *last == b'\n').is_some() {
            self.buffer.pop_if(|last| *last == b'\r');
        }
        if self.bytes > FILE_LIMIT {
            return Err(BadLine::TooLarge);
        }
        if self.buffer.len() > LINE_LIMIT {
            return Err(BadLine::TooLong);
        }
        Ok(count != 0)
    }

    fn next_step(&mut self) -> Result<Option<Step>, BadLine> {
        while self.next_line()? {
            let line = std::str::from_utf8(&self.buffer).map_err(|_| BadLine::NotText)?;
            let item = line.split_once('#').map_or(line, |(item, _comment)| item).trim();
            if item.is_empty() {
                continue;
            }
            let mut step = step(item)?;
            self.entries = self.entries.saturating_add(1);
            if self.entries > ENTRY_LIMIT {
                return Err(BadLine::TooMany);
            }
            let closes = matches!(step, Step::Answer { .. } | Step::Error { .. } | Step::Removed | Step::Reset);
            match (&mut step, self.open_command) {
                (Step::Answer { .. }, false) => return Err(BadLine::NoCommand),
                (_, true) if !closes => return Err(BadLine::NoAnswer),
                (Step::Command(command), _) => self.unmasked_secrets |= command.mask_secrets(),
                _ => {}
            }
            self.open_command = matches!(step, Step::Command(_));
            return Ok(Some(step));
        }
        if self.open_command { Err(BadLine::NoAnswer) } else { Ok(None) }
    }

    fn bad(&self, what: BadLine) -> BadTrace {
        BadTrace { line: self.line.max(1), what }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Entry, BadTrace>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.next_step();
        self.over = !matches!(next, Ok(Some(_)));
        match next {
            Ok(step) => step.map(|step| Ok(Entry { line: self.line, step })),
            Err(what) => Some(Err(self.bad(what))),
        }
    }
}

fn step(item: &str) -> Result<Step, BadLine> {
    if let Some(rest) = item.strip_prefix('>') {
        let command = octets(rest, COMMAND_LIMIT, BadLine::CommandLength)?;
        return if command.len() < 4 { Err(BadLine::CommandLength) } else { Ok(Step::Command(command)) };
    }
    if let Some(rest) = item.strip_prefix('<') {
        let (rest, elapsed) = timed(rest)?;
        return Ok(Step::Answer { bytes: octets(rest, ANSWER_LIMIT, BadLine::AnswerLength)?, elapsed });
    }
    let (word, rest) = item.split_once(char::is_whitespace).unwrap_or((item, ""));
    let rest = rest.trim();
    let step = match word {
        "atr" => {
            let atr = octets(rest, ATR_LIMIT, BadLine::AtrLength)?;
            return if atr.has_masks() { Err(BadLine::MaskedAtr) } else { Ok(Step::Atr(atr.filled().into())) };
        }
        "protocol" => {
            return match rest {
                "T=0" => Ok(Step::Protocol(Protocol::T0)),
                "T=1" => Ok(Step::Protocol(Protocol::T1)),
                _ => Err(BadLine::Protocol),
            };
        }
        "error" => {
            let (code, elapsed) = timed(rest)?;
            let code = scard::full_name(code.trim()).ok_or(BadLine::Code)?;
            return Ok(Step::Error { code, elapsed });
        }
        "begin" => Step::Begin,
        "end" => Step::End,
        "reset" => Step::Reset,
        "removed" => Step::Removed,
        _ => return Err(BadLine::UnknownItem),
    };
    if rest.is_empty() { Ok(step) } else { Err(BadLine::Surplus) }
}

/// Hexadecimal bytes and masks, with blanks between bytes or without.
fn octets(text: &str, limit: usize, too_long: BadLine) -> Result<Octets, BadLine> {
    let mut octets = Octets::default();
    for word in text.split_whitespace() {
        for pair in word.as_bytes().chunks(2) {
            if octets.len() >= limit {
                return Err(too_long);
            }
            let mut byte = [0];
            octets.push(match pair {
                b"**" => None,
                _ => {
                    hex::decode_to_slice(pair, &mut byte).map_err(|_| BadLine::NotHex)?;
                    Some(byte).map(|[byte]| byte)
                }
            });
        }
    }
    Ok(octets)
}

/// Splits off the time that may follow: `@12.3ms`, at most nine digits and six decimals.
fn timed(text: &str) -> Result<(&str, Option<Duration>), BadLine> {
    let Some((rest, time)) = text.split_once('@') else { return Ok((text, None)) };
    let number = time.trim().strip_suffix("ms").ok_or(BadLine::Time)?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str, most: usize| {
        let valid = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        if valid { text.parse::<u64>().map_err(|_| BadLine::Time) } else { Err(BadLine::Time) }
    };
    let milliseconds = digits(whole, 9)?;
    let places = u32::try_from(decimals.len()).unwrap_or(u32::MAX);
    let nanoseconds = digits(decimals, 6)?.saturating_mul(10_u64.saturating_pow(6_u32.saturating_sub(places)));
    Ok((rest, Some(Duration::from_millis(milliseconds).saturating_add(Duration::from_nanos(nanoseconds)))))
}
