//! Documents as bytes: read once or again, in large pieces ahead of the hash calculation, in constant memory.

mod content;
mod read_ahead;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Read};

pub use content::{Content, OnePass, Stamp, Watched};
pub(crate) use read_ahead::read_ahead;

use crate::algorithm::{HashAlgorithm, Hasher};

/// The length of the pieces in which a document is read, in bytes.
pub const PIECE: usize = 512 << 10;

/// Hashes a stream to its end.
///
/// ```
/// use idcard_crypto::{algorithm::HashAlgorithm, hash};
/// let (digest, length) = hash::digest(&b"abc"[..], HashAlgorithm::Sha256)?;
/// assert_eq!((digest.first(), length), (Some(&0xBA), 3));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// What the stream answers.
pub fn digest(reader: impl Read + Send, hash: HashAlgorithm) -> io::Result<(Vec<u8>, u64)> {
    let mut hasher = hash.hasher();
    let mut length = 0u64;
    for_each_piece(reader, |piece| {
        hasher.update(piece);
        length = length.saturating_add(piece.len() as u64);
        Ok(())
    })?;
    Ok((hasher.finish(), length))
}

/// Hands a stream on in pieces, read ahead.
pub(crate) fn for_each_piece(
    reader: impl Read + Send,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    read_ahead(reader, |ahead| {
        loop {
            let piece = ahead.fill_buf()?;
            if piece.is_empty() {
                return Ok(());
            }
            take(piece)?;
            let length = piece.len();
            ahead.consume(length);
        }
    })
}

/// Several hashes over the same bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hashers {
    under_way: Vec<(HashAlgorithm, Hasher)>,
    length: u64,
}

impl Hashers {
    /// One calculation for each of `hashes`, repetitions left out.
    pub(crate) fn new(hashes: &[HashAlgorithm]) -> Self {
        let mut under_way: Vec<(HashAlgorithm, Hasher)> = Vec::new();
        for &hash in hashes {
            if under_way.iter().all(|(known, _)| *known != hash) {
                under_way.push((hash, hash.hasher()));
            }
        }
        Self { under_way, length: 0 }
    }

    /// Takes the next piece.
    pub(crate) fn update(&mut self, piece: &[u8]) {
        for (_, hasher) in &mut self.under_way {
            hasher.update(piece);
        }
        self.length = self.length.saturating_add(piece.len() as u64);
    }

    /// The digests of all pieces.
    pub(crate) fn finish(self) -> Digests {
        let all = self.under_way.into_iter().map(|(hash, hasher)| (hash, hasher.finish())).collect();
        Digests { all, length: self.length }
    }
}

/// The digests of one document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Digests {
    all: Vec<(HashAlgorithm, Vec<u8>)>,
    /// How long the document is, in bytes.
    pub(crate) length: u64,
}

impl Digests {
    /// Whether both are of the same bytes, as far as they can tell: with no hash in common they cannot.
    pub(crate) fn agree_with(&self, other: &Self) -> bool {
        !self.all.is_empty() && self.all == other.all && self.length == other.length
    }

    /// The digest with this hash, if it was calculated.
    pub(crate) fn get(&self, hash: HashAlgorithm) -> Option<&[u8]> {
        self.all.iter().find(|(known, _)| *known == hash).map(|(_, digest)| digest.as_slice())
    }
}
