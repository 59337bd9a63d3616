//! When the PIN goes out and when not; every try that is spent is seen in the trace.

use super::read;
use crate::program::idcard;
use std::path::{Path, PathBuf};

/// How many VERIFY commands with a body a recorded trace holds.
pub(crate) fn presentations(trace: &Path) -> usize {
    let text = std::fs::read_to_string(trace).unwrap();
    let commands = text.lines().filter_map(|line| line.strip_prefix("> "));
    let verify = |line: &&str| {
        let bytes: Vec<&str> = line.split_whitespace().take_while(|byte| !byte.starts_with('#')).collect();
        matches!(bytes[..], [_, "20", _, _, _, _, ..])
    };
    commands.filter(verify).count()
}

fn trace(folder: &tempfile::TempDir) -> (PathBuf, String) {
    let path = folder.path().join("trace.apdu");
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

#[test]
fn one_presentation_opens_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (path, record) = trace(&folder);
    read("specimen", Some("1234"), &["--record", &record]).document(0);
    assert_eq!(presentations(&path), 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("> 00 20 00 00 08 ** ** ** ** ** ** ** **"), "masked by the recorder");
    assert!(!text.contains("31 32 33 34 00 00"), "no PIN in the clear");
}

#[test]
fn no_presentation_where_none_is_due() {
    for (card, pin, fields, status) in [
        ("specimen", None, "identity,photo", 13),
        ("specimen", Some("1234"), "dates,certificates,fingerprints", 0),
        ("specimen-sealed", Some("1234"), "identity", 13),
        ("mav2", Some("1234"), "identity,dates", 13),
        ("mav4", Some("1234"), "identity,dates", 13),
        ("pardis", Some("1234"), "certificates", 0),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (path, record) = trace(&folder);
        read(card, pin, &["--fields", fields, "--record", &record]).document(status);
        assert_eq!(presentations(&path), 0, "{card} {fields}");
    }
}

#[test]
fn a_wrong_pin_is_sent_once_and_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let (path, record) = trace(&folder);
    let arguments = ["--card", "sim:specimen", "read", "--json", "--pin-fd", "0", "--record", &record];
    let error = idcard(arguments).with_stdin("4321\n").run().error(8);
    assert_eq!(error["kind"], "pin_wrong");
    assert_eq!(error["tries_left"], 2);
    assert_eq!(error["sw"], "63C2");
    assert_eq!(presentations(&path), 1);
}

#[test]
fn a_pin_that_breaks_the_rules_never_leaves_the_program() {
    for pin in ["", "123", "123456789", "12 34", "12a4", "\u{FEFF}1234", "1234\u{200F}", "12345678901234567"] {
        let folder = tempfile::tempdir().unwrap();
        let (path, record) = trace(&folder);
        let arguments = ["--card", "sim:specimen", "read", "--json", "--pin-fd", "0", "--record", &record];
        let done = idcard(arguments).with_stdin(&format!("{pin}\n")).run();
        assert_eq!(done.error(2)["kind"], "usage", "{pin:?}");
        assert!(pin.is_empty() || !done.stderr.contains(pin), "{pin:?} is repeated");
        assert!(!path.exists() || presentations(&path) == 0, "{pin:?}");
    }
    assert_eq!(idcard(["--card", "sim:specimen", "read", "--json", "--pin-fd", "0"]).run().error(2)["kind"], "usage");
}

