//! The fictitious portraits of `fixtures/photos`, whole and damaged.

use super::*;
use idcard_core::data::photo;

fn object(image: &[u8]) -> Vec<u8> {
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
    let inner = [&[0x5F, 0x2E, 0x82][..], &length(image), image].concat();
    [&[0x75, 0x82][..], &length(&inner), &inner].concat()
}

fn portrait(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/photos").join(name);
    std::fs::read(path).unwrap()
}

fn photo(image: &[u8]) -> Photo {
    photo::decode(&object(image)).unwrap()
}

#[test]
fn the_name_of_the_file_says_what_it_holds() {
    for (name, wanted) in [
        ("p.png", Wanted::Png),
        ("p.PNG", Wanted::Png),
        ("p.jpg", Wanted::Jpeg),
        ("p.jpeg", Wanted::Jpeg),
        ("p.jp2", Wanted::Stored),
        ("p", Wanted::Stored),
        (".png", Wanted::Stored),
    ] {
        assert_eq!(Wanted::of(Path::new(name)), wanted, "{name}");
    }
}

#[test]
fn a_jpeg_stays_as_it_is_where_a_jpeg_is_wanted() {
    let image = portrait("portrait-1.jpg");
    let photo = photo(&image);
    assert_eq!(content(&photo, Wanted::Jpeg).unwrap(), image);
    assert_eq!(content(&photo, Wanted::Stored).unwrap(), image);
    let png = content(&photo, Wanted::Png).unwrap();
    let (again, direct) = (image::load_from_memory(&png).unwrap(), image::load_from_memory(&image).unwrap());
    assert_eq!(again.to_rgb8(), direct.to_rgb8());
    assert_eq!((again.width(), again.height()), (240, 320));
}

#[test]
fn a_jpeg_2000_image_is_decoded_to_what_it_was_made_from() {
    let photo = photo(&portrait("portrait-2.jp2"));
    assert_eq!(content(&photo, Wanted::Stored).unwrap(), portrait("portrait-2.jp2"));
    let original = image::load_from_memory(&portrait("portrait-2.png")).unwrap().to_rgb8();
    for wanted in [Wanted::Png, Wanted::Jpeg] {
        let picture = image::load_from_memory(&content(&photo, wanted).unwrap()).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), original.dimensions());
        let difference: u64 = picture.iter().zip(original.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(difference < 6 * original.len() as u64, "{difference}");
    }
}

#[test]
fn damaged_images_are_an_error_and_no_more() {
    for name in ["portrait-1.jpg", "portrait-2.jp2"] {
        let whole = portrait(name);
        for at in (40..whole.len()).step_by(97) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x5A;
            for image in [&flipped[..], &whole[..at]] {
                if let Ok(photo) = photo::decode(&object(image)) {
                    let _ = content(&photo, Wanted::Png);
                }
            }
        }
    }
}

#[test]
fn the_picture_has_the_shape_of_the_portrait() {
    let picture = decode(&photo(&portrait("portrait-1.jpg"))).unwrap();
    for colour in [true, false] {
        let text = show::blocks(&picture, colour);
        assert_eq!(text.lines().count(), 32, "48 columns of 240, 320 rows at two a line");
        assert_eq!(text.contains('\u{1B}'), colour);
    }
}

/// F-05 for pictures: each byte changed, through the decoders; a picture that still comes has the size that its header tells.
#[test]
fn every_byte_of_a_picture_may_be_anything() {
    for name in ["tiny.jpg", "progressive.jpg", "grey.jpg", "tiny.jp2", "tiny.j2k"] {
        let whole = portrait(name);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            for byte in [whole[at] ^ 0x01, 0xFF] {
                changed[at] = byte;
                if let Ok(photo) = photo::decode(&object(&changed))
                    && let Ok(picture) = decode(&photo)
                {
                    assert_eq!(
                        (Some(picture.width()), Some(picture.height())),
                        (photo.width(), photo.height()),
                        "{name}"
                    );
                }
            }
        }
    }
}
