//! `idcard trace`: what it shows of a recorded trace, what it masks, and that what is left replays.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn fixture(name: &str) -> PathBuf {
    root().join("fixtures/traces").join(name).with_extension("apdu")
}

const TRACES: [&str; 8] = [
    "specimen/specimen-read",
    "specimen/specimen-2-read",
    "specimen/specimen-p256-read",
    "specimen/specimen-t0-read",
    "specimen/specimen-sealed-read",
    "mav/mav2-read",
    "mav/mav4-read",
    "pardis/pardis-read",
];

fn idcard(arguments: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_idcard")).args(arguments).arg(file).output().unwrap()
}

fn redact(file: &Path) -> String {
    let output = idcard(&["trace", "redact", "--mask"], file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".apdu").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn read(trace: &Path, fields: &[&str]) -> Value {
    let pin = written("0000\n");
    let output = Command::new(env!("CARGO_BIN_EXE_idcard"))
        .arg(format!("--card=replay:{}", trace.display()))
        .args(["read", "--json", "--pin-file"])
        .arg(pin.path())
        .args(fields)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn document(arguments: &[&str], file: &Path) -> Value {
    let output = idcard(arguments, file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_valid(&document);
    document
}

fn assert_valid(document: &Value) {
    let name = document["schema"].as_str().unwrap().strip_prefix("idcard.").unwrap().strip_suffix("/1").unwrap();
    let schema = std::fs::read_to_string(root().join("docs/schema").join(name).with_extension("json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let faults: Vec<_> = validator.iter_errors(document).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

/// Each part of a document that has a status, with it.
fn statuses(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, section) in document.as_object().unwrap() {
        for (index, part) in section.as_array().map_or(vec![section], |parts| parts.iter().collect()).iter().enumerate()
        {
            if let Some(status) = part.get("status").and_then(Value::as_str) {
                found.push((format!("{name} {index}"), status.to_owned()));
            }
        }
    }
    found
}

#[test]
fn a_redacted_trace_replays_and_what_was_read_is_redacted() {
    for name in TRACES {
        let redacted = written(&redact(&fixture(name)));
        let (before, after) = (read(&fixture(name), &[]), read(redacted.path(), &[]));
        assert_valid(&after);
        let before = statuses(&before);
        assert!(before.len() >= 8, "{name}: {before:?}");
        let expected: Vec<_> = before
            .into_iter()
            .map(|(part, status)| (part, if status == "read" { "redacted".to_owned() } else { status }))
            .collect();
        assert_eq!(statuses(&after), expected, "{name}");
        for number in ["csn", "crn"] {
            assert_eq!(after["card"][number], Value::Null, "{name}");
        }
    }
}

#[test]
fn every_section_of_the_specimen_is_redacted() {
    let redacted = written(&redact(&fixture("specimen/specimen-read")));
    let statuses = statuses(&read(redacted.path(), &[]));
    assert_eq!(statuses.len(), 10, "{statuses:?}");
    assert!(statuses.iter().all(|(_, status)| status == "redacted"), "{statuses:?}");
}

#[test]
fn a_visit_for_one_section_replays_when_redacted() {
    let folder = tempfile::tempdir().unwrap();
    let (trace, pin) = (folder.path().join("identity.apdu"), written("1234\n"));
    let output = Command::new(env!("CARGO_BIN_EXE_idcard"))
        .args(["--card=sim:specimen", "--json", "--record"])
        .arg(&trace)
        .args(["read", "--fields", "identity", "--pin-file"])
        .arg(pin.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let redacted = written(&redact(&trace));
    assert_eq!(read(redacted.path(), &["--fields", "identity"])["identity"]["status"], "redacted");
}

#[test]
fn redacting_twice_changes_nothing() {
    for name in TRACES {
        let once = redact(&fixture(name));
        assert_ne!(once, std::fs::read_to_string(fixture(name)).unwrap(), "{name}");
        assert_eq!(redact(written(&once).path()), once, "{name}");
    }
}

#[test]
fn statuses_and_lengths_stay() {
    for name in TRACES {
        let original = std::fs::read_to_string(fixture(name)).unwrap();
        let kept = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(shape).collect::<Vec<_>>();
        assert_eq!(kept(&redact(&fixture(name))), kept(&original), "{name}");
    }
}

/// A line with the status and the time of an answer, and its length instead of its bytes.
fn shape(line: &str) -> (usize, String) {
    let line = line.split('#').next().unwrap().trim_end();
    let words: Vec<&str> = line.split(' ').collect();
    let bytes = words.iter().filter(|word| !word.starts_with('@')).count();
    let tail = if line.starts_with('<') { words[bytes - 2..].join(" ") } else { String::new() };
    (bytes, tail)
}

/// Every text and number of a document that belongs to its holder.
fn values(document: &Value, found: &mut Vec<String>) {
    match document {
        Value::String(text) => found.push(text.clone()),
        Value::Array(parts) => parts.iter().for_each(|part| values(part, found)),
        Value::Object(parts) => {
            let told = |key: &str| !["status", "source", "format", "enrolled", "verdict", "gender"].contains(&key);
            parts.iter().filter(|(key, _)| told(key)).for_each(|(_, part)| values(part, found));
        }
        _ => {}
    }
}

#[test]
fn nothing_of_the_holder_is_left() {
    for name in TRACES {
        let document: Value =
            serde_json::from_str(&std::fs::read_to_string(fixture(name).with_extension("json")).unwrap()).unwrap();
        let mut personal = Vec::new();
        for section in ["identity", "birth_certificate", "postal", "dates"] {
            values(&document[section], &mut personal);
        }
        personal.extend(["csn", "crn"].iter().filter_map(|key| document["card"][key].as_str().map(str::to_owned)));
        let original = std::fs::read_to_string(fixture(name)).unwrap();
        let (original, redacted) = (squeezed(&original), squeezed(&redact(&fixture(name))));
        let mut seen = 0;
        for value in personal.iter().filter(|value| value.chars().count() > 2) {
            for form in forms(value) {
                seen += usize::from(original.contains(&form));
                assert!(!redacted.contains(&form), "{name}: {value} as {form}");
            }
        }
        assert!(seen >= 1, "{name}: the search finds what was not masked: {seen}");
    }
}

fn squeezed(trace: &str) -> String {
    trace.lines().map(|line| line.replace(' ', "").to_uppercase() + "\n").collect()
}

/// A value as it is, its UTF-8, its UTF-16, and its digits alone.
fn forms(value: &str) -> Vec<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut forms = vec![value.to_uppercase(), hex::encode_upper(value), hex::encode_upper(utf16)];
    if digits.len() >= 4 {
        forms.extend([hex::encode_upper(&digits), digits]);
    }
    forms
}

#[test]
fn comments_and_secrets_do_not_survive() {
    let text = "# idcard trace 1\n# of NEMUNEH\n> 00 20 00 81 04 31 32 33 34 # 1234\n< 90 00 # fine\n";
    let file = written(text);
    assert_eq!(redact(file.path()), "# idcard trace 1\n> 00 20 00 81 04 ** ** ** **\n< 90 00\n");
    let told = idcard(&["trace", "replay"], file.path());
    assert!(told.status.success() && String::from_utf8_lossy(&told.stderr).contains("secrets in the clear"));
    assert_eq!(document(&["trace", "replay", "--json"], file.path())["unmasked_secrets"], true);
}

#[test]
fn a_redacted_trace_goes_into_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("masked.apdu");
    let output = idcard(&["trace", "redact", "--mask", "-o", target.to_str().unwrap()], &fixture("mav/mav2-read"));
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(std::fs::read_to_string(target).unwrap(), redact(&fixture("mav/mav2-read")));
}

#[test]
fn every_trace_replays_against_itself() {
    for name in TRACES {
        let answers = std::fs::read_to_string(fixture(name)).unwrap().lines().filter(|l| l.starts_with('<')).count();
        let told = document(&["trace", "replay", "--json"], &fixture(name));
        assert_eq!(told["exchanges"], answers, "{name}");
        assert_eq!((&told["redacted_answers"], &told["unmasked_secrets"]), (&0.into(), &false.into()), "{name}");
    }
}

#[test]
fn failures_of_the_link_are_part_of_a_trace() {
    let text = "# idcard trace 1\natr 3B 80 80 01 01\nprotocol T=1\nbegin\n> 00 A4 00 00\nerror SHARING_VIOLATION\n\
                begin\n> 00 A4 00 00\n< 90 00\nreset\nend\nbegin\n> 00 B0 00 00 04\nremoved\n";
    let told = document(&["trace", "replay", "--json"], written(text).path());
    assert_eq!((&told["transactions"], &told["link_errors"]), (&3.into(), &1.into()));
    document(&["trace", "show", "--json"], written(text).path());
}

#[test]
fn what_is_no_trace_is_refused_with_its_line() {
    for (text, line) in [
        ("idcard trace 1\n", 1),
        ("# idcard trace 1\nbegin\n> 00 B0 00 0\n", 3),
        ("# idcard trace 1\nend\nbegin\nend\n", 2),
    ] {
        let output = idcard(&["trace", "replay", "--json"], written(text).path());
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!((output.status.code(), &error["error"]["kind"]), (Some(16), &"bad_file".into()), "{text}");
        assert!(error["error"]["message"].as_str().unwrap().contains(&format!(":{line}:")), "{error}");
    }
}

#[test]
fn a_listing_names_commands_places_and_statuses() {
    let shown = document(&["trace", "show", "--json"], &fixture("specimen/specimen-read"));
    let items = shown["items"].as_array().unwrap();
    let photo = items.iter().find(|item| item["file"] == "0200/0203" && item["name"] == "READ BINARY").unwrap();
    let begun =
        items.iter().filter(|item| item["kind"] == "begin" && item["line"].as_u64() < photo["line"].as_u64()).count();
    assert_eq!((&photo["applet"], &photo["transaction"]), (&"A0000000183003010000000000000000".into(), &begun.into()));
    let dates = items.iter().find(|item| item["file"] == "0300/0303" && item["name"] == "READ BINARY").unwrap();
    assert_eq!((&dates["status_word"], &dates["meaning"]), (&"6282".into(), &"end of the file reached".into()));
    let verify = items.iter().find(|item| item["name"] == "VERIFY").unwrap();
    assert_eq!(verify["command"], "0020000008****************");
    assert_eq!(shown["timing"], Value::Null);
    let text = idcard(&["--lang=en", "trace", "show"], &fixture("specimen/specimen-read"));
    let text = String::from_utf8(text.stdout).unwrap();
    for part in ["Transaction 1", "VERIFY", "> 0020000008****************", "6282 (end of the file reached)"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn timing_goes_from_the_slowest_link_to_the_fastest() {
    let shown = document(&["trace", "show", "--timing", "--json"], &fixture("specimen/specimen-read"));
    let timing = shown["timing"].as_array().unwrap();
    let time = |name: &str| timing.iter().find(|one| one["profile"] == name).unwrap()["link_ms"].as_f64().unwrap();
    let contact = ["no-pps", "t0-94", "t0-95", "t0-96", "t1-97"].map(time);
    assert!(contact.windows(2).all(|pair| pair[0] > pair[1]), "{contact:?}");
    assert!(time("cl-106") > time("cl-848"));
    // 20,000 bytes of answers of ten characters at 372 clocks of 4 MHz each cannot take less than 18 s.
    assert!(time("no-pps") > 18_000.0, "{}", time("no-pps"));
}