#[test]
fn digits_of_every_script_and_every_line_end_are_the_same_pin() {
    for pin in ["1234", "1234\n", "1234\r\n", "۱۲۳۴\n", "١٢٣٤\n", "1234\n9999\n"] {
        let arguments = ["--card", "sim:specimen", "read", "--json", "--fields", "identity", "--pin-fd", "0"];
        let document = idcard(arguments).with_stdin(pin).run().document(0);
        assert_eq!(document["identity"]["status"], "read", "{pin:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_pin_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pin");
    std::fs::write(&file, "1234\n").unwrap();
    let run = |mode| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let file = file.to_str().unwrap();
        idcard(["--card", "sim:specimen", "read", "--json", "--fields", "identity", "--pin-file", file]).run()
    };
    assert_eq!(run(0o600).document(0)["identity"]["status"], "read");
    assert_eq!(run(0o400).document(0)["identity"]["status"], "read");
    assert_eq!(run(0o640).error(16)["kind"], "file");
    assert_eq!(run(0o604).error(16)["kind"], "file");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pin_comes_from_any_open_descriptor() {
    let program = env!("CARGO_BIN_EXE_idcard");
    let line = format!("'{program}' --card sim:specimen read --json --fields identity --pin-fd 7 7<<<1234");
    let output = std::process::Command::new("bash").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_last_try_is_the_users_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let (path, record) = trace(&folder);
    read("specimen", Some("1234"), &["--record", &record]).document(0);
    let fresh = std::fs::read_to_string(&path).unwrap();
    // Behind GetInfo, byte 1 of the answer holds a bit for each failed presentation (`specimen.md` section 5).
    let question = "> 80 C0 02 05 0C\n< 00 00 ";
    assert!(fresh.contains(question), "{fresh}");
    let run = |failed: &str, more: &[&str]| {
        std::fs::write(&path, fresh.replace(question, &format!("> 80 C0 02 05 0C\n< 00 {failed} "))).unwrap();
        let source = format!("replay:{record}");
        let arguments = ["--card", &source, "read", "--json", "--pin-fd", "0"];
        idcard(arguments.into_iter().chain(more.iter().copied())).with_stdin("1234\n").run()
    };
    let withheld = run("03", &[]).error(11);
    assert_eq!(withheld["kind"], "pin_not_tried");
    assert_eq!(withheld["tries_left"], 1);
    assert!(withheld["hint"].as_str().unwrap().starts_with("be sure of the PIN, then give it with --last-try"));
    let unknown = run("05", &[]).error(11);
    assert_eq!(unknown["tries_left"], serde_json::Value::Null, "a count that nobody understands");
    assert!(unknown["hint"].as_str().unwrap().starts_with("the card does not tell whether this would be the last try"));
    assert_eq!(run("03", &["--last-try"]).document(0)["identity"]["status"], "read");
    let blocked = run("07", &["--last-try"]).error(9);
    assert_eq!(blocked["kind"], "pin_blocked");
}

/// A fault when the PIN is on its way: it is not sent again, and the counter tells what it cost, where the card can still be
/// asked (`reliability.md` C-15, P-06).
#[test]
fn a_fault_at_the_presentation_is_told_with_the_counter() {
    let desk = crate::desk::Desk::new();
    let run = |fault: &str, words: &[&str]| {
        let card = format!("sim:specimen{fault}");
        desk.idcard(&[&["--card", &card, "--record", "trace.apdu"], words, &["--json"]].concat())
    };
    for (words, verify, pin) in [
        (&["read", "--pin-file", "id-pin"][..], "> 00 20 00 00 08", "identity"),
        (&["pin", "verify", "--pin-kind", "sign", "--pin-file", "pin"], "> 00 20 00 82 10", "signature"),
    ] {
        run("", words).text(0);
        let text = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
        let mut commands = text.lines().filter(|line| line.starts_with("> "));
        let at = commands.position(|line| line.starts_with(verify)).unwrap();
        for (fault, status) in [("silence", 10), ("comm-error", 12), ("C-01", 12), ("C-02", 12)] {
            let error = run(&format!("+fault={fault}@{at}"), words).error(status);
            let text = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
            assert_eq!(presentations(&desk.path("trace.apdu")), 1, "{fault}");
            let asked = text.rsplit_once(verify).unwrap().1;
            assert!(asked.contains("> 80 C0 02 05 0C") || asked.contains("> 00 20 00 82"), "{fault}: {asked}");
            // A card that has run the command has it presented, and counts nothing of that.
            let message = error["message"].as_str().unwrap();
            let told = format!("; the {pin} PIN has 3 tries left");
            let verified = format!("; whether the {pin} PIN was counted is unknown");
            assert!(
                message.ends_with(&told) || (pin == "signature" && message.ends_with(&verified)),
                "{fault}: {error}"
            );
        }
        // No card, no counter: then it is said how it is seen.
        let error = run(&format!("+fault=removed@{at}"), words).error(5);
        assert!(error["message"].as_str().unwrap().contains(&format!("whether the {pin} PIN was counted is unknown")));
        assert!(error["hint"].as_str().unwrap().contains("idcard pin status"), "{error}");
        assert_eq!(presentations(&desk.path("trace.apdu")), 1);
    }
}

/// An answer that is neither yes nor no: the counter tells what it cost (`reliability.md` P-31, `specimen.md` 5).
#[test]
fn an_answer_that_says_nothing_of_the_pin_is_told_with_the_counter() {
    let desk = crate::desk::Desk::new();
    for words in
        [&["sign", "contract", "--pin-file", "pin"][..], &["pin", "verify", "--pin-kind", "sign", "--pin-file", "pin"]]
    {
        let told = desk.idcard(&[&["--card", "sim:specimen+fault=P-31", "--json"], words].concat()).error(12);
        assert_eq!((&told["kind"], &told["tries_left"]), (&"card_refused".into(), &3.into()), "{told}");
        assert!(told["message"].as_str().unwrap().ends_with("; the signature PIN has 3 tries left"), "{told}");
        // Where the counter is not told either, that is said, and how it is seen.
        let card = "sim:specimen+fault=P-31+fault=C-82c";
        let unknown = desk.idcard(&[&["--card", card, "--json"], words, &["--last-try"]].concat());
        assert!(unknown.stderr.contains("whether the signature PIN was counted is unknown"), "{}", unknown.stderr);
        assert!(unknown.error(12)["hint"].as_str().unwrap().contains("idcard pin status"), "{}", unknown.stderr);
    }
}

/// A counter that the card does not tell may be that of the last try (`reliability.md` P-09, C-82).
#[test]
fn a_refused_counter_is_an_unknown_one() {
    let desk = crate::desk::Desk::new();
    desk.secret("unblock", "87654321\n654321");
    let run = |card: &str, words: &[&str]| desk.idcard(&[&["--card", card, "--json"], words].concat());
    let blocked = run("sim:specimen+fault=C-82", &["sign", "contract", "--pin-file", "pin", "--last-try"]);
    assert_eq!(blocked.error(9)["kind"], "pin_blocked", "6983 is the only word that says so");
    let unusable = "sim:specimen+fault=C-82b";
    let status = run(unusable, &["pin", "status", "--pin-kind", "sign"]).document(12);
    assert_eq!(status["pins"][0]["sw"], "6984", "{status}");
    assert_eq!(status["pins"][0]["blocked"], serde_json::Value::Null, "{status}");
    let doctor = run(unusable, &["doctor"]).document(11);
    assert_eq!(doctor["causes"][0]["cause"], "pin_unusable", "{doctor}");
    assert!(!doctor.to_string().contains("pin unblock") && !doctor.to_string().contains("pin_blocked"), "{doctor}");
    let unblocking = run(unusable, &["pin", "unblock", "--pin-kind", "sign", "--pin-file", "unblock"]).error(11);
    assert!(unblocking["message"].as_str().unwrap().starts_with("the PUK of the signature PIN was not sent"));
    for fault in ["C-82b", "C-82c", "C-82d"] {
        let verify = ["pin", "verify", "--pin-kind", "sign", "--pin-file", "pin"];
        let withheld = run(&format!("sim:specimen+fault={fault}"), &verify).error(11);
        assert!(!withheld["hint"].as_str().unwrap().contains("unblock"), "{fault}: {withheld}");

        let card = format!("sim:specimen+fault={fault}");
        let words = ["--card", &card, "--record", "trace.apdu", "sign", "contract", "--pin-file", "pin", "--json"];
        assert_eq!(desk.idcard(&words).error(11)["kind"], "pin_not_tried", "{fault}");
        assert_eq!(presentations(&desk.path("trace.apdu")), 0);
        let lifted = desk.idcard(&[&words[..], &["--last-try"]].concat());
        assert!(presentations(&desk.path("trace.apdu")) == 1 && lifted.status != 11, "{fault}: {}", lifted.stderr);
    }
}

/// SELECT of the master file leaves the applet on some cards (`reliability.md` C-42).
#[test]
fn a_master_file_outside_of_the_applet_is_gone_round() {
    let whole = read("specimen", Some("1234"), &[]).document(0);
    let document = read("specimen+fault=C-42b", Some("1234"), &[]).document(0);
    assert_eq!(document["identity"], whole["identity"]);
}
