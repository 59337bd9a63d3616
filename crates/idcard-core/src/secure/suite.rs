//! What a cipher suite of secure messaging has to do, and the padding that all of them share.

use zeroize::Zeroizing;

/// A cipher suite: encryption and authentication of one protected command or answer.
pub(crate) trait Suite: Send {
    /// The block length in bytes: 8 or 16.
    fn block(&self) -> usize;
    /// Encrypts whole blocks in place under the send sequence counter.
    fn encrypt(&self, counter: &[u8], blocks: &mut [u8]);
    /// Decrypts whole blocks in place under the send sequence counter.
    fn decrypt(&self, counter: &[u8], blocks: &mut [u8]);
    /// The eight-byte MAC over counter and padded message.
    fn mac(&self, counter: &[u8], message: &[u8]) -> [u8; 8];
}

/// Padding method 2 of ISO/IEC 9797-1: a byte 80, then 00 up to the block.
pub(crate) fn pad(message: &[u8], block: usize) -> Zeroizing<Vec<u8>> {
    let length = (message.len() / block + 1) * block;
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.extend_from_slice(message);
    padded.push(0x80);
    padded.resize(length, 0);
    padded
}

/// Takes the padding off; `None` where there is none.
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|&byte| byte != 0)?;
    (padded.get(end) == Some(&0x80)).then(|| padded.get(..end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn padding_comes_off_as_it_went_on(message in prop::collection::vec(any::<u8>(), 0..300), wide in any::<bool>()) {
            let block = if wide { 16 } else { 8 };
            let padded = pad(&message, block);
            prop_assert_eq!(padded.len() % block, 0);
            prop_assert_eq!(unpad(&padded), Some(&message[..]));
        }
    }

    #[test]
    fn what_has_no_padding_is_refused() {
        for bytes in [&[][..], &[0, 0], &[1, 2, 3], &[0x80, 1]] {
            assert_eq!(unpad(bytes), None);
        }
    }
}
