//! Pseudonyms: other values of the same length and structure in the place of what is a holder's, keyed by a secret that is
//! thrown away.
//!
//! The same value becomes the same pseudonym under one secret, so that what belongs together still does: a number in
//! a file and in the subject of a certificate. Under another secret it becomes another one.

mod certificate;
mod characters;
mod dictionary;
mod numbers;
mod patch;
mod plain_der;
mod signed_object;
mod text;
mod throw_away;

use crate::algorithm::HashAlgorithm;
use dictionary::Dictionary;
use idcard_core::data::Nature;
use std::collections::{BTreeMap, HashSet};
use thiserror::Error;
use zeroize::Zeroizing;

pub use certificate::MARK;
pub use numbers::DateKeeps;
pub use signed_object::Renewed;

/// How many signatures are made under one secret; a visit of a card asks for three or four.
const SIGNATURES: u32 = 256;
/// By so many bytes of its number a chip is known again.
const PART_OF_A_CHIP: usize = 4;
/// How many parts of numbers of chips, and how many whole values, are remembered.
const REMEMBERED: usize = 4_096;
/// How many bytes other than `00` and `FF` do not occur by chance.
const LONG_ENOUGH: usize = 6;
/// How often bytes are chosen again that seem to be something else than before.
const ATTEMPTS: usize = 64;

/// What was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Replaced {
    /// Words of a name, an address, a label.
    Text,
    /// Digits.
    Number,
    /// Month and day of a date, or the whole date.
    Date,
    /// Bytes of which nothing is known.
    Bytes,
    /// The subject of a certificate.
    Subject,
    /// The serial number of a certificate.
    SerialNumber,
    /// The public key of a certificate.
    PublicKey,
    /// A signature, by that of a throw-away key.
    Signature,
    /// A signature for which there was no throw-away key: bytes that verify with no key are in its place.
    SignatureBytes,
    /// The hash of a file.
    Hash,
    /// A photo.
    Photo,
    /// What nothing could be put in the place of: it is masked.
    Masked,
}

impl Replaced {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::Number,
        Self::Date,
        Self::Bytes,
        Self::Subject,
        Self::SerialNumber,
        Self::PublicKey,
        Self::Signature,
        Self::SignatureBytes,
        Self::Hash,
        Self::Photo,
        Self::Masked,
    ];

    /// The word of documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Bytes => "bytes",
            Self::Subject => "certificate_subject",
            Self::SerialNumber => "certificate_serial",
            Self::PublicKey => "certificate_key",
            Self::Signature => "signature",
            Self::SignatureBytes => "signature_bytes",
            Self::Hash => "hash",
            Self::Photo => "photo",
            Self::Masked => "masked",
        }
    }
}

/// The system gives no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// Signs a digest of SHA-256 by RSA PKCS#1 v1.5 with a key of 2,048 bits whose private half is no secret.
pub type RsaThrowAway = Box<dyn FnMut(&[u8]) -> Option<Vec<u8>>>;

/// Makes pseudonyms under one secret.
pub struct Pseudonyms {
    secret: Zeroizing<[u8; 32]>,
    rsa: Option<RsaThrowAway>,
    replaced: BTreeMap<Replaced, usize>,
    /// What must not be found any more.
    originals: Dictionary,
    /// Of them texts, numbers and numbers of chips: what names somebody wherever it stands.
    telling: Dictionary,
    /// The same, short ones too, which tell only where they stand alone.
    whole: HashSet<Vec<u8>>,
    /// Parts of the numbers of chips.
    chips: HashSet<[u8; PART_OF_A_CHIP]>,
    /// Words and numbers in UTF-8, and what comes in their place: they may stand where nobody looks for them.
    words: Dictionary,
    /// How many signatures may still be made; beyond it there are bytes that verify with no key.
    signatures: u32,
}

