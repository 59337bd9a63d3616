//! A date as a card writes it: digits of any set, parts perhaps unknown, the calendar perhaps to be inferred.

use super::{DateError, Gregorian, SolarHijri};
use crate::apdu::Malformed;
use crate::data::{digits::digit, text::utf16};
use std::fmt;

/// A calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Solar Hijri (Jalali): years 1250 to 1500 on a card.
    SolarHijri,
    /// Gregorian: years 1900 to 2100 on a card.
    Gregorian,
}

impl Calendar {
    /// The calendar in which a card may write this year.
    #[must_use]
    pub const fn of_year(year: u16) -> Option<Self> {
        match year {
            1250..=1500 => Some(Self::SolarHijri),
            1900..=2100 => Some(Self::Gregorian),
            _ => None,
        }
    }
}

/// A date that a card gives. Its day, or day and month, may be unknown; what is known is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardDate {
    calendar: Calendar,
    inferred: bool,
    year: u16,
    month: u8,
    day: u8,
}

impl CardDate {
    /// Reads `YYYYMMDD`, or year, month and day divided by `/`, `-` or `.`; digits of any of the three sets.
    ///
    /// `00` stands for an unknown day, or an unknown month and day. With `None` the year tells the calendar.
    ///
    /// ```
    /// use idcard_core::data::{Calendar, CardDate};
    /// let born = CardDate::parse("۱۳۴۰۰۰۰۰", Some(Calendar::SolarHijri))?;
    /// assert_eq!((born.jalali().as_deref(), born.iso()), (Some("1340-00-00"), None));
    /// let issued = CardDate::parse("2024/03/20", None)?;
    /// assert_eq!((issued.jalali().as_deref(), issued.is_calendar_inferred()), (Some("1403-01-01"), true));
    /// # Ok::<(), idcard_core::data::date::DateError>(())
    /// ```
    ///
    /// # Errors
    /// What is not a date, by [`DateError`].
    pub fn parse(text: &str, calendar: Option<Calendar>) -> Result<Self, DateError> {
        let (year, month, day) = parts(text).ok_or(DateError::Form)?;
        let by_year = Calendar::of_year(year).ok_or(DateError::Year)?;
        if calendar.is_some_and(|fixed| fixed != by_year) {
            return Err(DateError::Year);
        }
        // The unknown parts are tried as 1, which exists in every month and year.
        let (try_month, try_day) = match (month, day) {
            (0, 0) => (1, 1),
            (0, _) => return Err(DateError::Month),
            (_, 0) => (month, 1),
            _ => (month, day),
        };
        match by_year {
            Calendar::SolarHijri => SolarHijri::new(year, try_month, try_day).map(drop)?,
            Calendar::Gregorian => Gregorian::new(year, try_month, try_day).map(drop)?,
        }
        Ok(Self { calendar: by_year, inferred: calendar.is_none(), year, month, day })
    }

    /// As [`CardDate::parse`], for a date that has to be whole.
    ///
    /// # Errors
    /// As there, and [`DateError::Incomplete`].
    pub fn parse_whole(text: &str, calendar: Option<Calendar>) -> Result<Self, DateError> {
        let date = Self::parse(text, calendar)?;
        if date.is_whole() { Ok(date) } else { Err(DateError::Incomplete) }
    }

    /// Reads the value of a data object: UTF-16 with or without a byte-order mark, or ASCII; padding 00 and blanks
    /// at its end are dropped.
    ///
    /// # Errors
    /// Bytes that are no such text or no date.
    pub fn decode(value: &[u8], calendar: Option<Calendar>) -> Result<Self, Malformed> {
        let text = characters(value)?;
        Self::parse(text.trim_end_matches(is_padding), calendar).map_err(|wrong| Malformed::new(wrong.what(), 0))
    }

