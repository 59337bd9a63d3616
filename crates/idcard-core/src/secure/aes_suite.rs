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
        Aes128::new((&*self.encryption).into()).encrypt_block(&mut vector);
        vector
    }
}

impl Suite for Aes {
    fn block(&self) -> usize {
        16
    }

    fn encrypt(&self, counter: &[u8], blocks: &mut [u8]) {
        let mut mode = cbc::Encryptor::<Aes128>::new((&*self.encryption).into(), &self.vector(counter));
        for block in blocks.chunks_exact_mut(16) {
            if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
                mode.encrypt_block(block);
            }
        }
    }

    fn decrypt(&self, counter: &[u8], blocks: &mut [u8]) {
        let mut mode = cbc::Decryptor::<Aes128>::new((&*self.encryption).into(), &self.vector(counter));
        for block in blocks.chunks_exact_mut(16) {
            if let Ok(block) = <&mut Array<u8, _>>::try_from(block) {
                mode.decrypt_block(block);
            }
        }
    }

    fn mac(&self, counter: &[u8], message: &[u8]) -> [u8; 8] {
        let mut mac = <Cmac<Aes128> as cmac::KeyInit>::new((&*self.authentication).into());
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

    /// The key and the text that RFC 4493 and NIST SP 800-38A share.
    const KEY: [u8; 16] = hex!("2b7e151628aed2a6abf7158809cf4f3c");
    const TEXT: [u8; 64] = hex!(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
    );

    #[test]
    fn cmac_of_rfc_4493() {
        for (length, expected) in [
            (0, hex!("bb1d6929e95937287fa37d129b756746")),
            (16, hex!("070a16b46b4d4144f79bdd9dd04a287c")),
            (40, hex!("dfa66747de9ae63030ca32611497c827")),
            (64, hex!("51f0bebf7e3b9d92fc49741779363cfe")),
        ] {
            let mut mac = <Cmac<Aes128> as cmac::KeyInit>::new(&Array::from(KEY));
            mac.update(&TEXT[..length]);
            assert_eq!(<[u8; 16]>::from(mac.finalize().into_bytes()), expected, "{length} bytes");
        }
    }

    /// The example F.2.1, under the counter that is encrypted to its vector.
    #[test]
    fn cbc_of_nist_sp_800_38a() {
        use cbc::cipher::BlockCipherDecrypt;
        let suite = Aes { encryption: Zeroizing::new(KEY), authentication: Zeroizing::new([0; 16]) };
        let mut counter = Array::from(hex!("000102030405060708090a0b0c0d0e0f"));
        Aes128::new(&Array::from(KEY)).decrypt_block(&mut counter);
        let mut blocks = TEXT;
        suite.encrypt(&counter, &mut blocks);
        let expected = hex!(
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
            "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"
        );
        assert_eq!(blocks, expected);
        suite.decrypt(&counter, &mut blocks);
        assert_eq!(blocks, TEXT);
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
