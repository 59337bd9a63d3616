//! Errors and hints in Persian: sentences of Persian words, what is technical in brackets, commands that can be copied.

use crate::program::{Done, idcard};

fn persian(more: &[&str]) -> Done {
    idcard(["--lang", "fa"].into_iter().chain(more.iter().copied())).with_stdin("1235\n").run()
}

/// The lines of stderr without brackets and what stands in them.
fn outside_of_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let keep = |character: &char| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    text.chars().filter(keep).collect()
}

/// What ends a run in every way that the core and the link know: the card, the kind.
const RUNS: [(&[&str], i32); 9] = [
    (&["--card", "sim:specimen+fault=removed@2", "read"], 5),
    (&["--card", "sim:specimen+fault=C-47", "info"], 7),
    (&["--card", "sim:specimen+fault=changed@4", "info"], 12),
    (&["--card", "sim:specimen", "read", "--pin-fd", "0"], 8),
    (&["--card", "sim:specimen", "read"], 13),
    (&["--card", "sim:mav4", "read"], 13),
    (&["--card", "sim:specimen", "sign", "--pin-fd", "0", "Cargo.toml"], 2),
    (&["--card", "sim:pardis", "cert", "export", "--slot", "ca", "--pem"], 13),
    (&["check", "national-number", "0001234561"], 14),
];

#[test]
fn an_error_is_a_persian_sentence() {
    for (words, status) in RUNS {
        let done = persian(words);
        assert_eq!(done.status, status, "{words:?}: {}", done.stderr);
        let first = done.stderr.lines().next().unwrap_or_default();
        let sentence = first.strip_prefix("idcard: خطا: ").unwrap_or_else(|| panic!("{words:?}: {}", done.stderr));
        let plain = outside_of_brackets(sentence);
        assert!(!plain.contains(|character: char| character.is_ascii_alphabetic()), "{words:?}: {sentence}");
        assert!(!plain.contains(|character: char| character.is_ascii_digit()), "{words:?}: {sentence}");
    }
}

#[test]
fn the_document_tells_the_same() {
    let done = persian(&["--json", "--card", "sim:specimen+fault=removed@2", "read"]);
    let error = done.error(5);
    assert_eq!(error["kind"], "card_removed");
    assert!(error["message"].as_str().unwrap().starts_with("کارت خارج شد ("), "{error}");
    assert_eq!(error["hint"], "کارت را تا پایان کار در کارت‌خوان بگذارید");
}

/// What is copied from a hint has to run: no mark of direction stands in it (`iran.md` section 5: raw for pipes).
#[test]
fn commands_in_hints_are_bare_in_a_pipe_and_isolated_on_a_terminal() {
    let marks = ['\u{200E}', '\u{200F}', '\u{2066}', '\u{2068}', '\u{2069}'];
    let words = ["--card", "sim:specimen", "sign", "Cargo.toml"];
    let done = persian(&words);
    assert!(done.stderr.contains("--pin-fd N") && !done.stderr.contains(marks), "{}", done.stderr);
    let done = persian(&[&["--bidi", "isolate"][..], &words].concat());
    assert!(done.stderr.contains("\u{2066}--pin-fd N\u{2069}"), "{}", done.stderr);
    assert!(!done.stderr.contains('\u{200E}'), "{}", done.stderr);
    let json = persian(&[&["--json"][..], &words].concat());
    assert!(!json.error(11)["hint"].as_str().unwrap().contains(marks), "{}", json.stderr);
}

#[test]
fn a_command_line_that_cannot_be_followed_is_told_in_persian() {
    let done = persian(&["frobnicate"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.starts_with("idcard: خطا: فرمان درست نیست\n"), "{}", done.stderr);
    let error = persian(&["--json", "frobnicate"]).error(2);
    assert!(error["message"].as_str().unwrap().starts_with("فرمان درست نیست ("), "{error}");
    let english = idcard(["--lang=en", "frobnicate"]).run();
    assert!(english.stderr.starts_with("error: "), "{}", english.stderr);
}

#[test]
fn values_have_persian_digits_and_warnings_persian_words() {
    let said = |words: &[&str]| persian(&[&["check"][..], words].concat()).text(0).to_owned();
    assert_eq!(said(&["national-number", "000-123456-0"]), "شماره ملی: ۰۰۰۱۲۳۴۵۶۰، معتبر\n");
    assert!(said(&["date", "1997-03-20"]).starts_with("معتبر: ۱۳۷۵/۱۲/۳۰ (1997-03-20)\n"));
    let english =
        |words: &[&str]| idcard(["--lang", "en", "check"].iter().chain(words).copied()).run().text(0).to_owned();
    assert!(english(&["national-number", "0001234560"]).ends_with("0001234560, valid\n"));
    for words in [&["national-number", "1111111111"][..], &["national-number", "00012345۶۰"], &["date", "1290-01-01"]]
    {
        for text in [said(words), english(words)] {
            assert!(!text.contains('_') && !text.contains("proleptic"), "{words:?}: {text}");
        }
        assert!(said(words).lines().any(|line| line.starts_with("هشدار: ")), "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_pin_file_that_others_may_read_is_told_with_what_mends_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pin");
    std::fs::write(&file, "1234\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let done = persian(&["--card", "sim:specimen", "read", "--pin-file", file.to_str().unwrap()]);
    assert_eq!(done.status, 16);
    assert!(done.stderr.contains("دیگران می‌توانند") && done.stderr.contains("chmod 600 FILE"), "{}", done.stderr);
}

/// The advice to repeat the recorded command helps where a replay departs from its trace, and not where there is none.
#[test]
fn a_broken_trace_is_not_told_to_run_the_same_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.apdu"), "no trace\n").unwrap();
    for command in ["show", "replay", "redact"] {
        let run = idcard(["--lang", "en", "--json", "trace", command, "bad.apdu"]).in_folder(folder.path());
        assert!(run.run().error(16)["hint"].is_null(), "{command}");
    }
    let recorded = idcard(["--card", "sim:specimen", "--record", "a.apdu", "read", "--fields", "dates"]);
    assert_eq!(recorded.in_folder(folder.path()).run().status, 0);
    let other = idcard(["--json", "--lang", "fa", "--card", "replay:a.apdu", "info"]).in_folder(folder.path()).run();
    assert!(other.error(16)["hint"].as_str().unwrap().contains("همان فرمان"));
}
