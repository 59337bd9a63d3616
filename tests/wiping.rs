//! No copy of a PIN stays in the memory of the program once the card has it: neither in its buffers nor on a stack.
//!
//! The program is held while it writes its result into a pipe that is full, and its memory is searched meanwhile.
#![cfg(target_os = "linux")]

use crate::desk::Desk;
use std::fs::File;
use std::io::{PipeReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// As much as a pipe holds.
const FILLED: usize = 16 * 4096;
/// Longer than any of these runs takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// How often the program's memory holds these bytes; `None` where the kernel does not tell.
fn copies(of: &Child, wanted: &[u8]) -> Option<usize> {
    let memory = File::open(format!("/proc/{}/mem", of.id())).ok()?;
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", of.id())).ok()?;
    let mut found = 0;
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (first, last) = line.split(' ').next()?.split_once('-')?;
        let (first, last) = (u64::from_str_radix(first, 16).ok()?, u64::from_str_radix(last, 16).ok()?);
        let mut bytes = vec![0; usize::try_from(last - first).ok()?];
        if memory.read_exact_at(&mut bytes, first).is_ok() {
            found += bytes.windows(wanted.len()).filter(|part| part == &wanted).count();
        }
    }
    Some(found)
}

/// Starts the program and waits until the kernel says that it waits for room for its result.
fn held(desk: &Desk, words: &[&str]) -> (Child, PipeReader) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(&[b'\n'; FILLED]).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_idcard"));
    command.args(words).current_dir(desk.path("")).stdin(Stdio::null()).stdout(writer).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + DEADLINE;
    let place = format!("/proc/{}/wchan", child.id());
    while !std::fs::read_to_string(&place).is_ok_and(|place| place.contains("pipe_write")) {
        assert!(child.try_wait().unwrap().is_none(), "{words:?} ended without a result");
        assert!(Instant::now() < deadline, "{words:?} does not write a result");
        std::thread::yield_now();
    }
    (child, reader)
}

#[test]
fn nothing_of_a_pin_is_left_when_the_result_is_written() {
    if !rustix::process::geteuid().is_root() {
        let _ = writeln!(std::io::stderr(), "not tested: only root may look into the memory of the program");
        return;
    }
    // A PIN that occurs nowhere by accident; a trace takes any, since it does not keep the one that was sent.
    let pin = "73195286";
    let desk = Desk::new();
    desk.secret("other", pin);
    let recorded = ["--card", "sim:specimen", "--record", "visit.apdu", "read", "--pin-file", "id-pin"];
    crate::program::idcard(recorded).in_folder(&desk.path("")).run().text(0);
    let words = ["--card", "replay:visit.apdu", "read", "--json", "--pin-file", "other"];
    let (mut child, mut reader) = held(&desk, &words);
    let there = copies(&child, pin.as_bytes());
    let control = copies(&child, b"visit.apdu");
    let mut result = Vec::new();
    reader.read_to_end(&mut result).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(result.len() > FILLED, "no result");
    assert!(control > Some(0), "the search finds what is there");
    assert_eq!(there, Some(0), "copies of the PIN in the memory of the program");
}
