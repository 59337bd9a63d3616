//! DER taken apart and put together, so that a test can forge.

/// A DER element at the start of `bytes`: the length of its header, and where it ends.
pub(super) fn element(bytes: &[u8]) -> (usize, usize) {
    match bytes[1] {
        short @ 0..=0x7F => (2, 2 + usize::from(short)),
        long => {
            let octets = usize::from(long & 0x7F);
            let length = bytes[2..2 + octets].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            (2 + octets, 2 + octets + length)
        }
    }
}

/// The elements inside of an element.
pub(super) fn children(element_bytes: &[u8]) -> Vec<&[u8]> {
    let (mut at, end) = element(element_bytes);
    let mut all = Vec::new();
    while at < end {
        let (_, length) = element(&element_bytes[at..]);
        all.push(&element_bytes[at..at + length]);
        at += length;
    }
    all
}

/// An element of this tag.
pub(super) fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}
