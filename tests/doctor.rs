//! `idcard doctor` without a reader: what cards show, and services that are played by this test.

use crate::program::{Done, idcard};
use serde_json::Value;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;
use tempfile::TempDir;

/// A day in the life of the virtual cards.
const NOW: &str = "2026-12-01";

/// The causes of a document with this status, each with what it is about.
#[track_caller]
fn causes(done: &Done, status: i32) -> Vec<(String, String)> {
    let document = done.document(status);
    let first = document["causes"][0]["exit"].as_i64().unwrap_or_default();
    assert_eq!((document["exit"].as_i64(), first), (Some(i64::from(status)), i64::from(status)), "{document:#}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    document["causes"].as_array().unwrap().iter().map(|c| (text(&c["cause"]), text(&c["subject"]))).collect()
}

fn of_card(card: &str) -> Done {
    at_time(card, NOW)
}

fn at_time(card: &str, time: &str) -> Done {
    idcard(["--card", card, "doctor", "--json", "--at", time]).run()
}

/// The one cause of a virtual card with this status.
#[track_caller]
fn cause_of(card: &str, status: i32) -> String {
    let mut causes = causes(&of_card(card), status);
    assert_eq!(causes.len(), 1, "{card}: {causes:?}");
    causes.remove(0).0
}

#[test]
fn a_card_in_order_has_no_cause() {
    for card in ["specimen", "specimen-p256", "specimen-t0", "specimen-sealed", "specimen-2", "mav2", "mav4", "pardis"]
    {
        let document = of_card(&format!("sim:{card}")).document(0);
        assert_eq!(document["causes"], serde_json::json!([]), "{card}");
        let parts = &document["checks"];
        assert_eq!((&parts["card"], &parts["service"]), (&"ok".into(), &"not_checked".into()), "{card}");
    }
}

#[test]
fn what_a_card_shows_has_its_cause() {
    for (fault, cause, status) in [
        ("C-47", "foreign_card", 7),
        ("C-47b", "foreign_card", 7),
        ("unresponsive", "card_mute", 12),
        ("removed@2", "no_card", 5),
        ("busy", "busy", 6),
        ("reset", "busy", 6),
        ("changed", "card_changed", 12),
        ("no-access", "service_refuses", 3),
        ("no-service", "service_not_running", 3),
        ("no-reader", "no_reader", 4),
        ("no-card", "no_card", 5),
        ("comm-error@3", "link_lost", 12),
        ("silence", "link_lost", 12),
        ("C-01@1", "card_faulty", 12),
        ("slow", "slow_link", 12),
    ] {
        assert_eq!(cause_of(&format!("sim:specimen+fault={fault}"), status), cause, "{fault}");
    }
    // Where no contact can be bad, the card does not lie right.
    for fault in ["removed@2", "comm-error@3", "unresponsive"] {
        assert_eq!(cause_of(&format!("sim:specimen+contactless+fault={fault}"), 12), "contactless_position", "{fault}");
    }
}

/// A virtual card that differs from the specimen in this; its path.
fn image(folder: &TempDir, difference: &str) -> String {
    let path = folder.path().join("card.toml");
    let head = "name = \"changed\"\ntitle = \"changed specimen\"\nbase = \"specimen\"\n\n";
    std::fs::write(&path, format!("{head}{difference}")).unwrap();
    format!("sim:{}", path.display())
}

/// Issue and expiry date as the specimen has them, `specimen.md` 2.
fn dates(issued: &str, expires: &str) -> String {
    let object = |tag: &str, date: &str| {
        let text: String = date.bytes().map(|digit| format!("00{digit:02X}")).collect();
        format!("{tag}12FEFF{text}")
    };
    let hex = object("B2", issued) + &object("B3", expires);
    format!("[[applet]]\nname = \"mpcos\"\nef = [{{ path = \"3F00/0300/0303\", hex = \"{hex}\" }}]\n")
}

#[test]
fn the_dates_of_a_card_judge_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(cause_of(&image(&folder, &dates("14600101", "14670101")), 15), "clock_wrong");
    assert_eq!(cause_of(&image(&folder, &dates("13910101", "13980101")), 15), "card_expired");
    assert_eq!(causes(&of_card(&image(&folder, &dates("14030101", "14600101"))), 0), []);
    for (time, cause) in [("1970-01-01", "clock_wrong"), ("2024-02-01", "clock_wrong"), ("2032-01-01", "card_expired")]
    {
        assert_eq!(causes(&at_time("sim:specimen", time), 15)[0].0, cause, "{time}");
    }
}

