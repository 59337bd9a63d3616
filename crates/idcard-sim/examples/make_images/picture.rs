//! A canvas of 240 by 320 pixels with the few shapes a drawn portrait needs.

use image::{Rgb, RgbImage};

pub(crate) const WIDTH: u32 = 240;
pub(crate) const HEIGHT: u32 = 320;

pub(crate) type Colour = [u8; 3];

/// The letters of the one word that every picture carries, five columns of seven bits each, lowest bit on top.
const LETTERS: [(char, [u8; 5]); 7] = [
    ('S', [0x26, 0x49, 0x49, 0x49, 0x32]),
    ('P', [0x7F, 0x09, 0x09, 0x09, 0x06]),
    ('E', [0x7F, 0x49, 0x49, 0x49, 0x41]),
    ('C', [0x3E, 0x41, 0x41, 0x41, 0x22]),
    ('I', [0x00, 0x41, 0x7F, 0x41, 0x00]),
    ('M', [0x7F, 0x02, 0x0C, 0x02, 0x7F]),
    ('N', [0x7F, 0x04, 0x08, 0x10, 0x7F]),
];

/// The picture under work.
pub(crate) struct Picture(RgbImage);

impl Picture {
    /// A background of crossing waves, as printed documents have.
    pub(crate) fn waves(light: Colour, dark: Colour) -> Self {
        Self(RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
            let (x, y) = (f64::from(x), f64::from(y));
            let one = ((y + 9.0 * (x / 17.0).sin()) / 2.6).sin();
            let two = ((x - 11.0 * (y / 23.0).cos()) / 3.4).sin();
            Rgb(mix(light, dark, f64::midpoint(one * two, 1.0)))
        }))
    }

    /// Paints each pixel whose centre satisfies `inside`.
    pub(crate) fn paint(&mut self, colour: Colour, inside: impl Fn(f64, f64) -> bool) {
        for (x, y, pixel) in self.0.enumerate_pixels_mut() {
            if inside(f64::from(x) + 0.5, f64::from(y) + 0.5) {
                *pixel = Rgb(colour);
            }
        }
    }

    /// A filled ellipse around `(x, y)`.
    pub(crate) fn ellipse(&mut self, colour: Colour, (x, y): (f64, f64), (rx, ry): (f64, f64)) {
        self.paint(colour, |px, py| ((px - x) / rx).powi(2) + ((py - y) / ry).powi(2) <= 1.0);
    }

    /// The outline of an ellipse, `width` pixels thick.
    pub(crate) fn ring(&mut self, colour: Colour, (x, y): (f64, f64), (rx, ry): (f64, f64), width: f64) {
        self.paint(colour, |px, py| {
            let reach = (((px - x) / rx).powi(2) + ((py - y) / ry).powi(2)).sqrt();
            (reach - 1.0).abs() * rx.min(ry) <= width / 2.0
        });
    }

    /// A filled box.
    pub(crate) fn block(&mut self, colour: Colour, (left, top): (f64, f64), (wide, high): (f64, f64)) {
        self.paint(colour, |x, y| (left..left + wide).contains(&x) && (top..top + high).contains(&y));
    }

    /// Text in capital letters of `LETTERS`, `scale` pixels a dot.
    pub(crate) fn text(&mut self, colour: Colour, (left, top): (u32, u32), scale: u32, text: &str) {
        for (place, letter) in (0..).zip(text.chars()) {
            let Some((_, columns)) = LETTERS.iter().find(|(known, _)| *known == letter) else { continue };
            for (column, dots) in (0..).zip(columns) {
                for row in (0..7).filter(|row| dots >> row & 1 == 1) {
                    let corner = (left + (place * 6 + column) * scale, top + row * scale);
                    self.block(colour, (corner.0.into(), corner.1.into()), (scale.into(), scale.into()));
                }
            }
        }
    }

    /// The picture as drawn.
    pub(crate) fn plain(self) -> RgbImage {
        self.0
    }

    /// Gives every pixel a fixed, small unevenness, so that a coder meets something like a photograph.
    pub(crate) fn grain(mut self, strength: i16) -> RgbImage {
        let mut state = 0x2545_F491_u32;
        for pixel in self.0.pixels_mut() {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let step = (state % (2 * u32::from(strength.unsigned_abs()) + 1)) as i16 - strength;
            pixel.0 = pixel.0.map(|value| (i16::from(value) + step).clamp(0, 255) as u8);
        }
        self.0
    }
}

fn mix(one: Colour, other: Colour, share: f64) -> Colour {
    let mut out = one;
    for (value, target) in out.iter_mut().zip(other) {
        *value = (f64::from(*value) * (1.0 - share) + f64::from(target) * share) as u8;
    }
    out
}
