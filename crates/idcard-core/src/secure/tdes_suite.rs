//! Two-key triple DES in CBC mode with a zero vector, and the retail MAC (ISO/IEC 9797-1, algorithm 3).

use super::suite::{Suite, pad};
use cbc::cipher::{Array, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use des::{Des, TdesEde2};
use zeroize::Zeroizing;

/// Keys of 16 bytes each; parity bits have no meaning.
pub(crate) struct Tdes {
    pub encryption: Zeroizing<[u8; 16]>,
    pub authentication: Zeroizing<[u8; 16]>,
}

/// Encrypts whole blocks in place.
pub(crate) fn encrypt(key: &[u8; 16], blocks: &mut [u8]) {
    let mut mode = cbc::Encryptor::<TdesEde2>::new(key.into(), &Array::from([0; 8]));
    for block in blocks.chunks_exact_mut(8) {
        if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
            mode.encrypt_block(block);
        }
    }
}

/// Decrypts whole blocks in place.
pub(crate) fn decrypt(key: &[u8; 16], blocks: &mut [u8]) {
    let mut mode = cbc::Decryptor::<TdesEde2>::new(key.into(), &Array::from([0; 8]));
    for block in blocks.chunks_exact_mut(8) {
        if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
            mode.decrypt_block(block);
        }
    }
}

/// The retail MAC over `message`, which is padded here.
pub(crate) fn mac(key: &[u8; 16], message: &[u8]) -> [u8; 8] {
    let Some((first, _)) = key.split_first_chunk::<8>() else { return [0; 8] };
    let (single, triple) = (Des::new(first.into()), TdesEde2::new(key.into()));
    let padded = pad(message, 8);
    let mut blocks = padded.chunks_exact(8).peekable();
    let mut state = Array::from([0; 8]);
    while let Some(block) = blocks.next() {
        state.iter_mut().zip(block).for_each(|(byte, next)| *byte ^= next);
        // Single DES with the first half of the key, and triple DES at the last block.
        if blocks.peek().is_some() { single.encrypt_block(&mut state) } else { triple.encrypt_block(&mut state) }
    }
    state.into()
}

impl Suite for Tdes {
    fn block(&self) -> usize {
        8
    }

    fn encrypt(&self, _: &[u8], blocks: &mut [u8]) {
        encrypt(&self.encryption, blocks);
    }

    fn decrypt(&self, _: &[u8], blocks: &mut [u8]) {
        decrypt(&self.encryption, blocks);
    }

    fn mac(&self, counter: &[u8], message: &[u8]) -> [u8; 8] {
        mac(&self.authentication, &Zeroizing::new([counter, message].concat()))
    }
}
