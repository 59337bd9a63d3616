//! A picture in a terminal: two pixels in each character, or shades of grey where there are no colours.

use image::imageops::{FilterType, resize};
use image::{Pixel, RgbImage};

/// How many characters wide.
const COLUMNS: u32 = 48;
/// From dark to light.
const SHADES: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

/// The picture as lines of text; a character is twice as high as it is wide.
pub(super) fn blocks(picture: &RgbImage, colour: bool) -> String {
    let columns = COLUMNS.min(picture.width()).max(1);
    let rows = columns.saturating_mul(picture.height()).checked_div(picture.width().max(1)).unwrap_or(1);
    let rows = rows.clamp(2, 4 * COLUMNS).next_multiple_of(2);
    let small = resize(picture, columns, rows, FilterType::Triangle);
    let mut text = String::new();
    for row in (0..rows).step_by(2) {
        for column in 0..columns {
            let (upper, lower) = (small.get_pixel(column, row), small.get_pixel(column, row + 1));
            if colour {
                let ([r, g, b], [s, h, c]) = (upper.0, lower.0);
                text += &format!("\u{1B}[38;2;{r};{g};{b};48;2;{s};{h};{c}m▀");
            } else {
                let [upper] = upper.to_luma().0;
                let [lower] = lower.to_luma().0;
                let light = (usize::from(upper) + usize::from(lower)) * (SHADES.len() - 1) / 510;
                text.push(SHADES.get(light).copied().unwrap_or(' '));
            }
        }
        text += if colour { "\u{1B}[0m\n" } else { "\n" };
    }
    text
}
