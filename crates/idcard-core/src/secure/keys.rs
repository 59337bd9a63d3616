//! Who holds the keys of the channel: a trait that is asked per card, and keys at hand that answer it.

use super::tdes_suite::{decrypt, encrypt, mac};
use crate::error::KeyError;
use sha1::{Digest, Sha1};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// What the card tells before the terminal authenticates itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardChallenge {
    /// The chip's serial number (SN.ICC).
    pub serial: [u8; 8],
    /// The card's random number (RND.ICC).
    pub challenge: [u8; 8],
}

/// The keys of one channel (`nid-card.md` 7, steps 8 to 10): wiped when dropped, never printed.
pub struct SessionKeys {
    /// For encryption: two-key triple DES or AES-128, as the page names the suite.
    pub encryption: Zeroizing<[u8; 16]>,
    /// For the MAC of every command and answer; of the same kind.
    pub authentication: Zeroizing<[u8; 16]>,
    /// The first send sequence counter: the last four bytes of RND.ICC, then the last four of RND.IFD.
    pub counter: [u8; 8],
}

impl fmt::Debug for SessionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKeys(****)")
    }
}

/// The holder of a terminal's long-term keys: a file, a security module, an authorised server.
///
/// It makes the terminal's half of the authentication and checks the card's half, so that the keys need not leave it.
/// [`Session::open_channel`](crate::Session::open_channel) asks the three in the order in which they stand here.
pub trait TerminalKeys {
    /// Which symmetric key of the card they belong to: the byte under tag 83 of MANAGE SECURITY ENVIRONMENT.
    fn reference(&self) -> u8;

    /// The terminal's 72 bytes for MUTUAL AUTHENTICATE: 64 of the cryptogram of RND.IFD ‖ SN.IFD ‖ RND.ICC ‖ SN.ICC ‖
    /// K.IFD (8, 8, 8, 8 and 32 bytes), then 8 of the MAC over it.
    ///
    /// # Errors
    /// [`KeyError::Unavailable`], [`KeyError::TimedOut`], [`KeyError::Form`], [`KeyError::Random`]: the card was not
    /// asked for its proof.
    fn authenticate(&mut self, card: &CardChallenge) -> Result<[u8; 72], KeyError>;

    /// Checks the card's 72 bytes, MAC and both echoes included, and derives the keys of the channel.
    ///
    /// # Errors
    /// [`KeyError::CardNotProved`] when the MAC or an echo is wrong; [`KeyError::Form`] without an authentication before;
    /// [`KeyError::Unavailable`] and [`KeyError::TimedOut`] of a holder elsewhere.
    fn session_keys(&mut self, answer: &[u8; 72]) -> Result<SessionKeys, KeyError>;
}

/// Two-key triple DES keys at hand (`nid-card.md` 7, steps 4 to 10).
///
/// ```
/// use idcard_core::secure::{CardChallenge, KeyError, LongTermKeys, TerminalKeys};
/// let mut keys = LongTermKeys::new(&[0x11; 16], &[0x22; 16], [0x33; 8], 0x01);
/// let ours = keys.authenticate(&CardChallenge { serial: [0x44; 8], challenge: [0x55; 8] })?;
/// // Whoever sends the terminal's own proof back to it has proved nothing.
/// assert!(matches!(keys.session_keys(&ours), Err(KeyError::CardNotProved(_))));
/// # Ok::<(), KeyError>(())
/// ```
pub struct LongTermKeys {
    encryption: Zeroizing<[u8; 16]>,
    authentication: Zeroizing<[u8; 16]>,
    terminal: [u8; 8],
    reference: u8,
    pending: Option<Pending>,
}

/// What the terminal contributed, kept until the card has answered.
struct Pending {
    card: CardChallenge,
    random: [u8; 8],
    secret: Zeroizing<[u8; 32]>,
}

