//! AES in CBC mode with an encrypted counter as vector, and CMAC (ICAO Doc 9303-11, 9.8.6.2).
//!
//! No built-in page names it: what the newer cards expect is not published.

use super::suite::Suite;
use aes::Aes128;
use cbc::cipher::{Array, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use cmac::{Cmac, Mac};
use zeroize::Zeroizing;

/// Keys of 16 bytes each.
pub(crate) struct Aes {
    pub encryption: Zeroizing<[u8; 16]>,
    pub authentication: Zeroizing<[u8; 16]>,
}

impl Aes {
    fn vector(&self, counter: &[u8]) -> Array<u8, cbc::cipher::consts::U16> {
        let mut vector = [0; 16];
        let start = 16usize.saturating_sub(counter.len());
        if let Some(end) = vector.get_mut(start..) {
            end.copy_from_slice(counter);
        }
        let mut vector = Array::from(vector);
        Aes128::new(&Array::from(*self.encryption)).encrypt_block(&mut vector);
        vector
    }
}

impl Suite for Aes {
    fn block(&self) -> usize {
        16
    }

    fn encrypt(&self, counter: &[u8], blocks: &mut [u8]) {
        let mut mode = cbc::Encryptor::<Aes128>::new(&Array::from(*self.encryption), &self.vector(counter));
        for block in blocks.chunks_exact_mut(16) {
            if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
                mode.encrypt_block(block);
            }
        }
    }

    fn decrypt(&self, counter: &[u8], blocks: &mut [u8]) {
        let mut mode = cbc::Decryptor::<Aes128>::new(&Array::from(*self.encryption), &self.vector(counter));
        for block in blocks.chunks_exact_mut(16) {
            if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
                mode.decrypt_block(block);
            }
        }
    }

    fn mac(&self, counter: &[u8], message: &[u8]) -> [u8; 8] {
        let mut mac = <Cmac<Aes128> as cmac::KeyInit>::new(&Array::from(*self.authentication));
        mac.update(counter);
        mac.update(&super::suite::pad(message, 16));
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 16]>::from(mac.finalize().into_bytes());
        [a, b, c, d, e, f, g, h]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    #[test]
    fn cmac_of_rfc_4493() {
        let key = hex!("2b7e151628aed2a6abf7158809cf4f3c");
        let mut mac = <Cmac<Aes128> as cmac::KeyInit>::new(&Array::from(key));
        mac.update(&hex!("6bc1bee22e409f96e93d7e117393172a"));
        assert_eq!(<[u8; 16]>::from(mac.finalize().into_bytes()), hex!("070a16b46b4d4144f79bdd9dd04a287c"));
    }

    #[test]
    fn what_is_encrypted_is_decrypted_under_the_same_counter_only() {
        let suite = Aes { encryption: Zeroizing::new([1; 16]), authentication: Zeroizing::new([2; 16]) };
        let (first, second) = ([0u8; 16], [1u8; 16]);
        let mut blocks = *b"sixteen bytes ..and sixteen more";
        suite.encrypt(&first, &mut blocks);
        let mut other = blocks;
        suite.decrypt(&first, &mut blocks);
        suite.decrypt(&second, &mut other);
        assert_eq!(&blocks, b"sixteen bytes ..and sixteen more");
        assert_ne!(blocks, other);
        assert_ne!(suite.mac(&first, b"a"), suite.mac(&second, b"a"));
    }
}
