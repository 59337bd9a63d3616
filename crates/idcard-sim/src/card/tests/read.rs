//! READ BINARY, UPDATE BINARY, GET DATA: `specimen.md` 2.

use super::*;

/// A file of ten bytes in place of the dates, and of the certificate of the authority.
fn with_short_files(image: &str) -> Card {
    let mut image = Image::builtin(image).unwrap();
    image.file_mut("mpcos", "3F00/0300/0303").unwrap().content = (0..12).collect();
    image.file_mut("classic", "3F00/5000/5040").unwrap().content = (0..10).collect();
    Card::new(image)
}

#[test]
fn mpcos_counts_words() {
    let mut card = with_short_files("specimen");
    go(&mut card, &[MPCOS, MF, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0303"]);
    assert_eq!(say(&mut card, "00 B0 00 00 08"), "00010203040506079000");
    assert_eq!(say(&mut card, "00 B0 00 01 04"), "040506079000");
    assert_eq!(say(&mut card, "00 B0 00 02 03"), "08090A9000", "Le need not be a multiple of four");
    assert_eq!(say(&mut card, "00 B0 00 02 05"), "08090A0B6282");
    assert_eq!(say(&mut card, "00 B0 00 02 00"), "08090A0B6282");
    assert_eq!(say(&mut card, "00 B0 00 03 01"), "6B00");
    assert_eq!(say(&mut card, "00 B0 00 00"), "6700");
}

#[test]
fn classic_counts_bytes() {
    let mut card = with_short_files("specimen");
    go(&mut card, &[CLASSIC, "00 A4 00 0C 02 5000", "00 A4 02 0C 02 5040"]);
    assert_eq!(say(&mut card, "00 B0 00 01 04"), "010203049000");
    assert_eq!(say(&mut card, "00 B0 00 08 02"), "08099000");
    assert_eq!(say(&mut card, "00 B0 00 08 03"), "08096282");
    assert_eq!(say(&mut card, "00 B0 00 0A 01"), "6B00");
}

#[test]
fn on_t0_the_end_is_announced() {
    let mut card = with_short_files("specimen-t0");
    go(&mut card, &[CLASSIC, "00 A4 00 0C 02 5000", "00 A4 02 0C 02 5040"]);
    assert_eq!(say(&mut card, "00 B0 00 08 03"), "6C02");
    assert_eq!(say(&mut card, "00 B0 00 08 02"), "08099000");
    assert_eq!(say(&mut card, "00 B0 00 00 00"), "6C0A");
    assert_eq!(say(&mut card, "00 B0 00 0A 01"), "6B00");
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0303"]);
    assert_eq!(say(&mut card, "00 B0 00 02 F8"), "6C04");
    assert_eq!(say(&mut card, "00 B0 00 03 F8"), "6B00");
}

#[test]
fn extended_length_where_the_atr_says_so() {
    let mut long = Image::builtin("specimen").unwrap();
    long.file_mut("mpcos", "3F00/0300/0303").unwrap().content = vec![0x5A; 40_000];
    let mut card = Card::new(long.clone());
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0303"]);
    let all = say(&mut card, "00 B0 00 00 00 0000");
    assert_eq!(all.len(), 2 * 40_002);
    assert!(all.ends_with("5A6282"));
    let some = say(&mut card, "00 B0 00 01 00 0200");
    assert_eq!(some.len(), 2 * 514);
    assert!(some.ends_with("5A9000"));
    // Extended Lc, and SELECT in extended form.
    go(&mut card, &["00 A4 02 0C 00 0002 0302"]);
    assert_eq!(say(&mut card, "00 B0 00 00 00 00"), "6700");

    let mut card = super::card("specimen-t0");
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0303"]);
    assert_eq!(say(&mut card, "00 B0 00 00 00 0000"), "6700");
}

#[test]
fn without_a_file_there_is_nothing_to_read() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS]);
    assert_eq!(say(&mut card, "00 B0 00 00 04"), "6986");
    assert_eq!(say(&mut card, "00 B0 82 00 04"), "6A82", "no file has a short identifier");
    go(&mut card, &[MANAGER]);
    assert_eq!(say(&mut card, "00 B0 00 00 04"), "6E00");
}

