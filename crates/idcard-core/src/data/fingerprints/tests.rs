//! The fingers of the specimen (`specimen.md` 3.4 and 7), and templates that are not what they say.

use super::*;
use hex_literal::hex;
use proptest::prelude::*;

const SPECIMEN: [u8; 35] = hex!(
    "7F6120 020102"
    "7F600C 830181 A107 810108 820109 00"
    "7F600B 830182 A106 810108 82010A"
);

fn words(read: &Fingerprints) -> Vec<&'static str> {
    read.enrolled.iter().map(|entry| entry.finger.valid().map_or("?", |finger| finger.word())).collect()
}

#[test]
fn the_fingers_of_the_specimen_are_read() {
    let read = decode(&SPECIMEN).unwrap();
    assert_eq!(words(&read), ["right_index", "left_index"]);
    let references: Vec<_> = read.enrolled.iter().map(|entry| entry.reference.valid().copied().unwrap()).collect();
    assert_eq!(references, [0x81, 0x82]);
    assert!(read.match_on_card() && read.count_agrees());
}

#[test]
fn every_subtype_has_its_word() {
    for (code, word) in [
        (0x05, "right_thumb"),
        (0x09, "right_index"),
        (0x0D, "right_middle"),
        (0x11, "right_ring"),
        (0x15, "right_little"),
        (0x06, "left_thumb"),
        (0x0A, "left_index"),
        (0x0E, "left_middle"),
        (0x12, "left_ring"),
        (0x16, "left_little"),
    ] {
        assert_eq!(Finger::of_subtype(code).unwrap().word(), word);
    }
    assert_eq!((0..=255).filter_map(Finger::of_subtype).count(), 10);
}

#[test]
fn nobody_enrolled_is_not_an_error() {
    let read = decode(&hex!("7F6103 020100 0000")).unwrap();
    assert!(read.enrolled.is_empty() && !read.match_on_card() && read.count_agrees());
}

#[test]
fn a_bad_entry_leaves_the_others() {
    let read =
        decode(&hex!("7F611F 020102 7F600B 830181 A106 810108 820107 7F600B 830182 A106 810108 82010A")).unwrap();
    assert_eq!(words(&read), ["?", "left_index"]);
    assert_eq!(read.enrolled[0].finger.wrong().unwrap().offset, 19);
    let bare = decode(&hex!("7F6109 020102 7F6003 830181")).unwrap();
    assert_eq!((words(&bare), bare.match_on_card(), bare.count_agrees()), (vec!["?"], true, false));
}

#[test]
fn another_biometric_type_is_no_finger() {
    let face = decode(&hex!("7F6111 020101 7F600B 830181 A106 810102 820109")).unwrap();
    assert!(face.enrolled.is_empty());
}

#[test]
fn doubled_tags_crowds_and_other_templates_are_errors() {
    assert_eq!(decode(&hex!("7F6106 020101 020101")).unwrap_err().offset, 6);
    assert_eq!(decode(&hex!("7F610C 020101 7F6006 830181 830182")).unwrap_err().offset, 12);
    assert!(decode(&hex!("7F6000")).is_err());
    assert!(decode(&[]).is_err());
    let crowd = hex!("7F6003830181").repeat(17);
    let length = u8::try_from(crowd.len()).unwrap();
    assert!(decode(&[&[0x7F, 0x61, length][..], &crowd].concat()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = decode(&[&[0x7F, 0x61, 100][..], &bytes].concat());
        let _ = decode(&bytes);
    }

    #[test]
    fn any_change_of_one_byte_decodes_or_fails(at in 0..SPECIMEN.len(), value in any::<u8>()) {
        let mut bytes = SPECIMEN;
        bytes[at] = value;
        let _ = decode(&bytes);
    }
}
