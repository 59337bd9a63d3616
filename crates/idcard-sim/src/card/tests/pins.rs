//! VERIFY, counters, change and unblock: `specimen.md` 5, `nid-card.md` 5.

use super::*;

const ID_FOLDER: &str = "00 A4 01 0C 02 0200";
const ID_PIN: &str = "00 20 00 00 08 3132333400000000";
const WRONG: &str = "00 20 00 00 08 3132333500000000";
const ID_81: &str = "00 20 00 81 10 31323334000000000000000000000000";
const WRONG_81: &str = "00 20 00 81 10 31323335000000000000000000000000";
const SIGN: &str = "00 20 00 82 10 31323334353600000000000000000000";

fn mpcos(image: &str) -> Card {
    let mut card = card(image);
    go(&mut card, &[MPCOS, ID_FOLDER]);
    card
}

#[test]
fn mpcos_counts_down_and_blocks() {
    for image in ["specimen", "specimen-t0"] {
        let mut card = mpcos(image);
        assert_eq!(say(&mut card, WRONG), "63C2");
        assert_eq!(say(&mut card, WRONG), "63C1");
        go(&mut card, &[ID_PIN]);
        assert_eq!(say(&mut card, WRONG), "63C2", "the right one sets the counter back");
        assert_eq!(say(&mut card, WRONG), "63C1");
        assert_eq!(say(&mut card, WRONG), "63C0");
        assert_eq!(say(&mut card, ID_PIN), "6983", "blocked, even for the right one");
        // The other objects have counters of their own.
        go(&mut card, &[MF, "00 A4 01 0C 02 0500", ID_PIN]);
        go(&mut card, &[CLASSIC, ID_81]);
    }
}

#[test]
fn counters_shown_without_a_try() {
    for (folder, file) in [("0200", "2F01"), ("0500", "5F04")] {
        let mut card = card("specimen");
        go(&mut card, &[MPCOS, &format!("00 A4 01 0C 02 {folder}"), &format!("00 A4 02 0C 02 {file}")]);
        for bits in ["00", "01", "03", "07", "07"] {
            assert_eq!(say(&mut card, "80 C0 02 05 0C"), format!("00{bits}{}9000", "00".repeat(10)));
            say(&mut card, WRONG);
        }
        assert_eq!(say(&mut card, "80 24 01 00 08 00000000 12340000"), "63C9");
        assert_eq!(say(&mut card, "80 24 01 00 08 00000000 12340000"), "63C8");
        assert_eq!(say(&mut card, "80 C0 02 05 0C"), format!("000702{}9000", "00".repeat(9)));
        assert_eq!(say(&mut card, "00 B0 00 00 04"), "6982");
    }
    let mut other = mpcos("specimen");
    assert_eq!(say(&mut other, "80 C0 02 05 0C"), "6986");
    go(&mut other, &["00 A4 02 0C 02 0204"]);
    assert_eq!(say(&mut other, "80 C0 02 05 0C"), "6981");
}

#[test]
fn on_t0_get_info_refuses_while_an_answer_waits() {
    let mut card = mpcos("specimen-t0");
    assert_eq!(say(&mut card, "00 A4 02 04 02 2F01"), "610D");
    assert_eq!(say(&mut card, "80 C0 02 05 0C"), "6B00");
    assert_eq!(say(&mut card, "80 C0 02 05 0C"), format!("{}9000", "00".repeat(12)));
    assert_eq!(say(&mut card, "80 C0 02 05 10"), "6C0C");
}

#[test]
fn mpcos_compares_packed_digits() {
    let mut card = mpcos("specimen");
    go(&mut card, &["00 20 00 00 08 3132333430303030"]);
    assert_eq!(say(&mut card, "00 20 00 00 08 31323334FFFFFFFF"), "63C2");
    assert_eq!(say(&mut card, "00 20 00 00 04 31323334"), "6700");
    assert_eq!(say(&mut card, "00 20 00 00"), "6700");
    assert_eq!(say(&mut card, "00 20 00 81 08 3132333400000000"), "6A88");
    go(&mut card, &[MF]);
    assert_eq!(say(&mut card, ID_PIN), "6A88", "the master file has no PIN");
}

#[test]
fn classic_status_and_verification() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC]);
    assert_eq!(say(&mut card, "00 20 00 81"), "63C3");
    assert_eq!(say(&mut card, "00 20 00 81 00"), "63C3");
    assert_eq!(say(&mut card, "00 20 00 83"), "63CA");
    assert_eq!(say(&mut card, "00 20 00 82"), "6A88");
    assert_eq!(say(&mut card, SIGN), "6A88", "known inside 5100 only");
    assert_eq!(say(&mut card, "00 20 00 01"), "6A88");
    go(&mut card, &[ID_81, "00 20 00 81"]);
    assert_eq!(say(&mut card, WRONG_81), "63C2");
    assert_eq!(say(&mut card, "00 20 00 81"), "63C2", "a wrong one ends the verification");
    go(&mut card, &["00 A4 00 0C 02 5100"]);
    assert_eq!(say(&mut card, "00 20 00 82"), "63C3");
    go(&mut card, &[SIGN, "00 20 00 82"]);
    assert_eq!(say(&mut card, WRONG_81), "63C1");
    assert_eq!(say(&mut card, WRONG_81), "63C0");
    assert_eq!(say(&mut card, "00 20 00 81"), "6983");
    assert_eq!(say(&mut card, ID_81), "6983");
    assert_eq!(say(&mut card, "00 20 00 81 08 3132333400000000"), "6700");
}

