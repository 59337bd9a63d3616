//! Where secrets and files come from and go to: descriptors as they stand, pipes that nobody writes, places that cannot be
//! written, streams that are closed. What cannot work is told before a PIN is spent.
#![cfg(target_os = "linux")]

use crate::desk::Desk;
use crate::read::pins::presentations;
use std::process::{Command, Output, Stdio};

/// A line of the shell in the folder of the desk; the program is `$idcard`, the card the specimen.
fn shell(desk: &Desk, line: &str) -> Output {
    let mut bash = Command::new("timeout");
    bash.args(["-k", "1", "20", "bash", "-c", line]).current_dir(desk.path("")).stdin(Stdio::null());
    bash.env("idcard", env!("CARGO_BIN_EXE_idcard")).env("IDCARD_CARD", "sim:specimen").env("LC_ALL", "C");
    bash.output().unwrap()
}

#[track_caller]
fn ends(desk: &Desk, line: &str, status: i32) -> String {
    let output = shell(desk, line);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{line}: {said}");
    said
}

#[test]
fn a_descriptor_is_read_where_it_stands() {
    let desk = Desk::new();
    desk.secret("two", "9999\n1234");
    let read = "$idcard read --fields identity";
    // The shell has taken the first line.
    ends(&desk, &format!("exec 3<two; read -r -u 3 first; {read} --pin-fd 3"), 0);
    ends(&desk, &format!("exec 3<two; {read} --pin-fd 3"), 8);
    // Two commands after one another take a line each: from a file, from a pipe.
    desk.secret("lines", "1234\n123456");
    let both = format!("{read} --pin-fd 4 && $idcard sign contract --pin-fd 4");
    ends(&desk, &format!("exec 4<lines; {both}"), 0);
    ends(&desk, &format!("exec 4< <(printf '1234\\n123456\\n'); {both}"), 0);
}

/// Whose other end writes late, and whose own end does not wait.
#[test]
fn a_pin_comes_over_a_socket_or_a_pipe() {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    let desk = Desk::new();
    for number in ["0", "7"] {
        for (patient, socket) in [(true, true), (false, true), (true, false)] {
            let mut child = Command::new("bash");
            let line = format!("exec $idcard read --fields identity --pin-fd {number} 7<&0");
            child.args(["-c", &line]).current_dir(desk.path("")).env("IDCARD_CARD", "sim:specimen");
            child.env("idcard", env!("CARGO_BIN_EXE_idcard")).stdout(Stdio::piped()).stderr(Stdio::piped());
            let (mut ours, theirs): (Box<dyn Write>, Stdio) = if socket {
                let (ours, theirs) = UnixStream::pair().unwrap();
                theirs.set_nonblocking(!patient).unwrap();
                (Box::new(ours), std::os::fd::OwnedFd::from(theirs).into())
            } else {
                let (theirs, ours) = std::io::pipe().unwrap();
                (Box::new(ours), theirs.into())
            };
            let child = child.stdin(theirs).spawn().unwrap();
            // In parts; the program reads no further than the line.
            for part in ["12", "34\r\n"] {
                ours.write_all(part.as_bytes()).unwrap();
                std::thread::yield_now();
            }
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{number} {patient} {socket}: {output:?}");
            assert!(String::from_utf8_lossy(&output.stdout).contains("0001234560"));
        }
    }
}

/// A socket that was closed gives no PIN, and a line that does not end is the PIN.
#[test]
fn a_socket_that_ends_is_the_end_of_the_line() {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    let desk = Desk::new();
    for (text, status) in [("", 2), ("1234", 0)] {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        ours.write_all(text.as_bytes()).unwrap();
        drop(ours);
        let mut child = Command::new(env!("CARGO_BIN_EXE_idcard"));
        child.args(["--card", "sim:specimen", "read", "--fields", "identity", "--pin-fd", "0"]);
        let child = child.current_dir(desk.path("")).stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)));
        assert_eq!(child.output().unwrap().status.code(), Some(status), "{text:?}");
    }
}

#[test]
fn descriptors_that_hold_no_pin_are_refused() {
    let desk = Desk::new();
    for (number, status) in [(1, 2), (2, 2), (9, 16), (60_000, 16)] {
        let line = format!("exec 9<&-; $idcard --record trace.apdu read --pin-fd {number}");
        ends(&desk, &line, status);
        assert!(!desk.path("trace.apdu").exists(), "{number}");
    }
}

