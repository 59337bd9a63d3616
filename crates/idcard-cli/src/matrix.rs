//! Every command of the program against every trouble at every exchange, inside the process and on a virtual clock.

mod contract;
mod room;
mod trouble;

use contract::{Run, Terms};
use room::Room;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trouble::Trouble;

const NONE: &Terms = &Terms { pins: &[], same: true, shows_status: false };
/// The counters of PINs and the applets that answer are status words put in other words.
const STATES: &Terms = &Terms { pins: &[], same: true, shows_status: true };
/// `specimen.md` 5: the PIN of DF 0200 has the reference 00, those of the keys 81 and 82.
const IDENTITY: &Terms = &Terms { pins: &[0x00], same: true, shows_status: false };
const TOKEN: &Terms = &Terms { pins: &[0x81], same: true, shows_status: false };
const RAW: &Terms = &Terms { pins: &[0x82], same: true, shows_status: false };
/// The time of signing differs from run to run.
const SIGNED: &Terms = &Terms { pins: &[0x82], same: false, shows_status: false };

/// Every column at every exchange of a command.
fn every_trouble(terms: &Terms, cards: &[&str], words: &[&str]) {
    let room = Room::new();
    let mut broken = Vec::new();
    for card in cards {
        let honest = run(&room, card, words, None);
        let exchanges = honest.commands().len();
        assert!([0, 13].contains(&honest.played.status) && exchanges > 2, "{}", honest.played.stderr);
        for trouble in Trouble::all() {
            for exchange in 0..exchanges {
                let cell = AssertUnwindSafe(|| {
                    let run = run(&room, card, words, Some((trouble.clone(), exchange)));
                    contract::holds(terms, &trouble, &honest, &run);
                    if !terms.same && run.played.status == 0 {
                        is_valid(&room, &run);
                    }
                });
                if let Err(why) = catch_unwind(cell) {
                    let text = why.downcast_ref::<String>().map(String::as_str);
                    let text = text.or(why.downcast_ref::<&str>().copied()).unwrap_or_default();
                    broken.push(format!("{card} {trouble}@{exchange}: {text}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} cells: {:#?}", broken.len(), &broken[..broken.len().min(40)]);
}

/// The signature that a run left is one.
fn is_valid(room: &Room, run: &Run) {
    let (name, bytes) = run.files.first_key_value().unwrap();
    std::fs::write(room.path("signed"), bytes).unwrap();
    let words: &[&str] = match name.as_str() {
        "attached" => &["verify", "@signed", "--ca", "@authorities"],
        _ => &["verify", "@document", "--signature", "@signed", "--ca", "@authorities"],
    };
    let verdict = room.run("specimen", words, |_| {});
    assert_eq!(verdict.status, 0, "{}", verdict.stderr);
}

fn run(room: &Room, card: &str, words: &[&str], trouble: Option<(Trouble, usize)>) -> Run {
    let befall = move |reader: &idcard_sim::Handle| {
        if let Some((trouble, exchange)) = trouble {
            trouble.befall(exchange, reader);
        }
    };
    let played = room.run(card, words, befall);
    Run { played, files: room.take_output() }
}

const BOTH: &[&str] = &["specimen", "specimen-t0"];

#[test]
fn info() {
    every_trouble(STATES, BOTH, &["info"]);
}

#[test]
fn read_without_pin() {
    every_trouble(NONE, &["specimen"], &["read"]);
}

#[test]
fn read_with_pin() {
    every_trouble(
        IDENTITY,
        &["specimen"],
        &["read", "--pin-file", "@pin", "--raw", "@out/raw", "--photo", "@out/photo.jpg"],
    );
}

#[test]
fn read_some() {
    every_trouble(IDENTITY, &["specimen-t0"], &["read", "--pin-file", "@pin", "--fields", "card,identity,dates"]);
}

#[test]
fn cert_list() {
    every_trouble(NONE, BOTH, &["cert", "list"]);
}

#[test]
fn cert_export() {
    every_trouble(NONE, BOTH, &["cert", "export", "--slot", "auth", "-o", "@out/auth.der"]);
}

#[test]
fn pin_status() {
    every_trouble(STATES, BOTH, &["pin", "status"]);
}

#[test]
fn sign() {
    every_trouble(SIGNED, BOTH, &["sign", "@document", "-o", "@out/signature", "--pin-file", "@pin"]);
}

#[test]
fn sign_attached() {
    every_trouble(
        SIGNED,
        &["specimen-p256"],
        &["sign", "@document", "-o", "@out/attached", "--attached", "--pin-file", "@pin"],
    );
}

#[test]
fn sign_raw() {
    every_trouble(RAW, &["specimen"], &["sign", "@document", "-o", "@out/raw", "--type", "raw", "--pin-file", "@pin"]);
}

#[test]
fn auth_respond() {
    let nonce = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH";
    every_trouble(
        TOKEN,
        &["specimen"],
        &["auth", "respond", "--origin", "https://example.org", "--challenge", nonce, "--pin-file", "@pin"],
    );
}
