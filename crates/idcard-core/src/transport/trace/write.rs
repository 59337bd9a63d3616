//! Writes a trace; there is no way around the masking of secrets.

use super::{FIRST_LINE, Step};
use crate::apdu::command::secret_body;
use crate::transport::{Protocol, scard};
use std::io::{self, Write};
use std::time::Duration;

/// Writes a trace item by item: each line goes to the sink at once and whole.
pub struct Writer<W> {
    sink: W,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a trace: writes its first line.
    ///
    /// # Errors
    /// What the sink reports, here and in all methods below.
    pub fn new(sink: W) -> io::Result<Self> {
        let mut writer = Self { sink, line: Vec::new() };
        writer.line.extend_from_slice(FIRST_LINE.as_bytes());
        writer.send()?;
        Ok(writer)
    }

    /// Writes an item, its secrets masked.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Atr(atr) => self.atr(atr),
            Step::Protocol(protocol) => self.protocol(*protocol),
            Step::Begin => self.word("begin"),
            Step::End => self.word("end"),
            Step::Reset => self.word("reset"),
            Step::Removed => self.word("removed"),
            Step::Command(command) => {
                let secret = secret_body(command.filled()).unwrap_or_default();
                self.bytes(">", command.iter().enumerate().map(|(at, b)| b.filter(|_| !secret.contains(&at))))
            }
            Step::Answer { bytes, elapsed } => {
                self.line.extend_from_slice(b"<");
                self.octets(bytes.iter());
                self.time(*elapsed)
            }
            Step::Error { code, elapsed } => self.error(code, *elapsed),
        }
    }

    /// Writes the answer to reset.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn atr(&mut self, atr: &[u8]) -> io::Result<()> {
        self.bytes("atr", atr.iter().copied().map(Some))
    }

    /// Writes the protocol.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn protocol(&mut self, protocol: Protocol) -> io::Result<()> {
        self.word(match protocol {
            Protocol::T0 => "protocol T=0",
            Protocol::T1 => "protocol T=1",
        })
    }

    /// Writes a command, its secrets masked.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn command(&mut self, command: &[u8]) -> io::Result<()> {
        let secret = secret_body(command).unwrap_or_default();
        self.bytes(">", command.iter().enumerate().map(|(at, b)| (!secret.contains(&at)).then_some(*b)))
    }

    /// Writes an answer. Of one that was `redacted` before all is masked but the status word.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn answer(&mut self, answer: &[u8], elapsed: Option<Duration>, redacted: bool) -> io::Result<()> {
        let shown_from = if redacted { answer.len().saturating_sub(2) } else { 0 };
        self.line.extend_from_slice(b"<");
        self.octets(answer.iter().enumerate().map(|(at, byte)| (at >= shown_from).then_some(*byte)));
        self.time(elapsed)
    }

    /// Writes a failure by its PC/SC name; an unknown name is written as `UNKNOWN_ERROR`.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn error(&mut self, code: &str, elapsed: Option<Duration>) -> io::Result<()> {
        let code = scard::full_name(code).unwrap_or(scard::UNKNOWN);
        self.line.extend_from_slice(b"error ");
        self.line.extend_from_slice(scard::short_name(code).as_bytes());
        self.time(elapsed)
    }

    /// Writes a comment, one line of it for each line of `text`; control characters become blanks.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        for line in text.lines() {
            self.line.extend_from_slice(b"# ");
            let printable = line.replace(char::is_control, " ");
            self.line.extend_from_slice(printable.as_bytes());
            self.send()?;
        }
        Ok(())
    }

    /// Hands everything to the operating system.
    ///
    /// # Errors
    /// What the sink reports.
    pub fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    pub(in crate::transport) fn word(&mut self, word: &str) -> io::Result<()> {
        self.line.extend_from_slice(word.as_bytes());
        self.send()
    }

    fn bytes(&mut self, word: &str, bytes: impl Iterator<Item = Option<u8>>) -> io::Result<()> {
        self.line.extend_from_slice(word.as_bytes());
        self.octets(bytes);
        self.send()
    }

    fn octets(&mut self, bytes: impl Iterator<Item = Option<u8>>) {
        const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
        let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'?');
        for byte in bytes {
            self.line.extend_from_slice(&match byte {
                Some(byte) => [b' ', digit(byte >> 4), digit(byte & 0x0F)],
                None => *b" **",
            });
        }
    }

    /// `@12.3ms`, without the zeros at the end, then the end of the line.
    fn time(&mut self, elapsed: Option<Duration>) -> io::Result<()> {
        if let Some(elapsed) = elapsed {
            let (whole, decimals) = (elapsed.as_millis().min(999_999_999), elapsed.as_nanos() % 1_000_000);
            let mut text = format!(" @{whole}.{decimals:06}");
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
            self.line.extend_from_slice(text.as_bytes());
            self.line.extend_from_slice(b"ms");
        }
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.push(b'\n');
        let sent = self.sink.write_all(&self.line);
        self.line.clear();
        sent
    }
}
