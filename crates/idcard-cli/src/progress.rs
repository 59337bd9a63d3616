//! How far a long document is, on the terminal; and the place where a signal stops the reading of it.

use crate::output;
use crate::signals;
use crate::terminal::{Terminal, plain};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is quicker than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often the bar moves.
const BEAT: Duration = Duration::from_millis(100);
/// The bar, in characters.
const WIDTH: u64 = 30;

/// A bar on stderr, taken away when it is dropped; without a terminal nothing is shown.
pub(crate) struct Progress {
    label: Option<String>,
    whole: Option<u64>,
    next: Instant,
    shown: bool,
}

impl Progress {
    /// For a document of `whole` bytes, where that is known.
    pub(crate) fn new(terminal: &Terminal, path: &Path, whole: Option<u64>) -> Self {
        let label = terminal.stderr.then(|| {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            plain(&name).chars().take(32).collect()
        });
        Self { label, whole: whole.filter(|whole| *whole > 0), next: Instant::now() + PATIENCE, shown: false }
    }

    /// Takes the number of bytes that were read.
    ///
    /// # Errors
    /// A signal asked this run to end.
    pub(crate) fn tell(&mut self, read: u64) -> io::Result<()> {
        if signals::caught().is_some() {
            return Err(io::Error::other("broken off by a signal"));
        }
        if let Some(label) = &self.label {
            let now = Instant::now();
            if now >= self.next {
                self.next = now + BEAT;
                self.shown = true;
                output::stderr(&format!("\r\u{1B}[K{label} {}", bar(read, self.whole)));
            }
        }
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            output::stderr("\r\u{1B}[K");
        }
    }
}

/// `[######......] 50 %`, or the mebibytes where the end is not known.
fn bar(read: u64, whole: Option<u64>) -> String {
    let Some(whole) = whole else { return format!("{} MiB", read >> 20) };
    let part = |of: u64| u64::try_from(u128::from(read.min(whole)) * u128::from(of) / u128::from(whole.max(1)));
    let (filled, percent) = (part(WIDTH).unwrap_or(0), part(100).unwrap_or(0));
    let cells: String = (0..WIDTH).map(|cell| if cell < filled { '#' } else { '.' }).collect();
    format!("[{cells}] {percent} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_the_document_is_read() {
        assert_eq!(bar(0, Some(10)), format!("[{}] 0 %", ".".repeat(30)));
        assert_eq!(bar(5, Some(10)), format!("[{}{}] 50 %", "#".repeat(15), ".".repeat(15)));
        assert_eq!(bar(11, Some(10)), format!("[{}] 100 %", "#".repeat(30)), "a file that grew is not over-full");
        assert_eq!(bar(u64::MAX, Some(u64::MAX)), format!("[{}] 100 %", "#".repeat(30)));
        assert_eq!(bar(3 << 20, None), "3 MiB");
    }
}
