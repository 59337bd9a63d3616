//! A private key of the card, there only while its PIN counts as presented: a digest in, a raw signature out.

use crate::apdu::{Command, Malformed};
use crate::error::Error;
use crate::family::{Algorithm, Applet, Hash, Input, Key, KeyForm, KeyName, PinKind, Scheme};
use crate::pin::{LastTry, PinEntry};
use crate::place::Step;
use crate::session::{Session, check_rules};
use crate::transport::LinkError;
use std::sync::Arc;

/// A signature scheme with the hash by which the digest was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The scheme.
    pub scheme: Scheme,
    /// The hash.
    pub hash: Hash,
}

/// A key of the card whose PIN was presented.
///
/// The applet is not selected again between the PIN and the signature: that would forget the PIN.
///
/// ```
/// use idcard_core::family::{Hash, KeyName, Scheme};
/// use idcard_core::{Card, Error, LastTry, Pin, signing_key::SignatureAlgorithm};
///
/// fn sign(card: &mut Card, pin: &Pin, sha256: &[u8; 32]) -> Result<Vec<u8>, Error> {
///     let mut session = card.session()?;
///     let mut key = session.signing_key(KeyName::Sign, pin, LastTry::Refuse)?;
///     let algorithm = SignatureAlgorithm { scheme: Scheme::Pkcs1, hash: Hash::Sha256 };
///     key.sign_digest(algorithm, sha256, 256) // RSA-2048: 256 bytes
/// }
/// ```
pub struct SigningKey<'s, 'c> {
    session: &'s mut Session<'c>,
    key: Key,
    applet: Applet,
    unlocked: bool,
}

impl<'c> Session<'c> {
    /// Presents the PIN of a key and gives the key. One VERIFY is sent at most; nothing at all for a PIN of a length
    /// that the page rules out. With a [`Pad`](crate::pin::Pad) in its place the reader asks the holder.
    ///
    /// # Errors
    /// [`Error::NoSuchKey`] where the page does not know the key; [`Error::SecureChannelRequired`] where it computes only
    /// inside the channel, which is not open; [`Error::PinNeedsChannel`] for an identity PIN where the card is sealed; the
    /// PIN's errors as in [`Session::present_for`].
    pub fn signing_key<'p>(
        &mut self,
        name: KeyName,
        entry: impl Into<PinEntry<'p>>,
        last_try: LastTry,
    ) -> Result<SigningKey<'_, 'c>, Error> {
        let page = Arc::clone(&self.recognised_page());
        let key =
            page.key(name).ok_or(Error::NoSuchKey { key: name, what: "its reference and PIN are not published" })?;
        let (Some(applet), Some(object)) = (page.applet(&key.applet), page.pin(&key.pin)) else {
            return Err(Error::NoSuchKey { key: name, what: "the page is incomplete" });
        };
        if key.secure && !self.is_secured() {
            return Err(Error::SecureChannelRequired(name.certificate()));
        }
        let entry = entry.into();
        check_rules(object, entry)?;
        self.presenting(object.kind, |session| {
            session.same_card()?;
            session.has_unfinished_change(object.kind)?;
            if session.seals(object.kind)? {
                return Err(Error::PinNeedsChannel { kind: object.kind });
            }
            // The key's DF is entered before the PIN, so that nothing is selected between VERIFY and the signature.
            session.enter(applet, key.path.as_ref())?;
            session.present(object, entry, last_try)
        })?;
        Ok(SigningKey { session: self, key: key.clone(), applet: applet.clone(), unlocked: true })
    }

    /// The key whose PIN an earlier session presented, and left so by [`Session::end_unlocked`]. One empty VERIFY proves
    /// it, before anything is selected; to be called first in a session.
    ///
    /// The session resets the card at its end, unless it ends with [`Session::end_unlocked`] again.
    ///
    /// # Errors
    /// [`Error::PinRequired`] when the PIN counts as presented no longer; [`Error::NoSuchKey`] as in
    /// [`Session::signing_key`]; what the card or the link did.
    pub fn unlocked_key(&mut self, name: KeyName) -> Result<SigningKey<'_, 'c>, Error> {
        let page = Arc::clone(&self.recognised_page());
        let key =
            page.key(name).ok_or(Error::NoSuchKey { key: name, what: "its reference and PIN are not published" })?;
        let (Some(applet), Some(object)) = (page.applet(&key.applet), page.pin(&key.pin)) else {
            return Err(Error::NoSuchKey { key: name, what: "the page is incomplete" });
        };
        if !self.still_presented(object)? {
            return Err(Error::PinRequired { item: name.certificate(), kind: object.kind });
        }
        Ok(SigningKey { session: self, key: key.clone(), applet: applet.clone(), unlocked: true })
    }
}