impl Pseudonyms {
    /// Under a secret from the system, which nobody learns.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|_| NoRandomness)?;
        Ok(Self::under(secret))
    }

    /// Under a secret of the caller's: for tests.
    ///
    /// ```
    /// use idcard_crypto::pseudonym::Pseudonyms;
    /// let mut names = Pseudonyms::under([7; 32]);
    /// let other = names.text("0001234560");
    /// assert_eq!((other.len(), &other[..3]), (10, "000"));
    /// assert_eq!(names.text("0001234560"), other);
    /// assert_ne!(other, "0001234560");
    /// ```
    #[must_use]
    pub fn under(secret: [u8; 32]) -> Self {
        Self {
            secret: Zeroizing::new(secret),
            rsa: None,
            replaced: BTreeMap::new(),
            originals: Dictionary::default(),
            telling: Dictionary::default(),
            whole: HashSet::new(),
            chips: HashSet::new(),
            words: Dictionary::default(),
            signatures: SIGNATURES,
        }
    }

    /// Has RSA signatures of 2,048 bits made by this; without it they become bytes that verify with no key.
    pub fn sign_rsa_with(&mut self, rsa: RsaThrowAway) {
        self.rsa = Some(rsa);
    }

    /// What was replaced since the last call, and how often.
    pub fn take_replaced(&mut self) -> BTreeMap<Replaced, usize> {
        std::mem::take(&mut self.replaced)
    }

    /// Whether bytes hold a value that was replaced: to look through what is given away.
    #[must_use]
    pub fn are_betrayed_by(&self, bytes: &[u8]) -> bool {
        self.originals.is_in(bytes)
    }

    /// Whether bytes are, or hold, a text or number that was replaced: for places where identifiers of applets and files
    /// belong, which may have been replaced elsewhere as bytes of which nothing is known.
    #[must_use]
    pub fn are_named_by(&self, bytes: &[u8]) -> bool {
        self.whole.contains(bytes) || self.telling.is_in(bytes)
    }

    /// The number of a chip, by other bytes; no part of it is left in [`Pseudonyms::historical`] bytes.
    pub fn chip(&mut self, bytes: &[u8]) -> Vec<u8> {
        let parts = bytes.windows(PART_OF_A_CHIP).filter_map(|part| <[u8; PART_OF_A_CHIP]>::try_from(part).ok());
        for part in parts.filter(|part| various(part) == PART_OF_A_CHIP) {
            if self.chips.len() < REMEMBERED {
                self.chips.insert(part);
            }
        }
        bytes.windows(8).for_each(|part| self.telling(part));
        self.bytes(bytes)
    }

    /// Historical bytes of an answer to reset, with other bytes in the place of what was replaced elsewhere: values, and
    /// four bytes or more of a chip's number. All else stays, since cards are recognised by it.
    ///
    /// ```
    /// use idcard_crypto::pseudonym::Pseudonyms;
    /// let mut names = Pseudonyms::under([7; 32]);
    /// assert_eq!(names.historical(&[0x80, 0x54, 1, 2, 3, 4]), [0x80, 0x54, 1, 2, 3, 4]);
    /// names.chip(&[9, 1, 2, 3, 4, 9]);
    /// let other = names.historical(&[0x80, 0x54, 1, 2, 3, 4]);
    /// assert_eq!((other.len(), &other[..2]), (6, &[0x80, 0x54][..]));
    /// assert_ne!(other[2..], [1, 2, 3, 4]);
    /// ```
    pub fn historical(&mut self, bytes: &[u8]) -> Vec<u8> {
        let strange = scrambled(bytes, &mut self.stream("historical", bytes));
        let mut other = bytes.to_vec();
        for at in 0..bytes.len() {
            let part = bytes.get(at..).and_then(<[u8]>::first_chunk::<PART_OF_A_CHIP>);
            let part = part.filter(|part| self.chips.contains(*part)).map(|part| part.len());
            let value = self.telling.at(bytes, at).map(|(old, _)| old.len());
            let end = at.saturating_add(part.max(value).unwrap_or_default());
            if let (Some(place), Some(strange)) = (other.get_mut(at..end), strange.get(at..end)) {
                place.copy_from_slice(strange);
            }
        }
        if other != bytes {
            self.note(Replaced::Bytes);
        }
        other
    }

    /// Bytes of which nothing is known: `00` and `FF` stay, all others change, and they seem to be what they seemed
    /// to be before ([`Nature`]).
    ///
    /// ```
    /// use idcard_crypto::pseudonym::Pseudonyms;
    /// let other = Pseudonyms::under([7; 32]).bytes(&[0x12, 0x00, 0x34]);
    /// assert_eq!((other.len(), other[1]), (3, 0));
    /// assert_ne!(other, [0x12, 0x00, 0x34]);
    /// ```
    pub fn bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.note(Replaced::Bytes);
        self.original(bytes);
        let nature = Nature::of(bytes);
        let mut stream = self.stream("bytes", bytes);
        let mut other = scrambled(bytes, &mut stream);
        for _ in 0..ATTEMPTS {
            if Nature::of(&other) == nature {
                break;
            }
            other = scrambled(bytes, &mut stream);
        }
        other
    }

    /// Counts something that the caller has replaced, and remembers what it was.
    pub fn count(&mut self, what: Replaced, original: &[u8]) {
        self.note(what);
        self.original(original);
    }

    /// Counts a value that the caller masks.
    pub fn count_masked(&mut self) {
        self.note(Replaced::Masked);
    }

    fn note(&mut self, what: Replaced) {
        let count = self.replaced.entry(what).or_default();
        *count = count.saturating_add(1);
    }

    /// Puts pseudonyms in the place of all words and numbers that were met before, wherever they stand in the bytes.
    fn wherever(&self, bytes: &mut [u8]) {
        self.words.replace(bytes);
    }

    fn met(&mut self, old: &str, new: &str) {
        self.words.insert(old.as_bytes(), new.as_bytes());
    }

    /// One of these bytes in the place of another, never the same where there is a choice.
    pub fn one_of(&mut self, choice: &[u8], old: u8) -> u8 {
        self.note(Replaced::Bytes);
        let others: Vec<u8> = choice.iter().copied().filter(|other| *other != old).collect();
        let at = self.stream("choice", &[old]).below(u32::try_from(others.len()).unwrap_or(1));
        others.get(usize::try_from(at).unwrap_or_default()).copied().unwrap_or(old)
    }

    /// Remembers a value, where it is long enough not to occur by chance.
    fn original(&mut self, bytes: &[u8]) {
        if various(bytes) >= LONG_ENOUGH {
            self.originals.insert(bytes, &[]);
        }
    }

    /// Remembers a text, number or part of a chip's number.
    fn telling(&mut self, bytes: &[u8]) {
        self.original(bytes);
        if various(bytes) >= LONG_ENOUGH {
            self.telling.insert(bytes, &[]);
        }
        if various(bytes) >= 4 && self.whole.len() < REMEMBERED {
            self.whole.insert(bytes.to_vec());
        }
    }

    /// Remembers a text in all its encodings.
    fn original_text(&mut self, text: &str) {
        self.telling(text.as_bytes());
        for order in [u16::to_be_bytes, u16::to_le_bytes] {
            self.telling(&text.encode_utf16().flat_map(order).collect::<Vec<u8>>());
        }
    }

    fn stream(&self, domain: &'static str, value: &[u8]) -> Stream {
        let length = u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes();
        let seed = hash(&[self.secret.as_slice(), domain.as_bytes(), &[0], &length, value]);
        Stream { secret: self.secret.clone(), seed, counter: 0, block: Vec::new() }
    }
}

