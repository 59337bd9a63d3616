//! Where things lie: the top level, the length of files, their first sentence, the names in them.

use super::tree::{Finding, Tree};
use super::{bites, holds, spares};
use std::collections::BTreeSet;

const TOP: [&str; 15] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "crates",
    "docs",
    "examples",
    "fixtures",
    "tests",
];
const LONGEST: usize = 400;

fn top_level(tree: &Tree) -> Vec<Finding> {
    let entries: BTreeSet<&str> = tree.files.iter().filter_map(|file| file.path.split('/').next()).collect();
    let strangers = entries.into_iter().filter(|entry| !TOP.contains(entry));
    strangers.map(|entry| finding(entry, 1, "does not belong at the top level")).collect()
}

fn short_files(tree: &Tree) -> Vec<Finding> {
    let counted = |path: &str| path.ends_with(".rs") || path.ends_with("Cargo.toml") || path.starts_with(".ci/");
    let long = tree.files.iter().filter(|file| counted(&file.path) && file.text.lines().count() > LONGEST);
    long.map(|file| finding(&file.path, LONGEST + 1, "is longer than 400 lines")).collect()
}

fn first_sentence(tree: &Tree) -> Vec<Finding> {
    let opens = |text: &str| {
        let first = text.lines().next().unwrap_or_default();
        first.strip_prefix("//! ").is_some_and(|s| s.starts_with(char::is_alphanumeric) || s.starts_with('`'))
    };
    let silent = tree.files.iter().filter(|file| file.path.ends_with(".rs") && !opens(&file.text));
    silent.map(|file| finding(&file.path, 1, "does not open with a `//!` sentence")).collect()
}

fn no_mod_rs(tree: &Tree) -> Vec<Finding> {
    let old = tree.files.iter().filter(|file| file.path.ends_with("/mod.rs"));
    old.map(|file| finding(&file.path, 1, "is named mod.rs: a module `foo` is `foo.rs` beside `foo/`")).collect()
}

fn telling_names(tree: &Tree) -> Vec<Finding> {
    let empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Worker"];
    let mut found = Vec::new();
    for (path, code) in tree.rust("") {
        for pair in code.all().windows(2) {
            let defines = ["struct", "enum", "trait", "type", "mod"].contains(&pair[0].text.as_str());
            let says_nothing = |word: &&str| pair[1].text.ends_with(*word) || pair[1].text == word.to_lowercase();
            if defines && empty.iter().any(says_nothing) {
                found.push(finding(path, pair[1].line, &format!("`{}` does not tell what it is", pair[1].text)));
            }
        }
    }
    found
}

fn no_machine_paths(tree: &Tree) -> Vec<Finding> {
    // Put together here, or this file would break its own rule.
    let paths = ["/work/", "/root/", "/home/", "/Users/", "/tmp/bash"]
        .map(|path| ["\"", " ", "=", "(", "`", ":"].map(|before| format!("{before}{path}")));
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != "tests/house/layout.rs") {
        for (index, line) in file.text.lines().enumerate() {
            if paths.iter().flatten().any(|path| line.contains(path.as_str())) {
                found.push(finding(&file.path, index + 1, "names a path of one machine"));
            }
        }
    }
    found
}

fn only_crates_io(tree: &Tree) -> Vec<Finding> {
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let mut found = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            let foreign_lock = file.path == "Cargo.lock" && line.starts_with("source = ") && line != public;
            let redirected = file.path.starts_with(".cargo/config") && line.trim_start().starts_with("[source");
            if foreign_lock || redirected {
                found.push(finding(&file.path, index + 1, "takes packages from elsewhere than crates.io"));
            }
        }
    }
    found
}

fn finding(path: &str, line: usize, what: &str) -> Finding {
    Finding { path: path.to_owned(), line, what: what.to_owned() }
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    holds(top_level);
    bites(top_level, "notes.txt", "", "top level");
    spares(top_level, "docs/notes.txt", "");
}

#[test]
fn no_file_is_longer_than_400_lines() {
    holds(short_files);
    bites(short_files, "crates/x/src/lib.rs", &"\n".repeat(401), "400");
    spares(short_files, "crates/x/src/lib.rs", &"\n".repeat(400));
}

#[test]
fn every_source_file_opens_with_its_sentence() {
    holds(first_sentence);
    bites(first_sentence, "crates/x/src/a.rs", "use std::fmt;\n//! Late.", "//!");
    bites(first_sentence, "crates/x/src/lib.rs", "#![doc = include_str!(\"../README.md\")]", "//!");
    spares(first_sentence, "crates/x/src/a.rs", "//! What lives here.");
}

#[test]
fn modules_are_files_beside_their_folder() {
    holds(no_mod_rs);
    bites(no_mod_rs, "crates/x/src/a/mod.rs", "//! A.", "mod.rs");
}

#[test]
fn names_tell_what_a_thing_is() {
    holds(telling_names);
    bites(telling_names, "crates/x/src/a.rs", "//! A.\nstruct CardManager;", "CardManager");
    bites(telling_names, "crates/x/src/a.rs", "//! A.\nmod util;", "util");
    spares(telling_names, "crates/x/src/a.rs", "//! A.\nenum Applet { CardManager }");
}

#[test]
fn no_path_of_a_machine_is_in_the_tree() {
    holds(no_machine_paths);
    bites(no_machine_paths, "docs/a.md", &format!("see {}x/y", "/home/"), "machine");
    spares(no_machine_paths, "docs/a.md", "see https://example.org/home/x");
}

#[test]
fn packages_come_from_crates_io_only() {
    holds(only_crates_io);
    bites(only_crates_io, "Cargo.lock", "[[package]]\nsource = \"git+https://example.org/x\"", "crates.io");
    bites(only_crates_io, ".cargo/config.toml", "[source.crates-io]\nreplace-with = \"x\"", "crates.io");
}