#[test]
fn a_national_card_that_was_not_seen_before_asks_to_be_shared() {
    let folder = tempfile::tempdir().unwrap();
    let other = "[contact]\natr = \"3B 84 01 11 22 33 44 45\"\nprotocol = \"T=1\"\n";
    let done = of_card(&image(&folder, other));
    let found = causes(&done, 7);
    assert_eq!(found, [("unknown_generation".to_owned(), "ATR 3B84011122334445".to_owned())]);
    assert!(done.document(7)["causes"][0]["fix"].as_str().unwrap().contains("idcard probe --share"));
}

#[test]
fn a_blocked_pin_is_told_and_no_try_is_spent() {
    let folder = tempfile::tempdir().unwrap();
    let pin = |tries| {
        let pin = "name = \"sign\", references = [\"82\"], folder = \"5100\", value = \"123456\", digits = [6, 8]";
        format!("[[applet]]\nname = \"classic\"\npin = [{{ {pin}, tries = {tries}, spent_by_signature = true }}]\n")
    };
    assert_eq!(causes(&of_card(&image(&folder, &pin(0))), 9), [("pin_blocked".to_owned(), "sign".to_owned())]);
    assert_eq!(causes(&of_card(&image(&folder, &pin(1))), 11), [("pin_last_try".to_owned(), "sign".to_owned())]);
    assert_eq!(causes(&of_card(&image(&folder, &pin(2))), 0), []);
}

#[test]
fn an_interrupted_change_is_told() {
    let folder = tempfile::tempdir().unwrap();
    // The flag of DF 0500 is byte 29 of the journal (nid-card.md 5.4).
    let flagged = |flag: &str| {
        let hex = format!("{}{flag}0000", "00".repeat(29));
        format!("[[applet]]\nname = \"mpcos\"\nef = [{{ path = \"3F00/0010\", hex = \"{hex}\" }}]\n")
    };
    for (flag, cause) in [("01", "pin_change_interrupted"), ("0F", "pins_disagree")] {
        let done = of_card(&image(&folder, &flagged(flag)));
        assert_eq!(causes(&done, 11), [(cause.to_owned(), String::new())], "{flag}");
        assert!(done.document(11)["causes"][0]["fix"].as_str().unwrap().contains("idcard pin resume"));
    }
    assert_eq!(causes(&of_card(&image(&folder, &flagged("00"))), 0), []);
    // A journal that cannot be read may tell of one.
    let unread = of_card(&format!("{}+fault=C-16", image(&folder, &flagged("01"))));
    let told = &unread.document(12)["causes"][0];
    assert!(told["cause"] == "card_faulty" && told["subject"].as_str().unwrap().contains("0010"), "{told}");
}

#[test]
fn no_fault_of_a_card_keeps_the_doctor_from_its_answer() {
    let mut judged = 0;
    for (fault, what) in idcard_sim::Fault::all() {
        let done = of_card(&format!("sim:specimen+fault={fault}"));
        match done.status {
            // Not every fault shows in what is read here.
            status @ (0 | 3..=9 | 11 | 12 | 15) => drop(causes(&done, status)),
            10 => assert_eq!(done.error(10)["kind"], "cancelled", "{fault}: {what}"),
            2 => assert!(done.stderr.contains("does not fit"), "{fault}: {what}: {}", done.stderr),
            other => panic!("{fault}: {what}: status {other}: {}", done.stderr),
        }
        judged += usize::from(![0, 2].contains(&done.status));
    }
    assert!(judged > 40, "{judged}");
}

/// The instructions that a survey may use: SELECT, READ BINARY, GET DATA, GET RESPONSE, GetInfo; VERIFY without data.
fn is_harmless(command: &[u8]) -> bool {
    matches!(command, [0x00, 0x20, _, _] | [0x00, 0x20, _, _, 0x00] | [_, 0xA4 | 0xB0 | 0xB1 | 0xCA | 0xC0, ..])
}

#[test]
fn nothing_is_presented_and_nothing_written() {
    let folder = tempfile::tempdir().unwrap();
    for card in ["specimen", "specimen-t0", "specimen-sealed", "mav2", "mav4", "pardis", "specimen+fault=C-47"] {
        let trace = folder.path().join("trace");
        let (card, file) = (format!("sim:{card}"), trace.to_str().unwrap());
        let done = idcard(["--card", &card, "--record", file, "--stats", "doctor", "--at", NOW]).run();
        assert!([0, 7].contains(&done.status), "{card}: {}", done.stderr);
        let trace = std::fs::read_to_string(&trace).unwrap();
        let commands = trace.lines().filter_map(|line| line.strip_prefix("> "));
        let commands: Vec<Vec<u8>> = commands
            .map(|line| line.split(' ').map_while(|byte| u8::from_str_radix(byte, 16).ok()).collect())
            .collect();
        assert!(commands.len() > 3, "{card}: {trace}");
        assert_eq!(done.stats()["apdus"], commands.len(), "{card}");
        assert!(commands.iter().all(|command| is_harmless(command)), "{card}: {trace}");
    }
}

