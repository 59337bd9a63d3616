//! Runs the program as a user would: arguments, stdin, a clean environment; then what came out.

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A run that is being prepared.
pub(crate) struct Run {
    command: Command,
    stdin: Vec<u8>,
}

/// What a run came to.
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// The program with these arguments, no terminal, and nothing of the caller's settings.
pub(crate) fn idcard<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idcard"));
    command.args(arguments);
    for name in ["IDCARD_CARD", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"] {
        command.env_remove(name);
    }
    Run { command, stdin: Vec::new() }
}

impl Run {
    pub(crate) fn with_stdin(mut self, text: &str) -> Self {
        self.stdin = text.as_bytes().to_vec();
        self
    }

    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn with_env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn run(mut self) -> Done {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program starts");
        // A program that does not read its stdin closes it.
        let _ = child.stdin.take().expect("a pipe").write_all(&self.stdin);
        let output = child.wait_with_output().expect("it ends");
        Done {
            status: output.status.code().expect("it ends by itself"),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

impl Done {
    /// The text of stdout, where the status is the one expected.
    #[track_caller]
    pub(crate) fn text(&self, status: i32) -> &str {
        assert_eq!(self.status, status, "{}\n{}", String::from_utf8_lossy(&self.stdout), self.stderr);
        std::str::from_utf8(&self.stdout).expect("stdout is UTF-8")
    }

    /// The document on stdout, which keeps to its schema, where the status is the one expected.
    #[track_caller]
    pub(crate) fn document(&self, status: i32) -> Value {
        let document: Value = serde_json::from_str(self.text(status)).expect("stdout is one document");
        super::json::keeps_to_its_schema(&document);
        document
    }

    /// The error on stderr, which keeps to its schema; nothing is on stdout.
    #[track_caller]
    pub(crate) fn error(&self, status: i32) -> Value {
        assert_eq!(self.text(status), "", "an error leaves stdout empty");
        let document: Value = serde_json::from_str(&self.stderr).unwrap_or_else(|_| panic!("{}", self.stderr));
        super::json::keeps_to_its_schema(&document);
        assert_eq!(document["error"]["exit"], status);
        document["error"].clone()
    }

    /// The line of `--stats`.
    pub(crate) fn stats(&self) -> Value {
        let line = self.stderr.lines().last().expect("a line on stderr");
        serde_json::from_str(line).unwrap_or_else(|_| panic!("{}", self.stderr))
    }
}
