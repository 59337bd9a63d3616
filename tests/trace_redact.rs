//! `idcard trace redact`: recorded visits with pseudonyms, which still read as visits and tell of nobody.

mod early;

use crate::leaks;
use crate::program::idcard;
use serde_json::Value;
use std::path::{Path, PathBuf};

const TRACES: [(&str, &str); 8] = [
    ("specimen/specimen-read", "specimen"),
    ("specimen/specimen-2-read", "specimen-2"),
    ("specimen/specimen-p256-read", "specimen-p256"),
    ("specimen/specimen-t0-read", "specimen-t0"),
    ("specimen/specimen-sealed-read", "specimen-sealed"),
    ("mav/mav2-read", "mav2"),
    ("mav/mav4-read", "mav4"),
    ("pardis/pardis-read", "pardis"),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/traces").join(name).with_extension("apdu")
}

fn redact(file: &Path) -> String {
    idcard(["trace", "redact", file.to_str().unwrap()]).run().text(0).to_owned()
}

fn read(trace: &Path) -> Value {
    let source = format!("replay:{}", trace.display());
    let done = idcard(["--card", &source, "read", "--json", "--pin-fd", "0"]).with_stdin("0000\n").run();
    let document: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", done.stderr));
    crate::json::keeps_to_its_schema(&document);
    document
}

fn in_a_file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".apdu").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn what_was_read_is_read_again_and_is_somebody_elses() {
    for (name, _) in TRACES {
        let redacted = in_a_file(&redact(&fixture(name)));
        let (before, after) = (read(&fixture(name)), read(redacted.path()));
        for section in ["identity", "birth_certificate", "postal", "photo", "fingerprints", "dates", "security_object"]
        {
            assert_eq!(before[section]["status"], after[section]["status"], "{name}: {section}");
        }
        for number in ["csn", "crn"].into_iter().filter(|number| !before["card"][number].is_null()) {
            assert_ne!(before["card"][number], after["card"][number], "{name}");
        }
        let subjects = |document: &Value| -> Vec<(String, Value)> {
            let list = document["certificates"].as_array().unwrap().iter();
            list.map(|entry| (entry["slot"].to_string(), entry["key"].clone())).collect()
        };
        assert_eq!(subjects(&before), subjects(&after), "{name}");
        assert!(!after["warnings"].to_string().contains("holder_differs"), "{name}: one value, one pseudonym");
        assert!(!after["warnings"].to_string().contains("not_a_specimen"), "{name}");
    }
}

#[test]
fn files_and_their_signed_hashes_agree_under_pseudonyms() {
    let redacted = in_a_file(&redact(&fixture("specimen/specimen-read")));
    let document = read(redacted.path());
    let object = &document["security_object"];
    assert_eq!(object["verdict"], "untrusted_signer", "{object}");
    assert!(object["groups"].as_object().unwrap().values().all(|state| state == "match"), "{object}");
    let (photo, before) = (&document["photo"], &read(&fixture("specimen/specimen-read"))["photo"]);
    assert_eq!((&photo["width"], &photo["bytes"]), (&before["width"], &before["bytes"]));
    assert_ne!(photo["sha256"], before["sha256"]);
    assert_eq!(document["identity"]["gender"], "unknown");
}

