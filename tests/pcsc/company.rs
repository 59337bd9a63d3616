//! Other programs at the same reader, and a service that goes and comes: everybody is served, nothing is mixed up.

use super::{Lab, STUB, text};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What is signed.
const DOCUMENT: &[u8] = b"signed in company\n";

/// A laboratory with a card, a document and PINs.
fn prepared(image: &str) -> Lab {
    use std::os::unix::fs::PermissionsExt;
    let mut lab = Lab::discreet();
    std::fs::write(lab.path("contract"), DOCUMENT).unwrap();
    for (name, pin) in [("sign-pin", "123456\n"), ("id-pin", "1234\n")] {
        std::fs::write(lab.path(name), pin).unwrap();
        std::fs::set_permissions(lab.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    lab.insert(image);
    lab
}

/// One round: the whole of what a card says to one question, or a signature.
fn round(lab: &Lab, who: usize, number: usize) {
    let out = format!("signature-{who}-{number}");
    let done = match number % 4 {
        0 => lab.idcard(["--timeout", "50", "sign", "contract", "--type", "raw", "-o", &out, "--pin-file", "sign-pin"]),
        1 => lab.idcard(["--timeout", "50", "read", "--json", "--fields", "identity", "--pin-file", "id-pin"]),
        2 => lab.idcard(["--timeout", "50", "read", "--json", "--fields", "dates"]),
        _ => lab.idcard(["--timeout", "50", "cert", "export", "--slot", "sign", "-o", &out]),
    };
    let shown = text(&done);
    match number % 4 {
        1 => assert_eq!(document(&shown)["identity"]["national_number"], "0001234560"),
        2 => assert_eq!(document(&shown)["dates"]["expires"]["jalali"], "1410-01-01"),
        _ => {}
    }
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// All bare signatures of one key and document are the same with PKCS#1 v1.5; all certificates are that of the card.
fn same_files(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.to_str().unwrap().contains("signature-")).collect();
    let contents: std::collections::BTreeSet<_> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(contents.len(), 2, "one signature and one certificate");
    files.len()
}

fn in_company(processes: usize, rounds: usize) {
    let lab = prepared("specimen");
    thread::scope(|scope| {
        for who in 0..processes {
            let lab = &lab;
            scope.spawn(move || (0..rounds).for_each(|number| round(lab, who, number + who)));
        }
    });
    assert_eq!(same_files(&lab.path("")), processes * rounds / 2);
    let state = text(&lab.idcard(["pin", "status", "--json"]));
    for pin in document(&state)["pins"].as_array().unwrap() {
        assert_eq!((&pin["tries_left"], &pin["verified"]), (&3.into(), &false.into()), "{pin}");
    }
}

#[test]
fn two_processes_share_a_reader() {
    in_company(2, 100);
}

#[test]
fn eight_processes_share_a_reader() {
    in_company(8, 4);
}

/// While another program does this to the card again and again, our own does its work.
fn beside(disturbance: &[&str], work: impl Fn(&Lab)) {
    let lab = prepared("specimen");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut times = 0;
            while !done.load(Ordering::SeqCst) || times == 0 {
                times += usize::from(lab.run(disturbance).status.success());
                assert!(times < 10_000);
            }
            times
        });
        work(&lab);
        done.store(true, Ordering::SeqCst);
        assert!(other.join().unwrap() > 0, "the other program did its own");
    });
}

#[test]
fn another_program_resets_the_card_again_and_again() {
    beside(&["opensc-tool", "--card-driver", "default", "--reset=warm"], |lab| {
        (0..8).for_each(|number| round(lab, 0, number));
    });
}

#[test]
fn another_program_selects_other_applets_again_and_again() {
    let select = ["opensc-tool", "--card-driver", "default", "-s", "00A4040C08A000000018434D00"];
    beside(&select, |lab| (0..8).for_each(|number| round(lab, 0, number)));
}

/// A card that holds each answer back until `gate` is a plain file: programs stay inside their transaction.
fn gated(lab: &mut Lab) {
    let gate = lab.path("gate");
    assert!(Command::new("mkfifo").arg(&gate).status().unwrap().success());
    let script = STUB.replace(r"*) printf", "*) cat gate >/dev/null; printf");
    assert_ne!(script, STUB);
    let mut card = lab.command("bash");
    card.args(["-c", &script, &lab.port_of(0).to_string()]);
    lab.insert_peer(0, card);
}

/// Opens the gate for good; who waits before it goes on.
fn open_gate(lab: &Lab) {
    // Opening a pipe for writing waits for its reader: the card, which waits for its end.
    let opened = std::fs::OpenOptions::new().write(true).open(lab.path("gate")).unwrap();
    std::fs::rename(lab.path("gate"), lab.path("opened")).unwrap();
    std::fs::write(lab.path("gate"), b"open").unwrap();
    drop(opened);
}

