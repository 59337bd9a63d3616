//! Every fault of the virtual card, everywhere or wherever it fits, against every command.

use super::contract::{self, Terms};
use super::room::Room;
use super::{Broken, IDENTITY, PLAIN, RAW, TOKEN, run};
use idcard_sim::Fault;

/// The commands, and what each of them may send.
const COMMANDS: &[(&Terms, &str, &[&str])] = &[
    (&PLAIN, "specimen", &["info"]),
    (&PLAIN, "specimen", &["probe"]),
    (&PLAIN, "specimen", &["cert", "list"]),
    (&PLAIN, "specimen", &["cert", "export", "--slot", "sign", "-o", "@out/sign.der"]),
    (&IDENTITY, "specimen", &["read", "--pin-file", "@pin", "--raw", "@out/raw", "--photo", "@out/photo.jpg"]),
    (&IDENTITY, "specimen-t0", &["read", "--pin-file", "@pin"]),
    (&PLAIN, "specimen", &["pin", "status"]),
    (&VERIFY, "specimen", &["pin", "verify", "--pin-kind", "id", "--pin-file", "@pin"]),
    (&CHANGE, "specimen", &["pin", "change", "--pin-kind", "id", "--pin-file", "@change"]),
    (&RAW, "specimen", &["sign", "@document", "-o", "@out/signature", "--type", "raw", "--pin-file", "@pin"]),
    (
        &TOKEN,
        "specimen",
        &["auth", "respond", "--origin", "https://example.org", "--challenge", NONCE, "--pin-file", "@pin"],
    ),
    (&PLAIN, "specimen", &["doctor"]),
    (
        &VERIFY,
        "specimen-sealed",
        &["--terminal-keys", "@keys", "pin", "verify", "--pin-kind", "id", "--pin-file", "@pin"],
    ),
    (
        &IDENTITY,
        "specimen-sealed",
        &["--terminal-keys", "@keys", "read", "--fields", "identity,dates", "--pin-file", "@pin"],
    ),
];

const NONCE: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH";
const VERIFY: Terms = Terms { pins: &[0x00, 0x00, 0x81], ..PLAIN };
const CHANGE: Terms = Terms { writes: &[(0x24, 0x00), (0x24, 0x00), (0x24, 0x81)], ..VERIFY };

/// Set in the process in which the faults are played.
#[cfg(target_os = "linux")]
const APART: &str = "IDCARD_MATRIX_APART";

/// 2: in a process of its own, whose memory the kernel counts: what all runs together do not exceed, none of them does.
#[test]
#[cfg(target_os = "linux")]
fn every_fault_of_the_catalogue_keeps_the_contract() {
    if std::env::var_os(APART).is_some() {
        return every_fault();
    }
    let own = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new("/usr/bin/time");
    command.args(["-q", "-f", "\npeak %M"]).arg(own).env(APART, "");
    command.args(["--exact", "matrix::everywhere::every_fault_of_the_catalogue_keeps_the_contract", "--nocapture"]);
    let done = command.output().expect("GNU time (Debian: time)");
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}");
    assert!(String::from_utf8_lossy(&done.stdout).contains("1 passed"), "{done:?}");
    let peak: u64 = told.lines().find_map(|line| line.strip_prefix("peak ")).unwrap().parse().unwrap();
    assert!((1_000..64 << 10).contains(&peak), "{peak} KiB");
}

#[test]
#[cfg(not(target_os = "linux"))]
fn every_fault_of_the_catalogue_keeps_the_contract() {
    every_fault();
}

fn every_fault() {
    let room = Room::new();
    let mut broken = Broken::default();
    for (terms, card, words) in COMMANDS {
        let honest = run(&room, card, words, |_| {});
        assert!([0, 13].contains(&honest.played.status), "{}", honest.played.stderr);
        for (fault, what) in Fault::all() {
            broken.unless(&format!("{words:?} {fault} ({what})"), || {
                let run = run(&room, &format!("{card}+fault={fault}"), words, |_| {});
                contract::holds_everywhere(terms, fault, &honest, &run);
            });
        }
    }
}

