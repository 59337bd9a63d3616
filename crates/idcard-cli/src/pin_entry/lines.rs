//! Secrets from a file descriptor or a file, one a line, read without a buffer that would keep them.

use super::inherited;
use crate::exit::{Failure, Kind};
use crate::regular::open_at_once;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// The longest line that is read; a PIN has 16 digits at most.
const LONGEST: usize = 64;

/// As many lines as wanted, of an open file descriptor of this process.
pub(super) fn of_descriptor(number: u16, wanted: usize) -> Result<Vec<Zeroizing<Vec<u8>>>, Failure> {
    let failed = |error: io::Error| Failure::new(Kind::File, format!("file descriptor {number}: {error}"));
    match number {
        0 => lines(stdin(), wanted).map_err(failed),
        1 | 2 => Err(Failure::usage(format!("--pin-fd {number}: no PIN comes from stdout or stderr"))
            .in_persian(format!("--pin-fd {number}: رمز از خروجی نمی‌آید"))),
        _ => lines(Patient(inherited::descriptor(number).map_err(failed)?), wanted).map_err(failed),
    }
}

/// As many lines as wanted, of a file that nobody but its owner may read.
pub(super) fn of_file(path: &Path, wanted: usize) -> Result<Vec<Zeroizing<Vec<u8>>>, Failure> {
    let failed = |error| Failure::file(path, &error);
    let file = open_at_once(path).map_err(failed)?;
    private(path, &file)?;
    lines(file, wanted).map_err(failed)
}

/// Refuses a file of secrets that others may read or write.
pub(crate) fn private(path: &Path, file: &File) -> Result<(), Failure> {
    let metadata = file.metadata().map_err(|error| Failure::file(path, &error))?;
    if !metadata.is_file() {
        return Err(Failure::new(Kind::File, format!("{}: not a regular file", path.display())));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let message = format!("{}: others may read this file (mode {mode:04o})", path.display());
            return Err(Failure::new(Kind::File, message)
                .in_persian(format!("دیگران می‌توانند این پرونده را بخوانند ({}, {mode:04o})", path.display()))
                .with_hints("keep it to yourself: chmod 600 FILE", "آن را از آنِ خود کنید: chmod 600 FILE"));
        }
    }
    Ok(())
}

/// The lines without their ends; fewer where the input ends before.
fn lines(mut input: impl Read, wanted: usize) -> io::Result<Vec<Zeroizing<Vec<u8>>>> {
    let mut lines = Vec::new();
    while lines.len() < wanted {
        // The whole capacity at once: a buffer that grows leaves copies behind.
        let mut line = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        let mut byte = Zeroizing::new([0u8; 1]);
        let mut ended = false;
        loop {
            match input.read(byte.as_mut_slice()) {
                Ok(0) => break,
                Ok(_) if *byte == *b"\n" => {
                    ended = true;
                    break;
                }
                Ok(_) if line.len() >= LONGEST => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "a line that is too long for a PIN"));
                }
                Ok(_) => line.extend_from_slice(byte.as_slice()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if !ended && line.is_empty() {
            break;
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        lines.push(line);
    }
    Ok(lines)
}

/// Stdin without the buffer that the standard library puts before it.
#[cfg(unix)]
fn stdin() -> impl Read {
    Patient(rustix::stdio::stdin())
}

#[cfg(not(unix))]
fn stdin() -> impl Read {
    io::stdin()
}

/// A descriptor whose other end may take its time, also where it was made not to wait, as sockets and pipes of event loops
/// are.
struct Patient<F>(F);

#[cfg(unix)]
impl<F: std::os::fd::AsFd> Read for Patient<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, poll};
        loop {
            match rustix::io::read(&self.0, &mut *buffer) {
                Err(rustix::io::Errno::AGAIN) => match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], None) {
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                },
                read => return Ok(read?),
            }
        }
    }
}

#[cfg(not(unix))]
impl<F: Read> Read for Patient<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str, wanted: usize) -> Vec<String> {
        let lines = lines(input.as_bytes(), wanted).unwrap();
        lines.iter().map(|line| String::from_utf8(line.to_vec()).unwrap()).collect()
    }

    #[test]
    fn one_secret_a_line_and_no_more_than_wanted() {
        assert_eq!(read("1234", 1), ["1234"]);
        assert_eq!(read("1234\r\n5678\n", 1), ["1234"]);
        assert_eq!(read("1234\r\n5678\n9", 2), ["1234", "5678"]);
        assert_eq!(read("\n", 1), [""], "an empty line is an empty secret");
        assert_eq!(read("", 1), [""; 0], "nothing is none");
        assert_eq!(read("1\n", 2), ["1"]);
        assert_eq!(read("1234 \n", 1), ["1234 "], "only the line end is dropped");
    }

    #[test]
    fn a_line_that_cannot_be_a_pin_is_not_read_on() {
        assert!(lines("1".repeat(LONGEST + 1).as_bytes(), 1).is_err());
        assert!(lines(io::repeat(b'1'), 1).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "1234\n").unwrap();
        assert_eq!(of_file(file.path(), 1).unwrap().len(), 1);
        for mode in [0o640, 0o604, 0o620, 0o644] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(of_file(file.path(), 1).unwrap_err().exit().0, 16, "{mode:o}");
        }
        assert_eq!(of_file(Path::new("/dev/null"), 1).unwrap_err().exit().0, 16);
    }
}
