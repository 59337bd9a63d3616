//! How much memory a run takes at most (`reliability.md` E0.2): never more than 64 MiB, whatever card or file it meets.
//!
//! The program under test is the one that `cargo test` builds, which takes more than the one that users have; what that
//! one takes, `.ci/memory` bounds more closely.
#![cfg(target_os = "linux")]

use crate::desk::Desk;
use idcard_sim::Fault;
use std::process::{Command, Stdio};

/// 64 MiB in KiB.
const BOUND: u64 = 64 << 10;

/// The most memory that was resident in a run, in KiB: GNU time asks the kernel, from a process that is small itself.
fn peak(desk: &Desk, words: &[&str]) -> u64 {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-q", "-f", "%M", "-o", &desk.arg("peak"), env!("CARGO_BIN_EXE_idcard")]).args(words);
    command.current_dir(desk.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().expect("GNU time (Debian: time)");
    let told = String::from_utf8(desk.bytes("peak")).unwrap();
    let peak = told.trim().parse().unwrap_or_else(|_| panic!("{told}"));
    assert!(peak > 1_000, "a program in less than a mebibyte: {told}");
    peak
}

#[test]
fn a_faulty_card_takes_no_memory() {
    let desk = Desk::new();
    for (fault, what) in Fault::all() {
        let card = format!("sim:specimen+fault={fault}");
        for words in [
            &["--card", &card, "read", "--pin-file", "id-pin"][..],
            &["--card", &card, "sign", "contract", "--pin-file", "pin"],
        ] {
            let peak = peak(&desk, words);
            assert!(peak < BOUND, "{fault} ({what}), {}: {peak} KiB", words[2]);
        }
    }
}

#[test]
fn a_hostile_file_takes_no_memory() {
    let desk = Desk::new();
    let mebibyte = 1 << 20;
    let signed_data = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
    // Headers that claim 2 GiB, or nest without end; lines without end.
    desk.write("claims.p7m", &[&b"\x30\x84\x7F\xFF\xFF\xFF"[..], signed_data, &vec![0; mebibyte]].concat());
    desk.write("nested.p7m", &[&b"\x30\x80"[..], signed_data, &b"\xA0\x80\x30\x80".repeat(mebibyte / 4)].concat());
    desk.write("line.pem", &[&b"-----BEGIN CMS-----\n"[..], &vec![b'A'; mebibyte]].concat());
    desk.write("line.apdu", &[&b"# idcard trace 1\n> "[..], &vec![b'0'; mebibyte]].concat());
    desk.write("many.apdu", &[&b"# idcard trace 1\n"[..], &b"begin\nend\n".repeat(mebibyte / 10)].concat());
    desk.write("picture.toml", &vec![b'['; mebibyte]);
    for words in [
        &["verify", "claims.p7m"][..],
        &["verify", "nested.p7m"],
        &["verify", "line.pem"],
        &["verify", "contract", "--signature", "claims.p7m"],
        &["verify", "contract", "--certificate", "line.pem", "--signature", "pin"],
        &["ca", "check", "line.pem"],
        &["--card", "replay:line.apdu", "read"],
        &["--card", "replay:many.apdu", "read"],
        &["trace", "show", "many.apdu"],
        &["--page", "picture.toml", "--card", "sim:specimen", "info"],
        &["--card", "sim:picture.toml", "info"],
    ] {
        let peak = peak(&desk, words);
        assert!(peak < BOUND, "{words:?}: {peak} KiB");
    }
}

/// The memory of `sign` and `verify` does not grow with the document.
#[test]
fn a_long_document_takes_no_more_memory_than_a_short_one() {
    let desk = Desk::new();
    std::fs::File::create(desk.path("long")).unwrap().set_len(192 << 20).unwrap();
    desk.write("short", &vec![0; 2 << 20]);
    for steps in [
        &[&["--card", "sim:specimen", "sign", "FILE", "--pin-file", "pin"][..], &["verify", "FILE"]][..],
        &[&["--card", "sim:specimen", "sign", "FILE", "--attached", "--pin-file", "pin"], &["verify", "FILE.p7m"]],
    ] {
        for words in steps {
            let of = |file: &str| {
                let words: Vec<_> = words.iter().map(|word| word.replace("FILE", file)).collect();
                peak(&desk, &words.iter().map(String::as_str).collect::<Vec<_>>())
            };
            let (short, long) = (of("short"), of("long"));
            assert!(long < short + (4 << 10), "{words:?}: {short} KiB, {long} KiB");
        }
    }
}
