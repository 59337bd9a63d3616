//! `idcard trace import` from the outside: every sample log becomes traces that replay, and a recorded visit reads again.

use crate::desk::Desk;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn log(name: &str) -> String {
    root().join("fixtures/logs").join(name).display().to_string()
}

fn logs() -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join("fixtures/logs")).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending != "md")).collect()
}

#[test]
fn every_log_becomes_traces_that_replay() {
    let logs = logs();
    assert!(logs.len() >= 18, "{}", logs.len());
    for log in logs {
        let desk = Desk::new();
        let told = desk.idcard(&["trace", "import", log.to_str().unwrap(), "-o", "out.apdu", "--json"]).document(0);
        let traces = told["traces"].as_array().unwrap();
        assert!(!traces.is_empty());
        for (number, trace) in (1..).zip(traces) {
            let name = if number == 1 { "out.apdu".to_owned() } else { format!("out-{number}.apdu") };
            assert_eq!(trace["file"], name);
            let replayed = desk.idcard(&["trace", "replay", &name, "--json"]).document(0);
            assert_eq!(replayed["exchanges"], trace["exchanges"], "{}", log.display());
            assert_eq!(replayed["link_errors"], trace["failures"], "{}", log.display());
            assert_eq!(replayed["unmasked_secrets"], false);
        }
    }
}

#[test]
fn a_visit_that_pcscd_logged_is_read_again() {
    let desk = Desk::new();
    let expected: Value =
        serde_json::from_slice(&std::fs::read(root().join("fixtures/traces/specimen/specimen-read.json")).unwrap())
            .unwrap();
    for name in ["pcscd-visit.log", "pcscd-journal.log"] {
        let told = desk.idcard(&["trace", "import", &log(name), "-o", "out.apdu", "--json"]).document(0);
        assert_eq!(told["traces"][0]["atr"], expected["card"]["atr"]);
        let fields = ["read", "--fields", "card,dates,certificates", "--json"];
        let read = desk.idcard(&[&["--card", "replay:out.apdu"], fields.as_slice()].concat()).document(0);
        for section in ["card", "dates", "certificates"] {
            assert_eq!(read[section], expected[section], "{name}");
        }
    }
}

#[test]
fn a_single_trace_goes_to_stdout_and_several_need_files() {
    let desk = Desk::new();
    let done = desk.idcard(&["--lang", "en", "trace", "import", &log("scriptor.txt")]);
    let text = done.text(0);
    assert!(text.starts_with("# idcard trace 1\n# imported from a log of scriptor\natr 3B DB"), "{text}");
    assert!(text.contains("> 00 20 00 81 10 ** **") && !text.contains("31 32 33 34"), "{text}");
    assert!(done.stderr.contains("1 command of the log holds PINs or keys in the clear"), "{}", done.stderr);
    let error = desk.idcard(&["trace", "import", &log("pcscd-debug.log"), "--json", "-o", "-"]).error(2);
    assert_eq!(error["kind"], "usage");
    let several = desk.idcard(&["--lang", "en", "trace", "import", &log("pcscd-debug.log")]);
    assert_eq!(several.text(2), "");
    assert!(several.stderr.contains("the log holds 2 conversations"), "{}", several.stderr);
    assert!(several.stderr.contains("Virtual PCD 00 01"), "{}", several.stderr);
    assert!(several.stderr.contains("-o OUT.apdu") && several.stderr.contains("--card replay:OUT-2.apdu"));
}

#[test]
fn a_log_comes_through_stdin_as_well() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(log("opensc-tool.txt")).unwrap();
    let piped = desk.prepare(&["trace", "import", "-"]).with_stdin(&text).run();
    assert_eq!(piped.text(0), desk.idcard(&["trace", "import", &log("opensc-tool.txt")]).text(0));
    let named = desk.prepare(&["trace", "import", "-", "--from", "opensc-tool"]).with_stdin(&text).run();
    assert_eq!(named.stdout, piped.stdout);
    // What a shell hands over for `<(journalctl …)` is a pipe as well.
    let device = desk.prepare(&["trace", "import", "/dev/stdin"]).with_stdin(&text).run();
    assert_eq!(device.stdout, piped.stdout);
}

