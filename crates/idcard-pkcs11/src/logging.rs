//! The log of the module: into the file that `IDCARD_PKCS11_LOG` names, and nowhere without it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::OnceLock;
use std::time::Instant;

/// The variable that names the file.
const VARIABLE: &str = "IDCARD_PKCS11_LOG";

/// Kept for good: the module may be initialised again.
static STARTED: OnceLock<Journal> = OnceLock::new();

struct Journal {
    file: File,
    begun: Instant,
}

/// Starts the log, once in a process. A file that cannot be opened is no reason to refuse work.
pub(crate) fn start() {
    let Some(path) = std::env::var_os(VARIABLE).filter(|_| STARTED.get().is_none() && is_ones_own()) else { return };
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let Ok(file) = options.open(path) else { return };
    let journal: &'static Journal = STARTED.get_or_init(|| Journal { file, begun: Instant::now() });
    if log::set_logger(journal).is_ok() {
        log::set_max_level(log::LevelFilter::Debug);
    }
}

/// A program that runs with the rights of another user writes no file that its caller names.
fn is_ones_own() -> bool {
    #[cfg(unix)]
    {
        rustix::process::getuid() == rustix::process::geteuid()
            && rustix::process::getgid() == rustix::process::getegid()
    }
    #[cfg(not(unix))]
    {
        true
    }
}

impl log::Log for Journal {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let elapsed = self.begun.elapsed().as_secs_f64();
        let thread = std::thread::current().id();
        let line = format!("{elapsed:.4} {} {thread:?} {} {}\n", std::process::id(), record.level(), record.args());
        // One write a line, so that lines of several threads and processes do not mix; a full disk stops nobody.
        let _ = (&self.file).write_all(line.as_bytes());
    }

    fn flush(&self) {}
}
