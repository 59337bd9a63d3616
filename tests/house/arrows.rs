//! No import runs upward: between the crates, between the modules of the core, and nowhere in a circle.

use super::code::Named;
use super::modules::Modules;
use super::tree::{Finding, Tree, within};
use super::{bites, holds, spares};
use std::collections::{BTreeMap, BTreeSet};

/// What no code of a crate may name, by the folder of the crate.
const ABOVE: [(&str, &[&str]); 5] = [
    ("crates/idcard-core", &["idcard_crypto", "idcard_sim", "idcard_cli", "idcard_pkcs11"]),
    ("crates/idcard-crypto", &["idcard_sim", "idcard_cli", "idcard_pkcs11"]),
    ("crates/idcard-sim", &["idcard_crypto", "idcard_cli", "idcard_pkcs11"]),
    ("crates/idcard-pkcs11/src", &["idcard_sim", "idcard_cli"]),
    ("crates/idcard-cli", &["idcard_pkcs11"]),
];

/// The trunk of the core from its foot up: what the code of a module (but its tests) may not name.
const TRUNK: [(&str, &[&str]); 10] = [
    (
        "apdu",
        &[
            "atr",
            "data",
            "transport",
            "channel",
            "place",
            "secure",
            "family",
            "pin",
            "session",
            "signing_key",
            "card",
            "error",
        ],
    ),
    (
        "atr",
        &[
            "data",
            "transport",
            "channel",
            "place",
            "secure",
            "family",
            "pin",
            "session",
            "signing_key",
            "card",
            "error",
        ],
    ),
    ("data", &["transport", "channel", "place", "secure", "family", "pin", "session", "signing_key", "card", "error"]),
    ("transport", &["channel", "place", "secure", "family", "pin", "session", "signing_key", "card", "error"]),
    ("error", &["channel", "place", "secure", "session", "signing_key", "card"]),
    ("family/page", &["transport", "channel", "place", "secure", "session", "signing_key", "card", "error"]),
    ("channel", &["place", "session", "signing_key", "card"]),
    ("secure", &["place", "session", "signing_key", "card"]),
    ("place", &["session", "signing_key", "card"]),
    ("family", &["session", "signing_key", "card"]),
];

fn between_crates(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (folder, above) in ABOVE {
        for (path, code) in tree.rust(folder) {
            let upward = code.all_paths().into_iter().filter(|n| above.contains(&n.segments[0].as_str()));
            found.extend(upward.map(|n| names(path, &n)));
        }
    }
    found
}

fn inside_the_core(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (module, above) in TRUNK {
        for (path, code) in tree.rust(&format!("crates/idcard-core/src/{module}")) {
            let upward = code.shipped_paths().into_iter().filter(|n| {
                n.segments[0] == "crate" && n.segments.get(1).is_some_and(|second| above.contains(&second.as_str()))
            });
            found.extend(upward.map(|n| names(path, &n)));
        }
    }
    found
}

/// Circles between the files of each crate. A module and what lies in its folder count as one room: no arrow runs between them.
fn circles(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in tree.crates_but(&[]) {
        let modules = Modules::of(tree, &source);
        let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, paths) in &modules.named {
            let to = paths.iter().filter_map(|path| modules.home_of(from, path));
            let elsewhere = |to: &String| !is_room_of(from, to) && !is_room_of(to, from);
            arrows.insert(from.clone(), to.filter(elsewhere).collect());
        }
        found.extend(circle(&arrows).map(|way| Finding {
            path: source,
            line: 1,
            what: format!("a circle: {}", way.join(" → ")),
        }));
    }
    found
}

fn is_room_of(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || outer.is_empty() || rest.starts_with("::"))
}

/// One circle, if there is any: modules that nothing below leads out of are taken away until only circles are left.
fn circle(arrows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut left = arrows.clone();
    loop {
        let ends: Vec<String> =
            left.iter().filter(|(_, to)| to.iter().all(|t| !left.contains_key(t))).map(|(m, _)| m.clone()).collect();
        if ends.is_empty() {
            break;
        }
        for end in ends {
            left.remove(&end);
        }
    }
    let mut way = vec![left.keys().next()?.clone()];
    loop {
        let next = left[&way[way.len() - 1]].iter().find(|t| left.contains_key(*t))?.clone();
        let seen = way.iter().position(|module| *module == next);
        way.push(next);
        if let Some(start) = seen {
            return Some(way.split_off(start));
        }
    }
}

fn names(path: &str, named: &Named) -> Finding {
    let what = format!("`{}` lies above", named.segments.join("::"));
    Finding { path: path.to_owned(), line: named.line, what }
}

#[test]
fn no_crate_names_one_above() {
    holds(between_crates);
    bites(between_crates, "crates/idcard-sim/src/a.rs", "//! A.\nuse idcard_crypto::trust;", "idcard_crypto::trust");
    bites(between_crates, "crates/idcard-core/tests/a.rs", "//! A.\nfn f() { idcard_sim::x() }", "idcard_sim::x");
    spares(between_crates, "crates/idcard-cli/src/a.rs", "//! A. idcard_pkcs11\nuse idcard_sim::Card;");
}

#[test]
fn no_module_of_the_core_names_one_above() {
    holds(inside_the_core);
    bites(
        inside_the_core,
        "crates/idcard-core/src/apdu/a.rs",
        "//! A.\nuse crate::{card::Card, apdu::Aid};",
        "crate::card",
    );
    bites(
        inside_the_core,
        "crates/idcard-core/src/place.rs",
        "//! A.\nfn f() { crate::session::g() }",
        "crate::session",
    );
    spares(
        inside_the_core,
        "crates/idcard-core/src/place.rs",
        "//! A.\n#[cfg(test)] mod tests { use crate::session::S; }",
    );
}

#[test]
fn no_circle_of_modules() {
    holds(circles);
    let sample = Tree::sample(&[
        ("crates/x/src/lib.rs", "//! X.\nuse crate::a;"),
        ("crates/x/src/a.rs", "//! A.\nuse crate::b::B;"),
        ("crates/x/src/b.rs", "//! B.\nmod c;\npub use c::B;"),
        ("crates/x/src/b/c.rs", "//! C.\nfn f() { crate::d::g() }"),
        ("crates/x/src/d.rs", "//! D.\nuse crate::a::A;"),
    ]);
    let found = circles(&sample);
    assert_eq!(found.len(), 1);
    assert!(found[0].what.ends_with("a → b::c → d → a"), "{}", found[0]);
    let tree = Tree::sample(&[("crates/x/src/a.rs", "//! A.\nuse crate::b::B;"), ("crates/x/src/b.rs", "//! B.")]);
    assert!(circles(&tree).is_empty());
}

#[test]
fn a_prefix_is_a_folder_or_a_module() {
    assert!(
        within("crates/x/src/data.rs", "crates/x/src/data") && within("crates/x/src/data/a.rs", "crates/x/src/data")
    );
    assert!(!within("crates/x/src/database.rs", "crates/x/src/data"));
}
