//! A grey picture of the same size in pixels and bytes in the place of a photo.

mod jpeg2000;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, ImageReader};
use std::io::Cursor;

/// The largest side of a portrait, in pixels.
const SIDE: u32 = 4_096;
/// Where a facial record of ISO/IEC 19794-5 tells of the face: behind the header of 14 bytes and six bytes of lengths.
const FACE: std::ops::Range<usize> = 20..34;
/// The first bytes of a JPEG image.
const JPEG: [u8; 3] = [0xFF, 0xD8, 0xFF];

/// The same bytes with a grey image in the place of the one in them; none where there is none, or no room.
pub(super) fn grey(bytes: &[u8]) -> Option<Vec<u8>> {
    let at = |first: &[u8]| bytes.windows(first.len()).position(|part| part == first);
    let begins = at(&JPEG).into_iter().chain(at(&jpeg2000::BOX)).chain(at(&jpeg2000::CODESTREAM)).min()?;
    let (before, image) = bytes.split_at_checked(begins)?;
    let mut record = before.to_vec();
    if before.starts_with(b"FAC\0") {
        // Sex, colours of eyes and hair, properties, expression, pose; and every feature point.
        record.get_mut(FACE)?.fill(0);
        let image_information = record.len().checked_sub(12)?;
        record.get_mut(FACE.end..image_information)?.fill(0);
    } else if !before.is_empty() {
        return None;
    }
    if !image.starts_with(&JPEG) {
        record.extend(jpeg2000::grey(image)?);
        return Some(record);
    }
    let (width, height) = ImageReader::with_format(Cursor::new(image), ImageFormat::Jpeg).into_dimensions().ok()?;
    if width.max(height) > SIDE {
        return None;
    }
    record.extend(of_length(width, height, image.len())?);
    Some(record)
}

/// A grey JPEG of so many bytes: comments fill it up.
fn of_length(width: u32, height: u32, length: usize) -> Option<Vec<u8>> {
    let pixels = vec![0x80; usize::try_from(width.checked_mul(height)?).ok()?];
    let mut small = Vec::new();
    JpegEncoder::new_with_quality(&mut small, 30).encode(&pixels, width, height, ExtendedColorType::L8).ok()?;
    let (start, rest) = small.split_at_checked(2)?;
    let mut left = length.checked_sub(small.len())?;
    let mut image = start.to_vec();
    while left >= 4 {
        let segment = left.min(65_537);
        // Never so much that one to three bytes are left for which there is no segment.
        let segment = if (1..4).contains(&left.saturating_sub(segment)) { segment.saturating_sub(4) } else { segment };
        let counted = u16::try_from(segment.checked_sub(2)?).ok()?;
        image.extend([0xFF, 0xFE]);
        image.extend(counted.to_be_bytes());
        image.resize(image.len().saturating_add(segment.saturating_sub(4)), b' ');
        left = left.checked_sub(segment)?;
    }
    image.extend_from_slice(rest);
    image.resize(length, 0);
    Some(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_picture_has_the_size_that_is_asked_for() {
        let small = of_length(24, 32, 2_000).unwrap().len();
        assert_eq!(small, 2_000);
        for length in [1_999, 2_001, 2_002, 2_003, 2_004, 70_000, 140_001] {
            let image = of_length(24, 32, length).unwrap();
            assert_eq!(image.len(), length);
            let size = ImageReader::with_format(Cursor::new(&image), ImageFormat::Jpeg).into_dimensions().unwrap();
            assert_eq!(size, (24, 32));
            assert!(image::load_from_memory(&image).is_ok(), "{length}");
        }
        assert!(of_length(24, 32, 100).is_none(), "no room");
    }

    #[test]
    fn what_is_no_photo_is_none() {
        assert!(grey(b"FAC\0").is_none());
        assert!(grey(&[0xFF, 0xD8, 0xFF, 0xE0]).is_none());
    }
}
