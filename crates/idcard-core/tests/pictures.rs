//! The pictures and facial records of `fixtures/photos`, as if a card held them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::path::Path;

use idcard_core::data::photo::{self, Format, Photo};

fn read(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fixture inside of data object 5F2E, whose length is written in two bytes.
fn held(name: &str) -> Vec<u8> {
    let picture = read(&format!("fixtures/photos/{name}"));
    let length = u16::try_from(picture.len()).unwrap().to_be_bytes();
    [&[0x5F, 0x2E, 0x82], &length[..], &picture].concat()
}

fn photo(name: &str) -> Photo {
    photo::decode(&held(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn small_pictures_tell_format_and_size() {
    for (name, format) in [
        ("tiny.jpg", Format::Jpeg),
        ("progressive.jpg", Format::Jpeg),
        ("grey.jpg", Format::Jpeg),
        ("tiny.jp2", Format::Jp2),
        ("tiny.j2k", Format::J2k),
    ] {
        let photo = photo(name);
        assert_eq!((photo.format(), photo.width(), photo.height()), (format, Some(24), Some(32)), "{name}");
        assert!(photo.may_be_decoded(), "{name}");
        assert_eq!(photo.image(), read(&format!("fixtures/photos/{name}")), "{name}");
    }
}

#[test]
fn boastful_headers_are_kept_from_decoders() {
    for name in ["huge.jpg", "huge.jp2", "huge.j2k"] {
        assert!(!photo(name).may_be_decoded(), "{name}");
    }
}

#[test]
fn records_lead_to_the_image_inside() {
    for name in ["record-plain.bin", "record-with-points.bin"] {
        assert_eq!(photo(name).image(), read("fixtures/photos/tiny.jpg"), "{name}");
    }
}

#[test]
fn records_that_lie_and_other_formats_are_refused() {
    for name in ["record-lying-length.bin", "record-many-points.bin", "tiny.png", "huge.png"] {
        assert!(photo::decode(&held(name)).is_err(), "{name}");
    }
}

#[test]
fn pieces_of_anything_never_panic() {
    for name in ["truncated.jpg", "truncated.jp2", "record-many-images.bin", "record-with-points.bin", "huge.jp2"] {
        let whole = read(&format!("fixtures/photos/{name}"));
        for end in 0..whole.len() {
            let length = u16::try_from(end).unwrap().to_be_bytes();
            let _ = photo::decode(&[&[0x5F, 0x2E, 0x82], &length[..], &whole[..end]].concat());
        }
    }
}

#[test]
fn the_specimens_hold_portraits() {
    for (image, format) in [("specimen", Format::Jpeg), ("specimen-2", Format::Jp2)] {
        let photo = photo::decode(&read(&format!("crates/idcard-sim/images/{image}/photo.bin"))).unwrap();
        assert_eq!((photo.format(), photo.width(), photo.height()), (format, Some(240), Some(320)), "{image}");
        assert!(photo.may_be_decoded(), "{image}");
    }
}

#[test]
fn every_byte_of_a_picture_may_be_anything() {
    for name in ["tiny.jpg", "progressive.jpg", "grey.jpg", "tiny.jp2", "tiny.j2k", "record-with-points.bin"] {
        let whole = held(name);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            for byte in [whole[at] ^ 0x01, whole[at] ^ 0x80, 0x00, 0x7F, 0x80, 0xFF] {
                changed[at] = byte;
                if let Ok(photo) = photo::decode(&changed) {
                    assert!(photo.image().len() <= whole.len(), "{name}, byte {at}");
                }
            }
        }
    }
}
