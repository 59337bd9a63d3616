//! The key on the card as a [`Signer`]: from the words of signatures to those of the card and back.

use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::key::{KeyFault, KeyKind};
use crate::signer::Signer;
use idcard_core::family::{Hash, KeyName, Scheme};
use idcard_core::pin::PinEntry;
use idcard_core::signing_key::{SignatureAlgorithm, SigningKey};
use idcard_core::{Error, LastTry};

/// A key of the card whose PIN was presented, with its certificate.
///
/// ```no_run
/// use idcard_core::{Card, LastTry, Pin, family::KeyName, session::Slot};
/// use idcard_crypto::{Certificate, card_signer::CardSigner, cms};
///
/// # fn sign(mut card: Card) -> Result<(), Box<dyn std::error::Error>> {
/// let mut session = card.session()?;
/// let certificate = Certificate::from_der(&session.certificate(Slot::Sign)?)?;
/// let key = session.signing_key(KeyName::Sign, &Pin::new("123456")?, LastTry::Refuse)?;
/// let mut signer = CardSigner::new(key, &certificate)?;
/// let signed = cms::sign_detached(&mut signer, std::fs::File::open("contract.pdf")?, std::time::SystemTime::now())?;
/// std::fs::write("contract.pdf.p7s", signed.to_der())?;
/// # Ok(()) }
/// ```
pub struct CardSigner<'s, 'c> {
    key: SigningKey<'s, 'c>,
    certificate: Vec<u8>,
    length: usize,
}

impl<'s, 'c> CardSigner<'s, 'c> {
    /// Sets a key beside its certificate, which tells how long its signatures are.
    ///
    /// # Errors
    /// [`KeyFault`] when the key in the certificate cannot be used.
    pub fn new(key: SigningKey<'s, 'c>, certificate: &Certificate) -> Result<Self, KeyFault> {
        let length = match certificate.key().map_err(Clone::clone)?.kind() {
            KeyKind::Rsa { bits } => bits.div_ceil(8),
            KeyKind::P256 => 64,
            KeyKind::P384 => 96,
        };
        Ok(Self { key, certificate: certificate.der().to_vec(), length })
    }

    /// Whether the next signature needs the PIN once more.
    #[must_use]
    pub const fn needs_pin(&self) -> bool {
        self.key.needs_pin()
    }

    /// Presents the PIN once more, for a card that asks for it at every signature.
    ///
    /// # Errors
    /// As [`SigningKey::unlock`].
    pub fn unlock<'p>(&mut self, entry: impl Into<PinEntry<'p>>, last_try: LastTry) -> Result<(), Error> {
        self.key.unlock(entry, last_try)
    }

    fn lacks(&self, what: &'static str) -> Error {
        Error::NoSuchKey { key: self.key.name(), what }
    }
}

impl Signer for CardSigner<'_, '_> {
    type Error = Error;

    fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    fn sign_digest(
        &mut self,
        scheme: SignatureScheme,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, Self::Error> {
        let wanted = on_card(scheme, hash).ok_or_else(|| self.lacks(NO_SCHEME))?;
        self.key.sign_digest(wanted, digest, self.length)
    }
}

const NO_SCHEME: &str = "the card has no such signature scheme";

/// A scheme and hash in the words of card pages. Cards know PSS with a salt as long as the hash only, and no SHA-1.
fn on_card(scheme: SignatureScheme, hash: HashAlgorithm) -> Option<SignatureAlgorithm> {
    let scheme = match scheme {
        SignatureScheme::Pkcs1v15 => Scheme::Pkcs1,
        SignatureScheme::Pss { salt_length } if salt_length == hash.digest_len() => Scheme::Pss,
        SignatureScheme::Pss { .. } => return None,
        SignatureScheme::Ecdsa => Scheme::Ecdsa,
    };
    let hash = match hash {
        HashAlgorithm::Sha1 => return None,
        HashAlgorithm::Sha256 => Hash::Sha256,
        HashAlgorithm::Sha384 => Hash::Sha384,
        HashAlgorithm::Sha512 => Hash::Sha512,
    };
    Some(SignatureAlgorithm { scheme, hash })
}

/// Whether a key of a card's page computes this: to be asked before a PIN is.
///
/// # Errors
/// [`Error::NoSuchKey`] where the page does not know the key, or no such way to compute.
pub fn computes(
    page: &idcard_core::family::Page,
    key: KeyName,
    scheme: SignatureScheme,
    hash: HashAlgorithm,
) -> Result<(), Error> {
    let known = page.key(key).ok_or(Error::NoSuchKey { key, what: "its reference and PIN are not published" })?;
    let wanted = on_card(scheme, hash).and_then(|wanted| known.algorithm(wanted.scheme, wanted.hash));
    wanted.map(|_| ()).ok_or(Error::NoSuchKey { key, what: NO_SCHEME })
}

#[cfg(test)]
mod tests {
    use super::*;
    use idcard_core::family::Roster;

    #[test]
    fn cards_take_the_usual_salt_and_no_weak_hash() {
        let pss = |salt_length| SignatureScheme::Pss { salt_length };
        for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
            assert!(on_card(pss(hash.digest_len()), hash).is_some());
            assert!(on_card(pss(20), hash).is_none());
            assert!(on_card(SignatureScheme::Ecdsa, hash).is_some());
        }
        assert!(on_card(SignatureScheme::Pkcs1v15, HashAlgorithm::Sha1).is_none());
    }

    #[test]
    fn a_page_tells_what_its_keys_compute_before_a_pin_is_asked_for() {
        let roster = Roster::built_in().unwrap();
        let page = roster.pages().iter().find(|page| page.specimen).unwrap();
        for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
            assert!(computes(page, KeyName::Sign, SignatureScheme::Pkcs1v15, hash).is_ok());
            assert!(computes(page, KeyName::Sign, SignatureScheme::Ecdsa, hash).is_ok());
        }
        let weak = computes(page, KeyName::Sign, SignatureScheme::Pkcs1v15, HashAlgorithm::Sha1);
        assert!(matches!(weak, Err(Error::NoSuchKey { .. })));
    }
}