#[test]
fn another_applet_or_a_reset_forgets_folders_and_names_do_not() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC, ID_81, "00 A4 00 0C 02 5100", SIGN, "00 A4 00 0C 02 5000", "00 20 00 81", CLASSIC]);
    go(&mut card, &["00 20 00 81", "00 A4 00 0C 02 5100", "00 20 00 82"]);
    assert_eq!(say(&mut card, "00 A4 04 0C 06 A00000009999"), "6A82");
    go(&mut card, &["00 20 00 81", MPCOS, CLASSIC]);
    assert_eq!(say(&mut card, "00 20 00 81"), "63C3");
    go(&mut card, &[ID_81]);
    card.reset();
    go(&mut card, &[CLASSIC]);
    assert_eq!(say(&mut card, "00 20 00 81"), "63C3");

    let mut card = mpcos("specimen");
    go(&mut card, &[ID_PIN, MF, "00 A4 01 0C 02 0300", MPCOS, ID_FOLDER, "00 A4 02 0C 02 0201"]);
    assert!(say(&mut card, "00 B0 00 00 04").ends_with("9000"));
    go(&mut card, &[MANAGER, MPCOS, ID_FOLDER, "00 A4 02 0C 02 0201"]);
    assert_eq!(say(&mut card, "00 B0 00 00 04"), "6982");
}

#[test]
fn mpcos_change_and_unblock() {
    let mut card = mpcos("specimen");
    assert_eq!(say(&mut card, "80 24 00 00 08 12350000 56780000"), "63C2");
    go(&mut card, &["80 24 00 00 08 12340000 56780000", "00 20 00 00 08 3536373800000000"]);
    assert_eq!(say(&mut card, ID_PIN), "63C2");
    assert_eq!(say(&mut card, ID_PIN), "63C1");
    assert_eq!(say(&mut card, ID_PIN), "63C0");
    assert_eq!(say(&mut card, "80 24 00 00 08 56780000 12340000"), "6983");
    assert_eq!(say(&mut card, "80 24 01 00 08 87654320 12340000"), "63C9");
    go(&mut card, &["80 24 01 00 08 87654321 12340000", ID_PIN]);
    for left in (0..10).rev() {
        assert_eq!(say(&mut card, "80 24 01 00 08 87654320 12340000"), format!("63C{left:X}"));
    }
    assert_eq!(say(&mut card, "80 24 01 00 08 87654321 12340000"), "6983");
    assert_eq!(say(&mut card, "80 24 00 00 07 123400005678"), "6700");
    assert_eq!(say(&mut card, "80 24 00 00 08 12340000 ABCD0000"), "6A80");
    assert_eq!(say(&mut card, "80 24 02 00 08 12340000 56780000"), "6A86");
    go(&mut card, &[MF]);
    assert_eq!(say(&mut card, "80 24 00 00 08 12340000 56780000"), "6A88");
}

#[test]
fn classic_change_and_unblock_share_one_puk() {
    let field = |digits: &str| hex::encode(digits) + &"00".repeat(16 - digits.len());
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC]);
    assert_eq!(say(&mut card, &format!("00 24 00 81 20 {} {}", field("1235"), field("56789"))), "63C2");
    go(&mut card, &[&format!("00 24 00 81 20 {} {}", field("1234"), field("56789"))]);
    assert_eq!(say(&mut card, "00 20 00 81"), "63C3", "the new value has not been presented");
    go(&mut card, &[&format!("00 20 00 81 10 {}", field("56789"))]);
    assert_eq!(say(&mut card, &format!("00 24 00 81 20 {} {}", field("56789"), field("123"))), "6A80");
    assert_eq!(say(&mut card, &format!("00 24 00 81 20 {} {}", field("56789"), field("123456789"))), "6A80");
    assert_eq!(say(&mut card, &format!("00 24 00 82 20 {} {}", field("123456"), field("654321"))), "6A88");
    assert_eq!(say(&mut card, &format!("00 2C 00 81 20 {} {}", field("87654320"), field("1234"))), "63C9");
    go(&mut card, &["00 A4 00 0C 02 5100"]);
    assert_eq!(say(&mut card, &format!("00 2C 00 82 20 {} {}", field("87654320"), field("654321"))), "63C8");
    assert_eq!(say(&mut card, "00 20 00 83"), "63C8");
    for _ in 0..3 {
        say(&mut card, "00 20 00 82 10 00000000000000000000000000000000");
    }
    assert_eq!(say(&mut card, "00 20 00 82"), "6983");
    go(&mut card, &[&format!("00 2C 00 82 20 {} {}", field("87654321"), field("654321"))]);
    assert_eq!(say(&mut card, "00 20 00 83"), "63CA");
    assert_eq!(say(&mut card, "00 20 00 82"), "63C3");
    go(&mut card, &[&format!("00 20 00 82 10 {}", field("654321"))]);
    assert_eq!(say(&mut card, &format!("00 2C 00 81 20 {}", field("87654321"))), "6700");
    for _ in 0..10 {
        say(&mut card, &format!("00 2C 00 81 20 {} {}", field("00000000"), field("1234")));
    }
    assert_eq!(say(&mut card, "00 20 00 83"), "6983");
    assert_eq!(say(&mut card, &format!("00 2C 00 82 20 {} {}", field("87654321"), field("654321"))), "6983");
}
