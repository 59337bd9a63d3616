//! The face image: template 75, object 5F2E, a facial record or a bare image (`specimen.md` 3.3). Never decoded here.

mod face_record;
mod jpeg;
mod jpeg2000;

#[cfg(test)]
mod tests;

use super::template::{inside, known, outer};
use crate::apdu::Malformed;
use std::fmt;
use std::ops::Range;

/// How an image is coded, told by its first bytes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG (ISO/IEC 10918-1): `FFD8FF`.
    Jpeg,
    /// A JPEG 2000 file (ISO/IEC 15444-1, annex I): the signature box.
    Jp2,
    /// A bare JPEG 2000 codestream (ISO/IEC 15444-1, annex A): `FF4FFF51`.
    J2k,
}

impl Format {
    /// The word for machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Jp2 => "jp2",
            Self::J2k => "j2k",
        }
    }

    /// The usual extension of a file, without a dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Jp2 => "jp2",
            Self::J2k => "j2k",
        }
    }

    fn of(image: &[u8]) -> Option<Self> {
        let magics: [(&[u8], Self); 3] = [
            (&[0xFF, 0xD8, 0xFF], Self::Jpeg),
            (&jpeg2000::SIGNATURE, Self::Jp2),
            (&[0xFF, 0x4F, 0xFF, 0x51], Self::J2k),
        ];
        magics.into_iter().find_map(|(magic, format)| image.starts_with(magic).then_some(format))
    }
}

/// What the header of an image claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    width: u32,
    height: u32,
    components: u16,
    tiles: u64,
}

impl Claim {
    fn pixels(self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }
}

/// A face image as the card stores it.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    format: Format,
    claim: Option<Claim>,
    offset: usize,
    image: Vec<u8>,
}

impl Photo {
    /// The most pixels of an image that may be decoded.
    pub const MOST_PIXELS: u64 = 4_000_000;
    /// The most tiles of a JPEG 2000 image that may be decoded.
    pub const MOST_TILES: u64 = 1024;
    /// The most components (colours) of an image that may be decoded.
    pub const MOST_COMPONENTS: u16 = 4;

    /// How it is coded.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The image as stored.
    #[must_use]
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// Where the image lies in the data object, in bytes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset.saturating_add(self.image.len())
    }

    /// Width in pixels, by the image's own header; `None` where that cannot be read.
    #[must_use]
    pub fn width(&self) -> Option<u32> {
        self.claim.map(|claim| claim.width)
    }

    /// Height in pixels, by the image's own header; `None` where that cannot be read.
    #[must_use]
    pub fn height(&self) -> Option<u32> {
        self.claim.map(|claim| claim.height)
    }

    /// Whether the header claims no more than a portrait needs, so that the image may be given to a decoder.
    ///
    /// An image that may not is still whole and can be saved as it is.
    #[must_use]
    pub fn may_be_decoded(&self) -> bool {
        self.claim.is_some_and(|claim| {
            (1..=Self::MOST_PIXELS).contains(&claim.pixels())
                && (1..=Self::MOST_COMPONENTS).contains(&claim.components)
                && (1..=Self::MOST_TILES).contains(&claim.tiles)
        })
    }
}

/// Shows everything but the image.
impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Photo")
            .field("format", &self.format)
            .field("claim", &self.claim)
            .field("range", &self.range())
            .finish_non_exhaustive()
    }
}

/// Reads template 75, or object 5F2E without one.
///
/// # Errors
/// Another data object, one that is cut off, no or two objects 5F2E, a facial record whose lengths contradict each
/// other, or an image that is neither JPEG nor JPEG 2000.
pub fn decode(bytes: &[u8]) -> Result<Photo, Malformed> {
    let object = match outer(bytes, 0x5F2E, "another object") {
        Ok((object, _)) => object,
        Err(_) => {
            let [object] = inside(bytes, 0x75, "a data object other than template 75", known![0x5F2E "image"])?;
            object.ok_or(Malformed::new("template 75 without an image", 0))?
        }
    };
    let (inset, image) = if face_record::is_one(object.value) {
        face_record::image(object.value).map_err(|wrong| wrong.within(object.value_offset()))?
    } else {
        (0, object.value)
    };
    let offset = object.value_offset().saturating_add(inset);
    let format = Format::of(image).ok_or(Malformed::new("an image that is neither JPEG nor JPEG 2000", offset))?;
    let claim = match format {
        Format::Jpeg => jpeg::claim(image),
        Format::Jp2 => jpeg2000::file_claim(image),
        Format::J2k => jpeg2000::codestream_claim(image),
    };
    Ok(Photo { format, claim, offset, image: image.to_vec() })
}

/// Two bytes at an offset, big-endian.
fn two(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
}

/// Four bytes at an offset, big-endian.
fn four(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}
