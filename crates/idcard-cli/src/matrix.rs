//! Every command of the program against every trouble at every exchange, inside the process and on a virtual clock.

mod contract;
mod everywhere;
mod pins;
mod room;
mod sealed;
mod secrets;
mod trouble;

use contract::{Run, Terms};
use idcard_sim::Handle;
use room::Room;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trouble::Trouble;

/// A command that sends no PIN and shows what the files hold.
const PLAIN: Terms = Terms { pins: &[], writes: &[], tries: 3, same: true, shows_status: false };
/// The counters of PINs and the applets that answer are status words put in other words.
const STATES: Terms = Terms { shows_status: true, ..PLAIN };
/// `specimen.md` 5: the PIN of DF 0200 has the reference 00, those of the keys 81 and 82.
const IDENTITY: Terms = Terms { pins: &[0x00], ..PLAIN };
const TOKEN: Terms = Terms { pins: &[0x81], ..PLAIN };
const RAW: Terms = Terms { pins: &[0x82], ..PLAIN };
/// The time of signing differs from run to run.
const SIGNED: Terms = Terms { pins: &[0x82], same: false, ..PLAIN };

/// Every column at every exchange of a command.
fn every_trouble(terms: &Terms, cards: &[&str], words: &[&str]) {
    every_cell(
        terms,
        cards,
        words,
        |_| {},
        |room, _, run| {
            if !terms.same && run.played.status == 0 {
                is_valid(room, run);
            }
        },
    );
}

/// The same with a card that is made ready first; `after` looks at what a run left beside what every run is held to.
fn every_cell(
    terms: &Terms,
    cards: &[&str],
    words: &[&str],
    ready: fn(&Handle),
    after: impl Fn(&Room, &Trouble, &Run),
) {
    let room = Room::new();
    let mut broken = Broken::default();
    for card in cards {
        let honest = run(&room, card, words, ready);
        let exchanges = honest.commands().len();
        assert!([0, 13].contains(&honest.played.status) && exchanges > 2, "{}", honest.played.stderr);
        assert!(honest.log().count() >= exchanges, "the log tells of every exchange");
        let columns = Trouble::all();
        let stride = stride(columns.len() * exchanges);
        for (column, trouble) in columns.into_iter().enumerate() {
            for exchange in (0..exchanges).filter(|exchange| (column + exchange) % stride == 0) {
                broken.unless(&format!("{card} {trouble}@{exchange}"), || {
                    let befall = trouble.clone();
                    let run = run(&room, card, words, move |reader| {
                        ready(reader);
                        befall.befall(exchange, reader);
                    });
                    contract::holds(terms, &trouble, &honest, &run);
                    after(&room, &trouble, &run);
                });
            }
        }
    }
}

/// Set to `whole`, every trouble meets every exchange. Otherwise long commands go through their table on diagonals: every
/// trouble and every exchange has its turn, and not every pair of them.
const EXTENT: &str = "IDCARD_MATRIX";
/// About so many cells of a command and a card are quick enough for every day.
const QUICK: usize = 300;

fn stride(cells: usize) -> usize {
    match std::env::var(EXTENT).as_deref() {
        Ok("whole") => 1,
        _ => cells.div_ceil(QUICK),
    }
}

/// The cells that broke the contract, told all at once.
#[derive(Default)]
struct Broken(Vec<String>);

impl Broken {
    fn unless(&mut self, cell: &str, holds: impl FnOnce()) {
        if let Err(why) = catch_unwind(AssertUnwindSafe(holds)) {
            let text = why.downcast_ref::<String>().map(String::as_str);
            let text = text.or(why.downcast_ref::<&str>().copied()).unwrap_or_default();
            self.0.push(format!("{cell}: {text}"));
        }
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        let Self(broken) = self;
        assert!(
            broken.is_empty() || std::thread::panicking(),
            "{} cells: {:#?}",
            broken.len(),
            &broken[..broken.len().min(40)]
        );
    }
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

fn run(room: &Room, card: &str, words: &[&str], prepare: impl FnOnce(&Handle) + Send + 'static) -> Run {
    let played = room.run(card, words, prepare);
    Run { played, files: room.take_output(), trace: room.take_trace() }
}

const BOTH: &[&str] = &["specimen", "specimen-t0"];

#[test]
fn info() {
    every_trouble(&STATES, BOTH, &["info"]);
}

#[test]
fn read_without_pin() {
    every_trouble(&PLAIN, &["specimen"], &["read"]);
}

#[test]
fn read_with_pin() {
    every_trouble(
        &IDENTITY,
        &["specimen"],
        &["read", "--pin-file", "@pin", "--raw", "@out/raw", "--photo", "@out/photo.jpg"],
    );
}

#[test]
fn read_some() {
    every_trouble(
        &IDENTITY,
        &["specimen-t0"],
        &["read", "--pin-file", "@pin", "--fields", "card,identity,dates,security_object"],
    );
}

#[test]
fn cert_list() {
    every_trouble(&PLAIN, BOTH, &["cert", "list"]);
}

#[test]
fn cert_export() {
    every_trouble(&PLAIN, BOTH, &["cert", "export", "--slot", "auth", "-o", "@out/auth.der"]);
}

#[test]
fn pin_status() {
    every_trouble(&STATES, BOTH, &["pin", "status"]);
}

#[test]
fn probe() {
    every_trouble(&STATES, BOTH, &["probe"]);
}

#[test]
fn sign() {
    every_trouble(&SIGNED, BOTH, &["sign", "@document", "-o", "@out/signature", "--pin-file", "@pin"]);
}

#[test]
fn sign_attached() {
    every_trouble(
        &SIGNED,
        &["specimen-p256"],
        &["sign", "@document", "-o", "@out/attached", "--attached", "--pin-file", "@pin"],
    );
}

#[test]
fn sign_raw() {
    every_trouble(&RAW, &["specimen"], &["sign", "@document", "-o", "@out/raw", "--type", "raw", "--pin-file", "@pin"]);
}

#[test]
fn auth_respond() {
    let nonce = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH";
    every_trouble(
        &TOKEN,
        &["specimen"],
        &["auth", "respond", "--origin", "https://example.org", "--challenge", nonce, "--pin-file", "@pin"],
    );
}