/// F-13: what never ends, and what nobody writes, is refused at each place where a command reads a file.
#[test]
fn what_is_no_file_holds_nothing_up() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    for command in [
        "sign X --pin-file pin",
        "sign X --attached --pin-file pin",
        "sign contract X --type raw --pin-file pin",
        "sign contract -o new --pin-file X",
        "verify X",
        "verify X --signature contract.p7s",
        "verify contract --signature X",
        "verify contract --ca X",
        "verify contract --crl X",
        "verify contract --certificate X --signature pin",
        "auth verify X --origin https://example.ir --challenge 01234567890123456789012345678901234567890123",
        "ca check X",
        "ca check root.pem --ca X",
        "ca import X",
        "read --ca X",
        "read --pin-file X",
        "pin verify --pin-kind id --pin-file X",
        "--terminal-keys X read",
        "--page X info",
        "page check X",
        "page suggest X",
        "trace show X",
        "trace redact X",
        "trace replay X",
        "trace import X",
        "--card replay:X info",
        "--card sim:./X info",
        "sim serve --image ./X",
    ] {
        // What is no image is an unknown card.
        let status = if command.contains("./X") { 2 } else { 16 };
        let fifo = command.replace('X', "fifo");
        ends(&desk, &format!("rm -f fifo; mkfifo -m 600 fifo; $idcard {fifo}"), status);
        let device = command.replace("./X", "X").replace('X', "/dev/zero");
        ends(&desk, &format!("$idcard {device}"), status);
    }
    assert!(!desk.path("new").exists());
}

/// What the shell hands over for a moment has no name and ends.
#[test]
fn what_another_program_writes_is_read() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    ends(&desk, "$idcard --record trace.apdu read --fields dates", 0);
    for command in [
        "sign <(cat contract) -o new --pin-file pin",
        "sign /dev/stdin -o new2 --pin-file pin < <(cat contract)",
        "verify <(cat contract) --signature <(cat contract.p7s) --ca root.pem",
        "--card replay:<(cat trace.apdu) read --fields dates",
        "trace show <(cat trace.apdu)",
    ] {
        ends(&desk, &format!("$idcard {command}"), 0);
    }
    ends(&desk, "$idcard verify contract --signature new --ca root.pem", 0);
}

#[test]
fn places_that_cannot_be_written_are_told_before_the_pin() {
    let desk = Desk::new();
    desk.write("file", b"x");
    for command in [
        "sign contract -o nodir/ --pin-file pin",
        "sign contract -o nodir/x --pin-file pin",
        "read --pin-file id-pin --photo nodir/photo.png",
        "read --pin-file id-pin --photo photo.png/",
        "read --pin-file id-pin --raw file",
        "read --pin-file id-pin --raw nodir/raw",
    ] {
        let said = ends(&desk, &format!("$idcard --record trace.apdu {command}"), 16);
        assert!(!said.contains(".part"), "{said}");
        let trace = desk.path("trace.apdu");
        assert!(!trace.exists() || presentations(&trace) == 0, "{command}");
    }
    ends(&desk, "$idcard read --pin-file id-pin --raw raw/ --photo photo.png", 0);
    assert!(desk.path("raw/photo.bin").exists() && desk.path("photo.png").exists());
}

#[test]
fn a_closed_stdout_is_told_before_the_pin() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    ends(&desk, "$idcard --record trace.apdu sign contract --pin-file pin -o - >&-", 141);
    assert!(!desk.path("trace.apdu").exists());
    desk.sign("sim:specimen", &["contract", "--attached"]).text(0);
    ends(&desk, "$idcard verify contract.p7m --ca root.pem -o - >&-", 141);
    // Whoever wants the exit status alone: a shell opens the null device for writing, other callers for both.
    for null in [">/dev/null", "1<>/dev/null"] {
        ends(&desk, &format!("$idcard read --fields dates {null}"), 0);
        ends(&desk, &format!("$idcard verify contract --ca root.pem {null}"), 0);
        ends(&desk, &format!("$idcard sign contract --pin-file pin -o out.p7s {null}"), 0);
    }
}

