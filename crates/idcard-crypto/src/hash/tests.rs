//! Pieces arrive whole and in order, faults arrive as faults, and a change of a file shows in its stamp.

use std::io::{self, Read};

use proptest::prelude::*;

use super::*;

/// Gives its bytes in portions of changing length, then fails if it has a fault.
struct Portions<'a> {
    bytes: &'a [u8],
    turn: usize,
    fault: bool,
}

impl Read for Portions<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        if self.turn.is_multiple_of(5) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.bytes.is_empty() && self.fault {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let most = (self.turn * 7919) % 200_000 + 1;
        let length = into.len().min(most);
        self.bytes.read(&mut into[..length])
    }
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| ((at * 31 + at / 251) % 256).try_into().unwrap()).collect()
}

#[test]
fn long_streams_arrive_whole() {
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 4 * PIECE, 5 * PIECE + 17] {
        let bytes = pattern(length);
        let mut seen = vec![];
        for_each_piece(Portions { bytes: &bytes, turn: 0, fault: false }, |piece| {
            seen.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        assert!(seen == bytes, "{length}");
    }
}

#[test]
fn a_fault_of_the_stream_is_never_an_end() {
    for length in [0, 1, PIECE, PIECE + 1, 3 * PIECE] {
        let bytes = pattern(length);
        let result = digest(Portions { bytes: &bytes, turn: 0, fault: true }, HashAlgorithm::Sha256);
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::ConnectionReset, "{length}");
    }
}

#[test]
fn a_consumer_that_stops_ends_the_reading() {
    let endless = io::repeat(7);
    let result = for_each_piece(endless, |_| Err(io::ErrorKind::StorageFull.into()));
    assert_eq!(result.unwrap_err().kind(), io::ErrorKind::StorageFull);
}

#[test]
fn several_hashes_see_the_same_bytes() {
    use HashAlgorithm::{Sha256, Sha512};
    let mut hashers = Hashers::new(&[Sha256, Sha512, Sha256]);
    hashers.update(b"ab");
    hashers.update(b"c");
    let digests = hashers.finish();
    assert_eq!(digests.length, 3);
    // FIPS 180-2, appendix B.1 and C.1.
    assert!(hex::encode(digests.get(Sha256).unwrap()).starts_with("ba7816bf8f01cfea"));
    assert!(hex::encode(digests.get(Sha512).unwrap()).starts_with("ddaf35a193617aba"));
    assert_eq!(digests.get(HashAlgorithm::Sha384), None);
}

#[test]
fn a_stream_opens_once() {
    let mut stream = OnePass::new(&b"abc"[..]);
    assert!(!stream.opens_again());
    let mut text = String::new();
    stream.open().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "abc");
    assert_eq!(stream.open().map(|_| ()).unwrap_err().kind(), io::ErrorKind::Unsupported);
}

#[test]
fn a_replaced_or_longer_file_has_another_stamp() {
    let dir = tempfile::tempdir().unwrap();
    let mut path = dir.path().join("document");
    std::fs::write(&path, "one").unwrap();
    let first = path.stamp().unwrap();
    assert_eq!((first, first.length), (path.stamp().unwrap(), Some(3)));
    std::fs::write(dir.path().join("other"), "two").unwrap();
    std::fs::rename(dir.path().join("other"), &path).unwrap();
    assert_ne!(path.stamp().unwrap(), first);
}

#[test]
fn the_teller_can_stop_the_reading() {
    let mut told = vec![];
    let watched = Watched::new(io::repeat(1), |bytes| {
        told.push(bytes);
        if bytes > 3 * PIECE as u64 { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    });
    assert_eq!(digest(watched, HashAlgorithm::Sha256).unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert!(told.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn reading_like_a_reader_gives_the_same(length in 0..3 * PIECE, step in 1..100_000usize) {
        let bytes = pattern(length);
        let read = read_ahead(&bytes[..], |ahead| {
            let (mut all, mut part) = (vec![], vec![0; step]);
            while let Ok(read @ 1..) = ahead.read(&mut part) {
                all.extend_from_slice(&part[..read]);
            }
            all
        });
        prop_assert!(read == bytes);
    }
}
