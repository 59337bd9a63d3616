//! What the keys of a card compute, and what the card itself gives: signatures and random bytes.

use super::{Token, no_key, tolerated};
use crate::mechanism::{self, Recipe, on_card};
use crate::role::Role;
use crate::rv::{Result, Rv};
use crate::session::Message;
use cryptoki_sys::*;
use idcard_core::Error;
use idcard_core::family::{KeyName, Scheme};
use idcard_core::signing_key::{SignatureAlgorithm, SigningKey};
use idcard_crypto::PublicKey;
use idcard_crypto::key::KeyKind;

impl Token {
    /// The public key of a slot.
    fn public_key(&mut self, role: Role) -> Result<Option<PublicKey>> {
        Ok(self.certificate(role)?.and_then(|certificate| certificate.key().ok()).cloned())
    }

    /// The kind of key of a slot.
    pub(crate) fn key_kind(&mut self, role: Role) -> Result<Option<KeyKind>> {
        Ok(self.public_key(role)?.map(|key| key.kind()))
    }

    /// The signature mechanisms of a slot.
    pub(crate) fn mechanisms(&mut self, role: Role) -> Result<Vec<CK_MECHANISM_TYPE>> {
        let kind = self.key_kind(role)?;
        let known = kind.and_then(|kind| Some((role.key(&self.page)?, kind)));
        Ok(known.map(|(key, kind)| mechanism::of_key(key, kind)).unwrap_or_default())
    }

    /// Whether the key of a slot asks for its PIN at every signature.
    pub(crate) fn asks(&self, role: Role) -> bool {
        role.key(&self.page).is_some_and(|key| key.pin_per_signature)
    }

    /// Whether the key can sign this message; to be asked before anything is sent.
    fn can_sign(&self, role: Role, scheme: Scheme, message: &Message, length: usize) -> Result<()> {
        let key = role.key(&self.page).ok_or_else(no_key)?;
        let any = key.any_bytes(scheme).is_some();
        match message {
            Message::Digest(hash, _) if on_card(*hash).is_some_and(|hash| key.algorithm(scheme, hash).is_some()) => {
                Ok(())
            }
            Message::Digest(..) => Err(Rv(CKR_MECHANISM_INVALID)),
            Message::Bytes(bytes) if scheme == Scheme::Pkcs1 && bytes.len() > length.saturating_sub(11) => {
                Err(Rv(CKR_DATA_LEN_RANGE))
            }
            Message::Bytes(bytes) if bytes.is_empty() => Err(Rv(CKR_DATA_LEN_RANGE)),
            Message::Bytes(_) if any => Ok(()),
            Message::Bytes(_) => Err(Rv(CKR_DATA_INVALID)),
        }
    }

    /// Eight bytes of the card's own randomness; nothing where the card has none to give.
    ///
    /// # Errors
    /// What the link did.
    pub(crate) fn challenge(&mut self) -> Result<Option<[u8; 8]>> {
        let mut session = self.card.session()?;
        let challenge = tolerated(session.challenge())?;
        session.end()?;
        Ok(challenge)
    }

    /// Has the card sign, after the login was proved.
    ///
    /// # Errors
    /// `CKR_USER_NOT_LOGGED_IN` when the login does not count on the card any more; `CKR_DATA_LEN_RANGE`,
    /// `CKR_DATA_INVALID`; `CKR_DEVICE_ERROR` also for a signature that the certificate does not verify.
    pub(crate) fn sign(&mut self, role: Role, recipe: Recipe, message: &Message) -> Result<Vec<u8>> {
        let public = self.public_key(role)?.ok_or_else(no_key)?;
        let length = public.kind().signature_length();
        self.can_sign(role, recipe.scheme, message, length)?;
        let mut session = self.card.session()?;
        let signed = match session.unlocked_key(role.key_name()) {
            Ok(mut key) => compute(&mut key, recipe.scheme, message, length),
            Err(error) => Err(error),
        };
        match signed {
            Ok(signature) => {
                // A link that fails now takes nothing from a signature that is there.
                if let Err(error) = session.end_unlocked() {
                    log::warn!("{error}");
                }
                verified(&public, recipe, message, &signature)?;
                Ok(signature)
            }
            Err(error) => {
                log::warn!("{error}");
                match error {
                    Error::Refused { .. } | Error::NoSuchKey { .. } => session.end_unlocked()?,
                    Error::PinRequired { .. } => {
                        session.end_unlocked()?;
                        self.side(role).logged_in = false;
                    }
                    _ => {
                        drop(session);
                        self.sides.iter_mut().for_each(|side| side.logged_in = false);
                    }
                }
                Err(error.into())
            }
        }
    }
}

fn compute(
    key: &mut SigningKey<'_, '_>,
    scheme: Scheme,
    message: &Message,
    length: usize,
) -> std::result::Result<Vec<u8>, Error> {
    let name: KeyName = key.name();
    match message {
        Message::Digest(hash, digest) => {
            let hash = on_card(*hash).ok_or(Error::NoSuchKey { key: name, what: "the card knows no such hash" })?;
            key.sign_digest(SignatureAlgorithm { scheme, hash }, digest, length)
        }
        Message::Bytes(bytes) => key.sign_bytes(scheme, bytes, length),
    }
}

/// A signature that the key of the certificate does not verify does not leave the module.
fn verified(key: &PublicKey, recipe: Recipe, message: &Message, signature: &[u8]) -> Result<()> {
    verify(key, recipe, message, signature).or_else(|rv| {
        log::warn!("the certificate on the card does not verify what its key has signed");
        // What cannot be checked here is not thereby wrong.
        if rv == Rv(CKR_SIGNATURE_INVALID) { Err(Rv(CKR_DEVICE_ERROR)) } else { Ok(()) }
    })
}

/// Verifies a signature in software.
///
/// # Errors
/// `CKR_SIGNATURE_INVALID`; `CKR_DATA_LEN_RANGE` for ECDSA over bytes of a length that no known hash makes.
pub(crate) fn verify(key: &PublicKey, recipe: Recipe, message: &Message, signature: &[u8]) -> Result<()> {
    let wrong = |_| Rv(CKR_SIGNATURE_INVALID);
    match (recipe.scheme, message) {
        (Scheme::Ecdsa, Message::Digest(hash, digest)) => {
            key.verify_prehash_raw(*hash, digest, signature).map_err(wrong)
        }
        (_, Message::Digest(hash, digest)) => {
            key.verify_prehash(recipe.signature_scheme(), *hash, digest, signature).map_err(wrong)
        }
        (Scheme::Pkcs1, Message::Bytes(bytes)) => key.verify_pkcs1v15_bytes(bytes, signature).map_err(wrong),
        (_, Message::Bytes(bytes)) if bytes.len() == 20 => {
            let sha1 = idcard_crypto::algorithm::HashAlgorithm::Sha1;
            key.verify_prehash_raw(sha1, bytes, signature).map_err(wrong)
        }
        (_, Message::Bytes(_)) => Err(Rv(CKR_DATA_LEN_RANGE)),
    }
}