#[test]
fn a_run_that_is_broken_off_takes_its_parts_away() {
    let desk = Desk::new();
    desk.write("long", &vec![0; 8 << 20]);
    let before = desk.names();
    // A file may not grow beyond a mebibyte: the write fails.
    ends(&desk, "ulimit -f 1024; $idcard sign long --attached --pin-file pin", 16);
    assert_eq!(desk.names(), before);
    // The second document never comes. Whoever sees a part may break the run off: it was caught before.
    let line = "ulimit -c 0; mkdir out; mkfifo never; exec 5<>never; \
                $idcard sign long <(exec cat never 5<&-) --attached -o out --pin-file pin & pid=$!; \
                until ls -a out | grep -q part; do :; done; kill -QUIT $pid; wait $pid";
    ends(&desk, line, 131);
    std::fs::remove_file(desk.path("never")).unwrap();
    std::fs::remove_dir(desk.path("out")).unwrap();
    assert_eq!(desk.names(), before);
}

#[test]
fn one_place_is_for_one_file() {
    let desk = Desk::new();
    for (command, status) in [
        ("sign contract contract --pin-file pin", 2),
        ("sign contract ./contract --pin-file pin", 2),
        ("sign contract -o pin --pin-file pin", 2),
        ("--record contract.p7s sign contract --pin-file pin", 2),
        ("--record x.png read --photo x.png --pin-file id-pin", 2),
        ("--record - info", 2),
    ] {
        ends(&desk, &format!("$idcard {command}"), status);
    }
    assert_eq!(desk.bytes("pin"), b"123456\n");
    assert!(!desk.path("-").exists() && !desk.path("contract.p7s").exists());
}

#[test]
fn a_recording_never_looks_like_a_card() {
    let desk = Desk::new();
    ends(&desk, "$idcard --record trace.apdu read --fields dates", 0);
    let said = ends(&desk, "$idcard --card replay:trace.apdu read --fields dates", 0);
    assert!(said.starts_with("RECORDING: this is what a trace holds, no card was read\n"), "{said}");
    let json = ends(&desk, "$idcard --card replay:trace.apdu read --fields dates --json", 0);
    assert!(json.starts_with('{') && json.contains("\"source\": \"replay\""), "{json}");
}

#[test]
fn errors_say_one_thing_that_fits() {
    let desk = Desk::new();
    let said = ends(&desk, "$idcard --card sim:specimen+fault=C-22 --timeout 2 info", 10);
    assert!(said.contains("no answer within 2 s"), "{said}");
    desk.write("broken.apdu", b"# idcard trace 1\nfoo\n");
    let said = ends(&desk, "$idcard --card replay:broken.apdu info", 16);
    assert!(!said.contains("hint"), "{said}");
    let said = ends(&desk, "$idcard check postal-code 1354612345; $idcard --lang fa check postal-code 1354612345", 0);
    assert!(said.contains("a 2 among the last five digits") && !said.contains("tail_2"), "{said}");
    assert!(said.contains("۱۳۵۴۶۱۲۳۴۵"), "{said}");
    desk.write("pin.apdu", b"# idcard trace 1\nbegin\n> 00 20 00 81 02 31 32\n< 90 00\nend\n");
    let said = shell(&desk, "$idcard --card replay:pin.apdu info");
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.starts_with("idcard: pin.apdu: it holds secrets in the clear"), "{said}");
    desk.secret("bom", "\u{FEFF}1234");
    let said = ends(&desk, "$idcard read --pin-file bom", 2);
    assert!(said.contains("byte-order mark"), "{said}");
    let card = desk.card_with_tries(1);
    let said = ends(&desk, &format!("$idcard --card {card} sign contract --pin-file pin"), 11);
    assert!(said.contains("not sent: 1 try left") && !said.contains("give the PIN"), "{said}");
    ends(&desk, "$idcard check age --birth 1450-01-01 --at 1405-01-01", 14);
    // C-72: the second signature is not genuine; the first one is kept, and stderr holds one document.
    desk.write("second", b"2");
    let output = shell(&desk, "$idcard --card sim:specimen+fault=C-72 sign contract second --pin-file pin --json");
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert!(
        error["error"]["message"].as_str().unwrap().ends_with("these were signed all the same: contract"),
        "{error}"
    );
}