/// A program that is inside its transaction and waits for the card.
fn holding(lab: &Lab) -> Child {
    let mut program = lab.command(env!("CARGO_BIN_EXE_idcard"));
    let program = program.args(["info", "--json", "--timeout", "60"]).stdin(Stdio::null());
    let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    lab.wait_for("A4"); // the service logs the first SELECT
    child
}

fn kind(output: &Output) -> String {
    let error: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{output:?}"));
    error["error"]["kind"].as_str().unwrap().to_owned()
}

#[test]
fn a_card_that_another_program_keeps_is_waited_for_as_long_as_asked() {
    let mut lab = Lab::start();
    gated(&mut lab);
    let mut other = holding(&lab);
    let turned_away = lab.idcard(["info", "--json", "--timeout", "0.4"]);
    assert_eq!((turned_away.status.code(), kind(&turned_away).as_str()), (Some(6), "busy"), "{turned_away:?}");
    // Waiting takes less than a hundredth of the processor, beside what the run itself takes.
    let processor = |wait| {
        let line = "TIMEFORMAT='%U %S'; time \"$0\" info --timeout \"$1\" 2>/dev/null";
        let told = lab.run(["bash", "-c", line, env!("CARGO_BIN_EXE_idcard"), wait]);
        assert_eq!(told.status.code(), Some(6), "{told:?}");
        let told = String::from_utf8(told.stderr).unwrap();
        told.split_whitespace().map(|part| part.parse::<f64>().unwrap()).sum::<f64>()
    };
    let (short, long) = (processor("0.4"), processor("4.4"));
    assert!(long < short + 0.04, "{short} s, {long} s");
    open_gate(&lab);
    assert_eq!(other.wait().unwrap().code(), Some(7), "no card of ours answers 6D00");
    assert_eq!(kind(&lab.idcard(["info", "--json"])), "unknown_card");
}

#[test]
fn a_program_that_is_killed_leaves_the_card_to_the_next() {
    let mut lab = Lab::start();
    gated(&mut lab);
    let mut killed = holding(&lab);
    killed.kill().unwrap();
    assert!(!killed.wait().unwrap().success());
    open_gate(&lab);
    let timed = || {
        let begun = Instant::now();
        let next = lab.idcard(["info", "--json"]);
        assert_eq!(kind(&next), "unknown_card", "{next:?}");
        begun.elapsed()
    };
    // Within a second; what the run itself takes, the same run tells that nobody died before.
    let (next, alone) = (timed(), timed());
    assert!(next < alone + Duration::from_secs(1), "{next:?}, {alone:?}");
}

#[test]
fn a_service_that_is_killed_under_a_program_ends_its_run() {
    let mut lab = Lab::start();
    gated(&mut lab);
    let program = holding(&lab);
    lab.kill_service();
    let output = program.wait_with_output().unwrap();
    assert!(output.stdout.is_empty());
    assert!(["no_service", "link_lost"].contains(&kind(&output).as_str()), "{output:?}");
    lab.restart_service();
    lab.insert("specimen");
    text(&lab.idcard(["info", "--json"]));
}

#[test]
fn a_service_that_comes_back_is_found_again() {
    let mut lab = prepared("specimen");
    round(&lab, 0, 2);
    lab.kill_service();
    let gone = lab.idcard(["info", "--json", "--timeout", "0.2"]);
    assert!(!gone.status.success() && gone.stdout.is_empty(), "{gone:?}");
    lab.restart_service();
    lab.insert("specimen");
    (0..4).for_each(|number| round(&lab, 1, number));
}

#[test]
fn no_service_no_reader_and_no_card_are_told_apart() {
    let lab = Lab::without_readers();
    let none = lab.idcard(["info", "--json", "--timeout", "0.2"]);
    assert_eq!((none.status.code(), kind(&none).as_str()), (Some(4), "no_reader"));
    let lab = Lab::start();
    let empty = lab.idcard(["info", "--json", "--timeout", "0.2"]);
    assert_eq!((empty.status.code(), kind(&empty).as_str()), (Some(5), "no_card"));
    let mut alone = lab.command(env!("CARGO_BIN_EXE_idcard"));
    let alone = alone.args(["info", "--json"]).env("PCSCLITE_CSOCK_NAME", lab.path("nowhere")).output().unwrap();
    assert_eq!((alone.status.code(), kind(&alone).as_str()), (Some(3), "no_service"), "{alone:?}");
}
