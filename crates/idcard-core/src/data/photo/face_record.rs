//! The facial record of ISO/IEC 19794-5:2005: header of 14 bytes, then a block for each image.

use super::{four, two};
use crate::apdu::Malformed;

/// Format identifier, version, length of the record (4), number of images (2).
const RECORD_HEADER: usize = 14;
/// Facial information: length of the block (4), number of feature points (2), and fourteen bytes about the face.
const FACIAL_INFORMATION: usize = 20;
/// One feature point.
const FEATURE_POINT: usize = 8;
/// Image information.
const IMAGE_INFORMATION: usize = 12;

/// Whether the bytes begin like a facial record, of whatever version.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"FAC\0")
}

/// The first image of the record and its offset.
///
/// Only lengths are read here: what the record says about the face and about the size of the image is not trusted.
pub(super) fn image(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    const SHORT: Malformed = Malformed::new("a facial record cut off in its headers", 0);
    if bytes.get(4..8) != Some(b"010\0") {
        return Err(Malformed::new("a facial record of another version than 010", 4));
    }
    let length = length(four(bytes, 8).ok_or(SHORT)?);
    let record = bytes.get(..length).ok_or(Malformed::new("a facial record longer than the bytes that hold it", 8))?;
    if two(record, 12).ok_or(SHORT)? == 0 {
        return Err(Malformed::new("a facial record without an image", 12));
    }
    let block_length = self::length(four(record, RECORD_HEADER).ok_or(SHORT)?);
    let block = record
        .get(RECORD_HEADER..RECORD_HEADER.saturating_add(block_length))
        .ok_or(Malformed::new("a facial image block longer than its record", RECORD_HEADER))?;
    let points = usize::from(two(block, 4).ok_or(SHORT)?).saturating_mul(FEATURE_POINT);
    let inset = FACIAL_INFORMATION.saturating_add(points).saturating_add(IMAGE_INFORMATION);
    let image =
        block.get(inset..).ok_or(Malformed::new("a facial image block shorter than its headers", RECORD_HEADER))?;
    Ok((RECORD_HEADER.saturating_add(inset), image))
}

/// A length field; one that does not fit the machine's word is longer than anything.
fn length(field: u32) -> usize {
    usize::try_from(field).unwrap_or(usize::MAX)
}
