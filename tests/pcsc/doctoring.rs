//! `idcard doctor` at a real service: readers, cards that are mute, foreign, silent or held by others, a service that logs.

use super::{Lab, READERS, STUB};
use serde_json::Value;
use std::process::{Output, Stdio};

/// The document of a run with this status.
#[track_caller]
fn document(output: &Output, status: i32) -> Value {
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    crate::json::keeps_to_its_schema(&document);
    document
}

fn doctor(lab: &Lab, words: &[&str]) -> Output {
    lab.idcard(["doctor", "--json", "--at", "2026-12-01"].iter().chain(words))
}

/// The first cause of a run with this status, and what it is about.
#[track_caller]
fn first_cause(lab: &Lab, words: &[&str], status: i32) -> (String, String) {
    let document = document(&doctor(lab, words), status);
    let first = &document["causes"][0];
    assert_eq!(first["exit"], status, "{document:#}");
    let text = |key: &str| first[key].as_str().unwrap_or_default().to_owned();
    (text("cause"), text("subject"))
}

/// A program on the port of the first reader that plays a card.
fn insert_stub(lab: &mut Lab, script: &str) {
    let mut card = lab.command("bash");
    card.args(["-c", script, &lab.port_of(0).to_string()]);
    lab.insert_peer(0, card);
}

/// A card that takes every command and never answers.
fn silent() -> String {
    let script = STUB.replace(r"*) printf '\x00\x02\x6D\x00' >&3 ;;", "*) ;;");
    assert_ne!(script, STUB);
    script
}

#[test]
fn all_is_well_with_a_card_in_a_reader_of_a_discreet_service() {
    let mut lab = Lab::discreet();
    assert_eq!(first_cause(&lab, &[], 5).0, "no_card");
    assert_eq!(first_cause(&lab, &["--card", "pcsc:Nowhere"], 4), ("no_reader".to_owned(), "Nowhere".to_owned()));
    lab.insert("specimen");
    let document = document(&doctor(&lab, &[]), 0);
    let parts = document["checks"].as_object().unwrap();
    assert!(parts.len() == 5 && parts.values().all(|state| state == "ok"), "{document:#}");
    // A card of others beside ours is in nobody's way.
    let mut stub = lab.command("bash");
    stub.args(["-c", STUB, &lab.port_of(1).to_string()]);
    lab.insert_peer(1, stub);
    self::document(&doctor(&lab, &[]), 0);
    assert_eq!(first_cause(&lab, &["--card", "pcsc:00 01"], 7).0, "foreign_card");
}

#[test]
fn each_card_is_recorded_into_a_file_of_its_own() {
    let mut lab = Lab::discreet();
    lab.insert_into(0, "specimen");
    lab.insert_into(1, "mav2");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    document(&doctor(&lab, &["--record", &path("doctor.apdu")]), 0);
    let family = |name: &str| {
        let card = format!("replay:{}", path(name));
        let done = crate::program::idcard(["--card", &card, "doctor", "--json", "--at", "2026-12-01"]).run();
        done.document(0);
        std::fs::read_to_string(path(name)).unwrap().lines().nth(1).unwrap().to_owned()
    };
    assert!(family("doctor.apdu").starts_with("atr 3B DB"), "the specimen");
    assert!(family("doctor-2.apdu").starts_with("atr 3B 7F 94"), "mav2");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_service_that_logs_commands_gives_pins_away() {
    let mut lab = Lab::start();
    lab.insert("specimen");
    let (cause, subject) = first_cause(&lab, &[], 17);
    assert_eq!(cause, "commands_logged");
    assert!(subject.starts_with("pcscd ("), "{subject}");
}

#[test]
fn a_service_without_a_reader() {
    let lab = Lab::without_readers();
    let (cause, _) = first_cause(&lab, &[], 4);
    // A real reader may be plugged into this machine.
    assert!(["no_reader", "reader_driver"].contains(&cause.as_str()), "{cause}");
}

#[test]
fn a_card_that_never_answers_does_not_keep_the_doctor() {
    let mut lab = Lab::discreet();
    insert_stub(&mut lab, &silent());
    assert_eq!(first_cause(&lab, &["--timeout", "0.3"], 12), ("link_lost".to_owned(), READERS[0].to_owned()));
}

#[test]
fn a_card_that_does_not_come_up_is_mute() {
    let mut lab = Lab::discreet();
    // Its answer to reset is no such thing: the service cannot tell a protocol.
    let mute = STUB.replace(r"'\x00\x06\x3B\x04\x41\x42\x43\x44'", r"'\x00\x02\x00\x00'");
    assert_ne!(mute, STUB);
    insert_stub(&mut lab, &mute);
    let (cause, subject) = first_cause(&lab, &[], 12);
    assert_eq!((cause.as_str(), subject.as_str()), ("card_mute", READERS[0]));
}

/// Badly seated at first: a cold start brings it up, and once is enough.
#[test]
fn a_card_that_does_not_come_up_is_powered_off_and_on_once() {
    let mut lab = Lab::discreet();
    let atr = r"' 04') printf '\x00\x06\x3B\x04\x41\x42\x43\x44' >&3 ;;";
    let off = "' 00' | ' 01' | ' 02') ;;";
    let script = STUB
        .replace(atr, "' 04') printf $atr >&3 ;;")
        .replace(off, r"' 00') atr='\x00\x06\x3B\x04\x41\x42\x43\x44' ;; ' 01' | ' 02') ;;");
    let script = format!(r"atr='\x00\x02\x00\x00'; {script}");
    assert!(script.matches("atr=").count() == 2 && script.contains("printf $atr"), "{script}");
    insert_stub(&mut lab, &script);
    assert_eq!(first_cause(&lab, &[], 7).0, "foreign_card");
}

#[test]
fn the_program_that_holds_the_card_is_named() {
    let mut lab = Lab::start();
    insert_stub(&mut lab, &silent());
    let mut holder = lab.command(env!("CARGO_BIN_EXE_idcard"));
    holder.args(["info", "--timeout", "60"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut holder = holder.spawn().unwrap();
    lab.wait_for("APDU: 00 A4");
    let (cause, subject) = first_cause(&lab, &["--timeout", "0.5"], 6);
    let named = format!("; idcard ({})", holder.id());
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(cause, "busy");
    assert!(subject.starts_with(READERS[0]) && subject.contains(&named), "{subject}");
}
