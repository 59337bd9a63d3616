//! Signals while a reader is waited for or a card does not answer: the run ends at once, the next one finds all in order.

use super::{Lab, STUB};
use std::process::Output;

/// The program under `timeout`, which sends the signal after half a second.
fn interrupted(lab: &Lab, signal: &str, words: &[&str]) -> Output {
    let around = ["timeout", "--preserve-status", "-k", "20", "-s", signal, "0.5", env!("CARGO_BIN_EXE_idcard")];
    lab.run(around.into_iter().chain(words.iter().copied()))
}

#[test]
fn waiting_for_a_card_ends_with_the_signal() {
    let lab = Lab::start();
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let output = interrupted(&lab, signal, &["info", "--timeout", "60"]);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert!(output.stdout.is_empty());
    }
}

/// A card that takes every command and never answers.
fn silent_card(lab: &mut Lab) {
    let silent = STUB.replace(r"*) printf '\x00\x02\x6D\x00' >&3 ;;", "*) ;;");
    assert_ne!(silent, STUB);
    let mut card = lab.command("bash");
    card.args(["-c", &silent, &lab.port_of(0).to_string()]);
    lab.insert_peer(0, card);
}

#[test]
fn a_card_that_does_not_answer_is_let_go() {
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let mut lab = Lab::start();
        silent_card(&mut lab);
        let output = interrupted(&lab, signal, &["info", "--timeout", "60"]);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn a_card_that_does_not_answer_is_waited_for_as_long_as_asked() {
    let mut lab = Lab::start();
    silent_card(&mut lab);
    let output = lab.idcard(["info", "--timeout", "0.3"]);
    assert_eq!(output.status.code(), Some(10), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no answer within 0.3 s"), "{output:?}");
}
