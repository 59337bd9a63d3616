//! What is read is a file: named pipes and devices, on which a run might wait or read for ever, are refused.

use crate::exit::Failure;
use std::fs::File;
use std::io;
use std::path::Path;

/// Why this is not read. The pipe of `<(…)` and that on `/dev/stdin` have no name, and pass.
///
/// What is not there is for whoever opens it to tell.
pub(crate) fn refused(path: &Path) -> Option<Failure> {
    let kind = std::fs::canonicalize(path).and_then(std::fs::metadata).ok()?.file_type();
    if kind.is_file() || kind.is_dir() {
        return None;
    }
    let (what, persian) = match name(kind) {
        "pipe" => ("this is a named pipe, not a file", "این یک لولهٔ نام‌دار است، نه پرونده"),
        "socket" => ("this is a socket, not a file", "این یک سوکت است، نه پرونده"),
        _ => ("this is a device, not a file", "این یک دستگاه است، نه پرونده"),
    };
    let error = io::Error::new(io::ErrorKind::InvalidInput, what);
    Some(Failure::file(path, &error).in_persian(format!("{}: {persian}", path.display())))
}

#[cfg(unix)]
fn name(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_fifo() => "pipe",
        () if kind.is_socket() => "socket",
        () => "device",
    }
}

#[cfg(not(unix))]
fn name(_: std::fs::FileType) -> &'static str {
    "device"
}

/// Opens a file without waiting for anybody, whatever it turns out to be.
///
/// # Errors
/// Those of opening.
pub(crate) fn open_at_once(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    options.open(path)
}
