//! Two-key triple DES in CBC mode with a zero vector, and the retail MAC (ISO/IEC 9797-1, algorithm 3).

use super::suite::{Suite, pad};
use cbc::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use des::{Des, TdesEde2};
use retail_mac::{Mac, RetailMac, digest::KeyInit};
use zeroize::Zeroizing;

/// Keys of 16 bytes each; parity bits have no meaning.
pub(crate) struct Tdes {
    pub encryption: Zeroizing<[u8; 16]>,
    pub authentication: Zeroizing<[u8; 16]>,
}

/// Encrypts whole blocks in place.
pub(crate) fn encrypt(key: &[u8; 16], blocks: &mut [u8]) {
    let mut mode = cbc::Encryptor::<TdesEde2>::new(&Array::from(*key), &Array::from([0; 8]));
    for block in blocks.chunks_exact_mut(8) {
        if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
            mode.encrypt_block(block);
        }
    }
}

/// Decrypts whole blocks in place.
pub(crate) fn decrypt(key: &[u8; 16], blocks: &mut [u8]) {
    let mut mode = cbc::Decryptor::<TdesEde2>::new(&Array::from(*key), &Array::from([0; 8]));
    for block in blocks.chunks_exact_mut(8) {
        if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
            mode.decrypt_block(block);
        }
    }
}

/// The retail MAC over `message`, which is padded here.
pub(crate) fn mac(key: &[u8; 16], message: &[u8]) -> [u8; 8] {
    // The crate pads with zeros alone; ISO/IEC 9797-1 method 2 is applied before.
    let mut mac = <RetailMac<Des> as KeyInit>::new(&Array::from(*key));
    mac.update(&pad(message, 8));
    mac.finalize().into_bytes().into()
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
