//! Streams: data on stdout and all else on stderr, a reader that goes away, and no secret on any of them.

use crate::desk::Desk;
use crate::program::idcard;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_idcard");

#[test]
fn nobody_reads_stdout_any_more() {
    for arguments in [&["schema", "read"][..], &["--card", "sim:specimen", "read", "--json"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{arguments:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(PROGRAM).args(["schema", "read"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(16));
    assert!(String::from_utf8(output.stderr).unwrap().contains("stdout"));
}

/// A card is changed whether or not anybody can read it: then stderr says so.
#[cfg(target_os = "linux")]
#[test]
fn what_was_done_to_a_card_is_told_where_stdout_takes_nothing() {
    let desk = Desk::new();
    desk.secret("both", "1234\n80516");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let words = ["--card", "sim:specimen", "pin", "change", "--pin-kind", "id", "--pin-file", &desk.arg("both")];
    let output = Command::new(PROGRAM).args(words).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(16));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("Identity PIN: changed") && told.contains("stdout"), "{told}");
}

#[test]
fn nothing_but_the_result_is_on_stdout() {
    let run = |more: &[&str]| {
        let arguments = ["--card", "sim:specimen", "read", "--json", "--fields", "dates"];
        idcard(arguments.into_iter().chain(more.iter().copied())).run()
    };
    let (quiet, loud) = (run(&[]), run(&["-vv", "--stats"]));
    assert_eq!(quiet.stdout, loud.stdout);
    assert_eq!(quiet.stderr, "");
    assert!(loud.stderr.lines().count() > 5, "every exchange is told: {}", loud.stderr);
    assert!(!loud.stderr.contains("14030101"), "but not what the card said");
}

/// Every way in which a PIN might be written down.
fn shapes(pin: &str) -> Vec<String> {
    let hex = |separator: &str| pin.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator);
    let packed: Vec<&str> = vec![&pin[0..2], &pin[2..4], &pin[4..6], &pin[6..8]];
    vec![pin.to_owned(), hex(""), hex(" "), hex(":"), packed.join(" "), "NzMxOTUyODY".to_owned()]
}

#[test]
fn a_pin_is_in_no_stream_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("a.apdu");
    for format in ["text", "json"] {
        let card = ["--card", "sim:specimen", "-vv", "--stats", "--format", format];
        let rest = ["--record", trace.to_str().unwrap(), "read", "--pin-fd", "0"];
        let done = idcard(card.into_iter().chain(rest)).with_stdin("73195286\n").run();
        assert_eq!(done.text(8), "");
        let trace = std::fs::read_to_string(&trace).unwrap();
        assert!(trace.contains("> 00 20 00 00 08 **"));
        let told = (trace + &done.stderr).to_lowercase();
        for shape in shapes("73195286") {
            assert!(!told.contains(&shape.to_lowercase()), "{shape}\n{told}");
        }
    }
}

#[test]
fn an_error_has_a_fact_and_advice_in_both_languages() {
    let arguments = ["--card", "sim:specimen+fault=removed@4", "read"];
    let english = idcard(arguments).run();
    assert_eq!(english.text(5), "");
    assert!(english.stderr.starts_with("idcard: error: ") && english.stderr.contains("\nhint: "), "{}", english.stderr);
    let persian = idcard(arguments).with_env("LC_ALL", "fa_IR.UTF-8").run();
    assert_eq!(persian.text(5), "");
    assert!(persian.stderr.starts_with("idcard: خطا: کارت خارج شد"), "{}", persian.stderr);
    assert!(persian.stderr.contains("\nراهنمایی: "));
}

#[test]
fn a_command_line_that_cannot_be_followed_is_told_in_the_form_asked_for() {
    let text = idcard(["raed"]).run();
    assert_eq!(text.text(2), "");
    assert!(text.stderr.contains("raed"), "{}", text.stderr);
    assert_eq!(idcard(["raed", "--json"]).run().error(2)["kind"], "usage");
    assert_eq!(idcard(["--card", "usb:1", "info", "--json"]).run().error(2)["kind"], "usage");
    assert_eq!(idcard(["--card", "sim:nothing", "info", "--json"]).run().error(2)["kind"], "usage");
    assert_eq!(idcard(["--card", "replay:/nowhere", "info", "--json"]).run().error(16)["kind"], "file");
    let page = ["--page", "/nowhere", "--card", "sim:mav2", "info", "--json"];
    assert_eq!(idcard(page).run().error(16)["kind"], "file");
}

#[test]
fn the_card_comes_from_the_environment_where_no_option_names_it() {
    let named = idcard(["--card", "sim:mav2", "info", "--json"]).with_env("IDCARD_CARD", "sim:specimen").run();
    assert_eq!(named.document(0)["generation"], "mav2");
    let environment = idcard(["info", "--json"]).with_env("IDCARD_CARD", "sim:specimen").run();
    assert_eq!(environment.document(0)["generation"], "specimen");
}
