//! How much a run takes at most (`reliability.md` E0): 64 MiB of memory, whatever card or file it meets, and 4,096 exchanges.
//!
//! The program under test is the one that `cargo test` builds, which takes more than the one that users have; what that
//! one takes, `.ci/memory` bounds more closely.
#![cfg(target_os = "linux")]

use crate::desk::Desk;
use idcard_sim::Fault;
use serde_json::Value;
use std::process::{Command, Stdio};

/// 64 MiB in KiB.
pub(crate) const BOUND: u64 = 64 << 10;

/// What a run took.
struct Taken {
    status: i32,
    /// The most memory that was resident, in KiB.
    peak: u64,
    /// What went over the link, where the run came to a card.
    exchanges: Option<u64>,
}

/// GNU time asks the kernel, from a process that is small itself; it notes the figure under this name.
fn taken(desk: &Desk, note: &str, words: &[&str]) -> Taken {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-q", "-f", "%M", "-o", &desk.arg(note), env!("CARGO_BIN_EXE_idcard")]).args(words);
    command.current_dir(desk.path("")).stdin(Stdio::null()).stdout(Stdio::null());
    let done = command.output().expect("GNU time (Debian: time)");
    let told = String::from_utf8(desk.bytes(note)).unwrap();
    let peak = told.trim().parse().unwrap_or_else(|_| panic!("{told}"));
    assert!(peak > 1_000, "a program in less than a mebibyte: {told}");
    let stderr = String::from_utf8(done.stderr).unwrap();
    let stats = stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let exchanges = stats.filter_map(|line| line["apdus"].as_u64()).next_back();
    Taken { status: done.status.code().expect("it ends by itself"), peak, exchanges }
}

pub(crate) fn peak(desk: &Desk, words: &[&str]) -> u64 {
    taken(desk, "peak", words).peak
}

/// The other commands do the same inside one process, whose peak `crates/idcard-cli/src/matrix/everywhere.rs` bounds.
#[test]
fn a_faulty_card_takes_no_memory_and_few_exchanges() {
    for (image, words) in [
        ("specimen", &["read", "--pin-file", "id-pin"][..]),
        ("specimen", &["sign", "contract", "--pin-file", "pin", "-o", "signature"]),
    ] {
        let desk = Desk::new();
        let run = |fault: &str| {
            taken(&desk, "peak", &[&["--stats", "--card", &format!("sim:{image}{fault}")], words].concat())
        };
        let honest = run("");
        assert!(honest.status == 0 && honest.exchanges > Some(2), "{words:?}: {}", honest.status);
        for (fault, what) in Fault::all() {
            let Taken { status, peak, exchanges } = run(&format!("+fault={fault}"));
            assert!(peak < BOUND, "{fault} ({what}), {words:?}: {peak} KiB");
            assert!(exchanges <= Some(4_096), "{fault} ({what}), {words:?}: {exchanges:?} exchanges");
            // Only a fault that the card cannot have, and a card that is not there, leave nothing to be told of the link.
            assert!(exchanges.is_some() || [2, 3, 4, 5, 6].contains(&status), "{fault} ({what}), {words:?}: {status}");
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
