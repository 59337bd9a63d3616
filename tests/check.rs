//! `idcard check` against the tables of the numbers and the calendar, and its documents against their schemas.

use std::process::{Command, Output};

fn idcard(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_idcard")).args(words).output().unwrap()
}

fn document(words: &[&str], schema: &str) -> serde_json::Value {
    let output = idcard(&[words, &["--json"]].concat());
    assert!(output.status.success(), "{words:?}: {output:?}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&idcard(&["schema", schema]).stdout).unwrap();
    jsonschema::validate(&schema, &document).unwrap();
    document
}

#[test]
fn national_numbers() {
    // data on numbers, 3.1: synthetic vectors.
    for right in ["0001234560", "0000000140", "0000000061", "9991234561", "8000000199", "۰۰۰۱۲۳۴۵۶۰", "٠٠٠١٢٣٤٥٦٠"]
    {
        let found = document(&["check", "national-number", right], "check_national_number");
        assert!(found["value"].as_str().unwrap().is_ascii(), "{right}");
    }
    for wrong in ["0001234561", "0001234506", "0000000060", "000123456", "00031415940", "000271828A", ""] {
        let output = idcard(&["check", "national-number", wrong]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(14), 0), "{wrong}");
    }
}

#[test]
fn postal_codes() {
    let warnings = |code: &str| document(&["check", "postal-code", code], "check_postal_code")["warnings"].clone();
    assert_eq!(warnings("1354612345"), serde_json::json!(["tail_2"]));
    assert_eq!(warnings("1354512345"), serde_json::json!(["fifth_5", "tail_2"]));
    assert!(warnings("1111111111").as_array().unwrap().contains(&"repeated_leading".into()));
    assert_eq!(idcard(&["check", "postal-code", "13546"]).status.code(), Some(14));
}

#[test]
fn dates() {
    for (jalali, iso) in [("1375-12-30", "1997-03-20"), ("1403-12-30", "2025-03-20"), ("1408-01-01", "2029-03-20")] {
        for entered in [jalali, iso] {
            let found = document(&["check", "date", entered], "check_date");
            assert_eq!((found["jalali"].as_str(), found["iso"].as_str()), (Some(jalali), Some(iso)), "{entered}");
        }
    }
    for wrong in ["1404-12-30", "1403-07-31", "1403-13-01", "yesterday"] {
        assert_eq!(idcard(&["check", "date", wrong]).status.code(), Some(14), "{wrong}");
    }
}

#[test]
fn the_age_of_fifteen() {
    let on =
        |day: &str| document(&["check", "age", "--birth", "1375-12-30", "--at", day], "check_age")["eligible"].clone();
    // Born on a leap day: complete on the first day of the next year where the fifteenth year has no such day.
    assert_eq!((on("1390-12-29"), on("1391-01-01")), (false.into(), true.into()));
}

#[test]
fn the_code_to_dial_comes_after_the_number_was_checked() {
    let found = document(&["check", "status", "0001234560"], "check_status");
    assert_eq!(found["dial"], "*4*6090#");
    let isolated = idcard(&["--bidi", "isolate", "check", "status", "0001234560"]);
    assert!(String::from_utf8(isolated.stdout).unwrap().contains("\u{2066}*4*6090#\u{2069}"));
    assert_eq!(idcard(&["check", "status", "0001234561"]).status.code(), Some(14));
}

#[test]
fn virtual_cards_and_their_authority_are_listed() {
    let found = document(&["sim", "list"], "sim_list");
    assert_eq!(found["images"].as_array().unwrap().len(), 8);
    assert!(found["faults"].is_null(), "nobody asked for them");
    let faults = document(&["sim", "list", "--faults"], "sim_list")["faults"].clone();
    let text = String::from_utf8(idcard(&["sim", "list", "--faults"]).stdout).unwrap();
    let names: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["name"].as_str().unwrap()).collect();
    for name in &names {
        assert!(text.contains(&format!("+fault={name}: ")), "{name}");
        assert!(idcard_sim::Fault::named(name).is_some(), "{name} is taken");
    }
    assert!(["C-01", "C-47", "removed", "reset"].iter().all(|known| names.contains(known)), "{names:?}");
    let folder = tempfile::tempdir().unwrap();
    let written = document(&["sim", "pki", "-o", folder.path().to_str().unwrap()], "sim_pki");
    assert!(
        written["files"].as_array().unwrap().iter().all(|file| folder.path().join(file.as_str().unwrap()).exists())
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), written["files"].as_array().unwrap().len());
}

#[test]
fn help_says_which_digits_are_taken() {
    for command in ["national-number", "postal-code", "date", "age", "status"] {
        let help = String::from_utf8(idcard(&["check", command, "--help"]).stdout).unwrap();
        assert!(help.contains("Persian") && help.contains("Arabic"), "{command}: {help}");
    }
    let age = idcard(&["check", "age", "--birth", "۱۳۷۵/۱۲/۳۰", "--at", "١٤٠٤-٠١-٠١"]);
    assert!(age.status.success(), "{age:?}");
}

#[test]
fn shells_and_readers_of_manuals_are_served() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(idcard(&["completions", shell]).stdout.len() > 1_000, "{shell}");
    }
    let manual = String::from_utf8(idcard(&["man"]).stdout).unwrap();
    assert!(manual.starts_with(".ie") && manual.contains(".TH idcard 1") && manual.contains("readers"), "{manual}");
    for (page, option) in [("idcard-cert-export", "\\-\\-slot"), ("idcard-trace-redact", "\\-\\-mask")] {
        assert!(manual.contains(&format!(".TH {page} 1")) && manual.contains(option), "{page}");
    }
}
