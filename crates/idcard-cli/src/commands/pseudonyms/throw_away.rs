//! Signatures by an RSA key that is no secret: the one of the specimen, whose private half is published with its image.

use idcard_core::family::{Hash, KeyName, Scheme};
use idcard_core::signing_key::SignatureAlgorithm;
use idcard_core::{Card, LastTry, Pin};
use idcard_crypto::pseudonym::RsaThrowAway;

/// The signature PIN of the specimen (`specimen.md` 5).
const PIN: &str = "123456";

/// Signs digests of SHA-256 on a specimen of its own.
pub(super) fn rsa() -> RsaThrowAway {
    let mut card: Option<Card> = None;
    Box::new(move |digest| {
        if card.is_none() {
            card = Card::open(idcard_sim::open("specimen").ok()?).ok();
        }
        let mut session = card.as_mut()?.session().ok()?;
        let mut key = session.signing_key(KeyName::Sign, &Pin::new(PIN).ok()?, LastTry::Refuse).ok()?;
        key.sign_digest(SignatureAlgorithm { scheme: Scheme::Pkcs1, hash: Hash::Sha256 }, digest, 256).ok()
    })
}