/// S-08: before each of our transactions another program selects an applet of its own.
#[test]
fn a_bystander_gets_no_pin_and_changes_nothing() {
    let room = Room::new();
    for (terms, card, words) in COMMANDS {
        let honest = run(&room, card, words, |_| {});
        let run = run(&room, card, words, |reader| reader.bystander(true));
        assert_eq!(run.played.status, honest.played.status, "{words:?}: {}", run.played.stderr);
        assert_eq!(run.files, honest.files, "{words:?}");
        // What was asked again counts as an exchange of the survey.
        if !words.contains(&"probe") {
            assert_eq!(run.document(), honest.document(), "{words:?}");
        }
        contract::spends(terms, false, &run);
        assert_eq!(run.presented().len(), terms.pins.len(), "{words:?}");
    }
}

/// What the catalogue expects where a fault has one outcome alone: `read` gives the same as from an honest card, or ends so.
#[test]
fn the_rows_of_the_catalogue_have_their_outcomes() {
    let room = Room::new();
    let words = ["read", "--pin-file", "@pin"];
    let whole = run(&room, "specimen", &words, |_| {});
    let mut broken = Broken::default();
    for fault in [
        "C-06", "C-13", "C-23", "C-23b", "C-24", "C-25", "C-27", "C-31", "C-31b", "C-31c", "C-31d", "C-31e", "C-31f",
        "C-32", "C-32b", "C-33", "C-37", "C-42", "C-42b", "C-43", "C-29", "C-29b", "C-44", "C-45", "C-46",
    ] {
        broken.unless(fault, || {
            let run = run(&room, &format!("specimen+fault={fault}"), &words, |_| {});
            assert_eq!(run.played.status, 0, "{}", run.played.stderr);
            assert_eq!(run.document(), whole.document());
        });
    }
    // What a card answers beyond the first bytes shows where it is read in several parts.
    for (card, fault, statuses) in [
        ("specimen", "C-01", &[12][..]),
        ("specimen", "C-02", &[12]),
        ("specimen", "C-03", &[12]),
        ("specimen", "C-04", &[12]),
        ("specimen", "C-07", &[12]),
        ("specimen", "C-08", &[12]),
        ("specimen", "C-09", &[12]),
        // The 16 bytes of 32 are taken, and the object that is cut short by them is told.
        ("specimen", "C-11", &[12]),
        ("specimen", "C-12", &[12]),
        ("specimen-t0", "C-16", &[12]),
        ("specimen", "C-16", &[12]),
        ("specimen", "C-16b", &[12]),
        ("specimen", "C-16c", &[12]),
        ("specimen", "C-17", &[7]),
        ("specimen", "C-18", &[7]),
        ("specimen", "C-19", &[12]),
        ("specimen-t0", "C-21", &[12]),
        ("specimen", "C-22", &[10]),
        ("specimen", "C-28", &[12, 18]),
        // The data name another file than the one that was selected.
        ("specimen", "C-30", &[12]),
        ("specimen", "C-34", &[12]),
        ("specimen", "C-35", &[12]),
        ("specimen", "C-39", &[12, 13]),
        ("specimen", "C-50", &[12]),
        ("specimen", "C-53", &[12, 18]),
        ("specimen", "C-54", &[12, 18]),
        ("specimen", "C-55", &[12, 18]),
        ("specimen", "C-56", &[12, 18]),
        ("specimen", "C-67", &[12]),
        ("specimen", "C-68", &[12]),
        ("specimen", "C-73", &[18]),
        ("specimen", "C-75", &[18]),
        ("specimen", "C-76", &[18]),
        ("specimen", "C-77", &[18]),
        ("specimen", "C-79", &[18]),
    ] {
        broken.unless(fault, || {
            let run = run(&room, &format!("{card}+fault={fault}"), &words, |_| {});
            assert!(statuses.contains(&run.played.status), "{}: {}", run.played.status, run.played.stderr);
        });
    }
    // C-41: a refused photo is told, and costs the others nothing.
    broken.unless("C-41", || {
        let run = run(&room, "specimen+fault=C-41", &words, |_| {});
        assert_eq!(run.played.status, 12, "{}", run.played.stderr);
        let (mut told, mut whole) = (run.document(), whole.document());
        assert_eq!((&told["photo"]["status"], &told["photo"]["sw"]), (&"refused".into(), &"6982".into()), "{told:#}");
        for document in [&mut told, &mut whole] {
            for part in ["photo", "security_object", "exit"] {
                document.as_object_mut().unwrap().remove(part);
            }
        }
        assert_eq!(told, whole);
    });
}
