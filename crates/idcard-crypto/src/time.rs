//! Points in time as text: RFC 3339 in UTC, whole seconds.

use der::DateTime;
use std::time::{Duration, SystemTime};

/// `2024-03-20T00:00:00Z`. A time outside of the years 1970 to 9999 is set to the nearer end of them.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_710_892_800);
/// assert_eq!(idcard_crypto::time::rfc3339(time), "2024-03-20T00:00:00Z");
/// ```
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    date_time(time).to_string()
}

/// Reads `2024-03-20T00:00:00Z`, or `2024-03-20` as the first second of that day.
///
/// ```
/// use idcard_crypto::time::{parse_rfc3339, rfc3339};
/// assert_eq!(parse_rfc3339("2024-03-20").map(rfc3339).as_deref(), Some("2024-03-20T00:00:00Z"));
/// assert_eq!(parse_rfc3339("2024-02-30"), None);
/// ```
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<SystemTime> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.is_ascii().then(|| whole.parse::<DateTime>().ok())?.map(|time| time.to_system_time())
}

/// The calendar form, in whole seconds.
pub(crate) fn date_time(time: SystemTime) -> DateTime {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |duration| duration.as_secs());
    DateTime::from_unix_duration(Duration::from_secs(seconds)).unwrap_or(DateTime::INFINITY)
}
