//! Section 2c of the catalogue, structure: lengths, tags, padding, certificates, pictures.

use std::iter::{once, repeat_n};

use super::Row;
use crate::card::tlv::object;
use crate::image::Image;

pub(super) const PERSONAL_1: &str = "3F00/0200/0201";
pub(super) const PERSONAL_2: &str = "3F00/0200/0202";
const PHOTO: &str = "3F00/0200/0203";
const FINGERS: &str = "3F00/0200/0204";
const SIGN: &str = "3F00/5100/5040";

pub(super) const ROWS: &[Row] = &[
    Row::memory("C-53", "a length beyond the end", |image| head(image, &[0x70, 0x82, 0xFF, 0xFF])),
    Row::memory("C-54", "a length of five bytes", |image| head(image, &[0x70, 0x85, 0, 0, 0, 0, 0x10])),
    Row::memory("C-54b", "a length of 4,294,967,295", |image| head(image, &[0x70, 0x84, 0xFF, 0xFF, 0xFF, 0xFF])),
    Row::memory("C-54c", "a length of 2^64 - 1", |image| {
        head(image, &[0x70, 0x88, 255, 255, 255, 255, 255, 255, 255, 255])
    }),
    Row::memory("C-54d", "a length of 126 bytes", |image| head(image, &[0x70, 0xFE])),
    Row::memory("C-55", "an indefinite length", |image| indefinite(image, &[0, 0])),
    Row::memory("C-55b", "an indefinite length without its end", |image| indefinite(image, &[])),
    Row::memory("C-55c", "10,000 templates in one another", |image| {
        put(image, PERSONAL_1, [0x70, 0x80].repeat(10_000))
    }),
    Row::memory("C-55d", "a certificate of indefinite length", |image| {
        certificate(image, |der| [&[0x30, 0x80], der.get(4..).unwrap_or_default(), &[0, 0]].concat())
    }),
    Row::memory("C-56", "a length longer than needed", |image| {
        inner(image, |inner| [&[0x70, 0x83, 0, 0, len(inner)], inner].concat())
    }),
    Row::memory("C-56b", "a tag of 20 bytes", |image| {
        inner(image, |inner| {
            let tag: Vec<u8> = once(0x1F).chain(repeat_n(0x80, 18)).chain([0x01, 0x00]).collect();
            object(0x70, &[&tag, inner].concat())
        })
    }),
    Row::memory("C-58", "every value is empty", |image| {
        fields(image, PERSONAL_1, |fields| fields.iter_mut().for_each(|(_, value)| value.clear()))
    }),
    Row::memory("C-58b", "the national number is missing", |image| {
        fields(image, PERSONAL_1, |fields| fields.retain(|(tag, _)| *tag != 0x82))
    }),
    Row::memory("C-58c", "the national number stands there twice", |image| {
        fields(image, PERSONAL_1, |fields| {
            let again: Vec<_> = fields.iter().filter(|(tag, _)| *tag == 0x82).cloned().collect();
            fields.extend(again);
        })
    }),
    Row::memory("C-59", "unknown tags, and the known ones in reverse", |image| {
        fields(image, PERSONAL_1, |fields| {
            fields.reverse();
            fields.push((0x9E, b"unknown".to_vec()));
            fields.insert(0, (0x9D, vec![0xFF; 3]));
        })
    }),
    Row::memory("C-60", "00 before, between and after the objects", |image| padded(image, 0x00)),
    Row::memory("C-60b", "FF before, between and after the objects", |image| padded(image, 0xFF)),
    Row::memory("C-66", "FF behind the signing certificate", |image| {
        certificate(image, |der| der.iter().copied().chain(repeat_n(0xFF, 400)).collect())
    }),
    Row::memory("C-66b", "an old certificate behind the signing certificate", |image| {
        certificate(image, |der| [der, der].concat())
    }),
    Row::memory("C-67", "a signing certificate of three bytes", |image| {
        certificate(image, |der| der.iter().take(3).copied().collect())
    }),
    Row::memory("C-67b", "a signing certificate cut after 100 bytes", |image| {
        certificate(image, |der| der.iter().take(100).copied().collect())
    }),
    Row::memory("C-68", "a compressed signing certificate", |image| {
        certificate(image, |_| {
            [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0xFF].into_iter().chain(repeat_n(0, 1014)).collect()
        })
    }),
    Row::memory("C-75", "a JPEG of 65,535 by 65,535", |image| {
        picture(
            image,
            &[
                0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x11, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0x03, 1, 0x22, 0, 2, 0x11, 1, 3,
                0x11, 1, 0xFF, 0xDA, 0x00, 0x0C, 0x03, 1, 0, 2, 0x11, 3, 0x11, 0, 0x3F, 0, 0, 0, 0, 0xFF, 0xD9,
            ],
        )
    }),
    Row::memory("C-76", "a JPEG 2000 codestream of 16,384 components", |image| {
        picture(image, &codestream(240, 320, 0x4000))
    }),
    Row::memory("C-76b", "a JPEG 2000 codestream of 2^31 by 2^31 in tiles of one", |image| {
        picture(image, &codestream(1 << 31, 1 << 31, 3))
    }),
    Row::memory("C-77", "the photo is a PNG", |image| {
        picture(image, b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0")
    }),
    Row::memory("C-77b", "the photo is a GIF", |image| picture(image, b"GIF89a\x01\0\x01\0\0\0\0;")),
    Row::memory("C-77c", "the photo is a WebP", |image| {
        picture(image, b"RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xFE\x07\0")
    }),
    Row::memory("C-77d", "the photo is a PDF", |image| {
        picture(image, b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(1)>>>>endobj\n%%EOF")
    }),
    Row::memory("C-77e", "the photo is HTML", |image| picture(image, b"<!DOCTYPE html><script>1</script>")),
    Row::memory("C-77f", "the photo is an ELF program", |image| {
        picture(image, b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3E\0\x01\0\0\0")
    }),
    Row::memory("C-77g", "the photo is an SVG", |image| {
        picture(image, b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"1\"/>")
    }),
    Row::memory("C-79", "255 enrolled fingers", |image| put(image, FINGERS, fingers(255))),
    Row::memory("C-79b", "a fingerprint block of 30,000 bytes", |image| {
        put(image, FINGERS, wide([0x7F, 0x61], &object(0x5F, &vec![0x5A; 30_000])))
    }),
];

/// Puts other bytes into a file of MPCOS, padded to whole words.
pub(super) fn put(image: &mut Image, path: &str, mut bytes: Vec<u8>) -> Option<()> {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    image.file_mut("mpcos", path)?.content = bytes;
    Some(())
}

/// Changes the fields of one of the templates with personal data.
pub(super) fn fields(image: &mut Image, path: &str, change: impl FnOnce(&mut Vec<(u8, Vec<u8>)>)) -> Option<()> {
    let (tag, inner, _) = crate::card::tlv::first(&image.file("mpcos", path)?.content)?;
    let mut fields = crate::card::tlv::all(inner)?.into_iter().map(|(tag, value)| (tag, value.to_vec())).collect();
    change(&mut fields);
    let inner: Vec<u8> = fields.iter().flat_map(|(tag, value)| object(*tag, value)).collect();
    put(image, path, object(tag, &inner))
}

/// The value of one field becomes another.
pub(super) fn field(image: &mut Image, path: &str, tag: u8, value: &[u8]) -> Option<()> {
    let mut found = None;
    fields(image, path, |fields| {
        for (_, place) in fields.iter_mut().filter(|(known, _)| *known == tag) {
            *place = value.to_vec();
            found = Some(());
        }
    })?;
    found
}

/// Personal data with other bytes in place of tag and length, ten bytes of value at most.
fn head(image: &mut Image, head: &[u8]) -> Option<()> {
    inner(image, |inner| head.iter().chain(inner.iter().take(10)).copied().collect())
}

/// Personal data made anew from the bytes inside the template.
fn inner(image: &mut Image, make: impl FnOnce(&[u8]) -> Vec<u8>) -> Option<()> {
    let (_, inner, _) = crate::card::tlv::first(&image.file("mpcos", PERSONAL_1)?.content)?;
    let made = make(inner);
    put(image, PERSONAL_1, made)
}

fn indefinite(image: &mut Image, end: &[u8]) -> Option<()> {
    inner(image, |inner| [&[0x70, 0x80], inner, end].concat())
}

fn padded(image: &mut Image, padding: u8) -> Option<()> {
    inner(image, |inner| {
        let objects = crate::card::tlv::all(inner).unwrap_or_default();
        let inside = objects.iter().flat_map(|(tag, value)| [vec![padding], object(*tag, value)].concat());
        let inside: Vec<u8> = inside.chain([padding; 2]).collect();
        [vec![padding; 3], object(0x70, &inside), vec![padding; 8]].concat()
    })
}

/// The signing certificate made anew from its DER.
fn certificate(image: &mut Image, make: impl FnOnce(&[u8]) -> Vec<u8>) -> Option<()> {
    let content = &image.file("classic", SIGN)?.content;
    let (_, _, rest) = crate::card::tlv::first(content)?;
    let der = content.get(..content.len().checked_sub(rest.len())?)?;
    let made = make(der);
    image.file_mut("classic", SIGN)?.content = made;
    Some(())
}

/// A bare picture in the place of the facial record.
fn picture(image: &mut Image, picture: &[u8]) -> Option<()> {
    let mut picture = picture.to_vec();
    picture.resize(picture.len().max(258), 0);
    put(image, PHOTO, object(0x75, &wide([0x5F, 0x2E], &picture)))
}

/// Start and size marker of a JPEG 2000 codestream (ISO/IEC 15444-1, A.5.1), as much of it as fits the file.
fn codestream(width: u32, height: u32, components: u16) -> Vec<u8> {
    let mut stream = vec![0xFF, 0x4F, 0xFF, 0x51];
    stream.extend(components.wrapping_mul(3).wrapping_add(38).to_be_bytes());
    stream.extend([0, 0]);
    for number in [width, height, 0, 0, 1, 1, 0, 0] {
        stream.extend(number.to_be_bytes());
    }
    stream.extend(components.to_be_bytes());
    stream.extend([7, 1, 1].repeat(usize::from(components.min(8_000))));
    stream
}

fn fingers(count: u8) -> Vec<u8> {
    let finger = wide([0x7F, 0x60], &[0x83, 0x01, 0x81, 0xA1, 0x06, 0x81, 0x01, 0x08, 0x82, 0x01, 0x05]);
    wide([0x7F, 0x61], &[object(0x02, &[count]), finger.repeat(usize::from(count))].concat())
}

/// An object with a tag of two bytes.
fn wide(tag: [u8; 2], value: &[u8]) -> Vec<u8> {
    let [first, second] = tag;
    once(first).chain(object(second, value)).collect()
}

fn len(bytes: &[u8]) -> u8 {
    u8::try_from(bytes.len()).unwrap_or(u8::MAX)
}
