//! Whether the clock of this machine can be right: by the day of this release and by the dates of the card.

use super::cause::{Cause, Finding};
use idcard_core::data::Dates;
use idcard_crypto::time::{parse_rfc3339, rfc3339};
use std::time::{Duration, SystemTime};

/// No clock that is right shows an earlier day to this program.
const WRITTEN: &str = "2026-11-25";
/// A program is not used longer.
const LIFETIME: Duration = Duration::from_secs(40 * 365 * 86_400);
/// Time zones, and the hour at which an authority begins its day.
const SLACK: Duration = Duration::from_secs(86_400);

/// Whether the time can be right at all.
pub(super) fn examine(now: SystemTime) -> Option<Finding> {
    let written = parse_rfc3339(WRITTEN)?;
    let early = now.checked_add(SLACK).is_some_and(|now| now < written);
    let late = now.duration_since(written).is_ok_and(|since| since > LIFETIME);
    (early || late).then(|| Finding::of(Cause::ClockWrong, rfc3339(now)))
}

/// What the card says about its time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CardTime {
    /// It did not exist before: the latest of issue date and beginnings of certificates.
    pub(super) from: Option<SystemTime>,
    /// The earliest of expiry date and ends of certificates.
    pub(super) until: Option<SystemTime>,
}

impl CardTime {
    /// Issue and expiry date.
    pub(super) fn add_dates(&mut self, dates: &Dates) {
        let day = |date: Option<String>| parse_rfc3339(&date?);
        let issued = day(dates.issued.valid().and_then(|date| date.iso()));
        let expires = day(dates.expires.valid().and_then(|date| date.iso()));
        // The last day counts.
        self.add(issued, expires.and_then(|day| day.checked_add(SLACK)));
    }

    /// A beginning and an end.
    pub(super) fn add(&mut self, from: Option<SystemTime>, until: Option<SystemTime>) {
        self.from = self.from.max(from);
        self.until = [self.until, until].into_iter().flatten().min();
    }

    /// What is wrong with the time, or over.
    pub(super) fn examine(self, now: SystemTime) -> Option<Finding> {
        if let Some(from) = self.from
            && now.checked_add(SLACK).is_some_and(|now| now < from)
        {
            return Some(Finding::of(Cause::ClockWrong, format!("{} < {}", rfc3339(now), rfc3339(from))));
        }
        let until = self.until.filter(|until| *until < now)?;
        Some(Finding::of(Cause::CardExpired, rfc3339(until)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SystemTime {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_time_before_this_program_or_long_after_it_is_wrong() {
        let cause = |now: &str| examine(at(now)).map(|finding| finding.cause);
        assert_eq!(cause("1970-01-01"), Some(Cause::ClockWrong));
        assert_eq!(cause("2026-11-01"), Some(Cause::ClockWrong));
        assert_eq!(cause("2026-11-25"), None);
        assert_eq!(cause("2031-01-01"), None);
        assert_eq!(cause("2099-01-01"), Some(Cause::ClockWrong));
    }

    #[test]
    fn a_card_from_the_future_proves_a_wrong_clock() {
        let mut time = CardTime::default();
        assert_eq!(time.examine(at("1999-01-01")), None);
        time.add(Some(at("2024-03-20")), Some(at("2031-03-21")));
        time.add(Some(at("2024-01-01")), None);
        let cause = |now: &str| time.examine(at(now)).map(|finding| finding.cause);
        assert_eq!(cause("2024-03-18"), Some(Cause::ClockWrong));
        assert_eq!(cause("2024-03-19"), None, "it may be the next day already elsewhere");
        assert_eq!(cause("2031-03-21"), None);
        assert_eq!(cause("2031-03-22"), Some(Cause::CardExpired));
        time.add(None, Some(at("2029-01-01")));
        assert_eq!(time.examine(at("2030-01-01")).unwrap().subject.as_deref(), Some("2029-01-01T00:00:00Z"));
    }
}
