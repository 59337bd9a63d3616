//! No copy of a secret stays in the memory of the program once the card has it, whatever it did with it.
//!
//! The card is another process behind the PC/SC service, so that what the program's memory holds came in by itself. It is
//! held while it writes its result into a pipe that is full, which is the state that `gcore` would write to a file.

use super::Lab;
use crate::desk::Desk;
use crate::pins::secrets::{self, ID, KENC, KMAC, NEW, PUK, SIGNING, Search, shown};
use crate::wiping::{held, memory};
use std::fs::File;
use std::io::{Read, Write};

const NONCE: &str = "0123456789012345678901234567890123456789ABCD";

/// What a PIN looks like inside the program: digits as typed, as numbers, packed; each also as a program would show it.
fn pin_forms(pin: &str) -> Vec<Vec<u8>> {
    let digits: Vec<u8> = pin.bytes().map(|digit| digit & 0x0F).collect();
    [pin.as_bytes(), &digits, &hex(pin)].into_iter().flat_map(shown).collect()
}

/// What a key of triple DES looks like: whole or half, in either order, as a program would show it, and made ready for use.
fn key_forms(key: &[u8]) -> Vec<Vec<u8>> {
    let reversed: Vec<u8> = key.iter().rev().copied().collect();
    let bytes = [key, &reversed].into_iter().flat_map(|key| [key, &key[..8], &key[8..]]);
    bytes.flat_map(shown).chain(round_keys(key)).collect()
}

/// The round keys of both halves (FIPS 46-3, appendix 1), each in either order of its six bytes.
fn round_keys(key: &[u8]) -> Vec<Vec<u8>> {
    const CHOICE_1: [u8; 56] = [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63,
        55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];
    const CHOICE_2: [u8; 48] = [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55,
        30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];
    let chosen =
        |from: &[bool], choice: &[u8]| choice.iter().map(|bit| from[usize::from(*bit) - 1]).collect::<Vec<_>>();
    let mut keys = Vec::new();
    for half in key.chunks(8) {
        let bits: Vec<bool> = half.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
        let mut bits = chosen(&bits, &CHOICE_1);
        for round in 1..=16 {
            let shift = if [1, 2, 9, 16].contains(&round) { 1 } else { 2 };
            bits.chunks_mut(28).for_each(|half| half.rotate_left(shift));
            let bits = chosen(&bits, &CHOICE_2);
            let bytes = bits.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | u8::from(*bit)));
            let bytes: Vec<u8> = bytes.collect();
            keys.extend([bytes.iter().rev().copied().collect(), bytes]);
        }
    }
    keys
}

/// A published worked example: the first and the last round key of 13 34 57 79 9B BC DF F1.
#[test]
fn round_keys_are_those_of_the_standard() {
    let keys = round_keys(&hex("133457799BBCDFF1"));
    assert_eq!((keys.len(), &keys[1], &keys[31]), (32, &hex("1B02EFFC7072"), &hex("CB3D8B0E17F5")));
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// The keys of the last channel, made from what the service has logged of it (`nid-card.md` 7, steps 9 and 10).
fn session_keys(desk: &Desk, log: &str) -> Vec<Vec<u8>> {
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
    keys.into_iter().flat_map(|key| key_forms(&key)).chain(shown(&shared[..16])).collect()
}

/// The same card in the midst of a change: the first object has the new PIN already.
fn torn(desk: &Desk) {
    let text = String::from_utf8(desk.bytes("card.toml")).unwrap();
    let object = |pin: &str| format!("folder = \"0500\", value = \"{pin}\"");
    let other = text.replace(&object(ID), &object(NEW)).replacen(
        "name = \"mpcos\"\n",
        &format!(
            "name = \"mpcos\"\nef = [{{ path = \"3F00/0010\", hex = \"{:058}0F0000\", size = 32, update = true }}]\n",
            0
        ),
        1,
    );
    assert_eq!(other.matches("0F0000").count(), 1);
    desk.write("card.toml", other.as_bytes());
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
        (&["pin", "resume", "--json"], &[ID, NEW]),
    ];
    let pins = [ID, NEW, SIGNING, PUK].into_iter().flat_map(pin_forms);
    let known = pins.chain([KENC, KMAC].into_iter().flat_map(|key| key_forms(&hex(key)))).collect::<Vec<_>>();
    let mut found = Vec::new();
    for sealed in [false, true] {
        let desk = Desk::new();
        desk.secret("keys", &secrets::keys());
        let mut lab = Lab::start();
        lab.insert(secrets::card(&desk, sealed).trim_start_matches("sim:"));
        for (words, lines) in runs {
            if words.contains(&"resume") {
                lab.remove();
                torn(&desk);
                lab.insert(&desk.arg("card.toml"));
            }
            let place = format!("{words:?} sealed {sealed}");
            desk.secret("lines", &lines.join("\n"));
            let mut command = lab.command(program());
            command.current_dir(desk.path("")).args(["-vvv", "--record", "trace"]).args(*words);
            command.args(["--pin-file", "lines"]).stderr(File::create(desk.path("log")).unwrap());
            if sealed {
                command.args(["--terminal-keys", "keys"]);
            }
            let (mut child, mut reader) = held(command);
            let memory = memory(&child).unwrap();
            let uses_the_channel = sealed && words[0] != "sign" && !words.contains(&"sign");
            let session = if uses_the_channel { session_keys(&desk, &lab.log_text()) } else { Vec::new() };
            let secrets = Search::of(known.iter().cloned().chain(session));
            // What others may look at while it runs, and what it leaves behind.
            let line = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
            let environment = std::fs::read(format!("/proc/{}/environ", child.id())).unwrap();
            let mut result = Vec::new();
            reader.read_to_end(&mut result).unwrap();
            assert!(child.wait().unwrap().success(), "{place}: {}", String::from_utf8_lossy(&desk.bytes("log")));
            assert!(memory.iter().any(|part| memchr::memmem::find(part, b"--pin-file").is_some()), "it is found");
            let written = ["log", "trace"].map(|file| desk.bytes(file).len());
            assert!(written.iter().all(|length| *length > 100), "{place}: {written:?}");
            for (what, bytes) in [("line", line), ("environment", environment), ("result", result)] {
                secrets.finds_nothing(&format!("{what} of {place}"), &bytes);
            }
            for file in ["log", "trace"] {
                secrets.finds_nothing(&format!("{file} of {place}"), &desk.bytes(file));
            }
            for secret in memory.iter().filter_map(|part| secrets.find(part)) {
                found.push(format!("{place}: {}", secret.iter().map(|byte| format!("{byte:02X}")).collect::<String>()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The program of the tests, or another build of it that `IDCARD_RELEASE` names.
fn program() -> String {
    std::env::var("IDCARD_RELEASE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_idcard").to_owned())
}
