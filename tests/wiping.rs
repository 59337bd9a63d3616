//! No copy of a PIN stays in the memory of the program once the card has it: neither in its buffers nor on a stack. While
//! it is there, a crash writes it nowhere.
//!
//! The program is held while it writes its result into a pipe that is full, and its memory is searched meanwhile. What else
//! there is to keep secret is searched for behind the PC/SC service, in `pcsc/wiping.rs`.
#![cfg(target_os = "linux")]

use crate::desk::Desk;
use std::fs::File;
use std::io::{PipeReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// As much as a pipe holds.
const FILLED: usize = 16 * 4096;
/// Longer than any of these runs takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// What of its memory the program may write; `None` where the kernel does not tell.
pub(crate) fn memory(of: &Child) -> Option<Vec<Vec<u8>>> {
    let memory = File::open(format!("/proc/{}/mem", of.id())).ok()?;
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", of.id())).ok()?;
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (first, last) = line.split(' ').next()?.split_once('-')?;
        let (first, last) = (u64::from_str_radix(first, 16).ok()?, u64::from_str_radix(last, 16).ok()?);
        let mut bytes = vec![0; usize::try_from(last - first).ok()?];
        if memory.read_exact_at(&mut bytes, first).is_ok() {
            found.push(bytes);
        }
    }
    Some(found)
}

/// How often the program's memory holds these bytes; `None` where the kernel does not tell.
fn copies(of: &Child, wanted: &[u8]) -> Option<usize> {
    Some(memory(of)?.iter().map(|part| memchr::memmem::find_iter(part, wanted).count()).sum())
}

/// Starts a program and waits until the kernel says that it waits for room for its result.
pub(crate) fn held(mut command: Command) -> (Child, PipeReader) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(&vec![b'\n'; FILLED]).unwrap();
    command.stdin(Stdio::null()).stdout(writer);
    let mut child = command.spawn().unwrap();
    // The command holds a second end of the pipe.
    let words = format!("{command:?}");
    drop(command);
    wait_until(&mut child, "pipe_write", &words);
    (child, reader)
}

/// Waits until the kernel says that the program waits there.
fn wait_until(child: &mut Child, there: &str, words: &str) {
    let deadline = Instant::now() + DEADLINE;
    let place = format!("/proc/{}/wchan", child.id());
    while !std::fs::read_to_string(&place).is_ok_and(|place| place.contains(there)) {
        assert!(child.try_wait().unwrap().is_none(), "{words} ended");
        assert!(Instant::now() < deadline, "{words} does not come to {there}");
        std::thread::yield_now();
    }
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_idcard"));
    command.args(words).current_dir(desk.path("")).stderr(Stdio::null());
    let (mut child, mut reader) = held(command);
    let there = copies(&child, pin.as_bytes());
    let control = copies(&child, b"visit.apdu");
    let mut result = Vec::new();
    reader.read_to_end(&mut result).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(result.len() > FILLED, "no result");
    assert!(control > Some(0), "the search finds what is there");
    assert_eq!(there, Some(0), "copies of the PIN in the memory of the program");
}

/// Killed as by a crash with a PUK in its memory, the program leaves no core, where the shell that started it leaves one.
#[test]
fn a_crash_while_a_secret_lives_leaves_no_core() {
    let folder = tempfile::tempdir().unwrap();
    let crash = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -c unlimited; {line}")]).current_dir(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    if !crash("kill -ABRT $$").wait().unwrap().core_dumped() {
        let _ = writeln!(std::io::stderr(), "not shown: this machine writes no core of anything");
    }
    let words = "--card sim:specimen pin unblock --pin-kind id --pin-fd 0";
    let mut child = crash(&format!("exec {} {words}", env!("CARGO_BIN_EXE_idcard")));
    // The second line, the new PIN, does not come.
    let mut keys = child.stdin.take().unwrap();
    keys.write_all(b"73195286\n").unwrap();
    let deadline = Instant::now() + DEADLINE;
    while rustix::process::geteuid().is_root() && copies(&child, b"73195286") == Some(0) {
        assert!(Instant::now() < deadline, "the PUK never came in");
        std::thread::yield_now();
    }
    wait_until(&mut child, "pipe_read", words);
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::ABORT).unwrap();
    let ended = child.wait().unwrap();
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
}
