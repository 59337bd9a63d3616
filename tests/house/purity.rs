//! What code keeps its hands off: input and output, time, the environment, the terminal, cryptography, `unsafe`.

use super::code::{Kind, Named};
use super::tree::{Finding, Tree, within};
use super::{bites, holds, spares};

const CORE: &str = "crates/idcard-core/src";
const LIBRARIES: [&str; 4] = [CORE, "crates/idcard-crypto/src", "crates/idcard-sim/src", "crates/idcard-pkcs11/src"];

/// The places in the shipped code of `prefix` that name something that `forbidden` knows.
fn naming(tree: &Tree, prefix: &str, what: &str, forbidden: impl Fn(&Named) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, code) in tree.rust(prefix) {
        for named in code.shipped_paths().iter().filter(|named| forbidden(named)) {
            let what = format!("`{}`: {what}", named.segments.join("::"));
            found.push(Finding { path: path.to_owned(), line: named.line, what });
        }
    }
    found
}

fn outside(findings: Vec<Finding>, rooms: &[&str]) -> Vec<Finding> {
    let allowed = |path: &str| rooms.iter().any(|room| within(path, &format!("{CORE}/{room}")));
    findings.into_iter().filter(|finding| !allowed(&finding.path)).collect()
}

fn pure_values(tree: &Tree) -> Vec<Finding> {
    let doors = ["std::io", "std::fs", "std::net", "std::process", "std::env", "std::thread", "std::os", "log"];
    let acts = |n: &Named| {
        doors.iter().any(|door| n.begins(door))
            || n.has("Instant")
            || n.begins("crate::transport")
            || n.begins("crate::channel")
    };
    let rooms = ["apdu", "data", "atr", "digest"];
    rooms
        .iter()
        .flat_map(|room| naming(tree, &format!("{CORE}/{room}"), "values do no input and output", acts))
        .collect()
}

fn cryptography_in_its_room(tree: &Tree) -> Vec<Finding> {
    let crates = ["sha1", "sha2", "des", "aes", "cbc", "cmac", "retail_mac"];
    let used = |n: &Named| crates.iter().any(|name| n.begins(name)) && n.segments.len() > 1;
    outside(naming(tree, CORE, "cryptography lives in secure/ only", used), &["secure"])
}

fn time_is_an_argument(tree: &Tree) -> Vec<Finding> {
    let instant = |n: &Named| n.has("Instant") || n.has("SystemTime");
    let mut found = outside(naming(tree, CORE, "only the link knows time", instant), &["transport"]);
    let wall = |n: &Named| n.has("SystemTime::now");
    for library in LIBRARIES {
        found.extend(naming(tree, library, "time is an argument", wall));
    }
    found.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    found.dedup_by(|a, b| (&a.path, a.line) == (&b.path, b.line));
    found
}

fn files_of_the_core(tree: &Tree) -> Vec<Finding> {
    let opens = |n: &Named| n.begins("std::fs") || n.has("File::open") || n.has("File::create");
    outside(naming(tree, CORE, "the core opens traces and pages only", opens), &["transport", "family"])
}

fn no_environment(tree: &Tree) -> Vec<Finding> {
    let reads = |n: &Named| {
        n.begins("std::env") || ["env::var", "env::var_os", "env::vars", "env::args"].iter().any(|v| n.has(v))
    };
    [CORE, "crates/idcard-crypto/src", "crates/idcard-sim/src"]
        .iter()
        .flat_map(|library| naming(tree, library, "the environment is the program's business", reads))
        .collect()
}

fn no_terminal(tree: &Tree) -> Vec<Finding> {
    let asks = |n: &Named| {
        n.begins("rpassword") || n.has("stdin") || n.has("Stdin") || n.has("termios") || n.begins("crossterm")
    };
    let prints = ["print", "println", "eprint", "eprintln", "dbg"];
    let mut found = Vec::new();
    for library in LIBRARIES {
        found.extend(naming(tree, library, "a library never asks", asks));
        found.extend(naming(tree, library, "a library never prints", |n| n.has("stdout") || n.has("stderr")));
        for (path, code) in tree.rust(library) {
            for pair in code.shipped().windows(2).filter(|p| p[1].text == "!" && prints.contains(&p[0].text.as_str())) {
                let what = format!("`{}!`: a library never prints", pair[0].text);
                found.push(Finding { path: path.to_owned(), line: pair[0].line, what });
            }
        }
    }
    found
}

/// The only place for `unsafe`: the entry points in C, and the tests that call them.
const ENTRY: [&str; 2] = ["crates/idcard-pkcs11/src/entry", "crates/idcard-pkcs11/tests/entry"];

fn no_unsafe(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, code) in tree.rust("").filter(|(path, _)| ENTRY.iter().all(|entry| !within(path, entry))) {
        let lines = code.all().iter().filter(|t| t.kind == Kind::Word && t.text == "unsafe").map(|t| t.line);
        found.extend(lines.map(|line| Finding { path: path.to_owned(), line, what: "`unsafe`".to_owned() }));
    }
    found
}

fn unsafe_forbidden(tree: &Tree) -> Vec<Finding> {
    let is_root =
        |path: &str| path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs") || path == "tests/main.rs";
    let mut found = Vec::new();
    for (path, code) in tree.rust("").filter(|(path, _)| is_root(path) && !within(path, "crates/idcard-pkcs11")) {
        let attribute = ["#", "!", "[", "forbid", "(", "unsafe_code", ")", "]"];
        if !code.all().windows(attribute.len()).any(|w| w.iter().map(|t| t.text.as_str()).eq(attribute)) {
            found.push(Finding { path: path.to_owned(), line: 1, what: "lacks #![forbid(unsafe_code)]".to_owned() });
        }
    }
    found
}

