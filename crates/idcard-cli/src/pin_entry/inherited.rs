//! A file descriptor that this process was started with: read where it stands, not opened anew at its beginning.

use std::fs::File;
use std::io;

/// The open file itself, its position shared with all who have it: of two commands, each takes its own line.
///
/// # Errors
/// No such descriptor is open.
#[cfg(target_os = "linux")]
pub(super) fn descriptor(number: u16) -> io::Result<File> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let same = pidfd_open(getpid(), PidfdFlags::empty())
        .and_then(|process| pidfd_getfd(process, i32::from(number), PidfdGetfdFlags::empty()));
    match same {
        Ok(file) => Ok(file.into()),
        Err(rustix::io::Errno::BADF) => Err(io::Error::from(rustix::io::Errno::BADF)),
        // A sandbox that forbids the calls.
        Err(_) => opened_anew(number),
    }
}

/// The same file opened a second time, put where the first one stands.
#[cfg(target_os = "linux")]
fn opened_anew(number: u16) -> io::Result<File> {
    use std::io::{Seek, SeekFrom};
    let told = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}"))?;
    let position = told.lines().find_map(|line| line.strip_prefix("pos:")?.trim().parse().ok()).unwrap_or(0);
    let mut file = File::open(format!("/proc/self/fd/{number}"))?;
    if file.metadata()?.is_file() {
        file.seek(SeekFrom::Start(position))?;
    }
    Ok(file)
}

/// Elsewhere this name means the open file itself.
#[cfg(not(target_os = "linux"))]
pub(super) fn descriptor(number: u16) -> io::Result<File> {
    File::open(format!("/dev/fd/{number}"))
}
