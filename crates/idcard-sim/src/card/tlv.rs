//! The few data objects that commands carry: one-byte tags, lengths up to 65,535.

/// Takes the first object off `bytes`: its tag, its value, what follows.
pub(crate) fn first(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (length, rest) = match rest {
        [short @ 0..=0x7F, rest @ ..] => (usize::from(*short), rest),
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

/// All objects, where nothing is left over.
pub(crate) fn all(mut bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut objects = Vec::new();
    while !bytes.is_empty() {
        let (tag, value, rest) = first(bytes)?;
        objects.push((tag, value));
        bytes = rest;
    }
    Some(objects)
}

/// Tag, length and value as bytes.
pub(crate) fn object(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match value.len() {
        short @ 0..=0x7F => bytes.extend(u8::try_from(short)),
        long @ 0x80..=0xFF => {
            bytes.push(0x81);
            bytes.extend(u8::try_from(long));
        }
        longer => {
            bytes.push(0x82);
            bytes.extend(u16::try_from(longer).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    bytes.extend(value);
    bytes
}