#[test]
fn damage_is_told_with_its_line_and_what_was_kept() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(log("pcscd-visit.log")).unwrap();
    let at = text.lines().position(|line| line.contains(" SW: 30 82")).unwrap();
    let damaged: Vec<_> = text
        .lines()
        .enumerate()
        .map(|(number, line)| if number == at { line[..line.len() / 2].to_owned() + "Z" } else { line.to_owned() })
        .collect();
    desk.write("damaged.log", damaged.join("\n").as_bytes());
    let told = desk.idcard(&["trace", "import", "damaged.log", "-o", "out.apdu", "--json"]).document(0);
    assert_eq!(told["faults"][0]["line"], at + 1);
    let whole = desk.idcard(&["trace", "import", &log("pcscd-visit.log"), "-o", "whole.apdu", "--json"]).document(0);
    let count = |told: &Value| told["traces"][0]["exchanges"].as_u64().unwrap();
    assert_eq!(count(&told) + 1, count(&whole));
    let done = desk.idcard(&["--lang", "en", "trace", "import", "damaged.log", "-o", "out.apdu"]);
    assert!(done.stderr.contains(&format!("line {}: ", at + 1)), "{}", done.stderr);
    assert!(done.stderr.contains(&format!("kept: {} exchanges in 1 trace", count(&told))), "{}", done.stderr);
    let trace = String::from_utf8(desk.bytes("out.apdu")).unwrap();
    assert!(trace.contains(&format!("# of the log, line {}: ", at + 1)), "{trace}");
    assert_eq!(desk.idcard(&["trace", "replay", "out.apdu"]).status, 0);
}

#[test]
fn what_cannot_be_imported_leaves_no_file() {
    let desk = Desk::new();
    desk.write("text", b"nothing of a card\n");
    desk.write("quiet.log", b"00000001 winscard.c:1596:SCardTransmit() Send Protocol: T=1\n");
    desk.write("trace.apdu", b"# idcard trace 1\n> 00 84 00 00\n< 90 00\n");
    for (file, kind) in
        [("text", "bad_file"), ("quiet.log", "bad_file"), ("trace.apdu", "bad_file"), ("absent", "file")]
    {
        let error = desk.idcard(&["trace", "import", file, "-o", "out.apdu", "--json"]).error(16);
        assert_eq!(error["kind"], kind, "{file}");
    }
    let quiet = desk.idcard(&["--lang", "en", "trace", "import", "quiet.log"]);
    assert!(quiet.stderr.contains("--apdu"), "{}", quiet.stderr);
    assert!(!desk.names().iter().any(|name| name.starts_with("out") || name.starts_with('.')), "{:?}", desk.names());
}

#[test]
fn traces_are_for_their_owner() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.idcard(&["trace", "import", &log("pcscd-colours.log"), "-o", "out.apdu", "--lang", "fa"]).text(0);
    for name in ["out.apdu", "out-2.apdu"] {
        assert_eq!(std::fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

/// What shows that something is a secret may come behind it.
#[test]
fn a_secret_is_masked_in_front_of_what_shows_it_too() {
    let desk = Desk::new();
    let transcript = "> 00 CA 01 01 00\n< 39 38 37 36 35 34 90 00 : Normal processing.\n\
                      > 00 A4 04 0C 06 39 38 37 36 35 34\n< 6A 82 : File not found.\n\
                      > 00 20 00 81 06 39 38 37 36 35 34\n< 90 00 : Normal processing.\n";
    desk.write("log", transcript.as_bytes());
    desk.idcard(&["trace", "import", "log", "--from", "scriptor", "-o", "out.apdu", "--json"]).document(0);
    let bare = desk.idcard(&["trace", "import", "log", "--from", "scriptor"]);
    let written = String::from_utf8(desk.bytes("out.apdu")).unwrap();
    assert_eq!(written, bare.text(0));
    assert!(!written.contains("38 37"), "{written}");
    assert!(written.contains("< ** ** ** ** ** ** 90 00\n> 00 A4 04 0C 06 ** ** ** ** ** **\n< 6A 82\n"), "{written}");
}
