//! A command APDU and its encodings: short and extended, all four cases (ISO/IEC 7816-4, 5.2; 7816-3, 12).

use std::fmt;
use zeroize::Zeroize;

/// How the length fields of a command are written, and what the link does with Le.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One-byte lengths; on T=0 a command with data carries no Le (the card answers `61xx`).
    ShortT0,
    /// One-byte lengths, Le after the data.
    Short,
    /// Three- and two-byte lengths where a one-byte length does not suffice.
    Extended,
}

/// One command for the card. Its body is wiped when it is dropped, and never printed when it is secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    class: u8,
    instruction: u8,
    p1: u8,
    p2: u8,
    data: Vec<u8>,
    expected: Option<u32>,
}

impl Command {
    /// The longest data field of a short command.
    pub const SHORT_DATA: usize = 255;
    /// The greatest Le of a short command.
    pub const SHORT_EXPECTED: u32 = 256;
    /// The greatest Le of an extended command.
    pub const EXTENDED_EXPECTED: u32 = 65_536;

    /// A command of case 1: a header alone.
    #[must_use]
    pub const fn new(class: u8, instruction: u8, p1: u8, p2: u8) -> Self {
        Self { class, instruction, p1, p2, data: Vec::new(), expected: None }
    }

    /// Adds a data field (case 3 or 4); an empty one is no data field.
    #[must_use]
    pub fn with_data(mut self, data: &[u8]) -> Self {
        self.data.zeroize();
        self.data.extend_from_slice(data);
        self
    }

    /// Adds Le, the number of bytes expected at most (case 2 or 4), 1 to 65,536.
    #[must_use]
    pub const fn expecting(mut self, count: u32) -> Self {
        self.expected = Some(count);
        self
    }

    /// The class byte CLA.
    #[must_use]
    pub const fn class(&self) -> u8 {
        self.class
    }

    /// The instruction byte INS.
    #[must_use]
    pub const fn instruction(&self) -> u8 {
        self.instruction
    }

    /// Le, where there is one.
    #[must_use]
    pub const fn expected(&self) -> Option<u32> {
        self.expected
    }

    /// The data field, empty where there is none.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// True when the body holds a PIN, a key or what a PIN guards on the way: see [`secret_body`].
    #[must_use]
    pub fn is_secret(&self) -> bool {
        !self.data.is_empty() && is_secret_header(self.class, self.instruction)
    }

    /// Appends the encoding to `out`, which is cleared first. Never shorter than four bytes.
    ///
    /// Returns `false`, with `out` empty, when the lengths do not fit the form: nothing may be sent then.
    ///
    /// ```
    /// use idcard_core::apdu::{Command, Form};
    /// let mut out = Vec::new();
    /// let select = Command::new(0x00, 0xA4, 0x00, 0x00).with_data(&[0x3F, 0x00]).expecting(256);
    /// assert!(select.encode(Form::Short, &mut out));
    /// assert_eq!(out, [0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00]);
    /// assert!(select.encode(Form::ShortT0, &mut out));
    /// assert_eq!(out, [0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00]);
    /// ```
    #[must_use]
    pub fn encode(&self, form: Form, out: &mut Vec<u8>) -> bool {
        out.zeroize();
        let expected = match (form, self.expected) {
            (_, Some(0)) => return false,
            (Form::ShortT0, Some(_)) if !self.data.is_empty() => None,
            (_, expected) => expected,
        };
        let short = self.data.len() <= Self::SHORT_DATA && expected.is_none_or(|n| n <= Self::SHORT_EXPECTED);
        if !short && form != Form::Extended {
            return false;
        }
        let (Ok(length), Some(le)) = (u16::try_from(self.data.len()), le(expected)) else { return false };
        // The whole room at once: a buffer that grows leaves copies behind.
        out.reserve(self.data.len().saturating_add(9));
        out.extend_from_slice(&[self.class, self.instruction, self.p1, self.p2]);
        let [high, low] = length.to_be_bytes();
        match (short, self.data.is_empty()) {
            (true, true) => {}
            (true, false) => out.push(low),
            (false, true) => out.push(0), // the zero that announces an extended Le
            (false, false) => out.extend_from_slice(&[0, high, low]),
        }
        out.extend_from_slice(&self.data);
        if expected.is_some() {
            let [high, low] = le.to_be_bytes();
            if !short {
                out.push(high);
            }
            out.push(low);
        }
        true
    }

