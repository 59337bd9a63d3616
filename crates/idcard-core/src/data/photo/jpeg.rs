//! The frame header of a JPEG image (ISO/IEC 10918-1, B.2.2).

use super::{Claim, two};

/// Walks the marker segments to the first frame header; `None` where there is none before the scan.
pub(super) fn claim(image: &[u8]) -> Option<Claim> {
    // Every step consumes at least a marker, so that the walk ends with the bytes.
    let mut at = 2;
    loop {
        if *image.get(at)? != 0xFF {
            return None;
        }
        let marker = *image.get(at + 1)?;
        match marker {
            0xFF => at += 1,               // fill
            0x01 | 0xD0..=0xD7 => at += 2, // markers without a segment
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                // Length, precision, height, width, number of components. A height of zero is told after the scan.
                let (height, width) = (two(image, at + 5)?, two(image, at + 7)?);
                let components = u16::from(*image.get(at + 9)?);
                let known = height != 0 && width != 0;
                return known.then_some(Claim { width: width.into(), height: height.into(), components, tiles: 1 });
            }
            0xD8..=0xDA => return None, // start, end or scan
            _ => {
                let length = usize::from(two(image, at + 2)?);
                if length < 2 {
                    return None;
                }
                at += 2 + length;
            }
        }
    }
}
