//! Ages: when somebody completes a number of years.

use super::SolarHijri;

impl SolarHijri {
    /// The day on which somebody born on this day completes so many years; `None` past the year 1500.
    ///
    /// The convention: a year of life is complete on the day of the calendar that bears month and day of the birth.
    /// Who was born on 30 Esfand completes it on the day after 29 Esfand where the year is a common one, that is on
    /// 1 Farvardin of the next. No year is ever complete early.
    ///
    /// ```
    /// use idcard_core::data::SolarHijri;
    /// let born = SolarHijri::new(1375, 12, 30)?;
    /// assert_eq!(born.completes(15), SolarHijri::new(1391, 1, 1).ok());
    /// assert_eq!(born.completes(4), SolarHijri::new(1379, 12, 30).ok());
    /// # Ok::<(), idcard_core::data::date::DateError>(())
    /// ```
    #[must_use]
    pub fn completes(self, years: u16) -> Option<Self> {
        let year = self.year().checked_add(years)?;
        match Self::new(year, self.month(), self.day()) {
            Ok(day) => Some(day),
            Err(_) if (self.month(), self.day()) == (12, 30) => Self::new(year.checked_add(1)?, 1, 1).ok(),
            Err(_) => None,
        }
    }

    /// The years that somebody born on this day has completed on `today`; `None` before the birth.
    #[must_use]
    pub fn age_on(self, today: Self) -> Option<u16> {
        if today < self {
            return None;
        }
        let years = today.year().saturating_sub(self.year());
        match self.completes(years) {
            Some(day) if day <= today => Some(years),
            _ => years.checked_sub(1),
        }
    }
}
