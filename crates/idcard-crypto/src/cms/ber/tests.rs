//! What the reader takes from well-formed, hostile and cut-off streams.

use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;

fn element(bytes: &[u8]) -> Result<Vec<u8>, BerError> {
    let mut reader = BerReader::new(bytes);
    let element = reader.element()?;
    assert!(reader.finished()?);
    Ok(element)
}

fn octets(bytes: &[u8]) -> Result<Vec<u8>, BerError> {
    let mut reader = BerReader::new(bytes);
    let mut all = vec![];
    let header = reader.header()?;
    let total = reader.octets(header, &mut |piece| {
        all.extend_from_slice(piece);
        Ok(())
    })?;
    assert_eq!(total, all.len() as u64);
    Ok(all)
}

#[test]
fn der_comes_back_byte_for_byte() {
    for der in [&[0x30, 0x00][..], &[0x30, 0x05, 0x02, 0x01, 0x07, 0x05, 0x00], &[0x5F, 0x2E, 0x01, 0xAA]] {
        assert_eq!(element(der).unwrap(), der);
    }
}

#[test]
fn ber_becomes_der() {
    // Indefinite SEQUENCE { constructed OCTET STRING { "a", indefinite { "b" } }, INTEGER with a long length }
    let ber = [
        0x30, 0x80, 0x24, 0x80, 0x04, 0x01, b'a', 0x24, 0x80, 0x04, 0x01, b'b', 0, 0, 0, 0, 0x02, 0x81, 0x01, 0x07, 0,
        0,
    ];
    assert_eq!(element(&ber).unwrap(), [0x30, 0x07, 0x04, 0x02, b'a', b'b', 0x02, 0x01, 0x07]);
    assert_eq!(octets(&[0x24, 0x06, 0x04, 0x01, b'x', 0x04, 0x01, b'y']).unwrap(), b"xy");
}

#[test]
fn what_does_not_fit_is_refused() {
    for (bytes, why) in [
        (&[0x30, 0x02, 0x02, 0x01][..], "inner longer than outer"),
        (&[0x30, 0x03, 0x02, 0x05, 0x01, 0, 0, 0, 0, 0], "inner longer than outer, bytes present"),
        (&[0x30, 0x80, 0x02, 0x01, 0x01], "no end-of-contents mark"),
        (&[0x30, 0x80, 0x00, 0x01], "a broken end-of-contents mark"),
        (&[0x04, 0x80, 0x00, 0x00], "indefinite primitive"),
        (&[0x04, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1], "length of nine bytes"),
        (&[0x04, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "length that overflows"),
        (&[0x04, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, 0x00], "claimed length without bytes"),
        (&[0x24, 0x03, 0x02, 0x01, 0x00], "a piece that is no string"),
        (&[0x30, 0x04, 0x00, 0x00, 0x05, 0x00], "an end mark inside a definite length"),
        (&[], "nothing"),
    ] {
        assert!(element(bytes).is_err(), "{why}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
    assert!(element(&deep(DEPTH)).is_ok());
    assert!(element(&deep(DEPTH + 1)).is_err());
    assert!(element(&[0x24, 0x80].repeat(100_000)).is_err());
}

#[test]
fn structure_is_bounded() {
    let long = METADATA as u64 + 1;
    let header = crate::cms::der::header(OCTET_STRING, long);
    let stream = header.chain(std::io::repeat(0x55).take(long));
    assert!(BerReader::new(BufReader::new(stream)).element().is_err());
}

#[test]
fn content_beyond_four_gigabytes_is_streamed() {
    // The length needs five bytes; the test looks at the offsets only and reads a part.
    let header = crate::cms::der::header(OCTET_STRING, 5 << 30);
    let mut reader = BerReader::new(BufReader::with_capacity(1 << 20, header.chain(std::io::repeat(1))));
    let header = reader.header().unwrap();
    assert_eq!(header.length, Some(5 << 30));
    let mut seen = 0u64;
    let stopped = reader.octets(header, &mut |piece| {
        seen += piece.len() as u64;
        if seen > 8 << 20 { Err(BerError::Sink(std::io::ErrorKind::StorageFull.into())) } else { Ok(()) }
    });
    assert!(matches!(stopped, Err(BerError::Sink(_))));
}

proptest! {
    #[test]
    fn any_bytes_end_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = element_any(&bytes);
        let _ = octets(&bytes);
    }

    #[test]
    fn pieces_join(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8)) {
        let inner: Vec<u8> = pieces.iter().flat_map(|piece| crate::cms::der::element(OCTET_STRING, piece)).collect();
        let definite = crate::cms::der::element(OCTET_STRING_PIECES, &inner);
        let indefinite = [&[0x24, 0x80][..], &inner, &[0, 0]].concat();
        prop_assert_eq!(octets(&definite).unwrap(), pieces.concat());
        prop_assert_eq!(element(&indefinite).unwrap(), crate::cms::der::element(OCTET_STRING, &pieces.concat()));
    }
}

fn element_any(bytes: &[u8]) -> Result<Vec<u8>, BerError> {
    BerReader::new(bytes).element()
}
