//! Where data objects in a row end, and bounds that no file gets beyond.

use super::super::*;
use super::odd::{AT_ONCE, Visit, photo_of, quiet};

fn dates(file: Vec<u8>, unit: u8) -> (Result<Vec<u8>, Error>, usize) {
    let mut visit = Visit::new(Extended::Never, quiet(file, usize::from(unit)), AT_ONCE);
    let (read, sent) = visit.fetch(ItemName::Dates, unit);
    (read.map(|file| file.bytes), sent.len())
}

#[test]
fn a_file_that_ends_with_an_object_is_whole_and_one_that_ends_within_is_not() {
    for row in [&[0x82, 1, 7][..], &[0x82, 1, 7, 0x83, 2, 9, 9]] {
        assert_eq!(dates(row.to_vec(), 1).0.unwrap(), row);
    }
    for cut in [&[0x82][..], &[0x82, 5, 7], &[0x82, 1, 7, 0x83], &[0x82, 1, 7, 0x83, 2, 9]] {
        let (read, _) = dates(cut.to_vec(), 1);
        assert!(matches!(read, Err(Error::Malformed { .. })), "{cut:02X?}: {read:?}");
    }
}

/// Padding alone does not end a row that has not begun.
#[test]
fn padding_of_more_than_an_answer_may_stand_before_a_row() {
    for padding in [251, 252, 253, 600] {
        let file = [vec![0; padding], vec![0x82, 1, 7], vec![0; 300]].concat();
        assert_eq!(dates(file, 1).0.unwrap(), [0x82, 1, 7], "{padding}");
        let (read, _) = dates(vec![0; padding], 1);
        assert!(matches!(read, Err(Error::Empty(ItemName::Dates))), "{read:?}");
    }
}

/// 32 KiB of value and a header are the longest object, and the longest row: what tells of more is refused at once.
#[test]
fn a_row_longer_than_an_object_can_be_is_refused_at_its_header() {
    let begins_with = |next: usize| {
        let mut file = [&[0x82, 98][..], &[7; 98]].concat();
        let [high, low] = u16::try_from(next - 4).unwrap().to_be_bytes();
        file.extend([0x83, 0x82, high, low]);
        file.extend(vec![9; 600]);
        file
    };
    let rest = tlv::LENGTH + 8 - 100;
    let (read, reads) = dates(begins_with(rest + 1), 1);
    assert!(matches!(read, Err(Error::Malformed { .. })), "{read:?}");
    assert_eq!(reads, 1);
    let (read, reads) = dates(begins_with(rest), 1);
    assert!(matches!(read, Err(Error::Malformed { .. })), "cut: {read:?}");
    assert!(reads > 1);
    let (read, reads) = dates(begins_with(604), 1);
    assert_eq!((read.unwrap().len(), reads), (704, 3));
}

/// ISO/IEC 7816-4, 11.3.3: P1 with its first bit set would name another file.
#[test]
fn no_offset_beyond_15_bits_is_sent() {
    let mut visit = Visit::new(Extended::Never, quiet(photo_of(0x8000), 1), AT_ONCE);
    visit.habits.chunk = 128;
    let (read, sent) = visit.fetch(ItemName::Photo, 1);
    assert!(matches!(read, Err(Error::Limit { .. })), "{read:?}");
    assert_eq!((sent.len(), sent.last().unwrap().as_str()), (256, "00B07F8080"));
}

#[test]
fn padding_without_end_ends() {
    let (read, reads) = dates(vec![0; 200_000], 4);
    assert!(matches!(read, Err(Error::Limit { .. })), "{read:?}");
    assert_eq!(reads, (tlv::LENGTH + 8_usize).div_ceil(252));
}
