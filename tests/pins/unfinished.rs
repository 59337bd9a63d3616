//! While a change is unfinished no PIN goes to the card: each command says so, and says what ends it.

use super::command::{card, journal, pin};
use super::{ID, fail, full, held_by_all, pin as digits};
use crate::desk::Desk;
use crate::prompt::Terminal;
use idcard_core::{Card, Entitlement, Error, LastTry, PinKind};
use idcard_sim::Handle;

/// DF 0500 has the new PIN, the other objects have the old one: the card in the midst of a change.
fn torn(desk: &Desk) -> String {
    card(desk, &journal(0x00, 0x00, 0x0F), [("80516", "", 0), (ID, "", 0), (ID, "", 0)])
}

/// The specimen with these flags of DF 0500, DF 0200 and reference 81 in its journal.
fn flagged(flags: [u8; 3]) -> (Card, Handle) {
    let (card, handle) = super::card("specimen");
    handle.with_card(|card| {
        let content = &mut card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content;
        (content[29], content[8], content[12]) = (flags[0], flags[1], flags[2]);
    });
    (card, handle)
}

#[test]
fn no_pin_goes_out_to_objects_that_are_out_of_step() {
    let desk = Desk::new();
    let torn = torn(&desk);
    let nonce = "0123456789012345678901234567890123456789ABCD";
    let respond = ["auth", "respond", "--origin", "https://example.ir", "--challenge", nonce];
    for words in [&["read"][..], &["read", "--fields", "photo"], &respond] {
        let line = [&["--card", &torn, "--json", "--record", "trace"], words, &["--pin-file", "id-pin"]].concat();
        let error = desk.idcard(&line).error(11);
        assert_eq!(error["kind"], "pin_not_tried", "{words:?}");
        assert!(error["hint"].as_str().unwrap().contains("idcard pin resume"), "{words:?}: {error}");
        let trace = String::from_utf8(desk.bytes("trace")).unwrap();
        assert!(!trace.contains("**"), "{words:?}: no secret was on its way");
    }
    // The signature PIN has no part in it, and what is free comes all the same.
    desk.idcard(&["--card", &torn, "sign", "contract", "--pin-file", "pin"]).text(0);
    assert_eq!(desk.idcard(&["--card", &torn, "read", "--json"]).document(13)["dates"]["status"], "read");
}

/// A journal that is there and answers oddly hides how the last change ended (`reliability.md` C-16).
#[test]
fn no_pin_goes_out_where_the_journal_cannot_be_read() {
    let desk = Desk::new();
    let torn = torn(&desk);
    let nonce = "0123456789012345678901234567890123456789ABCD";
    let respond = ["auth", "respond", "--origin", "https://example.ir", "--challenge", nonce];
    for fault in ["C-16", "C-16c"] {
        let card = format!("{torn}+fault={fault}");
        for words in [&["read", "--fields", "identity"][..], &respond] {
            let line = [&["--card", &card, "--json", "--record", "trace"], words, &["--pin-file", "id-pin"]].concat();
            let done = desk.idcard(&line);
            assert_eq!(done.status, 12, "{fault} {words:?}: {}", done.stderr);
            if words != respond {
                let document = done.document(12);
                let detail = document["identity"]["detail"].as_str().unwrap();
                assert!(detail.contains("the identity PIN was not sent") && detail.contains("0010"), "{detail}");
            }
            let trace = String::from_utf8(desk.bytes("trace")).unwrap();
            assert!(!trace.contains("**"), "{fault} {words:?}: no secret was on its way");
        }
        let info = desk.idcard(&["--card", &card, "info", "--json"]).document(12);
        assert_eq!(info["warnings"], serde_json::json!(["pin_journal_unreadable"]), "{fault}");
        let seen = Terminal::run(&format!("--card {card} read --fields identity")).ends_with(13);
        assert!(seen.contains("the identity PIN was not sent") && !seen.contains("tries left"), "{seen}");
    }
    // The journal alone, which one of these exchanges reads: the security object came before it.
    let kept = (4..9).filter(|exchange| {
        let seen = Terminal::run(&format!("--card {torn}+fault=C-16@{exchange} read --fields identity")).ends_with(13);
        assert!(!seen.contains("tries left"), "{seen}");
        seen.contains("no identity PIN is sent")
    });
    assert_eq!(kept.count(), 1);
}

