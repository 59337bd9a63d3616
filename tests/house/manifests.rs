//! What the crates' manifests say: dependencies run down, the core stays lean, lints are inherited, examples are targets.

use super::tree::{Finding, Tree};
use super::{bites, holds, spares};
use toml::{Table, Value};

/// Each crate with what it may build on, in order of rank; a crate that is not named here has no place yet.
const ARROWS: [(&str, &[&str]); 5] = [
    ("idcard-core", &[]),
    ("idcard-crypto", &["idcard-core"]),
    ("idcard-sim", &["idcard-core"]),
    ("idcard-pkcs11", &["idcard-core", "idcard-crypto"]),
    ("idcard-cli", &["idcard-core", "idcard-crypto", "idcard-sim"]),
];
/// Besides, tests may let these meet: the module's tests need a card, the program's tests load the module.
const IN_TESTS: [(&str, &str); 2] = [("idcard-pkcs11", "idcard-sim"), ("idcard-cli", "idcard-pkcs11")];

/// X.509, signatures and pictures are not the core's business.
const NOT_IN_CORE: [&str; 14] = [
    "certval",
    "cms",
    "const-oid",
    "der",
    "ecdsa",
    "hayro-jpeg2000",
    "image",
    "lopdf",
    "openssl",
    "p256",
    "rsa",
    "spki",
    "ureq",
    "x509-cert",
];
const MOST_DEPENDENCIES_OF_CORE: usize = 15;

/// The manifests under `crates/`: path, name, content.
fn manifests(tree: &Tree) -> impl Iterator<Item = (&str, &str, Table)> {
    tree.files.iter().filter_map(|file| {
        let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        let table = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
        Some((file.path.as_str(), name, table))
    })
}

/// The names of the dependencies of one section, those of single targets included.
fn dependencies(manifest: &Table, section: &str) -> Vec<String> {
    let of = |table: &Table| table.get(section).and_then(Value::as_table).cloned().unwrap_or_default();
    let targets = manifest.get("target").and_then(Value::as_table).cloned().unwrap_or_default();
    let tables = std::iter::once(of(manifest)).chain(targets.values().filter_map(Value::as_table).map(of));
    tables.flat_map(|table| table.into_iter().map(|(name, _)| name)).collect()
}

fn run_down(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, name, manifest) in manifests(tree) {
        let Some((_, below)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            found.push(finding(path, "is no crate of the house: give it its place among the arrows"));
            continue;
        };
        for (section, in_tests) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            for other in dependencies(&manifest, section).iter().filter(|other| other.starts_with("idcard-")) {
                let allowed =
                    below.contains(&other.as_str()) || (in_tests && IN_TESTS.contains(&(name, other.as_str())));
                if !allowed {
                    found.push(finding(path, &format!("{section}: {other} does not lie below {name}")));
                }
            }
        }
    }
    found
}

fn lean_core(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, _, manifest) in manifests(tree).filter(|(_, name, _)| *name == "idcard-core") {
        let names = dependencies(&manifest, "dependencies");
        if names.len() > MOST_DEPENDENCIES_OF_CORE {
            found.push(finding(path, &format!("{} direct dependencies, more than 15", names.len())));
        }
        let strangers = names.iter().filter(|name| NOT_IN_CORE.contains(&name.as_str()));
        found.extend(strangers.map(|name| finding(path, &format!("{name} is not the core's business"))));
    }
    found
}

fn lints_inherited(tree: &Tree) -> Vec<Finding> {
    let inherits = |manifest: &Table| manifest.get("lints")?.get("workspace")?.as_bool();
    let outside = manifests(tree).filter(|(_, _, manifest)| inherits(manifest) != Some(true));
    outside.map(|(path, _, _)| finding(path, "does not inherit the lints of the workspace")).collect()
}

fn examples_are_targets(tree: &Tree) -> Vec<Finding> {
    let mut targets = Vec::new();
    for (_, _, manifest) in manifests(tree) {
        let examples = manifest.get("example").and_then(Value::as_array).cloned().unwrap_or_default();
        targets.extend(examples.iter().filter_map(|e| Some(e.get("path")?.as_str()?.replace("../", ""))));
    }
    let examples = tree.files.iter().filter(|file| file.path.starts_with("examples/") && file.path.ends_with(".rs"));
    let forgotten = examples.filter(|file| file.path.matches('/').count() == 1 && !targets.contains(&file.path));
    forgotten.map(|file| finding(&file.path, "is no [[example]] of any crate, so nothing builds it")).collect()
}

fn finding(path: &str, what: &str) -> Finding {
    Finding { path: path.to_owned(), line: 1, what: what.to_owned() }
}

#[test]
fn dependencies_run_down() {
    holds(run_down);
    bites(run_down, "crates/idcard-core/Cargo.toml", "[dependencies]\nidcard-sim = {}", "does not lie below");
    bites(
        run_down,
        "crates/idcard-sim/Cargo.toml",
        "[target.'cfg(unix)'.dependencies]\nidcard-crypto = {}",
        "does not lie below",
    );
    bites(run_down, "crates/idcard-crypto/Cargo.toml", "[dev-dependencies]\nidcard-sim = {}", "does not lie below");
    bites(run_down, "crates/idcard-extra/Cargo.toml", "", "no crate of the house");
    spares(run_down, "crates/idcard-cli/Cargo.toml", "[dependencies]\nidcard-core.workspace = true");
}

#[test]
fn the_core_knows_nothing_of_certificates_and_pictures() {
    holds(lean_core);
    bites(lean_core, "crates/idcard-core/Cargo.toml", "[dependencies]\nx509-cert = \"0.3\"", "x509-cert");
    let many: String = (0..16).map(|n| format!("d{n} = \"1\"\n")).collect();
    bites(lean_core, "crates/idcard-core/Cargo.toml", &format!("[dependencies]\n{many}"), "16 direct");
}

#[test]
fn every_crate_inherits_the_lints() {
    holds(lints_inherited);
    bites(lints_inherited, "crates/idcard-core/Cargo.toml", "[package]\nname = \"x\"", "lints");
    spares(lints_inherited, "crates/idcard-core/Cargo.toml", "[lints]\nworkspace = true");
}

#[test]
fn every_example_is_built() {
    holds(examples_are_targets);
    bites(examples_are_targets, "examples/a.rs", "//! A.", "nothing builds it");
}
