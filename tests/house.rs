//! The rules of the house, read off the source tree: each rule holds for the project and bites on a bad sample.

mod arrows;
mod code;
mod layout;
mod manifests;
mod modules;
mod panics;
mod purity;
mod seams;
mod tree;

use tree::{Finding, Tree};

/// A rule names the places that break it.
type Rule = fn(&Tree) -> Vec<Finding>;

fn holds(rule: Rule) {
    let findings = rule(Tree::of_the_project());
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} places break this rule:\n{}", list.len(), list.join("\n"));
}

/// The rule finds exactly one breach in `text`, were it the file `path`, and says `what`.
fn bites(rule: Rule, path: &str, text: &str, what: &str) {
    let findings = rule(&Tree::sample(&[(path, text)]));
    assert_eq!(findings.len(), 1, "{path}: {text}");
    assert_eq!(findings[0].path, path);
    assert!(findings[0].what.contains(what), "{}", findings[0]);
}

/// The rule has nothing to say about `text`, were it the file `path`.
fn spares(rule: Rule, path: &str, text: &str) {
    let findings = rule(&Tree::sample(&[(path, text)]));
    assert!(findings.is_empty(), "{}", findings[0]);
}