#[test]
fn info_and_status_tell_of_it() {
    let desk = Desk::new();
    let torn = torn(&desk);
    let info = desk.idcard(&["--card", &torn, "info", "--json"]).document(0);
    assert_eq!(info["warnings"], serde_json::json!(["pin_change_interrupted"]));
    for (lang, words) in [("en", "A change was interrupted"), ("fa", "نیمه‌کاره")] {
        for command in [&["info"][..], &["pin", "status"]] {
            let done = desk.idcard(&[&["--card", &torn, "--lang", lang], command].concat());
            assert!(done.text(0).contains(words) && done.text(0).contains("idcard pin resume"), "{}", done.text(0));
        }
    }
    let whole = desk.idcard(&["--card", "sim:specimen", "info", "--json"]).document(0);
    assert_eq!(whole["warnings"], serde_json::json!([]));
}

#[test]
fn nobody_is_asked_for_it() {
    let desk = Desk::new();
    let torn = torn(&desk);
    let seen = Terminal::run(&format!("--card {torn} read --fields identity")).ends_with(13);
    assert!(seen.contains("idcard pin resume") && !seen.contains("tries left"), "{seen}");
    let nonce = "0123456789012345678901234567890123456789ABCD";
    let respond = format!("--card {torn} auth respond --origin https://example.ir --challenge {nonce}");
    let seen = Terminal::run(&respond).ends_with(11);
    assert!(seen.contains("idcard pin resume") && !seen.contains("tries left"), "{seen}");
}

/// To its holder it is one PIN: the question names the tries of the object that has the fewest.
#[test]
fn the_question_names_the_fewest_tries() {
    let desk = Desk::new();
    let nonce = "0123456789012345678901234567890123456789ABCD";
    for (failed, left) in [([0, 0, 1], 2), ([2, 0, 0], 1), ([1, 0, 2], 1)] {
        let [ev, id, classic] = failed.map(|failed| (ID, "", failed));
        let uneven = card(&desk, &journal(0, 0, 0), [ev, id, classic]);
        let mut terminal = Terminal::run(&format!("--card {uneven} read --fields identity"));
        terminal.until(&format!("Identity PIN (tries left: {left}; empty: without): "));
        terminal.press("\n");
        terminal.ends_with(13);
        if failed[2] < 2 {
            let respond = format!("--card {uneven} auth respond --origin https://example.ir --challenge {nonce}");
            let mut terminal = Terminal::run(&respond);
            terminal.until(&format!("Identity PIN (tries left: {left}): "));
            terminal.press("\n");
            terminal.ends_with(10);
        }
    }
}

/// A card whose flags were never written: nothing of it looks like a change, and the first change writes them.
#[test]
fn flags_that_nobody_writes_are_those_of_a_new_card() {
    let (mut card, handle) = flagged([0xFF; 3]);
    card.session().unwrap().verify_pin(PinKind::Id, &digits(ID), LastTry::Refuse).unwrap();
    card.session().unwrap().change_pin(PinKind::Id, &digits(ID), &digits("7319"), LastTry::Refuse).unwrap();
    assert_eq!(held_by_all(&handle), ["7319"; 3]);
    let flags = super::journal(&handle);
    assert_eq!([flags[29], flags[8], flags[12]], [0; 3]);
}

/// Whatever the journal holds, a holder who knows of no change has a way back that costs no try.
#[test]
fn a_journal_that_is_wrong_is_cleared_by_the_pin_alone() {
    for flags in [[0x0F, 0, 0], [0x01, 0x0F, 0], [0x01; 3], [0x55, 0x01, 0xAA], [0, 0x0F, 0], [0x0F, 0, 0x01]] {
        let (mut card, handle) = flagged(flags);
        let old = digits(ID);
        let mut resume = |pin: &str| {
            let pin = digits(pin);
            let by = Entitlement::Old(&pin);
            card.session().unwrap().resume_pin(PinKind::Id, by, &pin, LastTry::Refuse)
        };
        let wrong = resume("7319");
        assert_eq!(wrong, Err(Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) }), "{flags:02X?}");
        resume(ID).unwrap_or_else(|error| panic!("{flags:02X?}: {error}"));
        assert_eq!((held_by_all(&handle), super::counters(&handle)), ([ID; 3].map(str::to_owned), full()));
        card.session().unwrap().verify_pin(PinKind::Id, &old, LastTry::Refuse).unwrap();
        let (mut card, handle) = flagged(flags);
        fail(&handle, "id-0200", 2);
        let by = Entitlement::Old(&old);
        let held = card.session().unwrap().resume_pin(PinKind::Id, by, &old, LastTry::Refuse);
        assert!(matches!(held, Err(Error::PinNotTried { tries_left: Some(1), .. })), "{held:?}");
    }
    let desk = Desk::new();
    let wrong = card(&desk, &journal(0x00, 0x00, 0x0F), [(ID, "", 0); 3]);
    assert_eq!(pin(&wrong, &["resume", "--json"], &[ID, ID]).document(0)["outcome"], "finished");
}