#[test]
fn identity_files_need_the_pin_of_their_folder() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0200"]);
    for file in ["0201", "0202", "0203"] {
        go(&mut card, &[&format!("00 A4 02 0C 02 {file}")]);
        assert_eq!(say(&mut card, "00 B0 00 00 04"), "6982", "{file}");
    }
    for file in ["0204", "0205"] {
        go(&mut card, &[&format!("00 A4 02 0C 02 {file}")]);
        assert!(say(&mut card, "00 B0 00 00 04").ends_with("9000"), "{file}");
    }
    // The PIN of DF 0500 does not open DF 0200.
    go(&mut card, &[MF, "00 A4 01 0C 02 0500", "00 20 00 00 08 3132333400000000", MF, "00 A4 01 0C 02 0200"]);
    go(&mut card, &["00 A4 02 0C 02 0201"]);
    assert_eq!(say(&mut card, "00 B0 00 00 04"), "6982");
    go(&mut card, &["00 20 00 00 08 3132333400000000"]);
    for file in ["0201", "0202", "0203"] {
        go(&mut card, &[&format!("00 A4 02 0C 02 {file}")]);
        assert!(say(&mut card, "00 B0 00 00 04").ends_with("9000"), "{file}");
    }
}

#[test]
fn free_files_and_their_tags() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0302"]);
    assert_eq!(say(&mut card, "00 B0 00 00 03"), "AD01009000");
    go(&mut card, &["00 A4 02 0C 02 0303"]);
    assert_eq!(say(&mut card, "00 B0 00 00 14"), "B212FEFF003100340030003300300031003000319000");
    assert_eq!(say(&mut card, "00 B0 00 05 14"), "B312FEFF003100340031003000300031003000319000");
    go(&mut card, &[MF, "00 A4 01 0C 02 0600", "00 A4 02 0C 02 0601"]);
    assert!(say(&mut card, "00 B0 00 00 01").starts_with("CC"));
}

#[test]
fn data_objects_of_the_card_manager() {
    for image in ["specimen", "specimen-t0"] {
        let mut card = card(image);
        go(&mut card, &[MANAGER]);
        let cplc = say(&mut card, "80 CA 9F 7F 2D");
        assert!(cplc.starts_with("9F7F2A") && cplc.len() == 2 * 47 && cplc.ends_with("9000"), "{cplc}");
        assert_eq!(say(&mut card, "80 CA 01 01 15"), "010112303030333134313539340000000000000000".to_owned() + "9000");
        assert_eq!(say(&mut card, "80 CA 9F 7F 10"), "6C2D");
        assert_eq!(say(&mut card, "80 CA 00 66 00"), "6A88");
    }
    let mut t0 = card("specimen-t0");
    go(&mut t0, &[MANAGER]);
    assert_eq!(say(&mut t0, "80 CA 9F 7F 00"), "6C2D");
    let mut t1 = card("specimen");
    go(&mut t1, &[MANAGER]);
    assert_eq!(say(&mut t1, "80 CA 9F 7F 00").len(), 2 * 47);
}

#[test]
fn the_journal_is_written_by_words() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS, "00 A4 02 0C 02 0010"]);
    assert_eq!(say(&mut card, "00 B0 00 00 20"), format!("{}9000", "00".repeat(32)));
    go(&mut card, &["00 D6 00 02 01 01", "00 D6 00 07 02 020F"]);
    assert_eq!(say(&mut card, "00 B0 00 02 04"), "010000009000");
    assert_eq!(say(&mut card, "00 B0 00 07 02"), "020F9000");
    assert_eq!(say(&mut card, "00 D6 00 08 01 01"), "6B00");
    assert_eq!(say(&mut card, "00 D6 00 07 05 0102030405"), "6700");
    card.reset();
    go(&mut card, &[MPCOS, "00 A4 02 0C 02 0010"]);
    assert_eq!(say(&mut card, "00 B0 00 07 02"), "020F9000", "a reset does not wipe it");
    go(&mut card, &["00 A4 01 0C 02 0300", "00 A4 02 0C 02 0302"]);
    assert_eq!(say(&mut card, "00 D6 00 00 01 01"), "6982");
}

#[test]
fn classes_and_instructions_that_are_not_there() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC]);
    assert_eq!(say(&mut card, "00 FE 00 00"), "6D00");
    assert_eq!(say(&mut card, "A0 B0 00 00 01"), "6E00");
    assert_eq!(say(&mut card, "01 B0 00 00 01"), "6881");
    assert_eq!(say(&mut card, "10 B0 00 00 01"), "6884");
    assert_eq!(say(&mut card, "0C B0 00 00 01"), "6882");
    assert_eq!(say(&mut card, "00 B0 00"), "6700");
    assert_eq!(say(&mut card, "00 A4 04 0C 10 A000"), "6700");
}
