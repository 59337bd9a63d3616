//! Sections 2, 3 and 7: the elementary files byte for byte, and that the second specimen differs in everything.

use hex_literal::hex;

use crate::read;

/// A constructed object of one-byte tags: tag and value of each member.
fn members(object: &[u8], template: u8) -> Vec<(u8, Vec<u8>)> {
    let [tag, length, rest @ ..] = object else { panic!("too short") };
    assert_eq!((*tag, usize::from(*length)), (template, rest.len()), "short form of length expected");
    let (mut out, mut rest) = (Vec::new(), rest);
    while let [tag, length, tail @ ..] = rest {
        let (value, after) = tail.split_at(usize::from(*length));
        out.push((*tag, value.to_vec()));
        rest = after;
    }
    out
}

fn texts(object: &[u8], template: u8) -> Vec<(u8, String)> {
    members(object, template).into_iter().map(|(tag, value)| (tag, String::from_utf8(value).unwrap())).collect()
}

#[test]
fn personal_info_1_is_that_of_section_7() {
    let expected = [
        (0x80, "نمونه"),
        (0x81, "شناسه\u{200C}پور"),
        (0x82, "0001234560"),
        (0x83, "آزمون"),
        (0x84, "\u{2}"),
        (0x85, "13751230"),
        (0x86, "تهران"),
        (0x88, "شیراز"),
        (0x90, "NEMUNEH"),
        (0x91, "SHENASEHPUR"),
    ];
    for image in ["specimen", "specimen-p256"] {
        let found = texts(&read(image, "personal1.bin"), 0x70);
        assert_eq!(found, expected.map(|(tag, text)| (tag, text.to_string())), "{image}");
    }
}

#[test]
fn personal_info_2_is_that_of_section_7() {
    let expected = [(0x80, "1234"), (0x81, "الف12"), (0x82, "123456"), (0x83, "تهران"), (0x87, "1354612345")];
    for image in ["specimen", "specimen-p256"] {
        let found = texts(&read(image, "personal2.bin"), 0x71);
        assert_eq!(found, expected.map(|(tag, text)| (tag, text.to_string())), "{image}");
    }
}

#[test]
fn fingers_are_right_and_left_index() {
    let expected = hex!("7F611F 020102 7F600B 830181 A106 810108 820109 7F600B 830182 A106 810108 82010A");
    assert_eq!(read("specimen", "fingers.bin"), expected);
}

#[test]
fn free_files_have_the_known_forms() {
    let dates = hex!(
        "B212FEFF 0031 0034 0030 0033 0030 0031 0030 0031"
        "B312FEFF 0031 0034 0031 0030 0030 0031 0030 0031"
    );
    assert_eq!(read("specimen", "dates.bin"), dates);
    for image in ["specimen", "specimen-p256", "specimen-2", "mav2", "mav4"] {
        assert_eq!(read(image, "meta.bin"), hex!("AD0100"), "{image}");
        assert_eq!(read(image, "dates.bin").len(), 40, "{image}");
        let versions = read(image, "versions.bin");
        let tags: Vec<u8> = members(&[&[0x70, versions.len().try_into().unwrap()], &versions[..]].concat(), 0x70)
            .into_iter()
            .map(|(tag, _)| tag)
            .collect();
        assert_eq!(tags, [0xCC, 0xD5, 0xD6, 0xD7], "{image}");
        let crn = read(image, "crn.bin");
        assert_eq!((crn.len(), &crn[..6], &crn[13..]), (21, &b"\x01\x01\x12000"[..], &[0; 8][..]), "{image}");
    }
    assert_eq!(&read("specimen", "crn.bin")[3..13], b"0003141594");
}

#[test]
fn every_card_has_its_own_serial_number() {
    let mut seen = std::collections::HashSet::new();
    for image in crate::ALL {
        let cplc = read(image, "cplc.bin");
        assert_eq!((cplc.len(), &cplc[..3]), (45, &hex!("9F7F2A")[..]), "{image}");
        assert!(seen.insert(cplc[13..21].to_vec()), "{image}");
    }
}

#[test]
fn the_second_specimen_differs_in_every_value() {
    for (file, template) in [("personal1.bin", 0x70), ("personal2.bin", 0x71)] {
        let other = members(&read("specimen-2", file), template);
        for (tag, value) in members(&read("specimen", file), template) {
            let twin = other.iter().find(|(found, _)| *found == tag).unwrap();
            assert_ne!(twin.1, value, "{file}, tag {tag:02X}");
        }
    }
    for file in ["fingers.bin", "photo.bin", "dates.bin", "crn.bin", "cplc.bin", "sod.bin", "sign.der", "auth.der"] {
        assert_ne!(read("specimen", file), read("specimen-2", file), "{file}");
    }
    assert_eq!(members(&read("specimen-2", "personal1.bin"), 0x70)[2].1, b"0009876545", "a number of data/iran.md 3.1");
}
