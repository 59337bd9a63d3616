//! Images built by hand from their standards, and the rows C-75 to C-77 of `reliability.md`.

use super::*;
use proptest::prelude::*;

fn object(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [tag, &[0x82], &length, value].concat()
}

fn photo(value: &[u8]) -> Result<Photo, Malformed> {
    decode(&object(&[0x75], &object(&[0x5F, 0x2E], value)))
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let frame = [&[0xFF, 0xC0, 0, 17, 8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[3], &[0; 9]].concat();
    // An application segment that holds another frame header, fill bytes, then the frame.
    let thumbnail = [0xFF, 0xE1, 0, 12, 0xFF, 0xC0, 0, 17, 8, 0, 9, 0, 9, 3];
    [&[0xFF, 0xD8][..], &thumbnail, &[0xFF, 0xFF], &frame, &[0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]].concat()
}

fn codestream(right: u32, bottom: u32, left: u32, tile: u32, components: u16) -> Vec<u8> {
    let numbers = [right, bottom, left, 0, tile, tile, 0, 0];
    let numbers: Vec<u8> = numbers.into_iter().flat_map(u32::to_be_bytes).collect();
    [&[0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0][..], &numbers, &components.to_be_bytes(), &[7, 1, 1]].concat()
}

fn jp2(stream: &[u8], width: u32, height: u32) -> Vec<u8> {
    let boxed = |name: &[u8], content: &[u8]| {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], name, content].concat()
    };
    let header = [&height.to_be_bytes()[..], &width.to_be_bytes(), &[0, 3, 7, 7, 0, 0]].concat();
    [
        b"\0\0\0\x0CjP  \r\n\x87\n".to_vec(),
        boxed(b"ftyp", b"jp2 \0\0\0\0jp2 "),
        boxed(b"jp2h", &[boxed(b"colr", &[1]), boxed(b"ihdr", &header)].concat()),
        [&[0, 0, 0, 0][..], b"jp2c", stream].concat(),
    ]
    .concat()
}

/// A facial record with that many feature points; its own width and height are wrong on purpose.
fn record(points: u16, image: &[u8]) -> Vec<u8> {
    let block = 20 + 8 * usize::from(points) + 12 + image.len();
    let long = |length: usize| u32::try_from(length).unwrap().to_be_bytes();
    [
        &b"FAC\x00010\x00"[..],
        &long(14 + block),
        &[0, 1],
        &long(block),
        &points.to_be_bytes(),
        &[0; 14],
        &vec![0xEE; 8 * usize::from(points)],
        &[1, 0, 0, 1, 0, 1, 1, 2, 0, 0, 0, 0],
        image,
    ]
    .concat()
}

fn seen(photo: &Photo) -> (&'static str, Option<u32>, Option<u32>, bool) {
    (photo.format().word(), photo.width(), photo.height(), photo.may_be_decoded())
}

#[test]
fn an_image_is_read_bare_and_in_a_facial_record() {
    let stream = codestream(260, 320, 20, 64, 3);
    let images = [(jpeg(240, 320), "jpeg", "jpg"), (jp2(&stream, 240, 320), "jp2", "jp2"), (stream, "j2k", "j2k")];
    for (image, word, extension) in images {
        for wrapped in [image.clone(), record(0, &image), record(3, &image)] {
            let bytes = object(&[0x75], &object(&[0x5F, 0x2E], &wrapped));
            let photo = decode(&[&bytes[..], &[0; 3]].concat()).unwrap();
            assert_eq!(seen(&photo), (word, Some(240), Some(320), true));
            assert_eq!((photo.image(), photo.format().extension()), (&image[..], extension));
            assert_eq!(bytes.get(photo.range()), Some(&image[..]));
        }
    }
    assert_eq!(decode(&object(&[0x5F, 0x2E], &jpeg(240, 320))).unwrap().width(), Some(240));
}