impl SigningKey<'_, '_> {
    /// Which key it is.
    #[must_use]
    pub const fn name(&self) -> KeyName {
        self.key.name
    }

    /// Whether the next signature needs the PIN once more.
    #[must_use]
    pub const fn needs_pin(&self) -> bool {
        !self.unlocked
    }

    /// Whether the page has a way to compute this.
    #[must_use]
    pub fn computes(&self, wanted: SignatureAlgorithm) -> bool {
        self.algorithm(wanted).is_some()
    }

    fn pin_kind(&self) -> PinKind {
        self.session.page().pin(&self.key.pin).map_or(PinKind::Sign, |object| object.kind)
    }

    fn algorithm(&self, wanted: SignatureAlgorithm) -> Option<&Algorithm> {
        self.key.algorithm(wanted.scheme, wanted.hash)
    }

    /// Presents the PIN once more, for a card that asks for it at every signature.
    ///
    /// # Errors
    /// The PIN's errors as in [`Session::present_for`].
    pub fn unlock<'p>(&mut self, entry: impl Into<PinEntry<'p>>, last_try: LastTry) -> Result<(), Error> {
        let page = self.session.recognised_page();
        let Some(object) = page.pin(&self.key.pin) else {
            return Err(Error::NoSuchKey { key: self.key.name, what: "the page is incomplete" });
        };
        let entry = entry.into();
        self.session.presenting(object.kind, |session| {
            session.enter(&self.applet, self.key.path.as_ref())?;
            session.present(object, entry, last_try)
        })?;
        self.unlocked = true;
        Ok(())
    }

    /// Signs a digest. `length` is the length of the raw signature in bytes: 256 for RSA-2048, 64 for P-256.
    ///
    /// ECDSA signatures are r and s, one after the other.
    ///
    /// # Errors
    /// [`Error::NoSuchKey`] when the key does not compute that; [`Error::PinRequired`] when the PIN is used up;
    /// [`Error::PinForgotten`] when another program reset the card; [`Error::Refused`], [`Error::Garbled`],
    /// [`Error::Reader`] from the card and the link. Nothing is repeated.
    pub fn sign_digest(&mut self, wanted: SignatureAlgorithm, digest: &[u8], length: usize) -> Result<Vec<u8>, Error> {
        let name = self.key.name;
        if !self.unlocked {
            return Err(Error::PinRequired { item: name.certificate(), kind: self.pin_kind() });
        }
        let Some(algorithm) = self.algorithm(wanted).cloned() else {
            return Err(Error::NoSuchKey { key: name, what: "the card has no such signature scheme" });
        };
        if digest.len() != wanted.hash.length() {
            return Err(Error::NoSuchKey { key: name, what: "a digest of another length than its hash makes" });
        }
        let input = match algorithm.input {
            Input::Digest => digest.to_vec(),
            Input::Leftmost => digest.iter().copied().take(32).collect(),
            Input::DigestInfo => [digest_info(wanted.hash), digest].concat(),
        };
        self.spend(&algorithm, &input, length)
    }

    /// Signs bytes as they are: a DigestInfo of the caller's making, padded by the card as PKCS#1 v1.5 tells, or the
    /// leftmost 32 bytes of a digest of any hash by ECDSA. `length` as in [`SigningKey::sign_digest`].
    ///
    /// # Errors
    /// As [`SigningKey::sign_digest`]; [`Error::NoSuchKey`] also when the key takes digests of certain hashes only.
    pub fn sign_bytes(&mut self, scheme: Scheme, bytes: &[u8], length: usize) -> Result<Vec<u8>, Error> {
        let name = self.key.name;
        if !self.unlocked {
            return Err(Error::PinRequired { item: name.certificate(), kind: self.pin_kind() });
        }
        let Some(algorithm) = self.key.any_bytes(scheme).cloned() else {
            return Err(Error::NoSuchKey { key: name, what: "the card signs digests of certain hashes only" });
        };
        let most = if algorithm.input == Input::DigestInfo { length.saturating_sub(11) } else { length / 2 };
        let input = if algorithm.input == Input::Leftmost { bytes.get(..32).unwrap_or(bytes) } else { bytes };
        if input.is_empty() || input.len() > most {
            return Err(Error::NoSuchKey { key: name, what: "more bytes than the key signs, or none" });
        }
        self.spend(&algorithm, input, length)
    }

    /// Has the card compute; a PIN that is asked for at every signature is used up by it.
    fn spend(&mut self, algorithm: &Algorithm, input: &[u8], length: usize) -> Result<Vec<u8>, Error> {
        if self.key.pin_per_signature {
            self.unlocked = false;
        }
        let signature = self.compute(algorithm, input, length);
        if self.key.pin_per_signature {
            let page = self.session.recognised_page();
            if let Some(object) = page.pin(&self.key.pin) {
                self.session.used_up(object);
            }
        }
        match signature {
            Err(Error::Reader { source: LinkError::Reset, step }) => {
                self.unlocked = false;
                Err(self.session.forgotten(self.pin_kind(), step))
            }
            other => other,
        }
    }

    fn compute(&mut self, algorithm: &Algorithm, input: &[u8], length: usize) -> Result<Vec<u8>, Error> {
        let expected = u32::try_from(length).unwrap_or(0);
        let step = |verb| Step { verb, applet: &self.applet, path: self.key.path.as_ref(), offset: None };
        let channel = &mut self.session.channel;
        let p2 = if algorithm.form == KeyForm::Signature { 0xB6 } else { 0xA4 };
        let environment = Command::new(0x00, 0x22, 0x41, p2).with_data(algorithm.environment.as_slice());
        channel.expect(&environment, &step("MANAGE SECURITY ENVIRONMENT"))?;
        let (reply, verb) = match algorithm.form {
            KeyForm::Signature => {
                let length = u8::try_from(input.len()).unwrap_or(0);
                let head: &[u8] = if length < 0x80 { &[0x90, length] } else { &[0x90, 0x81, length] };
                let hash = Command::new(0x00, 0x2A, 0x90, 0xA0).with_data(&[head, input].concat());
                channel.expect(&hash, &step("PSO HASH"))?;
                let verb = "PSO COMPUTE DIGITAL SIGNATURE";
                (channel.expect(&Command::new(0x00, 0x2A, 0x9E, 0x9A).expecting(expected), &step(verb))?, verb)
            }
            KeyForm::Authentication => {
                let verb = "INTERNAL AUTHENTICATE";
                let command = Command::new(0x00, 0x88, 0x00, 0x00).with_data(input).expecting(expected);
                (channel.expect(&command, &step(verb))?, verb)
            }
        };
        if reply.data.len() != length {
            let source = Malformed::new("a signature of another length than the key makes", reply.data.len());
            return Err(Error::Garbled { step: step(verb).to_string(), source });
        }
        Ok(reply.data.to_vec())
    }
}

/// The DER of DigestInfo up to the digest (RFC 8017, 9.2, note 1).
const fn digest_info(hash: Hash) -> &'static [u8] {
    match hash {
        Hash::Sha256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        Hash::Sha384 => b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
        Hash::Sha512 => b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
    }
}
