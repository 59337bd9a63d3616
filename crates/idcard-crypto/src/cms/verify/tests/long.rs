//! A long document passes through in constant memory, its lengths beyond 32 bits included.

use super::*;
use crate::cms::der;

/// How long the document is: what a test run without optimisation can afford.
const LENGTH: u64 = if cfg!(debug_assertions) { 24 << 20 } else { 256 << 20 };

/// A document that exists nowhere; it refuses to be read in pieces that are too large.
#[derive(Clone)]
struct Endless {
    left: u64,
    state: u64,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        assert!(into.len() <= 1 << 20, "a buffer of {} bytes", into.len());
        let length = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        for byte in &mut into[..length] {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.state >> 56) as u8;
        }
        self.left -= length as u64;
        Ok(length)
    }
}

impl crate::hash::Content for Endless {
    type Reader<'a> = Endless;

    fn open(&mut self) -> io::Result<Endless> {
        Ok(self.clone())
    }
}

/// Counts what it receives, remembers the largest piece, and keeps what is not the document.
#[derive(Default)]
struct Sieve {
    kept: Vec<u8>,
    length: u64,
    largest: usize,
    document: std::ops::Range<u64>,
}

impl Write for Sieve {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.document.contains(&self.length) {
            self.kept.extend_from_slice(bytes);
        }
        self.length += bytes.len() as u64;
        self.largest = self.largest.max(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The signed document in three parts.
fn long(length: u64) -> (Vec<u8>, Endless, Vec<u8>) {
    let document = Endless { left: length, state: 1 };
    // The head is written in one piece, and is shorter than 200 bytes; the document follows in its pieces.
    let mut sieve = Sieve { document: 1..length, ..Sieve::default() };
    sign_attached(&mut SoftwareKey::p256("p256"), document.clone(), options(), &mut sieve).unwrap();
    assert!(sieve.largest <= crate::hash::PIECE);
    let marker = der::header(der::OCTET_STRING, length);
    let head = sieve.kept.windows(marker.len()).position(|window| window == marker).unwrap() + marker.len();
    let tail = sieve.kept.split_off(head);
    (sieve.kept, document, tail)
}

#[test]
fn a_long_document_is_verified_with_bounded_buffers() {
    let (head, document, tail) = long(LENGTH);
    let mut out = Sieve { document: 0..LENGTH, ..Sieve::default() };
    let stream = head.chain(document).chain(&tail[..]);
    let checked = verify_attached(stream, Some(&mut out), &[]).unwrap();
    assert!(is_good(&checked), "{checked:?}");
    assert_eq!((out.length, checked.content_length), (LENGTH, LENGTH));
    assert!(out.largest <= crate::hash::PIECE);
}

/// A document as OCTET STRINGs of 1000 bytes.
struct Pieces(Endless, Vec<u8>);

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.1.is_empty() && self.0.left > 0 {
            let mut piece = vec![0; self.0.left.min(1000) as usize];
            self.0.read_exact(&mut piece)?;
            self.1 = der::element(der::OCTET_STRING, &piece);
        }
        let length = into.len().min(self.1.len());
        into[..length].copy_from_slice(&self.1[..length]);
        self.1.drain(..length);
        Ok(length)
    }
}

/// The beginning of a SignedData over plain data with SHA-256, all lengths indefinite, up to the header of the content.
fn indefinite_head() -> Vec<u8> {
    let head = hex_literal::hex!(
        "3080 06092A864886F70D010702 A080 3080 020101 310D300B0609608648016503040201 3080 06092A864886F70D010701 A080"
    );
    head.to_vec()
}

#[test]
fn a_long_document_in_pieces_of_ber_is_verified() {
    let (_, document, tail) = long(LENGTH);
    let start = [indefinite_head(), vec![0x24, 0x80]].concat();
    let end = [&[0; 6][..], &tail, &[0; 6]].concat();
    let stream = start.chain(Pieces(document, vec![])).chain(&end[..]);
    let checked = verify_attached(stream, None, &[]).unwrap();
    assert!(is_good(&checked), "{checked:?}");
    assert_eq!(checked.content_length, LENGTH);
}

#[test]
fn a_length_beyond_four_gigabytes_is_taken_and_a_lie_about_it_is_seen() {
    let head = [indefinite_head(), der::header(der::OCTET_STRING, 5 << 30)].concat();
    let cut = verify_attached(head.chain(io::repeat(0).take(1 << 20)), None, &[]).unwrap();
    assert!(matches!(cut.findings[..], [Finding::Malformed { offset, .. }] if offset > 1 << 20), "{cut:?}");
}

#[test]
#[ignore = "hashes 4.5 GiB three times; run it with optimisation"]
fn a_document_beyond_four_gigabytes_goes_round() {
    let length = 9 << 29;
    let (head, document, tail) = long(length);
    let checked = verify_attached(head.chain(document).chain(&tail[..]), None, &[]).unwrap();
    assert!(is_good(&checked) && checked.content_length == length, "{checked:?}");
}