impl LongTermKeys {
    /// Keys, the terminal's serial number (SN.IFD), and the reference of the card's key.
    #[must_use]
    pub fn new(encryption: &[u8; 16], authentication: &[u8; 16], terminal: [u8; 8], reference: u8) -> Self {
        Self {
            encryption: Zeroizing::new(*encryption),
            authentication: Zeroizing::new(*authentication),
            terminal,
            reference,
            pending: None,
        }
    }

    fn answer_to(&mut self, card: &CardChallenge, random: [u8; 8], secret: Zeroizing<[u8; 32]>) -> [u8; 72] {
        let mut message = [0; 72];
        let parts = [&random[..], &self.terminal, &card.challenge, &card.serial, &secret[..]];
        for (place, byte) in message.iter_mut().zip(parts.into_iter().flatten()) {
            *place = *byte;
        }
        if let Some((cryptogram, place)) = message.split_first_chunk_mut::<64>() {
            encrypt(&self.encryption, cryptogram);
            place.copy_from_slice(&self.mac_of(cryptogram));
        }
        self.pending = Some(Pending { card: *card, random, secret });
        message
    }

    /// The MAC is begun with a zero counter (`nid-card.md` 7, step 6).
    fn mac_of(&self, cryptogram: &[u8; 64]) -> [u8; 8] {
        mac(&self.authentication, &[&[0; 8][..], cryptogram].concat())
    }
}

impl TerminalKeys for LongTermKeys {
    fn reference(&self) -> u8 {
        self.reference
    }

    fn authenticate(&mut self, card: &CardChallenge) -> Result<[u8; 72], KeyError> {
        let mut random = [0; 8];
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut random).map_err(|_| KeyError::Random)?;
        getrandom::fill(&mut secret[..]).map_err(|_| KeyError::Random)?;
        Ok(self.answer_to(card, random, secret))
    }

    fn session_keys(&mut self, answer: &[u8; 72]) -> Result<SessionKeys, KeyError> {
        let Some(pending) = self.pending.take() else { return Err(KeyError::Form("keys before a challenge")) };
        let Some((cryptogram, given)) = answer.split_first_chunk::<64>() else {
            return Err(KeyError::CardNotProved("an answer cut short"));
        };
        if !bool::from(self.mac_of(cryptogram).ct_eq(given)) {
            return Err(KeyError::CardNotProved("the MAC of its answer is wrong"));
        }
        let mut plain = Zeroizing::new(*cryptogram);
        decrypt(&self.encryption, &mut plain[..]);
        let Some((echoes, secret)) = plain.split_first_chunk::<32>() else {
            return Err(KeyError::CardNotProved("an answer cut short"));
        };
        let parts = [&pending.card.challenge[..], &pending.card.serial, &pending.random, &self.terminal];
        if !bool::from(parts.concat().ct_eq(&echoes[..])) {
            return Err(KeyError::CardNotProved("it repeats other numbers than were exchanged"));
        }
        let mut shared = Zeroizing::new([0; 32]);
        for ((place, ours), theirs) in shared.iter_mut().zip(pending.secret.iter()).zip(secret) {
            *place = ours ^ theirs;
        }
        let [.., a, b, c, d] = pending.card.challenge;
        let [.., e, f, g, h] = pending.random;
        Ok(SessionKeys {
            encryption: derive(&shared, 1),
            authentication: derive(&shared, 2),
            counter: [a, b, c, d, e, f, g, h],
        })
    }
}

/// The first 16 bytes of SHA-1 over the shared secret and a number (`nid-card.md` 7, step 10).
fn derive(shared: &[u8; 32], number: u8) -> Zeroizing<[u8; 16]> {
    let mut hash = Sha1::new();
    hash.update(shared);
    hash.update([0, 0, 0, number]);
    let mut digest = <[u8; 20]>::from(hash.finalize());
    let mut key = Zeroizing::new([0; 16]);
    for (place, byte) in key.iter_mut().zip(digest) {
        *place = byte;
    }
    digest.zeroize();
    key
}
