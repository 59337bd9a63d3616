//! The modules of a crate, one a file, and which of them a path leads to.

use super::code::Named;
use super::tree::Tree;
use std::collections::BTreeMap;

/// Modules by their path from the root of the crate (`family::page`; the root is empty), with the paths that they name.
pub(super) struct Modules {
    pub(super) named: BTreeMap<String, Vec<Vec<String>>>,
}

impl Modules {
    /// The modules under the folder `source`, their tests left out.
    pub(super) fn of(tree: &Tree, source: &str) -> Self {
        let segments = |named: Named| named.segments;
        let modules = tree.rust(source).map(|(path, code)| {
            let name = path[source.len()..].trim_matches('/').trim_end_matches(".rs").replace('/', "::");
            let name = if ["lib", "main"].contains(&name.as_str()) { String::new() } else { name };
            (name, code.shipped_paths().into_iter().map(segments).collect())
        });
        Self { named: modules.collect() }
    }

    /// The module that holds what `path`, read in the module `from`, names; what a module hands on from its own folder is looked for there.
    pub(super) fn home_of(&self, from: &str, path: &[String]) -> Option<String> {
        let (mut home, mut rest) = (from.to_owned(), path);
        match path.first()?.as_str() {
            "crate" => (home, rest) = (String::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while let Some(("super", tail)) = rest.split_first().map(|(head, tail)| (head.as_str(), tail)) {
                    home = home.rsplit_once("::").map_or_else(String::new, |(parent, _)| parent.to_owned());
                    rest = tail;
                }
            }
            child => {
                let _ = self.named.get(&join(from, child))?;
            }
        }
        while let Some((head, tail)) = rest.split_first() {
            let inner = join(&home, head);
            if !self.named.contains_key(&inner) {
                break;
            }
            (home, rest) = (inner, tail);
        }
        let item = rest.first();
        let handed_on = self.named.get(&home)?.iter().find(|other| {
            other.len() > 1
                && other.last() == item
                && other.as_slice() != path
                && other[0] != "crate"
                && other[0] != "super"
        });
        let deeper = handed_on.and_then(|other| self.home_of(&home, other));
        Some(deeper.unwrap_or(home))
    }
}

fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

#[test]
fn a_path_leads_to_the_module_that_holds_the_item() {
    let tree = Tree::sample(&[
        ("crates/x/src/lib.rs", "//! X.\npub use a::Item;"),
        ("crates/x/src/a.rs", "//! A.\nmod b;\npub use self::b::{Item, Other};"),
        ("crates/x/src/a/b.rs", "//! B."),
        ("crates/x/src/c.rs", "//! C."),
    ]);
    let modules = Modules::of(&tree, "crates/x/src");
    let home = |from: &str, path: &str| {
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        modules.home_of(from, &path)
    };
    assert_eq!(home("c", "crate::a::b::X").as_deref(), Some("a::b"));
    assert_eq!(home("c", "crate::a::Other").as_deref(), Some("a::b"));
    assert_eq!(home("c", "crate::Item").as_deref(), Some("a::b"));
    assert_eq!(home("c", "crate::a::Own").as_deref(), Some("a"));
    assert_eq!(home("a::b", "super::super::c::X").as_deref(), Some("c"));
    assert_eq!(home("a", "b::X").as_deref(), Some("a::b"));
    assert_eq!(home("c", "std::fmt"), None);
}
