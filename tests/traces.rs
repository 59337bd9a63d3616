//! Every recorded trace replays to its end, and the program makes of it the document that lies beside it.

use idcard_core::transport::trace::Trace;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/traces")
}

/// The traces that have a document beside them.
fn traces() -> Vec<PathBuf> {
    let families = std::fs::read_dir(folder()).unwrap().map(|family| family.unwrap().path());
    let files = families.filter(|path| path.is_dir()).flat_map(|family| std::fs::read_dir(family).unwrap());
    let mut traces: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "apdu") && path.with_extension("json").exists())
        .collect();
    traces.sort();
    traces
}

fn read(trace: &Path) -> std::process::Output {
    let pin = tempfile::NamedTempFile::new().unwrap();
    // The PIN is masked in a trace: any one replays.
    std::fs::write(pin.path(), "0000\n").unwrap();
    std::process::Command::new(env!("CARGO_BIN_EXE_idcard"))
        .arg(format!("--card=replay:{}", trace.display()))
        .args(["read", "--json", "--pin-file"])
        .arg(pin.path())
        .output()
        .unwrap()
}

#[test]
fn each_trace_gives_the_document_beside_it() {
    let traces = traces();
    assert!(traces.len() >= 8, "{} traces", traces.len());
    for trace in traces {
        let output = read(&trace);
        let expected = std::fs::read_to_string(trace.with_extension("json")).unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        assert!(found == expected, "{}: {found}\n{}", trace.display(), String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn no_trace_holds_a_pin() {
    for trace in traces() {
        assert!(!Trace::open(&trace).unwrap().unmasked_secrets(), "{}", trace.display());
    }
}

#[test]
fn a_sealed_or_real_card_never_saw_a_pin() {
    for name in ["specimen/specimen-sealed-read", "mav/mav2-read", "mav/mav4-read", "pardis/pardis-read"] {
        let text = std::fs::read_to_string(folder().join(name).with_extension("apdu")).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("> 00 20")), "{name}");
    }
}

#[test]
fn a_trace_that_differs_is_an_error_that_names_the_line() {
    let text = std::fs::read_to_string(folder().join("mav/mav2-read.apdu")).unwrap();
    let line = text.lines().position(|line| line.starts_with("> 00 A4 02 0C")).unwrap();
    let damaged: Vec<_> = text
        .lines()
        .enumerate()
        .map(|(index, kept)| if index == line { "> 00 A4 02 0C 02 3F FF".to_owned() } else { kept.to_owned() })
        .collect();
    let file = tempfile::Builder::new().suffix(".apdu").tempfile().unwrap();
    std::fs::write(file.path(), damaged.join("\n")).unwrap();
    let output = read(file.path());
    assert!(!output.status.success() && output.stdout.is_empty());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains(&format!(":{}:", line + 1)) && message.contains("3F FF"), "{message}");
}
