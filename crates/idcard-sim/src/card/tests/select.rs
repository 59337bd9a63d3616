//! SELECT: `specimen.md` 2 and 8, `nid-card.md` 3.1 and 3.3.

use super::*;

#[test]
fn nothing_answers_before_an_applet_is_selected() {
    let mut card = card("specimen");
    assert_eq!(say(&mut card, MF), "6A82");
    assert_eq!(say(&mut card, "00 B0 00 00 04"), "6D00");
    assert_eq!(say(&mut card, "80 CA 9F 7F 2D"), "6D00");
}

#[test]
fn applets_by_their_names() {
    let mut card = card("specimen");
    go(&mut card, &[MANAGER, MPCOS, CLASSIC, "00 A4 04 0C 08 A000000018300301"]);
    // An unknown one leaves the selected one in place.
    assert_eq!(say(&mut card, "00 A4 04 0C 0C A00000001840000001634200 00"), "6A82");
    go(&mut card, &["00 A4 00 0C 02 3F00", "00 A4 01 0C 02 0300"]);
    assert_eq!(say(&mut card, "00 A4 04 0C 05 A000000018"), "6A82");
    assert_eq!(say(&mut card, "00 A4 04 0C 00"), "6700");
}

#[test]
fn the_master_file_is_current_after_an_applet() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0300", MPCOS, "00 A4 01 0C 02 0200"]);
}

#[test]
fn mpcos_knows_children_only() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS, MF, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0302"]);
    assert_eq!(say(&mut card, "00 A4 01 0C 02 0200"), "6A82", "a sibling is no child");
    assert_eq!(say(&mut card, "00 A4 00 0C 02 0200"), "6A82", "nor found from anywhere");
    assert_eq!(say(&mut card, "00 A4 02 0C 02 0201"), "6A82", "nor its files");
    go(&mut card, &["00 A4 02 0C 02 0303", MF, "00 A4 01 0C 02 0200", "00 A4 02 0C 02 0201"]);
    go(&mut card, &[MF, "00 A4 02 0C 02 0010"]);
    assert_eq!(say(&mut card, "00 A4 02 0C 02 0302"), "6A82");
}

#[test]
fn classic_finds_folders_from_anywhere() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC, MF, "00 A4 00 0C 02 5100", "00 A4 02 0C 02 5040", "00 A4 00 0C 02 5000"]);
    go(&mut card, &["00 A4 02 0C 02 5040", "00 A4 02 0C 02 0303"]);
    go(&mut card, &["00 A4 00 0C 02 5100"]);
    assert_eq!(say(&mut card, "00 A4 02 0C 02 0303"), "6A82", "0303 lies in 5000");
    assert_eq!(say(&mut card, "00 A4 01 0C 02 5000"), "6A82", "5000 is no child of 5100");
}

#[test]
fn paths_from_the_master_file() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC, "00 A4 08 0C 04 51005040", "00 A4 08 0C 02 5000", "00 A4 02 0C 02 0303"]);
    assert_eq!(say(&mut card, "00 A4 08 00 04 50155031 00"), "6F0B 8002 0024 8201 01 8302 5031 9000".replace(' ', ""));
    assert_eq!(say(&mut card, "00 A4 08 0C 04 50000304"), "6A82");
    assert_eq!(say(&mut card, "00 A4 08 00 02 2F00 00"), "6A82");
    assert_eq!(say(&mut card, "00 A4 02 00 02 2F00 00"), "6A82");
    assert_eq!(say(&mut card, "00 A4 08 0C 03 500003"), "6700");
}

#[test]
fn p2_decides_what_is_told() {
    let mut card = card("specimen");
    go(&mut card, &[MPCOS]);
    assert_eq!(say(&mut card, "00 A4 01 04 02 0300"), "620B80020000820138830203009000");
    assert_eq!(say(&mut card, "00 A4 02 04 02 0302"), "620B80020004820101830203029000", "3 bytes, padded to a word");
    assert_eq!(say(&mut card, "00 A4 02 00 02 0302"), "6F0B80020004820101830203029000");
    assert_eq!(say(&mut card, "00 A4 02 0C 02 0302"), "9000");
    assert_eq!(say(&mut card, "00 A4 02 08 02 0302"), "6A86");
    assert_eq!(
        say(&mut card, "00 A4 04 00 08 A000000018300301"),
        "6F1D80020000820138830 23F008410A00000001830030100000000000000009000".replace(' ', "")
    );
    assert_eq!(say(&mut card, "00 A4 00 0C 03 3F0000"), "6700");
}

#[test]
fn on_t0_an_answer_waits_to_be_fetched() {
    let mut card = card("specimen-t0");
    go(&mut card, &[MPCOS]);
    assert_eq!(say(&mut card, "00 A4 01 04 02 0300"), "610D");
    assert_eq!(say(&mut card, "00 C0 00 00 0E"), "6C0D");
    assert_eq!(say(&mut card, "00 C0 00 00 05"), "620B8002006108");
    assert_eq!(say(&mut card, "00 C0 00 00 08"), "00820138830203009000");
    assert_eq!(say(&mut card, "00 C0 00 00 01"), "6985");
    // What is not fetched is lost.
    assert_eq!(say(&mut card, "00 A4 02 04 02 0302"), "610D");
    go(&mut card, &["00 A4 02 0C 02 0303"]);
    assert_eq!(say(&mut card, "00 C0 00 00 0D"), "6985");
    // T=0 cannot carry both data and Le.
    assert_eq!(say(&mut card, "00 A4 02 04 02 0302 00"), "6700");
}

#[test]
fn p256_has_no_pkcs15_directory() {
    let mut card = card("specimen-p256");
    go(&mut card, &[CLASSIC]);
    assert_eq!(say(&mut card, "00 A4 00 0C 02 5015"), "6A82");
    assert_eq!(say(&mut card, "00 A4 08 0C 04 50155031"), "6A82");
}