/// The reason for which `.cargo/deny.toml` accepts RUSTSEC-2023-0071.
fn no_rsa_private_key(tree: &Tree) -> Vec<Finding> {
    let private =
        |n: &Named| n.has("RsaPrivateKey") || n.has("rsa::pkcs1v15::SigningKey") || n.has("rsa::pss::SigningKey");
    tree.crates_but(&["idcard-sim"])
        .iter()
        .flat_map(|source| naming(tree, source, "RSA private keys exist only on virtual cards", private))
        .collect()
}

#[test]
fn values_do_no_input_and_output() {
    holds(pure_values);
    bites(pure_values, "crates/idcard-core/src/apdu/a.rs", "//! A.\nuse std::{fmt, fs::File};", "std::fs::File");
    bites(pure_values, "crates/idcard-core/src/data.rs", "//! A.\nuse crate::transport::Transaction;", "transport");
    spares(
        pure_values,
        "crates/idcard-core/src/apdu/a.rs",
        "//! A.\nuse std::fmt;\n#[cfg(test)] mod tests { use std::fs; }",
    );
}

#[test]
fn cryptography_lives_in_its_room() {
    holds(cryptography_in_its_room);
    bites(cryptography_in_its_room, "crates/idcard-core/src/place.rs", "//! A.\nuse sha2::Sha256;", "sha2");
    spares(cryptography_in_its_room, "crates/idcard-core/src/secure/keys.rs", "//! A.\nuse sha1::Sha1;");
}

#[test]
fn time_comes_from_outside() {
    holds(time_is_an_argument);
    bites(time_is_an_argument, "crates/idcard-core/src/session.rs", "//! A.\nuse std::time::Instant;", "Instant");
    bites(time_is_an_argument, "crates/idcard-crypto/src/a.rs", "//! A.\nfn f() { SystemTime::now() }", "argument");
    bites(
        time_is_an_argument,
        "crates/idcard-core/src/transport/a.rs",
        "//! A.\nfn f() { SystemTime::now() }",
        "argument",
    );
    spares(time_is_an_argument, "crates/idcard-core/src/transport/pcsc.rs", "//! A.\nuse std::time::Instant;");
    spares(time_is_an_argument, "crates/idcard-crypto/src/a.rs", "//! A.\nfn f(now: SystemTime) {}");
}

#[test]
fn the_core_opens_traces_and_pages_only() {
    holds(files_of_the_core);
    bites(
        files_of_the_core,
        "crates/idcard-core/src/session.rs",
        "//! A.\nfn f() { std::fs::read(p) }",
        "std::fs::read",
    );
    spares(files_of_the_core, "crates/idcard-core/src/transport/trace.rs", "//! A.\nuse std::fs;");
}

#[test]
fn libraries_read_no_environment() {
    holds(no_environment);
    bites(no_environment, "crates/idcard-core/src/card.rs", "//! A.\nfn f() { std::env::var(x) }", "std::env");
    spares(no_environment, "crates/idcard-core/src/card.rs", "//! A.\nconst V: &str = env!(\"CARGO_PKG_VERSION\");");
}

#[test]
fn libraries_never_meet_the_user() {
    holds(no_terminal);
    bites(no_terminal, "crates/idcard-core/src/a.rs", "//! A.\nfn f() { std::io::stdin() }", "asks");
    bites(no_terminal, "crates/idcard-sim/src/a.rs", "//! A.\nfn f() { println!(\"x\") }", "prints");
    bites(no_terminal, "crates/idcard-crypto/src/a.rs", "//! A.\nuse std::io::stderr;", "prints");
    spares(no_terminal, "crates/idcard-cli/src/a.rs", "//! A.\nfn f() { println!(\"x\") }");
}

#[test]
fn unsafe_stays_in_the_pkcs11_module() {
    holds(no_unsafe);
    bites(no_unsafe, "tests/a.rs", "//! A.\nfn f() { unsafe { g() } }", "unsafe");
    bites(no_unsafe, "crates/idcard-pkcs11/src/token.rs", "//! A.\nunsafe fn f() {}", "unsafe");
    spares(no_unsafe, "crates/idcard-pkcs11/src/entry/a.rs", "//! A.\nunsafe fn f() {}");
}

#[test]
fn every_crate_root_forbids_unsafe() {
    holds(unsafe_forbidden);
    bites(unsafe_forbidden, "crates/idcard-sim/src/lib.rs", "//! A.\n#![deny(unsafe_code)]", "forbid");
    spares(unsafe_forbidden, "crates/idcard-sim/src/lib.rs", "//! A.\n#![forbid(unsafe_code)]");
}

#[test]
fn rsa_private_keys_exist_only_on_virtual_cards() {
    holds(no_rsa_private_key);
    bites(
        no_rsa_private_key,
        "crates/idcard-crypto/src/a.rs",
        "//! A.\nuse rsa::{RsaPublicKey, RsaPrivateKey};",
        "RsaPrivateKey",
    );
    spares(no_rsa_private_key, "crates/idcard-sim/src/a.rs", "//! A.\nuse rsa::RsaPrivateKey;");
}
