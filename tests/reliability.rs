//! docs/reliability.md: what cards, PINs, processes and files may do to the program, and the test of each; rendered here, and compared.

mod behind;
mod cards;
mod files;
mod pins;
mod processes;

use idcard_sim::Fault;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Set to write the document anew in the place of comparing it.
const WRITE: &str = "IDCARD_WRITE_DOCS";

/// A row of the catalogue: its number, what happens, what tests it. A test is `CRATE:MODULE::NAME`, a script or document
/// `@PATH`; where nothing applies, `-` and the reason. What the tests leave open stands behind ` -- `.
type Row = (&'static str, &'static str, &'static str);

/// What every fault of a card is played against.
const EVERY_FAULT: &str = "tests:read/faults::every_fault_of_the_catalogue_ends_in_order \
                           tests:sign/faults::every_fault_of_the_catalogue_ends_in_order \
                           tests:probe/faults::every_fault_of_the_catalogue_ends_in_order \
                           cli:matrix/everywhere::every_fault_of_the_catalogue_keeps_the_contract";

const HEAD: &str = "# What may go wrong, and what tests it

Made by `tests/reliability.rs`, which fails where this text or a test that it names is out of date; with
`IDCARD_WRITE_DOCS=1` it writes the text anew.

## The contract

It holds for every command, whatever a card, a reader, another program or a file does:

1. The run ends by itself: in three times the time that an honest link takes and five seconds, waits that `--timeout`
   allows aside; with 4,096 commands at most; it never waits for input that was not announced.
2. It takes 64 MiB at most, and nothing is allocated because a length claims it.
3. No panic, no abort, no overflow of a stack of 256 KiB, also with overflow checks on.
4. Where the result is not there, the exit status is the one of [cli.md](cli.md), and one line says the step, the file, the
   status word or PC/SC code, and what to do.
5. A file appears whole or not at all; stdout never carries half an object.
6. No PIN is presented, changed or unblocked unless the user asked for that very one; the counters are as before otherwise.
7. What was cut short is never shown as whole, and a signature over it never as valid.
8. The card is left usable: the transaction is ended, and what a PIN opened is closed.
9. No secret is in any output, log, trace, core, argument or variable.

`crates/idcard-cli/src/matrix.rs` holds every command that meets a card against every trouble (23 failures of the link, 19 status
words, 5 made-up answers, 13 changed ones) at every exchange of its run, with the log of the highest level and a trace: inside
the process, on a virtual clock, on a stack of 256 KiB, asserting each point but the second. That one is measured over all faults
of the virtual card: of fourteen commands in one process (`matrix/everywhere.rs`), of `read` and `sign` alone (`tests/memory.rs`).
A card that answers `9000` and did nothing cannot be told by the line: there the issuer's signature over the files decides, and
what it does not cover is what the card said.
`IDCARD_MATRIX=whole`, as in CI, has every trouble meet every exchange; without it long commands go through their table on
diagonals, so that each trouble and each exchange has its turn in a minute. A command that changes PINs is followed by another,
on an honest link, which must find all objects alike or bring them to one PIN.

The time of point 1 is exceeded where a row of the catalogue allows more: 300 pieces of one answer (C-08) and 32 KiB of each file
without end (C-34, C-35) take up to 30 s of link time in one run.

## Measured

";

#[test]
fn the_document_says_what_is_tested() {
    let path = root().join("docs/reliability.md");
    let text = document();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written == text, "docs/reliability.md is out of date: run this test once with {WRITE}=1");
}

