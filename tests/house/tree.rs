//! The files of the project as git knows them, the Rust ones taken apart.

use super::code::Code;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A file of the project.
pub(super) struct SourceFile {
    /// From the top of the project, with `/`.
    pub(super) path: String,
    /// Empty where the file is no UTF-8 text.
    pub(super) text: String,
    /// The tokens, for a Rust file.
    pub(super) code: Option<Code>,
}

/// A place that breaks a rule.
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

pub(super) struct Tree {
    pub(super) files: Vec<SourceFile>,
}

impl Tree {
    /// The project that this test was built from.
    pub(super) fn of_the_project() -> &'static Self {
        static TREE: OnceLock<Tree> = OnceLock::new();
        TREE.get_or_init(|| {
            let root = root();
            let files = tracked(&root).into_iter().filter_map(|path| {
                let bytes = std::fs::read(root.join(&path)).ok()?; // deleted and not yet committed
                Some((path, String::from_utf8(bytes).unwrap_or_default()))
            });
            Self::from_files(files)
        })
    }

    /// A tree of made-up files.
    pub(super) fn sample(files: &[(&str, &str)]) -> Self {
        Self::from_files(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
    }

    fn from_files(files: impl Iterator<Item = (String, String)>) -> Self {
        let mut files: Vec<SourceFile> = files
            .map(|(path, text)| {
                let code = path.ends_with(".rs").then(|| Code::parse(&path, &text));
                SourceFile { path, text, code }
            })
            .collect();
        assert!(!files.is_empty(), "a tree without files proves nothing");
        let tests: BTreeSet<String> = files
            .iter()
            .filter_map(|file| Some((file.path.as_str(), file.code.as_ref()?)))
            .flat_map(|(path, code)| code.test_modules().into_iter().map(move |name| child(path, name)))
            .collect();
        for file in &mut files {
            let inside =
                |test: &String| file.path == format!("{test}.rs") || file.path.starts_with(&format!("{test}/"));
            if let Some(code) = &mut file.code
                && tests.iter().any(inside)
            {
                code.is_test();
            }
        }
        Self { files }
    }

    /// The Rust files whose path begins with `prefix` (`crates/x/src/y` also stands for `y.rs` and all below `y/`).
    pub(super) fn rust(&self, prefix: &str) -> impl Iterator<Item = (&str, &Code)> {
        self.files.iter().filter(move |file| within(&file.path, prefix)).filter_map(|file| {
            let code = file.code.as_ref()?;
            Some((file.path.as_str(), code))
        })
    }

    /// The source folders of all crates but those named.
    pub(super) fn crates_but(&self, others: &[&str]) -> Vec<String> {
        let names: BTreeSet<&str> =
            self.files.iter().filter_map(|file| file.path.strip_prefix("crates/")?.split('/').next()).collect();
        names.into_iter().filter(|name| !others.contains(name)).map(|name| format!("crates/{name}/src")).collect()
    }
}

/// Whether `path` is the folder or module `prefix`, or lies in it.
pub(super) fn within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest == ".rs" || rest.starts_with('/') || prefix.is_empty())
}

/// The path, without `.rs`, of the module `name` declared in the file `path`.
fn child(path: &str, name: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    match stem.rsplit_once('/') {
        Some((folder, "lib" | "main" | "mod")) => format!("{folder}/{name}"),
        _ => format!("{stem}/{name}"),
    }
}

/// The top of the project.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Committed files and new ones, without what git ignores.
fn tracked(root: &Path) -> Vec<String> {
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git tells which files belong to the project");
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    names.split_terminator('\0').map(str::to_owned).collect()
}
