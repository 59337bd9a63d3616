//! A Rust file as a row of tokens, so that rules see code and neither comments nor strings.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::ops::Range;

/// One token; a group is its opening and its closing token with the content between.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) kind: Kind,
    /// How many groups are open around it.
    depth: usize,
    /// It stands in an item that only test builds have.
    test: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Literal,
    Mark,
}

/// A path as the code names it, `use` trees spread out: `use a::{b, c::d}` is `a::b` and `a::c::d`.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

impl Named {
    /// Whether `part` (`a::b`) stands somewhere in the path.
    pub(super) fn has(&self, part: &str) -> bool {
        let part: Vec<&str> = part.split("::").collect();
        self.segments.windows(part.len()).any(|window| window == part)
    }

    /// Whether the path begins with `part`.
    pub(super) fn begins(&self, part: &str) -> bool {
        let part: Vec<&str> = part.split("::").collect();
        self.segments.get(..part.len()).is_some_and(|head| head == part)
    }
}

pub(super) struct Code {
    tokens: Vec<Token>,
}

impl Code {
    pub(super) fn parse(path: &str, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut tokens = Vec::new();
        flatten(stream, 0, &mut tokens);
        for range in test_items(&tokens) {
            tokens[range].iter_mut().for_each(|token| token.test = true);
        }
        Self { tokens }
    }

    /// The whole file exists in test builds only.
    pub(super) fn is_test(&mut self) {
        self.tokens.iter_mut().for_each(|token| token.test = true);
    }

    /// The names of the modules in other files that only test builds have.
    pub(super) fn test_modules(&self) -> Vec<&str> {
        let modules = self.tokens.windows(3).filter(|w| w[0].test && w[0].text == "mod" && w[2].text == ";");
        modules.map(|w| w[1].text.as_str()).collect()
    }

    pub(super) fn all(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens without those of tests.
    pub(super) fn shipped(&self) -> Vec<Token> {
        self.tokens.iter().filter(|token| !token.test).cloned().collect()
    }

    /// The paths of the code without its tests.
    pub(super) fn shipped_paths(&self) -> Vec<Named> {
        paths(&self.shipped())
    }

    /// The paths of the code with its tests.
    pub(super) fn all_paths(&self) -> Vec<Named> {
        paths(&self.tokens)
    }
}

fn flatten(stream: TokenStream, depth: usize, into: &mut Vec<Token>) {
    let token =
        |text: String, span: Span, kind: Kind| Token { text, line: span.start().line, kind, depth, test: false };
    for tree in stream {
        let span = tree.span();
        match tree {
            TokenTree::Ident(word) => into.push(token(word.to_string(), span, Kind::Word)),
            TokenTree::Punct(mark) => into.push(token(mark.to_string(), span, Kind::Mark)),
            TokenTree::Literal(literal) => into.push(token(literal.to_string(), span, Kind::Literal)),
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                into.push(token(open.to_owned(), group.span_open(), Kind::Mark));
                flatten(group.stream(), depth + 1, into);
                into.push(token(close.to_owned(), group.span_close(), Kind::Mark));
            }
        }
    }
}

/// Where items under `#[cfg(test)]` or `#[cfg(all(test, …))]` stand, their attributes included.
fn test_items(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for start in 0..tokens.len() {
        let is = |pattern: &[&str]| {
            pattern.iter().enumerate().all(|(i, p)| tokens.get(start + i).is_some_and(|t| t.text == *p))
        };
        if is(&["#", "[", "cfg", "(", "test", ")", "]"]) || is(&["#", "[", "cfg", "(", "all", "(", "test"]) {
            found.push(start..end_of_item(tokens, start));
        }
    }
    found
}

/// The end of the item that begins with attributes at `start`: its `;` or the brace that closes its body.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let depth = tokens[start].depth;
    let mut at = start;
    while tokens.get(at).is_some_and(|t| t.text == "#") {
        at += 2;
        while tokens.get(at).is_some_and(|t| t.depth > depth) {
            at += 1;
        }
        at += 1;
    }
    let ends_with_semicolon = ["use", "const", "static", "type"];
    let first = tokens[at..].iter().position(|t| t.depth == depth && t.kind == Kind::Word && t.text != "pub");
    let by_semicolon = first.is_some_and(|i| {
        let is_fn = tokens.get(at + i + 1).is_some_and(|t| t.text == "fn"); // const fn
        ends_with_semicolon.contains(&tokens[at + i].text.as_str()) && !is_fn
    });
    let ends = |t: &Token| t.depth == depth && (t.text == ";" || (t.text == "}" && !by_semicolon));
    tokens[at..].iter().position(ends).map_or(tokens.len(), |i| at + i + 1)
}

/// Every path of the row.
pub(super) fn paths(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].kind == Kind::Word {
            at = spread(tokens, at, Vec::new(), &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path that begins at `at` behind `prefix`; gives where it ends.
fn spread(tokens: &[Token], mut at: usize, mut prefix: Vec<String>, found: &mut Vec<Named>) -> usize {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    let line = tokens[at].line;
    loop {
        match text(at) {
            "{" => {
                let depth = tokens[at].depth;
                at += 1;
                while at < tokens.len() && tokens[at].depth > depth {
                    at = if text(at) == "as" {
                        at + 2
                    } else if tokens[at].kind == Kind::Word || text(at) == "*" {
                        spread(tokens, at, prefix.clone(), found)
                    } else {
                        at + 1
                    };
                }
                return at + 1;
            }
            "self" if !prefix.is_empty() => {}
            name => prefix.push(name.to_owned()),
        }
        let goes_on = text(at + 1) == ":" && text(at + 2) == ":";
        let next = tokens.get(at + 3);
        if !goes_on || !next.is_some_and(|t| t.kind == Kind::Word || t.text == "{" || t.text == "*") {
            found.push(Named { segments: prefix, line });
            return at + 1;
        }
        at += 3;
    }
}

mod tests {
    use super::{Code, Kind};

    fn named(text: &str) -> Vec<String> {
        Code::parse("sample", text).shipped_paths().iter().map(|n| n.segments.join("::")).collect()
    }

    #[test]
    fn a_use_tree_is_spread_out() {
        assert_eq!(named("use a::{self, b, c::{d as e, *}};"), ["use", "a", "a::b", "a::c::d", "a::c::*"]);
    }

    #[test]
    fn a_path_in_an_expression_is_one_path() {
        assert_eq!(named("x = std::fs::read::<u8>(y);"), ["x", "std::fs::read", "u8", "y"]);
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let code = Code::parse("sample", "// unsafe\n/* unsafe */ fn f() { g(\"unsafe\") } /// unsafe\nfn h() {}");
        assert!(!code.all().iter().any(|t| t.kind == Kind::Word && t.text == "unsafe"));
    }

    #[test]
    fn items_of_tests_are_not_shipped() {
        let text = "#[cfg(test)] use a::{b};\n#[cfg(test)] #[allow(x)] mod tests { fn t() { c } }\n\
                    #[cfg(all(test, unix))] const K: T = T { d };\n#[cfg(test)] const fn k() { e }\nfn f() { g }";
        assert_eq!(named(text), ["fn", "f", "g"]);
    }

    #[test]
    fn a_test_module_of_its_own_file_is_known() {
        let code = Code::parse("sample", "mod a;\n#[cfg(test)]\nmod tests;");
        assert_eq!(code.test_modules(), ["tests"]);
    }
}
