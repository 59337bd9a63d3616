//! A day of the Gregorian calendar.

use super::{DateError, Weekday};
use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gregorian {
    year: u16,
    month: u8,
    day: u8,
}

/// Days before each month in a common year.
const BEFORE: [i32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

impl Gregorian {
    /// The first year that is accepted: the first whole year of the calendar.
    pub const FIRST_YEAR: u16 = 1583;
    /// The last year that is accepted.
    pub const LAST_YEAR: u16 = 9999;

    /// Makes the day, if the calendar has it.
    ///
    /// # Errors
    /// A year before 1583 or after 9999; a month or day that does not exist.
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        if year < Self::FIRST_YEAR || year > Self::LAST_YEAR {
            return Err(DateError::Year);
        }
        let length = match month {
            2 => 28 + leap_days(year, month + 1),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(DateError::Month),
        };
        match day {
            29 if length == 28 => Err(DateError::CommonYear),
            1.. if day as i32 <= length => Ok(Self { year, month, day }),
            _ => Err(DateError::Day),
        }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day number; 0001-01-01 is day 1.
    #[must_use]
    pub fn day_number(self) -> i32 {
        let month = BEFORE.get(usize::from(self.month).saturating_sub(1)).copied().unwrap_or(0);
        new_year(i32::from(self.year)) + month + leap_days(self.year, self.month) + i32::from(self.day) - 1
    }

    /// The day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        Weekday::of(self.day_number())
    }

    /// The day with this number, which must be one of a year between 1 and 9999.
    pub(super) const fn of_day(number: i32) -> Self {
        // Years that begin in March: the leap day is then the last of its year, and of its four years.
        let shifted = number + 305;
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = shifted.div_euclid(146_097) * 400 + year_of_era + (month <= 2) as i32;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a year of four digits, by contract"
        )]
        Self { year: year as u16, month: month as u8, day: day as u8 }
    }
}

/// `YYYY-MM-DD` (ISO 8601).
impl fmt::Display for Gregorian {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn new_year(year: i32) -> i32 {
    let past = year - 1;
    365 * past + past / 4 - past / 100 + past / 400 + 1
}

/// How many leap days of this year lie before its month.
const fn leap_days(year: u16, month: u8) -> i32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    (month > 2 && is_leap) as i32
}
