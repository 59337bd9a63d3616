//! Two portraits of nobody: drawings, marked as specimens.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

use crate::picture::{Colour, Picture};
use crate::small;

const INK: Colour = [40, 38, 44];
const RED: Colour = [178, 34, 52];
const WHITE: Colour = [250, 250, 248];

/// Writes `portrait-1.jpg` (about 15 KB) and `portrait-2.png`; `portrait-2.jp2` is made from the latter by
/// `fixtures/photos/make.sh`. The small pictures come of the second portrait.
pub(crate) fn make_all(photos: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(photos.join("portrait-1.jpg"), jpeg_near(&first().grain(3), 15_000)?)?;
    let mut png = Cursor::new(Vec::new());
    let plain = second().plain();
    plain.write_to(&mut png, ImageFormat::Png)?;
    fs::write(photos.join("portrait-2.png"), png.into_inner())?;
    small::make_all(photos, &plain)
}

/// The best quality whose file is not longer than `limit`.
fn jpeg_near(picture: &RgbImage, limit: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    for quality in (1..=98).rev() {
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, quality).encode_image(picture)?;
        if out.len() <= limit {
            return Ok(out);
        }
    }
    Err("the picture does not fit".into())
}

/// A face of plain shapes.
fn face(picture: &mut Picture, skin: Colour, brow: Colour) {
    picture.ellipse(skin, (120.0, 138.0), (52.0, 66.0));
    for side in [-1.0, 1.0] {
        picture.ellipse(WHITE, (120.0 + side * 21.0, 128.0), (10.0, 6.0));
        picture.ellipse(INK, (120.0 + side * 21.0, 128.0), (4.5, 5.0));
        picture.ellipse(brow, (120.0 + side * 21.0, 113.0), (13.0, 3.0));
    }
    picture.ellipse(skin.map(|value| value.saturating_sub(34)), (120.0, 151.0), (6.0, 9.0));
    picture.ellipse([176, 84, 84], (120.0, 176.0), (17.0, 5.0));
    picture.ellipse(skin, (120.0, 172.5), (17.0, 4.0));
}

fn mark(picture: &mut Picture) {
    picture.block(WHITE, (20.0, 268.0), (200.0, 38.0));
    picture.text(RED, (26, 273), 4, "SPECIMEN");
    picture.text(RED, (12, 12), 2, "SPECIMEN");
    picture.text(RED, (132, 12), 2, "SPECIMEN");
}

/// A woman with a headscarf.
fn first() -> Picture {
    let mut picture = Picture::waves([214, 232, 240], [168, 204, 220]);
    picture.ellipse([52, 92, 108], (120.0, 330.0), (112.0, 116.0));
    picture.ellipse([70, 116, 132], (120.0, 146.0), (74.0, 92.0));
    picture.ellipse([52, 92, 108], (120.0, 230.0), (54.0, 34.0));
    face(&mut picture, [236, 196, 164], [84, 58, 44]);
    picture
        .paint([70, 116, 132], |x, y| y < 92.0 && ((x - 120.0) / 58.0).powi(2) + ((y - 100.0) / 46.0).powi(2) <= 1.0);
    mark(&mut picture);
    picture
}

/// A man with grey hair and glasses.
fn second() -> Picture {
    let mut picture = Picture::waves([240, 230, 208], [222, 200, 160]);
    picture.ellipse([86, 74, 98], (120.0, 330.0), (108.0, 112.0));
    picture.ellipse([214, 172, 138], (120.0, 212.0), (26.0, 36.0));
    picture.ellipse([150, 148, 146], (120.0, 118.0), (60.0, 66.0));
    face(&mut picture, [222, 180, 146], [120, 118, 116]);
    for side in [-1.0, 1.0] {
        picture.ring(INK, (120.0 + side * 22.0, 129.0), (18.0, 14.0), 3.0);
    }
    picture.block(INK, (115.0, 126.0), (10.0, 3.0));
    picture
        .paint([150, 148, 146], |x, y| y > 184.0 && ((x - 120.0) / 52.0).powi(2) + ((y - 138.0) / 66.0).powi(2) <= 1.0);
    mark(&mut picture);
    picture
}
