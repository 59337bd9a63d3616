//! Dates of a card: Solar Hijri and Gregorian days, and dates as a card writes them (`iran.md` section 4).

mod age;
mod card_date;
mod gregorian;
mod solar_hijri;

#[cfg(test)]
mod tests;

pub use self::card_date::{Calendar, CardDate};
pub use self::gregorian::Gregorian;
pub use self::solar_hijri::SolarHijri;

use std::fmt;

/// Why something is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateError {
    /// Neither `YYYYMMDD` nor year, month and day divided by `/`, `-` or `.`.
    Form,
    /// The year is out of the range of the calendar.
    Year,
    /// There is no such month, or the month is unknown and the day is not.
    Month,
    /// The month has no such day.
    Day,
    /// The last day of a leap year (30 Esfand, 29 February) in a common year.
    CommonYear,
    /// Month or day are unknown where a whole date is due.
    Incomplete,
}

impl DateError {
    /// The fault in words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Form => "a date that is neither YYYYMMDD nor YYYY/MM/DD",
            Self::Year => "a date whose year is out of range",
            Self::Month => "a date without such a month",
            Self::Day => "a date whose month has no such day",
            Self::CommonYear => "a leap day in a common year",
            Self::Incomplete => "a date whose month or day is unknown",
        }
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what())
    }
}

impl std::error::Error for DateError {}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weekday {
    /// شنبه
    Saturday,
    /// یکشنبه
    Sunday,
    /// دوشنبه
    Monday,
    /// سه‌شنبه
    Tuesday,
    /// چهارشنبه
    Wednesday,
    /// پنجشنبه
    Thursday,
    /// جمعه
    Friday,
}

impl Weekday {
    /// The weekday of a day number; day 1, 0001-01-01 Gregorian, was a Monday.
    const fn of(day_number: i32) -> Self {
        match day_number.rem_euclid(7) {
            0 => Self::Sunday,
            1 => Self::Monday,
            2 => Self::Tuesday,
            3 => Self::Wednesday,
            4 => Self::Thursday,
            5 => Self::Friday,
            _ => Self::Saturday,
        }
    }
}