#[test]
fn bombs_are_recognised_and_not_decoded() {
    assert_eq!(seen(&photo(&jpeg(65_535, 65_535)).unwrap()), ("jpeg", Some(65_535), Some(65_535), false));
    for (stream, width) in [
        (codestream(0x8000_0000, 0x8000_0000, 0, 0x8000_0000, 3), Some(0x8000_0000)),
        (codestream(1000, 1000, 0, 1, 3), Some(1000)),
        (codestream(240, 320, 0, 320, 16_384), Some(240)),
        (codestream(240, 320, 0, 0, 3), None),
        (codestream(240, 320, 241, 320, 3), None),
        (codestream(240, 320, 240, 320, 3), Some(0)),
    ] {
        let photo = photo(&stream).unwrap();
        assert_eq!((photo.width(), photo.may_be_decoded(), photo.image()), (width, false, &stream[..]));
    }
    let liar = jp2(&codestream(60_000, 60_000, 0, 60_000, 3), 240, 320);
    assert_eq!(seen(&photo(&liar).unwrap()), ("jp2", None, None, false));
}

#[test]
fn headers_that_cannot_be_read_leave_the_image_whole() {
    for image in [
        &[0xFF, 0xD8, 0xFF][..],
        &[0xFF, 0xD8, 0xFF, 0xE0, 0, 0],
        &[0xFF, 0xD8, 0xFF, 0xDA, 0, 2],
        &[0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0xFF, 0x4F, 0xFF, 0x51, 0, 47],
        b"\0\0\0\x0CjP  \r\n\x87\n",
        b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x01jp2h\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
        &jpeg(240, 0),
    ] {
        let photo = photo(image).unwrap();
        assert_eq!((photo.width(), photo.may_be_decoded(), photo.image()), (None, false, image));
    }
}

#[test]
fn other_kinds_of_files_are_refused() {
    for other in [&b"\x89PNG\r\n\x1A\n"[..], b"GIF89a", b"%PDF-1.7", b"<svg/>", b"<html>", b"\x7FELF", b"RIFF", b"\0"] {
        let wrong = photo(other).unwrap_err();
        assert_eq!(wrong, Malformed::new("an image that is neither JPEG nor JPEG 2000", 9));
    }
}

#[test]
fn records_that_contradict_themselves_are_refused() {
    let good = record(1, &jpeg(240, 320));
    let with = |at: usize, bytes: &[u8]| {
        let mut record = good.clone();
        record[at..at + bytes.len()].copy_from_slice(bytes);
        photo(&record)
    };
    assert!(photo(&good).is_ok());
    for (at, bytes) in [
        (4, &b"020\0"[..]),   // version
        (8, &[0xFF; 4]),      // length of the record
        (8, &[0, 0, 0, 16]),  // the record ends inside its block header
        (12, &[0, 0]),        // no image
        (14, &[0xFF; 4]),     // length of the block
        (14, &[0, 0, 0, 30]), // shorter than its headers
        (18, &[0xFF, 0xFF]),  // feature points
    ] {
        let offset = with(at, bytes).unwrap_err().offset;
        assert!((9..=9 + 14).contains(&offset), "{at}: {offset}");
    }
    assert!(photo(b"FAC\x00010\x00").is_err());
}

#[test]
fn missing_and_doubled_images_are_refused() {
    let image = object(&[0x5F, 0x2E], &jpeg(1, 1));
    assert!(decode(&object(&[0x75], &[])).is_err());
    assert!(decode(&object(&[0x75], &[image.clone(), image.clone()].concat())).is_err());
    assert!(decode(&object(&[0x70], &image)).is_err());
    assert!(photo(&[]).is_err());
    assert!(decode(&[]).is_err());
}

#[test]
fn the_image_is_not_shown_by_debug() {
    let shown = format!("{:?}", photo(&jpeg(240, 320)).unwrap());
    assert!(shown.contains("Jpeg") && shown.len() < 150, "{shown}");
}

proptest! {
    #[test]
    fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..200), start in 0..4usize) {
        let starts: [&[u8]; 4] = [&[], &[0xFF, 0xD8, 0xFF], &[0xFF, 0x4F, 0xFF, 0x51], &jpeg2000::SIGNATURE];
        let image = [starts[start], &bytes].concat();
        let _ = (decode(&bytes), photo(&image), photo(&record(2, &image)));
    }

    #[test]
    fn any_change_of_a_few_bytes_decodes_or_fails(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        kind in 0..3usize,
    ) {
        let stream = codestream(240, 320, 0, 64, 3);
        let image = vec![jpeg(240, 320), jp2(&stream, 240, 320), stream.clone()].swap_remove(kind);
        let mut bytes = object(&[0x75], &object(&[0x5F, 0x2E], &record(1, &image)));
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(photo) = decode(&bytes) {
            prop_assert_eq!(bytes.get(photo.range()), Some(photo.image()));
        }
    }
}
