//! The card that is sealed by a secure channel: with the keys of a terminal, and without.

use super::contract::Terms;
use super::{IDENTITY, PLAIN, every_cell, every_trouble};

const CARD: &[&str] = &["specimen-sealed"];

/// Each PIN object once, inside the channel.
const VERIFY: Terms = Terms { pins: &[0x00, 0x00, 0x81], ..PLAIN };

/// That a card has no seal shows in one answer, the security object in clear (`specimen.md` 2.1): only a card that makes one up
/// gets the PIN that the user gave for it.
#[test]
fn without_keys_no_pin_goes_out() {
    let words = ["read", "--fields", "card,identity,dates", "--pin-file", "@pin"];
    every_cell(
        &IDENTITY,
        CARD,
        &words,
        |_| {},
        |_, trouble, run| {
            assert!(trouble.lies() || run.presented().is_empty(), "a PIN went out in clear");
        },
    );
}

#[test]
fn read() {
    let words = ["--terminal-keys", "@keys", "read", "--fields", "identity,postal,dates", "--pin-file", "@pin"];
    every_trouble(&IDENTITY, CARD, &words);
}

#[test]
fn pin_verify() {
    every_trouble(
        &VERIFY,
        CARD,
        &["--terminal-keys", "@keys", "pin", "verify", "--pin-kind", "id", "--pin-file", "@pin"],
    );
}