#[test]
fn no_row_is_left_out() {
    // The numbers of the catalogue; it has gaps.
    for (rows, last, gaps) in [
        (pins::ROWS, 32, &[18, 30][..]),
        (processes::ROWS, 31, &[10, 21, 28][..]),
        (files::ROWS, 22, &[6, 12, 18, 20][..]),
        (behind::ROWS, 14, &[][..]),
    ] {
        let numbers: Vec<u32> = rows.iter().map(|(name, ..)| name[2..].parse().unwrap()).collect();
        let wanted: Vec<u32> = (1..=last).filter(|number| !gaps.contains(number)).collect();
        assert_eq!(numbers, wanted);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> String {
    let mut out = String::from(HEAD);
    out.push_str(behind::MEASURED);
    out.push_str("\n## C: cards\n\nEach is a fault of the virtual card by its name: `--card sim:specimen+fault=C-07`, everywhere or, with `@n`, at one exchange. All of them are played against `read`, `sign` and `probe` as processes, and against fourteen commands inside one process, whose memory is measured, by the tests that the first row names. These hold each run to the contract above and see that nothing is shown that is not so; which of the lawful endings it comes to, they do not say: that is for the further tests, named with their rows.\n");
    table(&mut out, &card_rows());
    for (title, rows) in [
        ("P: PINs", pins::ROWS),
        ("S: processes, services, readers", processes::ROWS),
        ("F: files", files::ROWS),
        ("U: what is behind the program", behind::ROWS),
    ] {
        let _ = writeln!(out, "\n## {title}");
        let rows = rows.iter().map(|(name, what, by)| ((*name).to_owned(), (*what).to_owned(), by.to_string()));
        table(&mut out, &rows.collect::<Vec<_>>());
    }
    out
}

/// The faults of the virtual card, those of one number together.
fn card_rows() -> Vec<(String, String, String)> {
    let mut faults: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, what) in Fault::all().filter(|(name, _)| name.starts_with("C-")) {
        faults.entry(name.get(..4).unwrap()).or_default().push(what);
    }
    let more: BTreeMap<&str, &str> = cards::MORE.iter().copied().collect();
    assert!(more.keys().all(|name| faults.contains_key(name)), "a row without a fault");
    let row = |(index, (name, what)): (usize, (&str, Vec<&str>))| {
        let first = if index == 0 { EVERY_FAULT } else { "" };
        let by = [first, more.get(name).copied().unwrap_or_default()].join(" ");
        (name.to_owned(), what.join("; "), by.trim().to_owned())
    };
    faults.into_iter().enumerate().map(row).collect()
}

fn table(out: &mut String, rows: &[(String, String, String)]) {
    let _ = writeln!(out, "\n| row | what happens | test |\n|---|---|---|");
    for (name, what, by) in rows {
        let (by, open) = by.split_once(" -- ").unwrap_or((by, ""));
        let by = match by.strip_prefix("- ") {
            Some(reason) => format!("does not apply: {reason}"),
            None if by.is_empty() => "as above".to_owned(),
            None => by.split_whitespace().map(link).collect::<Vec<_>>().join(", "),
        };
        let open = if open.is_empty() { String::new() } else { format!("; not tested: {open}") };
        let _ = writeln!(out, "| {name} | {what} | {by}{open} |");
    }
}

/// A test by its name, with the file that holds it.
fn link(by: &str) -> String {
    if let Some(path) = by.strip_prefix('@') {
        assert!(root().join(path).exists(), "{path}");
        return format!("[{path}](../{path})");
    }
    let (place, name) = by.split_once("::").unwrap_or_else(|| panic!("{by}"));
    let (area, module) = place.split_once(':').unwrap_or_else(|| panic!("{by}"));
    let path = match area {
        "tests" => format!("tests/{module}.rs"),
        _ if module.starts_with("tests/") => format!("crates/idcard-{area}/{module}.rs"),
        _ => format!("crates/idcard-{area}/src/{module}.rs"),
    };
    let text = std::fs::read_to_string(root().join(&path)).unwrap_or_else(|_| panic!("{path}"));
    let head = format!("fn {name}(");
    let tested = text.lines().zip(text.lines().skip(1).chain([""])).any(|(before, line)| {
        let marked = before.trim() == "#[test]" || before.trim().starts_with("#[");
        marked && line.trim_start().starts_with(&head)
    });
    assert!(tested, "{path} has no test {name}");
    format!("[{name}](../{path})")
}
