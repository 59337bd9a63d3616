//! Small pictures and records for tests: every format, and headers that lie.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{ImageFormat, RgbImage};

use crate::facial::{self, Format};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Writes the files that come of `portrait`. Those that need another program (JPEG 2000, progressive JPEG) are made by
/// `fixtures/photos/make.sh` and only changed here.
pub(crate) fn make_all(photos: &Path, portrait: &RgbImage) -> Outcome<()> {
    let write = |name: &str, bytes: &[u8]| fs::write(photos.join(name), bytes);
    let tiny = imageops::resize(portrait, 24, 32, FilterType::Triangle);

    let jpeg = jpeg(&tiny)?;
    write("tiny.jpg", &jpeg)?;
    write("truncated.jpg", jpeg.get(..jpeg.len() / 2).unwrap_or_default())?;
    // The sizes follow the marker's length and the sample precision.
    write("huge.jpg", &patched(&jpeg, &[0xFF, 0xC0], 3, &[0xFF; 4])?)?;
    let mut grey = Vec::new();
    JpegEncoder::new_with_quality(&mut grey, 80).encode_image(&imageops::grayscale(&tiny))?;
    write("grey.jpg", &grey)?;

    let mut png = Cursor::new(Vec::new());
    tiny.write_to(&mut png, ImageFormat::Png)?;
    let png = png.into_inner();
    write("tiny.png", &png)?;
    write("huge.png", &huge_png(&png)?)?;

    records(&write, &jpeg)?;
    if let Ok(stream) = fs::read(photos.join("tiny.j2k")) {
        // SIZ: length, capabilities, then width and height of the reference grid.
        write("huge.j2k", &patched(&stream, &[0xFF, 0x51], 4, &[0x7F, 0xFF, 0xFF, 0xFF].repeat(2))?)?;
    }
    if let Ok(file) = fs::read(photos.join("tiny.jp2")) {
        write("truncated.jp2", file.get(..file.len() * 2 / 3).unwrap_or_default())?;
        write("huge.jp2", &patched(&file, b"ihdr", 0, &[0x7F, 0xFF, 0xFF, 0xFF].repeat(2))?)?;
    }
    Ok(())
}

fn jpeg(picture: &RgbImage) -> Outcome<Vec<u8>> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 80).encode_image(picture)?;
    Ok(out)
}

/// Facial records: feature points before the image, a length and a number of images that are not there.
fn records(write: &dyn Fn(&str, &[u8]) -> std::io::Result<()>, jpeg: &[u8]) -> Outcome<()> {
    let plain = facial::record(jpeg, Format::Jpeg, (24, 32), 0);
    let (head, tail) = plain.split_at(34);
    // Type, code 12.1, x and y, reserved.
    let mut points = [head, &[0x01, 0xC1, 0, 8, 0, 12, 0, 0], &[0x01, 0xC2, 0, 16, 0, 12, 0, 0], tail].concat();
    let whole = points.len() as u32;
    points = patched_at(&points, 8, &whole.to_be_bytes())?;
    points = patched_at(&points, 14, &(whole - 14).to_be_bytes())?;
    write("record-with-points.bin", &patched_at(&points, 18, &[0, 2])?)?;
    write("record-plain.bin", &plain)?;
    write("record-lying-length.bin", &patched_at(&plain, 14, &[0xFF; 4])?)?;
    write("record-many-images.bin", &patched_at(&plain, 12, &[0xFF; 2])?)?;
    write("record-many-points.bin", &patched_at(&plain, 18, &[0xFF; 2])?)?;
    Ok(())
}

/// `bytes` with `new` laid over what is found `skip` bytes after the end of `mark`.
fn patched(bytes: &[u8], mark: &[u8], skip: usize, new: &[u8]) -> Outcome<Vec<u8>> {
    let at = bytes.windows(mark.len()).position(|window| window == mark).ok_or("mark not found")?;
    patched_at(bytes, at + mark.len() + skip, new)
}

fn patched_at(bytes: &[u8], at: usize, new: &[u8]) -> Outcome<Vec<u8>> {
    let mut out = bytes.to_vec();
    out.get_mut(at..at + new.len()).ok_or("too short")?.copy_from_slice(new);
    Ok(out)
}

/// 65,535 by 65,535 with a right checksum, so that only a look at the size saves the reader.
fn huge_png(png: &[u8]) -> Outcome<Vec<u8>> {
    let out = patched(png, b"IHDR", 0, &[0, 0, 0xFF, 0xFF].repeat(2))?;
    let checksum = !out.get(12..29).ok_or("too short")?.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    patched_at(&out, 29, &checksum.to_be_bytes())
}
