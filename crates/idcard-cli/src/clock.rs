//! The clock of this machine: read here and nowhere in the libraries, for which time is an argument.

use idcard_core::data::SolarHijri;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Iran's time is three and a half hours before UTC, all year since 1401.
const IRAN: Duration = Duration::from_secs(3 * 3_600 + 30 * 60);

/// The day in Iran, whose days cards and offices count; `None` where the clock is out of all bounds.
pub(crate) fn day_in_iran(now: SystemTime) -> Option<SolarHijri> {
    let since = now.duration_since(UNIX_EPOCH).ok()?.checked_add(IRAN)?;
    let days = i32::try_from(since.as_secs() / 86_400).ok()?;
    // 1348-10-11 is 1970-01-01.
    SolarHijri::new(1348, 10, 11).ok()?.plus_days(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use idcard_crypto::time::parse_rfc3339;

    #[test]
    fn a_day_begins_at_midnight_in_iran() {
        let day = |time: &str| day_in_iran(parse_rfc3339(time).unwrap()).map(|day| day.to_string());
        assert_eq!(day("1970-01-01T00:00:00Z").as_deref(), Some("1348-10-11"));
        assert_eq!(day("2026-03-20T20:29:59Z").as_deref(), Some("1404-12-29"));
        assert_eq!(day("2026-03-20T20:30:00Z").as_deref(), Some("1405-01-01"));
        assert_eq!(day_in_iran(UNIX_EPOCH - Duration::from_secs(86_400)), None);
    }
}
