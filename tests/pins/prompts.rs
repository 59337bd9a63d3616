//! The questions of `idcard pin` on a terminal: old, new, and the new one again; nothing is shown and nothing sent too early.

use super::{ID, PUK};
use crate::prompt::Terminal;

const OLD: &str = "Identity PIN, old (tries left: 3): ";
const NEW: &str = "Identity PIN, new: ";
const AGAIN: &str = "Identity PIN, new (again): ";

fn answer(terminal: &mut Terminal, question: &str, keys: &str) {
    terminal.until(question);
    terminal.press(&format!("{keys}\n"));
}

#[test]
fn the_new_pin_is_asked_for_twice() {
    let mut terminal = Terminal::run("--card sim:specimen pin change --pin-kind id");
    answer(&mut terminal, OLD, ID);
    answer(&mut terminal, NEW, "80516");
    answer(&mut terminal, AGAIN, "80516");
    let seen = terminal.ends_with(0);
    assert!(seen.contains("Identity PIN: changed"), "{seen}");
    assert!(!seen.contains("80516") && !seen.contains(ID), "{seen}");
}

#[test]
fn entries_that_differ_send_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let line = format!("--card sim:specimen --record {} pin unblock --pin-kind id", trace.display());
    let mut terminal = Terminal::run(&line);
    answer(&mut terminal, "Unblocking key (PUK) (tries left: 10): ", PUK);
    answer(&mut terminal, NEW, "80516");
    answer(&mut terminal, AGAIN, "80517");
    assert!(terminal.ends_with(2).contains("differ; nothing was sent"));
    let recorded = std::fs::read_to_string(trace).unwrap();
    assert!(!recorded.contains("**"), "no secret was on its way: {recorded}");
}

#[test]
fn an_empty_answer_or_ctrl_c_ends_it() {
    for (keys, status) in [("\n", 10), ("\u{3}", 130)] {
        let mut terminal = Terminal::run("--card sim:specimen pin change --pin-kind id");
        terminal.until(OLD);
        terminal.press(keys);
        terminal.ends_with(status);
    }
}

#[test]
fn a_pin_is_verified_and_a_weak_one_warned_of() {
    let mut terminal = Terminal::run("--card sim:specimen pin verify --pin-kind sign");
    answer(&mut terminal, "Signature PIN (tries left: 3): ", "123456");
    assert!(terminal.ends_with(0).contains("Signature PIN: accepted by the card"));
    let mut terminal = Terminal::run("--card sim:specimen pin change --pin-kind id");
    answer(&mut terminal, OLD, ID);
    answer(&mut terminal, NEW, "4321");
    answer(&mut terminal, AGAIN, "4321");
    assert!(terminal.ends_with(0).contains("easy to guess"));
}