    /// The same command with another Le, as `6Cxx` asks.
    #[must_use]
    pub fn repeated_with(&self, count: u32) -> Self {
        self.clone().expecting(count)
    }
}

/// Le on the wire: the greatest value of each form is written as zero.
fn le(expected: Option<u32>) -> Option<u16> {
    match expected.unwrap_or(0) {
        count if count <= 0xFFFF => u16::try_from(count).ok(),
        Command::EXTENDED_EXPECTED => Some(0),
        _ => None,
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        self.data.zeroize();
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} {:02X} {:02X} {:02X}", self.class, self.instruction, self.p1, self.p2)?;
        if !self.data.is_empty() {
            write!(f, " [{}]", self.data.len())?;
            for byte in &self.data {
                if self.is_secret() { f.write_str(" **")? } else { write!(f, " {byte:02X}")? }
            }
        }
        match self.expected {
            Some(count) => write!(f, " Le {count}"),
            None => Ok(()),
        }
    }
}

/// Which bytes of a raw command are secret: the data field of VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER,
/// MUTUAL AUTHENTICATE (any class), of ENVELOPE and PUT DATA, which may carry any of these or a key, and every data
/// field under secure messaging; of other commands what stands behind their lengths. The one place that decides it.
///
/// ```
/// use idcard_core::apdu::command::secret_body;
/// assert_eq!(secret_body(&[0x00, 0x20, 0x00, 0x81, 0x02, 0x31, 0x32]), Some(5..7));
/// assert_eq!(secret_body(&[0x20, 0x00, 0x81, 0x02, 0x31, 0x32]), Some(4..6)); // the class byte was lost
/// assert_eq!(secret_body(&[0x00, 0x20, 0x00, 0x81]), None); // a question for the tries left
/// assert_eq!(secret_body(&[0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00]), None);
/// assert_eq!(secret_body(&[0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00, 0x31, 0x32]), Some(8..10));
/// ```
#[must_use]
pub fn secret_body(raw: &[u8]) -> Option<std::ops::Range<usize>> {
    let (&[class, instruction, _, _], body) = raw.split_first_chunk::<4>()?;
    // There are no such instructions: in front of a VERIFY its class byte is missing.
    if instruction <= 0x02 && presents_a_secret(class) && body.len() > 1 {
        return Some(4..raw.len());
    }
    let (start, length, le): (usize, usize, usize) = match body {
        [] | [_] | [0, _, _] => return None, // a header, or a header with Le
        [0, high, low, ..] => (7, usize::from(u16::from_be_bytes([*high, *low])), 2),
        [short, ..] => (5, usize::from(*short), 1),
    };
    let end = start.saturating_add(length);
    if !is_secret_header(class, instruction) {
        let behind = end.saturating_add(le);
        return (behind < raw.len()).then_some(behind..raw.len());
    }
    let lawful = length != 0 && (raw.len() == end || raw.len() == end.saturating_add(le));
    // Where the lengths lie, nobody knows where the secret ends: all that follows the header is taken for it.
    Some(if lawful { start..end } else { 4..raw.len() })
}

fn is_secret_header(class: u8, instruction: u8) -> bool {
    // Interindustry classes 0x, 8x: bits 4 and 3 tell secure messaging; 4x..7x: bit 6 does (ISO/IEC 7816-4, 5.4.1).
    let protected = if class & 0x40 == 0 { class & 0x0C != 0 && class & 0x60 == 0 } else { class & 0x20 != 0 };
    protected || presents_a_secret(instruction) || carries_commands(instruction)
}

/// ENVELOPE and PUT DATA: what they carry may be any command, or a key.
pub(crate) const fn carries_commands(instruction: u8) -> bool {
    matches!(instruction, 0xC2 | 0xC3 | 0xDA | 0xDB)
}

/// The body of such an instruction is a PIN, a key, or a proof of one.
pub(crate) const fn presents_a_secret(instruction: u8) -> bool {
    matches!(instruction, 0x20 | 0x21 | 0x24 | 0x25 | 0x2C | 0x2D | 0x82)
}
