//! Faults that lie in the card's memory: section 2c of the catalogue.

use super::*;

fn image(fault: &str) -> Image {
    let mut image = Image::builtin("specimen").unwrap();
    assert!(Fault::named(fault).unwrap().prepare(&mut image));
    image
}

fn content(fault: &str, applet: &str, path: &str) -> Vec<u8> {
    image(fault).file(applet, path).unwrap().content.clone()
}

fn personal(fault: &str) -> Vec<u8> {
    content(fault, "mpcos", "3F00/0200/0201")
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_memory_fault_changes_the_memory() {
    let honest = format!("{:?}", Image::builtin("specimen").unwrap());
    let rows = rows().filter(|row| matches!(row.script, Script::Memory(_)));
    for row in rows {
        assert_ne!(format!("{:?}", image(row.name)), honest, "{}", row.name);
    }
}

#[test]
fn words_stay_whole_in_mpcos() {
    for row in rows().filter(|row| matches!(row.script, Script::Memory(_))) {
        for file in &image(row.name).applet("mpcos").map(|applet| applet.files.clone()).unwrap_or_default() {
            assert_eq!(file.content.len() % 4, 0, "{}", row.name);
        }
    }
}

#[test]
fn tags_and_lengths() {
    assert!(personal("C-53").starts_with(&[0x70, 0x82, 0xFF, 0xFF, 0x80]) && personal("C-53").len() < 20);
    assert!(personal("C-54b").starts_with(&[0x70, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]));
    assert!(personal("C-55").starts_with(&[0x70, 0x80, 0x80]));
    assert_eq!(personal("C-55c").len(), 20_000);
    assert!(personal("C-56").starts_with(&[0x70, 0x83, 0x00, 0x00, 0x74, 0x80]));
    assert!(personal("C-58").starts_with(&[0x70, 0x14, 0x80, 0x00, 0x81, 0x00]));
    let number = b"\x82\x0A0001234560";
    assert!(!holds(&personal("C-58b"), number));
    assert_eq!(personal("C-58c").windows(12).filter(|window| window == number).count(), 2);
    assert!(personal("C-60b").starts_with(&[0xFF, 0xFF, 0xFF, 0x70]));
}

#[test]
fn texts_dates_and_numbers() {
    assert!(holds(&personal("C-61c"), b"\x1B[2J"));
    assert!(holds(&personal("C-61d"), "\u{202E}".as_bytes()));
    assert!(personal("C-61e").len() > 40_000);
    assert!(holds(&personal("C-63"), b"\x85\x0813751330"));
    assert!(holds(&personal("C-64"), b"\x82\x0A0001234561"));
    assert!(holds(&personal("C-64c"), b"\x82\x0B00012345600"));
    assert!(!holds(&content("C-65", "mpcos", "3F00/0200/0202"), b"1354612345"));
    let dates = content("C-63f", "mpcos", "3F00/0300/0303");
    assert!(dates.starts_with(b"\xB2\x12\xFE\xFF\x001\x004\x000\x003\x001\x003\x000\x001\xB3\x12\xFE\xFF"));
    assert_eq!(content("C-61f", "mpcos", "3F00/0300/0303")[1] % 2, 1);
}

#[test]
fn certificates_and_pictures() {
    let certificate = |fault: &str| content(fault, "classic", "3F00/5100/5040");
    assert_eq!((certificate("C-67").len(), certificate("C-67b").len()), (3, 100));
    assert!(certificate("C-66").ends_with(&[0xFF; 400]));
    assert!(certificate("C-68").starts_with(&[0x1F, 0x8B]));
    let photo = |fault: &str| content(fault, "mpcos", "3F00/0200/0203");
    for (fault, magic) in [("C-75", &[0xFF, 0xD8, 0xFF][..]), ("C-77", b"\x89PNG"), ("C-77d", b"%PDF-")] {
        assert!(
            photo(fault).starts_with(&[&[0x75, 0x82, 0x01, 0x07, 0x5F, 0x2E, 0x82, 0x01, 0x02][..], magic].concat())
        );
    }
    assert!(holds(&photo("C-76"), &[0xFF, 0x4F, 0xFF, 0x51]));
    assert!(content("C-79", "mpcos", "3F00/0200/0204").len() > 255 * 13);
}

#[test]
fn the_security_object_is_changed_in_one_place() {
    let honest = Image::builtin("specimen").unwrap().file("mpcos", "3F00/0200/0205").unwrap().content.clone();
    for (fault, bytes) in [("C-73b", 1), ("C-73c", 1), ("C-73d", 1), ("C-74", 1), ("C-74b", 1), ("C-74c", 2)] {
        let changed = content(fault, "mpcos", "3F00/0200/0205");
        assert_eq!(honest.iter().zip(&changed).filter(|(old, new)| old != new).count(), bytes, "{fault}");
    }
    assert_eq!(content("C-73", "mpcos", "3F00/0200/0205"), honest, "here the data changed, not the object");
}
