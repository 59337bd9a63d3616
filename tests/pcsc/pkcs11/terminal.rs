//! A shell at a terminal, for programs that ask for a PIN there.

use super::Bench;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Longer than a program needs from its question to the end of the echo.
const DEADLINE: Duration = Duration::from_secs(10);

impl Bench {
    /// Runs the lines of a shell and answers the questions in their order; gives the status and all that was shown.
    pub(super) fn at_terminal(&self, lines: &str, answers: &[(&str, &str)]) -> (bool, String) {
        std::fs::write(self.lab.path("lines"), format!("tty\n{lines}")).unwrap();
        let mut child = self
            .command("script")
            .args(["-q", "-e", "-c", "exec sh -eu lines", "/dev/null"])
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("script of util-linux");
        let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut shown = String::new();
        let mut answered = 0;
        for (question, answer) in answers {
            let mut buffer = [0; 4096];
            while !shown[answered..].contains(question) {
                let length = screen.read(&mut buffer).unwrap();
                assert!(length > 0, "{question:?} never came: {shown}");
                shown += &String::from_utf8_lossy(&buffer[..length]);
            }
            answered = shown.len();
            if ["PIN", "Pin", "pass"].iter().any(|word| question.contains(word)) {
                silent(shown.lines().next().unwrap().trim());
            }
            writeln!(keys, "{answer}").unwrap();
        }
        let mut rest = Vec::new();
        screen.read_to_end(&mut rest).unwrap();
        drop(keys);
        shown += &String::from_utf8_lossy(&rest);
        (child.wait().unwrap().success(), shown.replace("\r\n", "\n"))
    }

    /// The same with lines that have to succeed.
    #[track_caller]
    pub(super) fn follows(&self, lines: &str, answers: &[(&str, &str)]) -> String {
        let (succeeded, shown) = self.at_terminal(lines, answers);
        assert!(succeeded, "{lines}\n{shown}");
        shown
    }
}

/// Waits until the terminal echoes no more: some programs ask first, and throw away what was typed before that.
fn silent(terminal: &str) {
    let until = Instant::now() + DEADLINE;
    loop {
        let settings = std::process::Command::new("stty").args(["-F", terminal, "-a"]).output().unwrap();
        let settings = String::from_utf8(settings.stdout).unwrap();
        if settings.contains(" -echo ") {
            return;
        }
        assert!(Instant::now() < until, "the PIN would be shown: {settings}");
    }
}