/// How many bytes are neither `00` nor `FF`.
fn various(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !matches!(byte, 0x00 | 0xFF)).count()
}

/// Bytes of the same length with other values wherever one is neither `00` nor `FF`.
fn scrambled(bytes: &[u8], stream: &mut Stream) -> Vec<u8> {
    let other = |byte: &u8| match byte {
        0x00 | 0xFF => *byte,
        byte => {
            // 253 others: neither 00 nor FF nor itself.
            let other = u8::try_from(stream.below(253)).unwrap_or_default().saturating_add(1);
            if other >= *byte { other.saturating_add(1) } else { other }
        }
    };
    bytes.iter().map(other).collect()
}

/// Bytes that follow from the secret and a value, and from nothing less.
struct Stream {
    secret: Zeroizing<[u8; 32]>,
    seed: Vec<u8>,
    counter: u64,
    block: Vec<u8>,
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    HashAlgorithm::Sha256.digest(&parts.concat())
}

impl Stream {
    fn byte(&mut self) -> u8 {
        if self.block.is_empty() {
            self.block = hash(&[self.secret.as_slice(), &self.seed, &self.counter.to_be_bytes()]);
            self.counter = self.counter.wrapping_add(1);
        }
        self.block.pop().unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    /// A number below `end`, which is small: what is uneven about it does not matter here.
    fn below(&mut self, end: u32) -> u32 {
        let number = (0..4).fold(0u32, |sum, _| sum << 8 | u32::from(self.byte()));
        number.checked_rem(end).unwrap_or_default()
    }

    fn block32(&mut self) -> [u8; 32] {
        self.take(32).try_into().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
