//! Section 2c of the catalogue, meaning: texts, dates and numbers that cannot be.

use super::Row;
use super::content::{PERSONAL_1, PERSONAL_2, field, fields, put};
use crate::card::tlv::object;
use crate::image::Image;

const DATES: &str = "3F00/0300/0303";

pub(super) const ROWS: &[Row] = &[
    Row::memory("C-61", "a name that is not UTF-8", |image| name(image, b"\xC3\x28\xA0\xA1\xE2\x28\xA1\xFF")),
    Row::memory("C-61b", "a name with NUL", |image| name(image, b"NE\0MUNEH")),
    Row::memory("C-61c", "a name with terminal control sequences", |image| {
        name(image, b"\x1B]0;owned\x07\x1B[2J\x1B[31mNEMUNEH\r\n\x9B2J")
    }),
    Row::memory("C-61d", "a name with a right-to-left override", |image| {
        name(image, "abc\u{202E}gpj.exe\u{2066}".as_bytes())
    }),
    Row::memory("C-61e", "a name of 40,000 bytes", |image| name(image, &[b'A'; 40_000])),
    Row::memory("C-61f", "a date in UTF-16 of an odd length", |image| {
        issue(image, b"\xFE\xFF\x001\x004\x000\x003\x000\x001\x000\x001\x00")
    }),
    Row::memory("C-61g", "a date with half of a surrogate pair", |image| {
        issue(image, b"\xFE\xFF\xD8\x00\x001\x004\x000\x003\x000\x001\x000")
    }),
    Row::memory("C-62", "Arabic yeh and kaf, and digits of both scripts", |image| {
        name(image, "\u{643}\u{64A}\u{649}\u{6F1}\u{662}".as_bytes())
    }),
    Row::memory("C-63", "born in the thirteenth month", |image| born(image, b"13751330")),
    Row::memory("C-63b", "born on 30 Esfand of a common year", |image| born(image, b"13741230")),
    Row::memory("C-63c", "born on 0000/00/00", |image| born(image, b"00000000")),
    Row::memory("C-63d", "a Gregorian date of birth", |image| born(image, b"19970320")),
    Row::memory("C-63e", "a date of birth that is no digits", |image| born(image, b"13\xC2\xA91230")),
    Row::memory("C-63f", "issued in the thirteenth month", |image| {
        issue(image, b"\xFE\xFF\x001\x004\x000\x003\x001\x003\x000\x001")
    }),
    Row::memory("C-64", "a national number with a wrong check digit", |image| {
        field(image, PERSONAL_1, 0x82, b"0001234561")
    }),
    Row::memory("C-64b", "a national number of nine digits", |image| field(image, PERSONAL_1, 0x82, b"000123456")),
    Row::memory("C-64c", "a national number of eleven digits", |image| field(image, PERSONAL_1, 0x82, b"00012345600")),
    Row::memory("C-65", "no postal code", |image| {
        fields(image, PERSONAL_2, |fields| fields.retain(|(tag, _)| *tag != 0x87))
    }),
    Row::memory("C-65b", "a postal code with letters", |image| field(image, PERSONAL_2, 0x87, b"13546I2345")),
    Row::memory("C-65c", "a postal code of nine digits", |image| field(image, PERSONAL_2, 0x87, b"135461234")),
];

/// The given name becomes another.
fn name(image: &mut Image, value: &[u8]) -> Option<()> {
    field(image, PERSONAL_1, 0x80, value)
}

fn born(image: &mut Image, value: &[u8]) -> Option<()> {
    field(image, PERSONAL_1, 0x85, value)
}

/// The date of issue becomes another; that of expiry stays.
fn issue(image: &mut Image, value: &[u8]) -> Option<()> {
    let content = image.file("mpcos", DATES)?.content.clone();
    let (_, _, expiry) = crate::card::tlv::first(&content)?;
    put(image, DATES, [&object(0xB2, value), expiry].concat())
}
