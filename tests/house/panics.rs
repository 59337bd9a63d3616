//! Between wire and value nothing panics: no unwrap, no index that the compiler does not check, no lint switched off.

use super::code::{Kind, Token};
use super::tree::{Finding, Tree};
use super::{bites, holds, spares};

/// The lints that CI denies and that no shipped code may lift.
const LINTS: [&str; 4] = ["unwrap_used", "expect_used", "indexing_slicing", "unsafe_code"];

fn shipped<'a>(tree: &'a Tree, sources: &'a [String]) -> impl Iterator<Item = (&'a str, Vec<Token>)> {
    sources.iter().flat_map(|source| tree.rust(source)).map(|(path, code)| (path, code.shipped()))
}

fn no_panic(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, tokens) in shipped(tree, &tree.crates_but(&[])) {
        for w in tokens.windows(4) {
            let word = w[1].text.as_str();
            // A parser may have an `expect(tag)` of its own; the one that panics is given a sentence.
            let unwraps = ["unwrap", "unwrap_err"].contains(&word) && w[3].text == ")";
            let expects = ["expect", "expect_err"].contains(&word) && w[3].text.starts_with('"');
            let method = w[0].text == "." && w[2].text == "(" && (unwraps || expects);
            let stops = ["panic", "todo", "unimplemented", "unreachable"].contains(&w[0].text.as_str());
            let call = stops && word == "!" && w[2].text == "(";
            if method || call {
                let name = if method { &w[1].text } else { &w[0].text };
                found.push(Finding { path: path.to_owned(), line: w[1].line, what: format!("`{name}` can panic") });
            }
        }
    }
    found
}

/// An index by one number is left to the compiler and to clippy: on an array it is checked while compiling.
fn no_index(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let sources = tree.crates_but(&["idcard-cli"]);
    for (path, tokens) in shipped(tree, &sources) {
        for at in 1..tokens.len() {
            if tokens[at].text == "[" && is_value(&tokens, at - 1) && !is_checked(&tokens[at + 1..]) {
                let what =
                    "an index or a slice that can be out of range: `get`, `split_at_checked`, a pattern".to_owned();
                found.push(Finding { path: path.to_owned(), line: tokens[at].line, what });
            }
        }
    }
    found
}

/// Whether the token at `at` ends a value that `[` would index.
fn is_value(tokens: &[Token], at: usize) -> bool {
    let keywords = [
        "as", "box", "break", "const", "dyn", "else", "for", "if", "impl", "in", "let", "loop", "match", "move", "mut",
        "ref", "return", "static", "where", "while", "yield",
    ];
    let lifetime = at > 0 && tokens[at - 1].text == "'";
    match tokens[at].kind {
        Kind::Word => !lifetime && !keywords.contains(&tokens[at].text.as_str()),
        Kind::Literal => tokens[at].text.contains('"'),
        Kind::Mark => [")", "]", "?"].contains(&tokens[at].text.as_str()) && !ends_attribute(tokens, at),
    }
}

/// Whether the `]` at `at` closes an attribute.
fn ends_attribute(tokens: &[Token], at: usize) -> bool {
    let mut open = 0_usize;
    for i in (0..=at).rev() {
        match tokens[i].text.as_str() {
            "]" => open += 1,
            "[" => open -= 1,
            _ => {}
        }
        if open == 0 {
            return i > 0
                && (tokens[i - 1].text == "#" || (tokens[i - 1].text == "!" && i > 1 && tokens[i - 2].text == "#"));
        }
    }
    false
}

/// `[7]` and `[..]`.
fn is_checked(inside: &[Token]) -> bool {
    let texts: Vec<&str> = inside.iter().take(3).map(|t| t.text.as_str()).collect();
    matches!(texts[..], [".", ".", "]"]) || (inside.len() > 1 && inside[0].kind == Kind::Literal && texts[1] == "]")
}

fn lints_stay_on(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    // The entry points of the PKCS#11 module are where `unsafe_code` is lifted.
    let of_entry = |path: &str| path == "crates/idcard-pkcs11/src/entry.rs";
    for (path, tokens) in shipped(tree, &tree.crates_but(&[])).filter(|(path, _)| !of_entry(path)) {
        for (at, token) in tokens.iter().enumerate() {
            if !["allow", "expect"].contains(&token.text.as_str()) || tokens.get(at + 1).is_none_or(|t| t.text != "(") {
                continue;
            }
            // `#![cfg_attr(test, allow(…))]` at the root of a crate is for its tests.
            let for_tests = at > 2 && tokens[at - 1].text == "," && tokens[at - 2].text == "test";
            let list = tokens[at + 2..].iter().take_while(|t| t.text != ")");
            for lint in list.filter(|t| !for_tests && LINTS.contains(&t.text.as_str())) {
                let what = format!("lifts the lint {} for code that ships", lint.text);
                found.push(Finding { path: path.to_owned(), line: lint.line, what });
            }
        }
    }
    found
}

#[test]
fn shipped_code_does_not_panic() {
    holds(no_panic);
    bites(no_panic, "crates/x/src/a.rs", "//! A.\nfn f() { g().unwrap() }", "unwrap");
    bites(no_panic, "crates/x/src/a.rs", "//! A.\nfn f() { h(g().expect(\"never\")) }", "expect");
    bites(no_panic, "crates/x/src/a.rs", "//! A.\nfn f() { unreachable!() }", "unreachable");
    spares(
        no_panic,
        "crates/x/src/a.rs",
        "//! A.\nfn f() { g().unwrap_or(1); r.expect(INTEGER); if panic != b {} }\n#[cfg(test)] mod tests { fn t() { g().unwrap() } }",
    );
    let tree = Tree::sample(&[
        ("crates/x/src/a.rs", "//! A.\n#[cfg(test)]\nmod tests;"),
        ("crates/x/src/a/tests.rs", "//! T.\nfn t() { g().unwrap() }"),
    ]);
    assert!(no_panic(&tree).is_empty());
}

#[test]
fn nothing_is_indexed_out_of_range() {
    holds(no_index);
    for text in ["a[i]", "a[1..]", "f()[i]", "a[0][i]", "a?[i]", "self.a[..n]"] {
        bites(no_index, "crates/x/src/a.rs", &format!("//! A.\nfn f() {{ {text} }}"), "index");
    }
    let fine = "//! A.\n#[derive(Debug)]\n#[repr(C)]\nstruct S<'a> { a: &'a [u8], b: [u8; N] }\n\
                fn f(x: &mut [u8]) { let [a, b] = x; for i in [a, b] {} vec![a, b]; x[..]; x[0]; m![i]; matches!(x, [a, ..]) }";
    spares(no_index, "crates/x/src/a.rs", fine);
}

#[test]
fn no_lint_is_lifted_for_shipped_code() {
    holds(lints_stay_on);
    bites(lints_stay_on, "crates/x/src/a.rs", "//! A.\n#[allow(clippy::unwrap_used)]\nfn f() {}", "unwrap_used");
    bites(
        lints_stay_on,
        "crates/x/src/a.rs",
        "//! A.\n#![cfg_attr(unix, expect(clippy::indexing_slicing))]",
        "indexing_slicing",
    );
    spares(
        lints_stay_on,
        "crates/x/src/lib.rs",
        "//! A.\n#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]",
    );
}
