//! Files that are read whole: named pipes, on which a run might wait for ever, are refused.

use crate::exit::Failure;
use std::fs::File;
use std::io;
use std::path::Path;

/// Refuses a named pipe. The pipe of `<(…)` has no name and passes.
///
/// # Errors
/// It is one; what is not there is for whoever opens it to tell.
pub(crate) fn no_named_pipe(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let named = std::fs::canonicalize(path).and_then(std::fs::metadata);
        if named.is_ok_and(|metadata| metadata.file_type().is_fifo()) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "this is a named pipe, not a file");
            return Err(Failure::file(path, &error));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
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
