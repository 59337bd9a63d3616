//! A session: whose slot it is, and which operations are under way in it.

use crate::mechanism::{Recipe, digest_info};
use crate::role::Role;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use idcard_core::family::Scheme;
use idcard_crypto::PublicKey;
use idcard_crypto::algorithm::{HashAlgorithm, Hasher};

/// The most bytes that a mechanism takes which does not hash: no key signs more at once.
const UNHASHED: usize = 1024;

/// One session of a program with one slot.
pub(crate) struct Session {
    pub slot: CK_SLOT_ID,
    pub writes: bool,
    pub search: Option<std::vec::IntoIter<CK_OBJECT_HANDLE>>,
    pub digest: Option<Digesting>,
    pub signing: Option<Signing>,
    pub verifying: Option<Verifying>,
}

impl Session {
    pub(crate) const fn new(slot: CK_SLOT_ID, writes: bool) -> Self {
        Self { slot, writes, search: None, digest: None, signing: None, verifying: None }
    }

    pub(crate) const fn role(&self) -> Role {
        Role::of(self.slot)
    }

    /// Whether a PIN was presented for a signature that was not made yet.
    pub(crate) fn holds_a_pin(&self) -> bool {
        self.signing.as_ref().is_some_and(|signing| signing.allowed)
    }

    /// The state by PKCS#11 2.40, 4.6, for a slot at which the user is logged in or not.
    pub(crate) const fn state(&self, logged_in: bool) -> CK_STATE {
        match (self.writes, logged_in) {
            (false, false) => CKS_RO_PUBLIC_SESSION,
            (false, true) => CKS_RO_USER_FUNCTIONS,
            (true, false) => CKS_RW_PUBLIC_SESSION,
            (true, true) => CKS_RW_USER_FUNCTIONS,
        }
    }
}

/// A digest under way.
pub(crate) struct Digesting {
    pub hasher: Hasher,
    pub length: usize,
    pub in_pieces: bool,
}

/// A signature under way.
pub(crate) struct Signing {
    pub gathering: Gathering,
    /// The length of the signature.
    pub length: usize,
    /// The key asks for the PIN at every signature.
    pub asks: bool,
    /// The PIN was presented for this very signature.
    pub allowed: bool,
}

/// A verification under way.
pub(crate) struct Verifying {
    pub gathering: Gathering,
    pub key: PublicKey,
}

/// What is to be signed, as it comes in.
pub(crate) struct Gathering {
    pub recipe: Recipe,
    input: Input,
    pub in_pieces: bool,
}

enum Input {
    Hashed(Box<Hasher>, HashAlgorithm),
    Plain(Vec<u8>),
}

/// What goes to the key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// A digest of this hash.
    Digest(HashAlgorithm, Vec<u8>),
    /// Bytes of the program's own making.
    Bytes(Vec<u8>),
}

impl Gathering {
    pub(crate) fn new(recipe: Recipe) -> Self {
        let input = match recipe.hashing {
            Some(hash) => Input::Hashed(Box::new(hash.hasher()), hash),
            None => Input::Plain(Vec::new()),
        };
        Self { recipe, input, in_pieces: false }
    }

    pub(crate) fn update(&mut self, piece: &[u8]) -> Result<()> {
        match &mut self.input {
            Input::Hashed(hasher, _) => hasher.update(piece),
            Input::Plain(bytes) if bytes.len().saturating_add(piece.len()) > UNHASHED => {
                return Err(Rv(CKR_DATA_LEN_RANGE));
            }
            Input::Plain(bytes) => bytes.extend_from_slice(piece),
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Message> {
        let bytes = match self.input {
            Input::Hashed(hasher, hash) => return Ok(Message::Digest(hash, hasher.finish())),
            Input::Plain(bytes) => bytes,
        };
        match (self.recipe.scheme, self.recipe.pss) {
            (Scheme::Pss, Some((hash, _))) if bytes.len() == hash.digest_len() => Ok(Message::Digest(hash, bytes)),
            (Scheme::Pss, _) => Err(Rv(CKR_DATA_LEN_RANGE)),
            (Scheme::Pkcs1, _) => Ok(match digest_info(&bytes) {
                Some((hash, digest)) => Message::Digest(hash, digest.to_vec()),
                None => Message::Bytes(bytes),
            }),
            (Scheme::Ecdsa, _) => {
                let known = HashAlgorithm::ALL.into_iter().find(|hash| hash.digest_len() == bytes.len());
                match known {
                    Some(hash) if hash != HashAlgorithm::Sha1 => Ok(Message::Digest(hash, bytes)),
                    _ if bytes.is_empty() || bytes.len() > 64 => Err(Rv(CKR_DATA_LEN_RANGE)),
                    _ => Ok(Message::Bytes(bytes)),
                }
            }
        }
    }
}
