//! The card's random numbers: repeatable, so that a recorded conversation can be compared with a later one.

use std::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// SHA-256 over a seed and a counter. Unpredictable to nobody who knows the image, and not meant to be: no key of a
/// virtual card is a secret.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    seed: [u8; 32],
    counter: u64,
}

impl Random {
    pub(crate) fn new(seed: &[u8]) -> Self {
        Self { seed: Sha256::digest(seed).into(), counter: 0 }
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            self.counter = self.counter.wrapping_add(1);
            let block = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes()).finalize();
            bytes.extend_from_slice(&block);
        }
        bytes.truncate(count);
        bytes
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        array.copy_from_slice(&self.bytes(N));
        array
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.array()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.array()))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        target.copy_from_slice(&self.bytes(target.len()));
        Ok(())
    }
}

impl TryCryptoRng for Random {}
