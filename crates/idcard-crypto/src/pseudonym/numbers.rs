//! Numbers and dates by others of the same form.

use super::characters::{in_set_of, in_utf16, value};
use super::{Pseudonyms, Replaced, Stream};
use idcard_core::data::CardDate;
use idcard_core::data::national_number::passes_checksum;

/// What of a date stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateKeeps {
    /// The year: it tells the calendar and the batch, and thousands share it.
    Year,
    /// The century, which tells the calendar.
    Century,
}

impl Pseudonyms {
    /// Other digits of the same sets. Ten of them become a number that is never issued (prefix 000), and its check
    /// digit is right where the one of the original was.
    pub(super) fn number(&mut self, digits: &str) -> String {
        self.note(Replaced::Number);
        let values: Vec<u8> = digits.chars().filter_map(value).collect();
        let ascii: String = values.iter().map(|value| char::from(b'0'.saturating_add(*value))).collect();
        self.original_text(&ascii);
        self.telling(&packed(&values));
        let mut stream = self.stream("number", ascii.as_bytes());
        let other = loop {
            let other =
                if ascii.len() == 10 { never_issued(&ascii, &mut stream) } else { random(ascii.len(), &mut stream) };
            if other != ascii {
                break other;
            }
        };
        let other: String = digits.chars().zip(other.chars()).map(|(old, new)| in_set_of(old, new)).collect();
        self.met(digits, &other);
        other
    }

    /// A number in packed digits, two a byte; none where a nibble is no digit.
    pub fn packed(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
        let digits: Option<String> = nibbles.map(|nibble| char::from_digit(u32::from(nibble), 10)).collect();
        let other = self.number(&digits?);
        Some(packed(&other.chars().filter_map(value).collect::<Vec<u8>>()))
    }

    /// A date as cards write it, in ASCII, UTF-8 or UTF-16: another day that exists in every month; none where it is no date.
    pub fn date(&mut self, bytes: &[u8], keeps: DateKeeps) -> Option<Vec<u8>> {
        CardDate::decode(bytes, None).ok()?;
        let other = match std::str::from_utf8(bytes) {
            Ok(text) if text.starts_with(|c| value(c).is_some()) => self.date_text(text, keeps)?.into_bytes(),
            _ => in_utf16(bytes, |text| self.date_text(text, keeps))?,
        };
        Some(other).filter(|other| other.len() == bytes.len())
    }

    fn date_text(&mut self, text: &str, keeps: DateKeeps) -> Option<String> {
        let digits: String =
            text.chars().filter_map(value).map(|value| char::from(b'0'.saturating_add(value))).collect();
        let (year, rest) = digits.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        if day.len() != 2 {
            return None;
        }
        self.note(Replaced::Date);
        self.original_text(text);
        self.original_text(&digits);
        self.telling(&packed(&text.chars().filter_map(value).collect::<Vec<u8>>()));
        let mut stream = self.stream("date", digits.as_bytes());
        let mut part = |old: &str, count: u32| {
            if old == "00" { old.to_owned() } else { format!("{:02}", stream.below(count).saturating_add(1)) }
        };
        let other = loop {
            let (month, day) = (part(month, 12), part(day, 28));
            let year = match keeps {
                DateKeeps::Year => year.to_owned(),
                DateKeeps::Century => {
                    format!("{}{:02}", year.get(..2)?, 20u32.saturating_add(part("", 60).parse().ok()?))
                }
            };
            let other = format!("{year}{month}{day}");
            if other != digits || (keeps == DateKeeps::Year && rest == "0000") {
                break other;
            }
        };
        let mut other = other.chars();
        Some(
            text.chars()
                .map(|old| if value(old).is_some() { in_set_of(old, other.next().unwrap_or(old)) } else { old })
                .collect(),
        )
    }

    /// A time of X.509 (`YYMMDDHHMMSSZ` or with four digits of the year): the year stays.
    pub(super) fn time(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let digits = bytes.strip_suffix(b"Z")?;
        if !digits.iter().all(u8::is_ascii_digit) || !matches!(digits.len(), 12 | 14) {
            return None;
        }
        let year = digits.get(..digits.len().checked_sub(10)?)?;
        let day = digits.get(year.len()..year.len().saturating_add(4))?;
        self.note(Replaced::Date);
        let mut stream = self.stream("time", bytes);
        loop {
            let other = format!("{:02}{:02}", stream.below(12).saturating_add(1), stream.below(28).saturating_add(1));
            if other.as_bytes() != day {
                return Some([year, other.as_bytes(), b"000000Z"].concat());
            }
        }
    }
}

fn random(count: usize, stream: &mut Stream) -> String {
    (0..count).filter_map(|_| char::from_digit(stream.below(10), 10)).collect()
}

fn never_issued(number: &str, stream: &mut Stream) -> String {
    let body = format!("000{}", random(6, stream));
    let passes = passes_checksum(number);
    let whole = ('0'..='9').map(|last| format!("{body}{last}")).find(|whole| passes_checksum(whole) == passes);
    whole.unwrap_or(body)
}

fn packed(digits: &[u8]) -> Vec<u8> {
    digits.chunks(2).map(|pair| pair.first().unwrap_or(&0) << 4 | pair.get(1).unwrap_or(&0)).collect()
}