/// A service that is played: each client that calls is handed to `role`.
fn service(role: fn(UnixStream)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(folder.path().join("pcscd.comm")).unwrap();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || role(client));
        }
    });
    folder
}

fn at(socket: &Path) -> Done {
    let run = idcard(["doctor", "--json", "--timeout", "0.5", "--at", NOW]);
    run.with_env("PCSCLITE_CSOCK_NAME", socket.to_str().unwrap()).run()
}

/// The cause of a service that cannot be used.
#[track_caller]
fn cause_at(socket: &Path, status: i32) -> String {
    let done = at(socket);
    let document = done.document(status);
    assert_eq!(
        (&document["checks"]["service"], &document["checks"]["readers"]),
        (&"fault".into(), &"not_checked".into())
    );
    let (cause, subject) = causes(&done, status).remove(0);
    assert!(subject.contains(socket.to_str().unwrap()), "{subject}");
    cause
}

#[test]
fn a_service_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("pcscd.comm");
    // Which of them it is depends on the machine: the service is installed, or not, or this is a container.
    let cause = cause_at(&socket, 3);
    assert!(["service_not_running", "service_missing", "sandbox"].contains(&cause.as_str()), "{cause}");
    drop(UnixListener::bind(&socket).unwrap());
    assert_eq!(cause_at(&socket, 3), "service_not_running");
}

#[test]
fn a_service_that_turns_clients_away() {
    // pcscd hangs up on a client whom polkit refuses.
    let away = service(drop);
    assert_eq!(cause_at(&away.path().join("pcscd.comm"), 3), "service_refuses");
}

#[test]
fn a_service_that_never_answers() {
    let silent = service(|mut client| drop(client.read_to_end(&mut Vec::new())));
    assert_eq!(cause_at(&silent.path().join("pcscd.comm"), 10), "service_hangs");
}

#[test]
fn a_service_of_another_version() {
    // pcscd 1.9.9 answers so to a client of version 4:5: its own version, 4:4, and SCARD_E_SERVICE_STOPPED.
    let other = service(|mut client| {
        let mut asked = [0; 8 + 12];
        if client.read_exact(&mut asked).is_ok() {
            let told: [u32; 3] = [4, 99, 0x8010_001E];
            client.write_all(&told.map(u32::to_ne_bytes).concat()).unwrap();
            drop(client.read_to_end(&mut Vec::new()));
        }
    });
    assert_eq!(cause_at(&other.path().join("pcscd.comm"), 3), "service_version");
}

#[test]
fn a_socket_without_rights() {
    use std::os::unix::fs::PermissionsExt;
    let closed = service(drop);
    let socket = closed.path().join("pcscd.comm");
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root is kept out by nothing but the lack of this capability.
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = std::process::Command::new(if root { "setpriv" } else { "env" });
    if root {
        command.args(["--bounding-set=-dac_override", "--inh-caps=-dac_override"]);
    }
    command.args([env!("CARGO_BIN_EXE_idcard"), "doctor", "--json", "--at", NOW]).env("PCSCLITE_CSOCK_NAME", &socket);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    crate::json::keeps_to_its_schema(&document);
    assert_eq!(document["causes"][0]["cause"], "service_no_rights", "{document:#}");
}

#[test]
fn a_library_that_listens_in_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let run = idcard(["doctor", "--json", "--at", NOW])
        .with_env("PCSCLITE_CSOCK_NAME", folder.path().join("x").to_str().unwrap());
    let done = run.with_env("LD_PRELOAD", "libpcscspy.so.0").run();
    assert!(causes(&done, 3).iter().any(|(cause, _)| cause == "commands_logged"), "{:?}", done.stdout);
}

#[test]
fn each_cause_is_one_line_with_its_fix() {
    let english = idcard(["--card", "sim:specimen+fault=busy", "doctor", "--at", NOW]).run();
    assert_eq!(english.text(6).lines().count(), 1);
    assert!(english.text(6).starts_with("Another program holds the card"));
    let persian = idcard(["--card", "sim:specimen+fault=busy", "doctor", "--at", NOW, "--lang", "fa"]).run();
    assert!(persian.text(6).starts_with("برنامهٔ دیگری کارت را در اختیار دارد"));
}
