//! The card's own time: placeholders until traces of real cards calibrate them (`performance.md` 1.2).

use std::time::Duration;

/// How long a card thinks about a command before it has answered.
///
/// SELECT 8 ms, READ 2 ms and 10 µs a byte, GET DATA and MSE 5 ms, VERIFY and its kin 40 ms, a private-key operation
/// 500 ms; GET RESPONSE nothing; any other command 5 ms.
///
/// ```
/// use idcard_core::transport::clock::card_time;
/// assert_eq!(card_time(&[0x00, 0xB0, 0x00, 0x00, 0x64], &[0; 102]).as_micros(), 3_000);
/// ```
#[must_use]
pub fn card_time(command: &[u8], answer: &[u8]) -> Duration {
    let micros = match command {
        [_, 0xA4, ..] => 8_000,
        [_, 0xB0 | 0xB1, ..] => {
            let bytes = u64::try_from(answer.len().saturating_sub(2)).unwrap_or(u64::MAX);
            bytes.saturating_mul(10).saturating_add(2_000)
        }
        [class, 0xC0, ..] if class & 0x80 == 0 => 0,
        [_, 0x20 | 0x21 | 0x24 | 0x2C | 0x82, ..] => 40_000,
        // PSO with a digital signature or plain data as its outcome, INTERNAL AUTHENTICATE.
        [_, 0x2A, 0x9E | 0x80, ..] | [_, 0x88, ..] => 500_000,
        _ => 5_000,
    };
    Duration::from_micros(micros)
}
