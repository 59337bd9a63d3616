//! What may be seen through the seams: the simulator sees the link of the core and no more, nobody above the core an APDU.

use super::tree::{Finding, Tree};
use super::{bites, holds, spares};

/// What the simulator may name of the core: the link, never what the core knows of cards.
const LINK: [&str; 3] = ["transport", "Transport", "LinkError"];
/// What builds or takes apart an APDU; status words and applet names are plain values.
const APDU: [&str; 8] = ["Command", "command", "Form", "Response", "response", "Tlv", "TlvReader", "tlv"];

fn independent_witness(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, code) in tree.rust("crates/idcard-sim") {
        for named in code.all_paths().into_iter().filter(|n| n.segments[0] == "idcard_core") {
            if !named.segments.get(1).is_some_and(|second| LINK.contains(&second.as_str())) {
                let what = format!("`{}`: the virtual card may know only the link", named.segments.join("::"));
                found.push(Finding { path: path.to_owned(), line: named.line, what });
            }
        }
    }
    found
}

fn no_apdu_above_the_core(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in ["crates/idcard-crypto", "crates/idcard-cli", "crates/idcard-pkcs11"] {
        for (path, code) in tree.rust(source) {
            let forbidden = code
                .all_paths()
                .into_iter()
                .filter(|n| n.has("apdu::*") || APDU.iter().any(|name| n.has(&format!("apdu::{name}"))));
            for named in forbidden {
                let what = format!("`{}`: only the core speaks APDUs", named.segments.join("::"));
                found.push(Finding { path: path.to_owned(), line: named.line, what });
            }
        }
    }
    found
}

#[test]
fn the_witness_does_not_copy_from_the_accused() {
    holds(independent_witness);
    bites(
        independent_witness,
        "crates/idcard-sim/src/a.rs",
        "//! A.\nuse idcard_core::{Transport, family::Page};",
        "family",
    );
    bites(independent_witness, "crates/idcard-sim/src/a.rs", "//! A.\nfn f() -> idcard_core::apdu::Status {}", "apdu");
    bites(independent_witness, "crates/idcard-sim/src/a.rs", "//! A.\nuse idcard_core as core;", "only the link");
    bites(independent_witness, "crates/idcard-sim/tests/a.rs", "//! A.\nuse idcard_core::*;", "only the link");
    spares(
        independent_witness,
        "crates/idcard-sim/src/a.rs",
        "//! A.\nuse idcard_core::transport::{Leaving, Exchange};",
    );
}

#[test]
fn only_the_core_builds_an_apdu() {
    holds(no_apdu_above_the_core);
    bites(
        no_apdu_above_the_core,
        "crates/idcard-crypto/src/a.rs",
        "//! A.\nuse idcard_core::apdu::{Aid, Command};",
        "Command",
    );
    bites(
        no_apdu_above_the_core,
        "crates/idcard-cli/src/a.rs",
        "//! A.\nuse idcard_core::apdu;\nfn f(c: apdu::Command) {}",
        "Command",
    );
    bites(no_apdu_above_the_core, "crates/idcard-cli/src/a.rs", "//! A.\nuse idcard_core::apdu::*;", "APDUs");
    spares(
        no_apdu_above_the_core,
        "crates/idcard-cli/src/a.rs",
        "//! A.\nuse idcard_core::apdu::Status;\nuse std::process::Command;",
    );
}
