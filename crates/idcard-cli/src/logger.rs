//! What `-v` shows: the library's own log lines, on stderr.

use crate::terminal::plain;
use log::{LevelFilter, Log, Metadata, Record};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("idcard")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = format!("idcard: {}\n", plain(&record.args().to_string()));
            // A test that is no run of the program has nobody who would read this.
            #[cfg(test)]
            crate::stage::stderr(&line);
            #[cfg(not(test))]
            crate::output::stderr(&line);
        }
    }

    fn flush(&self) {}
}

/// Shows what is done with `-v`, every exchange with `-vv`; nothing without.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::Info,
        _ => LevelFilter::Debug,
    };
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(level);
    }
}
