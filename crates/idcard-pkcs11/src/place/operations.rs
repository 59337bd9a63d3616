//! Signing on the card; verifying, digests and random bytes.

use super::Place;
use crate::mechanism::{self, Asked, Recipe};
use crate::objects::Nature;
use crate::rv::{Result, Rv};
use crate::session::{Digesting, Gathering, Signing, Verifying};
use crate::token::verify;
use cryptoki_sys::*;
use idcard_crypto::algorithm::HashAlgorithm;

impl Place {
    pub(crate) fn sign_init(&mut self, handle: CK_SESSION_HANDLE, asked: &Asked, key: CK_OBJECT_HANDLE) -> Result<()> {
        let (session, token) = self.session(handle)?;
        let role = session.role();
        if session.signing.is_some() {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let object = token.object(role, key).ok_or(Rv(CKR_KEY_HANDLE_INVALID))?;
        if !object.is_private_key() {
            return Err(Rv(CKR_KEY_FUNCTION_NOT_PERMITTED));
        }
        let recipe = Recipe::of(asked)?;
        let kind = token.key_kind(role)?.ok_or(Rv(CKR_KEY_HANDLE_INVALID))?;
        if !recipe.goes_with(kind) {
            return Err(Rv(CKR_KEY_TYPE_INCONSISTENT));
        }
        if !token.mechanisms(role)?.contains(&recipe.kind) {
            return Err(Rv(CKR_MECHANISM_INVALID));
        }
        if recipe.pss.is_some_and(|(hash, salt)| salt != hash.digest_len()) {
            return Err(Rv(CKR_MECHANISM_PARAM_INVALID));
        }
        if !token.logged_in(role) {
            return Err(Rv::NOT_LOGGED_IN);
        }
        session.signing = Some(Signing {
            gathering: Gathering::new(recipe),
            length: kind.signature_length(),
            asks: token.asks(role),
            allowed: false,
        });
        Ok(())
    }

    pub(crate) fn signature_length(&mut self, handle: CK_SESSION_HANDLE) -> Result<usize> {
        Ok(self.only_session(handle)?.signing.as_ref().ok_or(Rv::NO_OPERATION)?.length)
    }

    pub(crate) fn sign_update(&mut self, handle: CK_SESSION_HANDLE, piece: &[u8]) -> Result<()> {
        let session = self.only_session(handle)?;
        let signing = session.signing.as_mut().ok_or(Rv::NO_OPERATION)?;
        signing.gathering.in_pieces = true;
        let taken = signing.gathering.update(piece);
        if taken.is_err() {
            self.cancel_signature(handle)?;
        }
        taken
    }

    pub(crate) fn sign(&mut self, handle: CK_SESSION_HANDLE, data: Option<&[u8]>) -> Result<Vec<u8>> {
        let session = self.only_session(handle)?;
        let signing = session.signing.as_ref().ok_or(Rv::NO_OPERATION)?;
        if data.is_some() && signing.gathering.in_pieces {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let mut signing = session.signing.take().ok_or(Rv::NO_OPERATION)?;
        let slot = session.slot;
        let (asks, allowed) = (signing.asks, signing.allowed);
        let signed = data.map_or(Ok(()), |data| signing.gathering.update(data)).and_then(|()| {
            if asks && !allowed {
                return Err(Rv::NOT_LOGGED_IN);
            }
            let recipe = signing.gathering.recipe;
            let message = signing.gathering.finish()?;
            let (session, token) = self.session(handle)?;
            token.sign(session.role(), recipe, &message)
        });
        if allowed && matches!(signed, Err(Rv(CKR_DATA_LEN_RANGE | CKR_DATA_INVALID | CKR_MECHANISM_INVALID))) {
            self.take_back(slot);
        }
        signed
    }

    pub(crate) fn cancel_signature(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
        let session = self.only_session(handle)?;
        let (slot, held) = (session.slot, session.holds_a_pin());
        session.signing = None;
        if held {
            self.take_back(slot);
        }
        Ok(())
    }

    pub(crate) fn verify_init(
        &mut self,
        handle: CK_SESSION_HANDLE,
        asked: &Asked,
        key: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        let (session, token) = self.session(handle)?;
        if session.verifying.is_some() {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let object = token.object(session.role(), key).ok_or(Rv(CKR_KEY_HANDLE_INVALID))?;
        let Nature::Public(key) = &object.nature else { return Err(Rv(CKR_KEY_FUNCTION_NOT_PERMITTED)) };
        let recipe = Recipe::of(asked)?;
        if !recipe.goes_with(key.kind()) {
            return Err(Rv(CKR_KEY_TYPE_INCONSISTENT));
        }
        session.verifying = Some(Verifying { gathering: Gathering::new(recipe), key: (**key).clone() });
        Ok(())
    }

    pub(crate) fn verify_update(&mut self, handle: CK_SESSION_HANDLE, piece: &[u8]) -> Result<()> {
        let session = self.only_session(handle)?;
        let verifying = session.verifying.as_mut().ok_or(Rv::NO_OPERATION)?;
        verifying.gathering.in_pieces = true;
        let taken = verifying.gathering.update(piece);
        if taken.is_err() {
            session.verifying = None;
        }
        taken
    }

    pub(crate) fn verify(&mut self, handle: CK_SESSION_HANDLE, data: Option<&[u8]>, signature: &[u8]) -> Result<()> {
        let session = self.only_session(handle)?;
        let verifying = session.verifying.as_ref().ok_or(Rv::NO_OPERATION)?;
        if data.is_some() && verifying.gathering.in_pieces {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let mut verifying = session.verifying.take().ok_or(Rv::NO_OPERATION)?;
        data.map_or(Ok(()), |data| verifying.gathering.update(data))?;
        if signature.len() != verifying.key.kind().signature_length() {
            return Err(Rv(CKR_SIGNATURE_LEN_RANGE));
        }
        let recipe = verifying.gathering.recipe;
        verify(&verifying.key, recipe, &verifying.gathering.finish()?, signature)
    }

    pub(crate) fn digest_init(&mut self, handle: CK_SESSION_HANDLE, asked: &Asked) -> Result<()> {
        let session = self.only_session(handle)?;
        if session.digest.is_some() {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let hash = mechanism::digest(asked)?;
        session.digest = Some(Digesting { hasher: hash.hasher(), length: hash.digest_len(), in_pieces: false });
        Ok(())
    }

    pub(crate) fn digest_length(&mut self, handle: CK_SESSION_HANDLE) -> Result<usize> {
        Ok(self.only_session(handle)?.digest.as_ref().ok_or(Rv::NO_OPERATION)?.length)
    }

    pub(crate) fn digest_update(&mut self, handle: CK_SESSION_HANDLE, piece: &[u8]) -> Result<()> {
        let digesting = self.only_session(handle)?.digest.as_mut().ok_or(Rv::NO_OPERATION)?;
        digesting.in_pieces = true;
        digesting.hasher.update(piece);
        Ok(())
    }

    pub(crate) fn digest(&mut self, handle: CK_SESSION_HANDLE, data: Option<&[u8]>) -> Result<Vec<u8>> {
        let session = self.only_session(handle)?;
        let digesting = session.digest.as_ref().ok_or(Rv::NO_OPERATION)?;
        if data.is_some() && digesting.in_pieces {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let mut digesting = session.digest.take().ok_or(Rv::NO_OPERATION)?;
        digesting.hasher.update(data.unwrap_or_default());
        Ok(digesting.hasher.finish())
    }

    pub(crate) fn random(&mut self, handle: CK_SESSION_HANDLE, length: usize) -> Result<Vec<u8>> {
        let (_, token) = self.session(handle)?;
        let challenge = token.challenge()?.unwrap_or_default();
        let mut bytes = vec![0; length];
        let mut seed = [0; 32];
        getrandom::fill(&mut bytes).and_then(|()| getrandom::fill(&mut seed)).map_err(|_| Rv(CKR_DEVICE_ERROR))?;
        for (counter, piece) in (0_u64..).zip(bytes.chunks_mut(HashAlgorithm::Sha512.digest_len())) {
            let mut hasher = HashAlgorithm::Sha512.hasher();
            for part in [&counter.to_be_bytes()[..], &seed, &challenge] {
                hasher.update(part);
            }
            piece.iter_mut().zip(hasher.finish()).for_each(|(byte, mask)| *byte ^= mask);
        }
        Ok(bytes)
    }
}
