//! CMS as text: a PEM block that is written and read as a stream (RFC 7468).

mod reader;

pub(super) use reader::{PemFault, PemReader};

use std::io::{self, Write};

use base64ct::{Base64, Encoding};

/// The labels of blocks that hold a CMS file (RFC 7468, 9; older programs).
pub(super) const LABELS: [&str; 3] = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA"];

/// How many bytes make a line of 64 characters.
const LINE: usize = 48;

/// Writes what it is given as one PEM block.
pub(crate) struct PemWriter<'a> {
    out: &'a mut dyn Write,
    label: &'static str,
    /// Bytes that do not fill a line yet.
    rest: Vec<u8>,
    text: String,
}

impl<'a> PemWriter<'a> {
    /// Begins the block.
    pub(crate) fn new(out: &'a mut dyn Write, label: &'static str) -> io::Result<Self> {
        writeln!(out, "-----BEGIN {label}-----")?;
        Ok(Self { out, label, rest: Vec::with_capacity(LINE), text: String::new() })
    }

    /// Ends the block.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.line(&rest);
        }
        self.out.write_all(self.text.as_bytes())?;
        writeln!(self.out, "-----END {}-----", self.label)?;
        self.out.flush()
    }

    fn line(&mut self, bytes: &[u8]) {
        self.text.push_str(&Base64::encode_string(bytes));
        self.text.push('\n');
    }
}

impl Write for PemWriter<'_> {
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(64 << 10);
        bytes = bytes.get(..taken).unwrap_or_default();
        while self.rest.len() + bytes.len() >= LINE {
            let (head, tail) = bytes.split_at(LINE.saturating_sub(self.rest.len()));
            let mut line = std::mem::take(&mut self.rest);
            line.extend_from_slice(head);
            self.line(&line);
            bytes = tail;
        }
        self.rest.extend_from_slice(bytes);
        self.out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One block of bytes that are at hand.
pub(crate) fn encode(label: &str, bytes: &[u8]) -> String {
    let lines = bytes.chunks(LINE).map(|line| Base64::encode_string(line) + "\n");
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines.collect::<String>())
}
