//! Section 3.3: a facial record of ISO/IEC 19794-5:2005 with one image of 240 by 320.

use image::ImageFormat;

use crate::read;

/// The image inside `75 { 5F2E { record } }`, with the data type byte of the record.
fn picture(image: &str) -> (u8, Vec<u8>) {
    let file = read(image, "photo.bin");
    let length = |bytes: &[u8]| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    assert_eq!((&file[..2], length(&file[2..])), (&[0x75, 0x82][..], file.len() - 4), "{image}");
    assert_eq!((&file[4..7], length(&file[7..])), (&[0x5F, 0x2E, 0x82][..], file.len() - 9), "{image}");
    let record = &file[9..];
    assert_eq!(&record[..8], b"FAC\x00010\x00", "{image}");
    let long = |at: usize| u32::from_be_bytes(record[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((long(8), &record[12..14]), (record.len(), &[0, 1][..]), "{image}: whole length, one image");
    assert_eq!((long(14), &record[18..20]), (record.len() - 14, &[0, 0][..]), "{image}: block, no feature points");
    assert_eq!(&record[36..40], [0, 240, 1, 64], "{image}: 240 by 320");
    (record[35], record[46..].to_vec())
}

#[test]
fn the_first_specimen_holds_a_jpeg_of_about_15_kilobytes() {
    for image in ["specimen", "specimen-p256"] {
        let (kind, bytes) = picture(image);
        assert_eq!(kind, 0, "JPEG");
        assert!((14_000..16_000).contains(&bytes.len()), "{}", bytes.len());
        let decoded = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (240, 320));
    }
}

#[test]
fn the_second_specimen_holds_jpeg_2000() {
    let (kind, bytes) = picture("specimen-2");
    assert_eq!(kind, 1, "JPEG 2000");
    assert!(bytes.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n"), "a JP2 file begins with the signature box");
}
