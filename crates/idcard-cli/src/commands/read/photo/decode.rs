//! From the image of a card to pixels, within bounds.

use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use idcard_core::data::Photo;
use idcard_core::data::photo::Format;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;
use std::panic::{self, AssertUnwindSafe};

/// The most memory that a decoder may ask for.
const MEMORY: u64 = 64 * 1024 * 1024;

/// The picture.
///
/// # Errors
/// What is wrong with it, in words; a decoder that gives up in its own way is among them.
pub(super) fn decode(photo: &Photo) -> Result<RgbImage, &'static str> {
    if !photo.may_be_decoded() {
        return Err("an image that claims to be larger than any portrait");
    }
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let decoded = panic::catch_unwind(AssertUnwindSafe(|| match photo.format() {
        Format::Jpeg => jpeg(photo.image()),
        Format::Jp2 | Format::J2k => jpeg2000(photo.image()),
    }));
    panic::set_hook(hook);
    match decoded {
        Ok(Some(picture)) if Some(picture.width()) == photo.width() && Some(picture.height()) == photo.height() => {
            Ok(picture)
        }
        Ok(Some(_)) => Err("an image of another size than its header tells"),
        Ok(None) | Err(_) => Err("an image that cannot be decoded"),
    }
}

fn jpeg(image: &[u8]) -> Option<RgbImage> {
    let mut reader = ImageReader::with_format(Cursor::new(image), ImageFormat::Jpeg);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    reader.decode().ok().map(DynamicImage::into_rgb8)
}

fn jpeg2000(image: &[u8]) -> Option<RgbImage> {
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(image, &settings).ok()?;
    let (width, height, alpha) = (image.width(), image.height(), image.has_alpha());
    let colours = usize::from(image.color_space().num_channels());
    let is_grey = matches!(image.color_space(), ColorSpace::Gray);
    let channels = colours.checked_add(usize::from(alpha))?;
    let mut context = DecoderContext::default();
    let bytes = image.decode(&mut context).ok()?.data_u8();
    let pixels = bytes.chunks_exact(channels.max(1)).flat_map(|pixel| match *pixel {
        [grey, ..] if is_grey || colours == 1 => [grey; 3],
        [red, green, blue, ..] => [red, green, blue],
        _ => [0; 3],
    });
    (is_grey || matches!(colours, 1 | 3)).then(|| RgbImage::from_raw(width, height, pixels.collect())).flatten()
}