    /// As [`CardDate::decode`], for a date that has to be whole.
    ///
    /// # Errors
    /// As there, and for a date with an unknown part.
    pub fn decode_whole(value: &[u8], calendar: Option<Calendar>) -> Result<Self, Malformed> {
        let text = characters(value)?;
        Self::parse_whole(text.trim_end_matches(is_padding), calendar).map_err(|wrong| Malformed::new(wrong.what(), 0))
    }

    /// The calendar in which the card writes it.
    #[must_use]
    pub const fn calendar(self) -> Calendar {
        self.calendar
    }

    /// Whether the calendar was inferred from the year, no page having fixed it.
    #[must_use]
    pub const fn is_calendar_inferred(self) -> bool {
        self.inferred
    }

    /// Whether month and day are known.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.day != 0
    }

    /// The day in the Solar Hijri calendar, where it is whole.
    #[must_use]
    pub fn solar_hijri(self) -> Option<SolarHijri> {
        match self.calendar {
            Calendar::SolarHijri => SolarHijri::new(self.year, self.month, self.day).ok(),
            Calendar::Gregorian => SolarHijri::of_gregorian(self.gregorian()?),
        }
    }

    /// The day in the Gregorian calendar, where it is whole.
    #[must_use]
    pub fn gregorian(self) -> Option<Gregorian> {
        match self.calendar {
            Calendar::SolarHijri => self.solar_hijri().map(SolarHijri::gregorian),
            Calendar::Gregorian => Gregorian::new(self.year, self.month, self.day).ok(),
        }
    }

    /// `YYYY-MM-DD` in the Solar Hijri calendar, with `00` for what is unknown; `None` where an incomplete
    /// Gregorian date has no equal.
    #[must_use]
    pub fn jalali(self) -> Option<String> {
        match self.calendar {
            Calendar::SolarHijri => Some(self.to_string()),
            Calendar::Gregorian => self.solar_hijri().map(|day| day.to_string()),
        }
    }

    /// `YYYY-MM-DD` in the Gregorian calendar (ISO 8601), where the date is whole.
    #[must_use]
    pub fn iso(self) -> Option<String> {
        self.gregorian().map(|day| day.to_string())
    }
}

/// `YYYY-MM-DD` in the calendar of the card, `00` for what is unknown.
impl fmt::Display for CardDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn characters(value: &[u8]) -> Result<String, Malformed> {
    let is_text = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'/' | b'-' | b'.' | b' ');
    if value.iter().all(is_text) {
        return Ok(value.iter().copied().map(char::from).collect());
    }
    utf16(value).map(|(text, _)| text)
}

fn is_padding(character: char) -> bool {
    character == '\0' || character.is_whitespace()
}

/// Year, month, day: eight digits, or four, one or two, and one or two with two equal dividers.
fn parts(text: &str) -> Option<(u16, u8, u8)> {
    // The longest form has ten characters; no more than that is looked at.
    let characters: Vec<char> = text.trim().chars().take(11).collect();
    let divided = characters.iter().find(|character| matches!(character, '/' | '-' | '.'));
    let (year, month, day) = match divided {
        Some(divider) => {
            let mut fields = characters.split(|character| character == divider);
            let fields = (fields.next()?, fields.next()?, fields.next()?, fields.next());
            match fields {
                (year, month @ ([_] | [_, _]), day @ ([_] | [_, _]), None) => (year, month, day),
                _ => return None,
            }
        }
        None if characters.len() == 8 => (characters.get(..4)?, characters.get(4..6)?, characters.get(6..)?),
        None => return None,
    };
    let year = if year.len() == 4 { number(year)? } else { return None };
    Some((year, number(month)?.try_into().ok()?, number(day)?.try_into().ok()?))
}

/// At most four digits as a number.
fn number(digits: &[char]) -> Option<u16> {
    digits.iter().try_fold(0u16, |sum, character| {
        let (value, _) = digit(*character)?;
        sum.checked_mul(10)?.checked_add(u16::from(value))
    })
}
