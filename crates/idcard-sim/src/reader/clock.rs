//! The virtual clock of the link: what an exchange would take with a real card and reader.

use std::time::Duration;

use idcard_core::transport::Protocol;

/// The time of one exchange.
pub(super) fn exchange(_atr: &[u8], protocol: Protocol, contactless: bool, command: &[u8], answer: &[u8]) -> Duration {
    let bytes = u64::try_from(command.len().saturating_add(answer.len())).unwrap_or(u64::MAX);
    let per_byte = match (contactless, protocol) {
        (true, _) => 90,
        (false, _) => 48,
    };
    Duration::from_micros(2050_u64.saturating_add(bytes.saturating_mul(per_byte)))
}
