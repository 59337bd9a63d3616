//! A day of the Solar Hijri calendar by the 33-year rule.

use super::{DateError, Gregorian, Weekday};
use std::fmt;

/// A day of the Solar Hijri (Jalali) calendar.
///
/// The 33-year rule gives the official leap years and new-year days of 1206 to 1498, and holds until 1501.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SolarHijri {
    year: u16,
    month: u8,
    day: u8,
}

/// The day number of the first day of year 1, counted from 0001-01-01 Gregorian as day 1.
const EPOCH: i32 = 226_896;

impl SolarHijri {
    /// The first year that is accepted.
    pub const FIRST_YEAR: u16 = 1206;
    /// The last year that is accepted.
    pub const LAST_YEAR: u16 = 1500;

    /// Makes the day, if the calendar has it.
    ///
    /// ```
    /// use idcard_core::data::{SolarHijri, date::DateError};
    /// assert_eq!(SolarHijri::new(1403, 12, 30)?.gregorian().to_string(), "2025-03-20");
    /// assert_eq!(SolarHijri::new(1404, 12, 30), Err(DateError::CommonYear));
    /// # Ok::<(), DateError>(())
    /// ```
    ///
    /// # Errors
    /// A year before 1206 or after 1500; a month or day that does not exist.
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        if year < Self::FIRST_YEAR || year > Self::LAST_YEAR {
            return Err(DateError::Year);
        }
        match (month, day) {
            (0 | 13.., _) => Err(DateError::Month),
            (1..=6, 1..=31) | (7..=11, 1..=30) | (12, 1..=29) => Ok(Self { year, month, day }),
            (12, 30) if Self::is_leap(year) => Ok(Self { year, month, day }),
            (12, 30) => Err(DateError::CommonYear),
            _ => Err(DateError::Day),
        }
    }

    /// Whether the year has a 30 Esfand.
    #[must_use]
    pub const fn is_leap(year: u16) -> bool {
        (25 * year as u32 + 11) % 33 < 8
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 (Farvardin) to 12 (Esfand).
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Whether the day lies before 1304, when the law that fixed the lengths of the months took effect: the day
    /// within the year is then computed backwards and need not be the one that was written at the time.
    #[must_use]
    pub const fn is_proleptic(self) -> bool {
        self.year < 1304
    }

    /// The day number; 0001-01-01 Gregorian is day 1.
    #[must_use]
    pub const fn day_number(self) -> i32 {
        let months = self.month as i32 - 1;
        let before = if months <= 6 { 31 * months } else { 30 * months + 6 };
        new_year(self.year as i32) + before + self.day as i32 - 1
    }

    /// The day with this number, if its year is accepted.
    #[must_use]
    pub fn from_day_number(number: i32) -> Option<Self> {
        let end = new_year(i32::from(Self::LAST_YEAR) + 1);
        if number < new_year(i32::from(Self::FIRST_YEAR)) || number >= end {
            return None;
        }
        // 33 years are 12,053 days, so that the estimate is off by one at most.
        let mut year = (number - EPOCH) * 33 / 12_053 + 1;
        if new_year(year + 1) <= number {
            year += 1;
        } else if new_year(year) > number {
            year -= 1;
        }
        let of_year = number - new_year(year);
        let (month, day) = if of_year < 186 {
            (of_year / 31 + 1, of_year % 31 + 1)
        } else {
            ((of_year - 186) / 30 + 7, (of_year - 186) % 30 + 1)
        };
        Some(Self { year: year.try_into().ok()?, month: month.try_into().ok()?, day: day.try_into().ok()? })
    }

    /// The day that the Gregorian calendar calls so, if the Solar Hijri one has it within the years 1206 to 1500.
    #[must_use]
    pub fn of_gregorian(day: Gregorian) -> Option<Self> {
        Self::from_day_number(day.day_number())
    }

    /// The same day in the Gregorian calendar.
    #[must_use]
    pub const fn gregorian(self) -> Gregorian {
        Gregorian::of_day(self.day_number())
    }

    /// The day so many days later, or earlier where the count is negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        Self::from_day_number(self.day_number().checked_add(days)?)
    }

    /// How many days later `other` is; negative where it is earlier.
    #[must_use]
    pub const fn days_until(self, other: Self) -> i32 {
        other.day_number() - self.day_number()
    }

    /// The day of the week.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        Weekday::of(self.day_number())
    }
}

// Both conversions stand here, so that the Gregorian calendar need not know this one.
impl Gregorian {
    /// The same day in the Solar Hijri calendar, if that has it within the years 1206 to 1500.
    #[must_use]
    pub fn solar_hijri(self) -> Option<SolarHijri> {
        SolarHijri::from_day_number(self.day_number())
    }
}

/// `YYYY-MM-DD`.
impl fmt::Display for SolarHijri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn new_year(year: i32) -> i32 {
    EPOCH - 1 + 365 * (year - 1) + (8 * year + 21).div_euclid(33)
}
