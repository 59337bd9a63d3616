//! DER of which nothing is known but that it is DER: strings and numbers change, the structure stays.

use super::Pseudonyms;
use super::patch::{Place, inside, places, put};
use const_oid::ObjectIdentifier;

/// How deep elements within elements are looked at.
const DEPTH: usize = 12;

impl Pseudonyms {
    /// Other values in the same structure; none where the bytes are no DER.
    pub fn plain_der(&mut self, old: &[u8]) -> Option<Vec<u8>> {
        let mut der = old.to_vec();
        let all = places(old, 0..old.len()).ok()?;
        if all.is_empty() {
            return None;
        }
        for place in &all {
            self.element(&mut der, place, DEPTH)?;
        }
        Some(der)
    }

    fn element(&mut self, der: &mut [u8], place: &Place, depth: usize) -> Option<()> {
        if place.tag & 0x20 != 0 {
            let depth = depth.checked_sub(1)?;
            for inner in inside(der, place).ok()? {
                self.element(der, &inner, depth)?;
            }
            return Some(());
        }
        let old = der.get(place.value.clone())?.to_vec();
        let other = match (place.tag, old.as_slice()) {
            // Small numbers and flags.
            (_, [] | [_] | [_, _]) | (0x03, [_, _, _]) => return Some(()),
            // Identifiers.
            (0x06, value) if value.len() <= 16 && ObjectIdentifier::from_bytes(value).is_ok() => return Some(()),
            // Paths of files.
            (0x04, [0x3F, 0x00, path @ ..]) if path.len() <= 6 => return Some(()),
            (0x0C | 0x13 | 0x14 | 0x16 | 0x1A | 0x1E, text) => self.string(place.tag, text),
            (0x17 | 0x18, time) => self.time(time)?,
            (0x02, number) => {
                self.original(number);
                self.note(super::Replaced::Number);
                self.integer(number)
            }
            // Ten packed digits: the CRN as PKCS#15 has it (`specimen.md` 8).
            (_, [_, _, _, _, _]) => self.packed(&old).unwrap_or_else(|| self.bytes(&old)),
            (_, text) if text.iter().all(|byte| matches!(byte, 0x20..=0x7E)) => self.string(0x16, text),
            (_, bytes) => self.bytes(bytes),
        };
        put(der, &place.value, &other)
    }
}
