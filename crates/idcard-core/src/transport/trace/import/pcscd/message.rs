//! One message of pcscd: what stands before it, the time since the message before, the thread, the words.
//!
//! On stdout, which a service's journal keeps, each message begins with the time; through syslog it does not.

use super::super::hexes;

pub(super) struct Message<'t> {
    /// The name and number of the process, where a journal put them before the message; else empty.
    pub source: &'t str,
    /// Microseconds since the message before, where the log tells it.
    pub since: Option<u64>,
    /// The number of the thread, where the log is coloured.
    pub thread: Option<&'t str>,
    pub words: &'t str,
}

impl<'t> Message<'t> {
    /// Finds the message in a line: eight digits, in brackets the thread, words that pcscd uses.
    pub(super) fn of(line: &'t str) -> Option<Self> {
        let bytes = line.as_bytes();
        let starts = bytes.windows(9).enumerate().filter(|(at, window)| {
            let digits = window.iter().take(8).all(u8::is_ascii_digit) && window.last() == Some(&b' ');
            digits && (*at == 0 || at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b' '))
        });
        starts.take(4).find_map(|(at, _)| Self::at(line, at)).or_else(|| Self::of_syslog(line))
    }

    /// `Nov 22 09:54:26 desk pcscd[812]: APDU: 00 A4 …`
    fn of_syslog(line: &'t str) -> Option<Self> {
        let (before, words) = match line.find("]: ") {
            Some(at) => (line.get(..at.checked_add(1)?)?, line.get(at.checked_add(3)?..)?),
            None => line.split_once("pcscd: ")?,
        };
        let source = before.rsplit(' ').next().unwrap_or_default();
        let named = source.is_empty() || source.starts_with("pcscd[");
        (named && is_pcscd(words)).then_some(Self { source, since: None, thread: None, words })
    }

    fn at(line: &'t str, at: usize) -> Option<Self> {
        let (before, rest) = line.split_at_checked(at)?;
        let (digits, rest) = rest.split_at_checked(8)?;
        let rest = rest.trim_start();
        let thread = rest.strip_prefix('[').and_then(|rest| rest.split_once("] "));
        let thread =
            thread.filter(|(number, _)| number.len() <= 32 && number.bytes().all(|b| b.is_ascii_alphanumeric()));
        let (thread, words) = thread.map_or((None, rest), |(thread, words)| (Some(thread), words));
        let source = before.trim_end().trim_end_matches(':');
        let source = source.rsplit(' ').next().unwrap_or_default();
        is_pcscd(words).then_some(Self { source, since: Some(digits.parse().ok()?), thread, words })
    }
}

/// `APDU:`, `SW:`, `Card ATR:`, or a file of pcscd with line and function.
fn is_pcscd(words: &str) -> bool {
    if ["APDU:", "SW:", "Card ATR:"].iter().any(|mark| words.starts_with(mark)) {
        return true;
    }
    let place = words.split(' ').next().unwrap_or_default();
    let mut parts = place.split(':');
    let file = parts.next().unwrap_or_default();
    let number = parts.next().unwrap_or_default();
    (file.ends_with(".c") || file.ends_with(".l")) && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

/// A line that holds a command.
pub(crate) fn is_command(line: &str) -> bool {
    Message::of(line).and_then(|message| message.words.strip_prefix("APDU:")).is_some_and(hexes::is_hex)
}

/// A line that holds any message.
pub(crate) fn is_message(line: &str) -> bool {
    Message::of(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_behind_every_prefix() {
        for (line, source, thread) in [
            ("00000027 APDU: 00 84 00 00 08 ", "", None),
            ("Nov 22 09:54:26 desk pcscd[812]: 00000027 APDU: 00 84 00 00 08", "pcscd[812]", None),
            ("2026-11-22T09:54:26+0330 desk pcscd[9]: 00000027 APDU: 00 84 00 00 08", "pcscd[9]", None),
            ("00000027 [140185890928320] APDU: 00 84 00 00 08 ", "", Some("140185890928320")),
            ("20261122 09:54:26 pcscd[812]: 00000027 APDU: 00 84 00 00 08", "pcscd[812]", None),
        ] {
            let message = Message::of(line).unwrap();
            assert_eq!((message.source, message.thread, message.since), (source, thread, Some(27)), "{line}");
            assert!(is_command(line));
        }
    }

    #[test]
    fn a_message_through_syslog_has_no_time() {
        for (line, source) in [
            ("Nov 22 09:54:26 desk pcscd[812]: APDU: 00 84 00 00 08", "pcscd[812]"),
            ("Nov 22 09:54:26 desk pcscd: APDU: 00 84 00 00 08", ""),
        ] {
            let message = Message::of(line).unwrap();
            assert_eq!((message.source, message.since), (source, None));
            assert!(is_command(line), "{line}");
        }
        assert!(Message::of("Nov 22 09:54:26 desk sshd[812]: APDU: 00 84 00 00 08").is_none());
    }

    #[test]
    fn other_lines_are_no_messages() {
        for line in
            ["", "12345678 ", "12345678 hello", "123456789 APDU: 00", "APDU: 00 84 00 00 08", "00000001 a.c:x:y"]
        {
            assert!(Message::of(line).is_none(), "{line}");
        }
        assert!(is_message("00000001 winscard.c:1596:SCardTransmit() Send Protocol: T=1"));
        assert!(!is_command("00000002 debuglog.c:411:DebugLogSetCategory() Debug options: APDU"));
    }
}
