//! Secrets that a log has shown: they are masked wherever they come again.

use crate::apdu::command::secret_body;
use crate::transport::trace::Octets;
use zeroize::Zeroizing;

/// The shortest that is searched for, in bytes: a PIN of four digits.
const SHORTEST: usize = 4;
/// The longest: what is longer is a message with much in it.
const LONGEST: usize = 64;
/// How many are kept in mind.
const MOST: usize = 64;

/// Secrets of one log.
#[derive(Default)]
pub(super) struct Seen {
    secrets: Vec<Zeroizing<Vec<u8>>>,
}

impl Seen {
    /// Keeps in mind what is secret of a command, without its padding.
    pub(super) fn keep(&mut self, command: &[u8]) {
        let Some(secret) = secret_body(command).and_then(|range| command.get(range)) else { return };
        let end = secret.iter().rposition(|byte| !matches!(byte, 0x00 | 0xFF)).map_or(0, |at| at.saturating_add(1));
        let secret = secret.get(..end).unwrap_or_default();
        let known = self.secrets.iter().any(|other| other.as_slice() == secret);
        if (SHORTEST..=LONGEST).contains(&secret.len()) && self.secrets.len() < MOST && !known {
            self.secrets.push(Zeroizing::new(secret.to_vec()));
        }
    }

    /// Masks each of them from `from` on, but not the last `behind` bytes; true where there was one.
    pub(super) fn mask(&self, octets: &mut Octets, from: usize, behind: usize) -> bool {
        let end = octets.len().saturating_sub(behind);
        let mut found = Vec::new();
        for secret in &self.secrets {
            let bytes = octets.filled().get(from..end).unwrap_or_default();
            let places = bytes.windows(secret.len()).enumerate().filter(|(_, part)| *part == secret.as_slice());
            found.extend(
                places.map(|(at, part)| at.saturating_add(from)..at.saturating_add(from).saturating_add(part.len())),
            );
        }
        let any = !found.is_empty();
        found.into_iter().for_each(|range| octets.mask(range));
        any
    }
}