#[test]
fn nothing_of_the_holder_is_left() {
    for (name, image) in TRACES {
        let mut secrets = leaks::of_image(image);
        let document = std::fs::read_to_string(fixture(name).with_extension("json")).unwrap();
        secrets.append(&mut leaks::of_document(&serde_json::from_str(&document).unwrap()));
        let original = std::fs::read_to_string(fixture(name)).unwrap();
        let there = leaks::found(&secrets, &original);
        assert!(there.len() >= 4, "{name}: the search finds what was not replaced: {there:?}");
        assert_eq!(leaks::found(&secrets, &redact(&fixture(name))), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn redacting_twice_changes_nothing_and_changing_it_is_noticed() {
    for (name, _) in TRACES {
        let once = redact(&fixture(name));
        assert!(redact(in_a_file(&once).path()) == once, "{name}");
        assert!(redact(in_a_file(&once.replace('\n', "\r\n")).path()) == once.replace('\n', "\r\n"), "{name}");
    }
    let once = redact(&fixture("mav/mav2-read"));
    let added = format!("{once}# what my name is\n");
    assert!(!redact(in_a_file(&added).path()).contains("my name"), "a changed file is redacted anew");
    let masked = idcard(["trace", "redact", "--mask", fixture("mav/mav2-read").to_str().unwrap()]).run();
    let masked = masked.text(0).to_owned();
    let both = redact(in_a_file(&masked).path());
    let items = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(items(&both), items(&masked), "what is masked stays masked");
}

/// What OpenSC reads: its directory of PKCS#15 holds the CRN packed; and the answers of a virtual card in every log.
#[test]
fn imported_logs_are_redacted_too() {
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/logs");
    let document = std::fs::read_to_string(fixture("specimen/specimen-read").with_extension("json")).unwrap();
    let mut secrets = leaks::of_image("specimen");
    secrets.append(&mut leaks::of_document(&serde_json::from_str(&document).unwrap()));
    let mut seen = std::collections::BTreeSet::new();
    for log in std::fs::read_dir(logs).unwrap().map(|log| log.unwrap().path()) {
        if log.extension().is_some_and(|ending| ending == "md") {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let words = ["trace", "import", log.to_str().unwrap(), "-o", "out.apdu", "--json"];
        idcard(words).in_folder(folder.path()).run().document(0);
        for trace in std::fs::read_dir(folder.path()).unwrap().map(|trace| trace.unwrap().path()) {
            seen.extend(leaks::found(&secrets, &std::fs::read_to_string(&trace).unwrap()));
            let text = redact(&trace);
            assert_eq!(leaks::found(&secrets, &text), Vec::<String>::new(), "{}", log.display());
            assert!(redact(in_a_file(&text).path()) == text, "{}", log.display());
            idcard(["trace", "replay", in_a_file(&text).path().to_str().unwrap()]).run().text(0);
        }
    }
    assert!(seen.iter().any(|name| name.ends_with("in BCD")), "{seen:?}");
}

/// A trace made to be slow: thousands of names and numbers, certificates that are no two the same.
#[test]
fn a_hostile_trace_is_redacted_within_bounds() {
    let mut text = String::from("# idcard trace 1\n");
    let image = idcard_sim::Image::builtin("specimen").unwrap();
    let certificate = &image.file("classic", "3F00/5100/5040").unwrap().content[..1399];
    for number in 0..2_000u32 {
        let name = format!("{number:06}NAME{number:06}");
        let hex: String = name.bytes().map(|byte| format!("{byte:02X} ")).collect();
        text += &format!("> 00A4020002{:04X}\n< 9000\n> 00B0000000\n< 80 10 {hex}9000\n", number % 0xFFFF);
        if number % 4 == 0 {
            let mut certificate = certificate.to_vec();
            certificate[20..24].copy_from_slice(&number.to_be_bytes());
            text += &format!(
                "> 00A4020002{:04X}\n< 9000\n> 00B0000000\n< {}9000\n",
                number | 0x8000,
                hex::encode(certificate)
            );
        }
    }
    let file = in_a_file(&text);
    let started = std::time::Instant::now();
    let redacted = redact(file.path());
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
    assert!(!redacted.contains("4E 41 4D 45 30 30 30 30 30 37"), "no name is left");
}

#[test]
fn secrets_in_the_clear_are_masked_and_comments_gone() {
    let file = in_a_file("# idcard trace 1\n# of NEMUNEH\n> 00 20 00 81 04 31 32 33 34 # 1234\n< 90 00 # fine\n");
    let text = redact(file.path());
    assert!(text.contains("> 00 20 00 81 04 ** ** ** **\n< 90 00\n"), "{text}");
    assert!(!text.contains("NEMUNEH") && !text.contains("fine"));
}

#[test]
fn commands_statuses_and_lengths_stay() {
    for (name, _) in TRACES {
        let shape = |text: &str| -> Vec<(usize, String)> {
            let lines = text.lines().filter(|line| line.starts_with(['<', '>']));
            lines
                .map(|line| {
                    let words: Vec<_> =
                        line.split_whitespace().take_while(|word| !word.starts_with(['#', '@'])).collect();
                    let kept = if line.starts_with('>') { words.join(" ") } else { words[words.len() - 2..].join(" ") };
                    (words.len(), kept)
                })
                .collect()
        };
        let original = std::fs::read_to_string(fixture(name)).unwrap();
        assert_eq!(shape(&redact(&fixture(name))), shape(&original), "{name}");
    }
}
