//! The log of the PC/SC service, by which the laboratory knows what the service has seen.

use std::io::{BufRead as _, BufReader};
use std::process::ChildStderr;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Lines {
    lines: Mutex<Vec<String>>,
    grown: Condvar,
}

pub(super) struct Log {
    shared: Arc<Lines>,
}

impl Log {
    /// Collects what comes from `stream` until it ends.
    pub(super) fn of(stream: ChildStderr) -> Self {
        let shared = Arc::new(Lines::default());
        let writer = Arc::clone(&shared);
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                writer.lines.lock().unwrap().push(String::from_utf8_lossy(&line).into_owned());
                writer.grown.notify_all();
            }
        });
        Self { shared }
    }

    pub(super) fn len(&self) -> usize {
        self.shared.lines.lock().unwrap().len()
    }

    pub(super) fn text(&self) -> String {
        self.shared.lines.lock().unwrap().join("\n")
    }

    /// Waits until a line from number `from` on holds `text`; `failed` tells why it never will.
    pub(super) fn wait_for(&self, text: &str, from: usize, mut failed: impl FnMut() -> Option<String>) {
        let deadline = Instant::now() + DEADLINE;
        let mut lines = self.shared.lines.lock().unwrap();
        while !lines[from..].iter().any(|line| line.contains(text)) {
            let reason = failed().or_else(|| (Instant::now() > deadline).then(|| format!("not within {DEADLINE:?}")));
            if let Some(reason) = reason {
                panic!("the PC/SC service did not log `{text}`: {reason}\nIts log:\n{}", lines.join("\n"));
            }
            // Woken by the next line; now and then without one, to ask whether it can still come.
            lines = self.shared.grown.wait_timeout(lines, Duration::from_millis(100)).unwrap().0;
        }
    }
}
