//! No copy of a secret stays in the memory of the program once the card has it, whatever it did with it.
//!
//! The card is another process behind the PC/SC service, so that what the program's memory holds came in by itself. It is
//! held while it writes its result into a pipe that is full, which is the state that `gcore` would write to a file.

use super::Lab;
use crate::desk::Desk;
use crate::pins::secrets::{self, ID, KENC, KMAC, NEW, PUK, SIGNING};
use crate::wiping::{copies, held};
use std::io::{Read, Write};

const NONCE: &str = "0123456789012345678901234567890123456789ABCD";

/// What a secret looks like inside the program: digits as typed, packed, keys as bytes and in the hex of their file.
fn forms() -> Vec<(String, Vec<u8>)> {
    let packed = |pin: &str| hex(pin);
    let pins = [("ID", ID), ("NEW", NEW), ("SIGN", SIGNING), ("PUK", PUK)].into_iter();
    let pins = pins
        .flat_map(|(name, pin)| [(name.to_owned(), pin.as_bytes().to_vec()), (format!("{name} packed"), packed(pin))]);
    let keys = [("KENC", KENC), ("KMAC", KMAC)].into_iter().flat_map(|(name, key)| {
        let bytes = hex(key);
        [
            (format!("{name} in hex"), key.as_bytes().to_vec()),
            (format!("first half of {name}"), bytes[..8].to_vec()),
            (format!("second half of {name}"), bytes[8..].to_vec()),
        ]
    });
    pins.chain(keys).collect()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// The keys of the last channel, made from what the service has logged of it (`nid-card.md` 7, steps 9 and 10).
fn session_keys(desk: &Desk, log: &str) -> Vec<(String, Vec<u8>)> {
    let lines: Vec<&str> = log.lines().collect();
    let at = lines.iter().rposition(|line| line.contains(" APDU: 80 82 00 00 48 ")).unwrap();
    let bytes = |line: &str, mark: &str| hex(&line.split_once(mark).unwrap().1.replace(' ', "").to_uppercase());
    let answer = lines[at..].iter().find(|line| line.contains(" SW: ")).unwrap();
    let shares = [&bytes(lines[at], " APDU: ")[5..69], &bytes(answer, " SW: ")[..64]].map(|cryptogram| {
        desk.write("cryptogram", cryptogram);
        let words = ["enc", "-d", "-des-ede-cbc", "-nopad", "-K", KENC, "-iv", "0000000000000000", "-in", "cryptogram"];
        desk.openssl_agrees(&words)[32..].to_vec()
    });
    let shared: Vec<u8> = shares[0].iter().zip(&shares[1]).map(|(ours, theirs)| ours ^ theirs).collect();
    let keys = [1, 2].map(|number| {
        desk.write("shared", &[&shared[..], &[0, 0, 0, number]].concat());
        desk.openssl_agrees(&["dgst", "-sha1", "-binary", "shared"])[..16].to_vec()
    });
    let named = ["encryption", "authentication"].into_iter().zip(keys);
    let halves = named.flat_map(|(name, key)| {
        [
            (format!("first half of the {name} key"), key[..8].to_vec()),
            (format!("second half of the {name} key"), key[8..].to_vec()),
        ]
    });
    halves.chain([("shared secret".to_owned(), shared[..16].to_vec())]).collect()
}

#[test]
fn nothing_of_a_secret_is_left_whatever_was_done_with_it() {
    if !rustix::process::geteuid().is_root() {
        let _ = writeln!(std::io::stderr(), "not tested: only root may look into the memory of the program");
        return;
    }
    let runs: &[(&[&str], &[&str])] = &[
        (&["read", "--json"], &[ID]),
        (&["sign", "contract", "-o", "-"], &[SIGNING]),
        (&["auth", "respond", "--origin", "https://example.ir", "--challenge", NONCE], &[ID]),
        (&["pin", "verify", "--pin-kind", "id", "--json"], &[ID]),
        (&["pin", "verify", "--pin-kind", "sign", "--json"], &[SIGNING]),
        (&["pin", "change", "--pin-kind", "id", "--json"], &[ID, NEW]),
        (&["pin", "change", "--pin-kind", "id", "--json"], &[NEW, ID]),
        (&["pin", "unblock", "--pin-kind", "sign", "--json"], &[PUK, SIGNING]),
        (&["pin", "unblock", "--pin-kind", "id", "--json"], &[PUK, NEW]),
    ];
    let mut found = Vec::new();
    for sealed in [false, true] {
        let desk = Desk::new();
        desk.secret("keys", &secrets::keys());
        let mut lab = Lab::start();
        lab.insert(secrets::card(&desk, sealed).trim_start_matches("sim:"));
        for (words, lines) in runs {
            desk.secret("lines", &lines.join("\n"));
            let mut command = lab.command(program());
            command.current_dir(desk.path("")).args(*words).args(["--pin-file", "lines"]);
            if sealed {
                command.args(["--terminal-keys", "keys"]);
            }
            let (mut child, mut reader) = held(command);
            let control = copies(&child, b"--pin-file");
            let uses_the_channel = sealed && words[0] != "sign" && !words.contains(&"sign");
            let session = if uses_the_channel { session_keys(&desk, &lab.log_text()) } else { Vec::new() };
            for (name, secret) in forms().into_iter().chain(session) {
                let there = copies(&child, &secret).unwrap();
                if there > 0 {
                    found.push(format!("{words:?} sealed {sealed}: {name} {there} times"));
                }
            }
            let mut result = Vec::new();
            reader.read_to_end(&mut result).unwrap();
            assert!(child.wait().unwrap().success(), "{words:?} sealed {sealed}");
            assert!(control > Some(0), "the search finds what is there");
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The program of the tests, or another build of it that `IDCARD_RELEASE` names.
fn program() -> String {
    std::env::var("IDCARD_RELEASE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_idcard").to_owned())
}
