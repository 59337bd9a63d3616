//! Two-key triple DES in CBC mode with zero IV, and the retail MAC (ISO/IEC 9797-1 algorithm 3, padding method 2).

use cbc::cipher::{Block, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use des::{Des, TdesEde2};
use retail_mac::{KeyInit as _, Mac as _, RetailMac};

const IV: [u8; 8] = [0; 8];

/// Encrypts whole blocks.
pub(super) fn encrypt(key: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    let mut cipher = cbc::Encryptor::<TdesEde2>::new(key.into(), (&IV).into());
    blocks(plain)
        .flat_map(|mut block| {
            cipher.encrypt_block(&mut block);
            block
        })
        .collect()
}

/// Decrypts whole blocks.
pub(super) fn decrypt(key: &[u8; 16], cryptogram: &[u8]) -> Vec<u8> {
    let mut cipher = cbc::Decryptor::<TdesEde2>::new(key.into(), (&IV).into());
    blocks(cryptogram)
        .flat_map(|mut block| {
            cipher.decrypt_block(&mut block);
            block
        })
        .collect()
}

/// The MAC over `message`, which is padded here.
pub(super) fn mac(key: &[u8; 16], message: &[u8]) -> [u8; 8] {
    mac_of_blocks(key, &pad(message))
}

/// The MAC over whole blocks, without further padding.
pub(super) fn mac_of_blocks(key: &[u8; 16], message: &[u8]) -> [u8; 8] {
    let mut mac = RetailMac::<Des>::new(key.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Padding method 2: `80`, then `00` up to a whole block.
pub(super) fn pad(message: &[u8]) -> Vec<u8> {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(8), 0);
    padded
}

/// Takes the padding off.
pub(super) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    let (message, tail) = padded.split_at_checked(end)?;
    (tail.first() == Some(&0x80) && tail.len() <= 8).then_some(message)
}

fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block<TdesEde2>> + '_ {
    bytes.as_chunks::<8>().0.iter().map(|block| (*block).into())
}
