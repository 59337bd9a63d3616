//! A document that the user named: a file that can be opened again, or a stream that passes once.

use crate::exit::Failure;
use idcard_crypto::hash::{Content, OnePass, Stamp};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

/// Stdin as an argument.
const DASH: &str = "-";

/// A document, and how it is read.
pub(crate) struct FileContent {
    path: PathBuf,
    length: Option<u64>,
    way: Way,
}

enum Way {
    /// A regular file, opened anew each time, so that one put in its place is seen.
    File(PathBuf),
    /// A pipe, a device, stdin.
    Stream(OnePass<Box<dyn Read + Send>>),
    /// A stream that was copied, since it is read twice.
    Copy(File),
}

impl FileContent {
    /// Looks at what a path names; a regular file is not opened yet.
    ///
    /// # Errors
    /// What is not there, may not be read, or is a folder.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::file(path, &error);
        if path == Path::new(DASH) {
            let stdin: Box<dyn Read + Send> = Box::new(io::stdin());
            return Ok(Self { path: path.to_owned(), length: None, way: Way::Stream(OnePass::new(stdin)) });
        }
        let metadata = std::fs::metadata(path).map_err(failed)?;
        if metadata.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let file = File::open(path).map_err(failed)?;
        let (length, way) = if metadata.is_file() {
            (Some(metadata.len()), Way::File(path.to_owned()))
        } else {
            let stream: Box<dyn Read + Send> = Box::new(file);
            (None, Way::Stream(OnePass::new(stream)))
        };
        Ok(Self { path: path.to_owned(), length, way })
    }

    /// Makes sure that it can be read twice.
    ///
    /// # Errors
    /// The copy that a stream needs could not be made.
    pub(crate) fn twice(mut self) -> Result<Self, Failure> {
        if let Way::Stream(stream) = &mut self.way {
            let copied = (|| {
                let mut copy = tempfile::tempfile()?;
                let length = io::copy(&mut stream.open()?, &mut copy)?;
                copy.rewind()?;
                Ok((copy, length))
            })();
            let (copy, length) = copied.map_err(|error: io::Error| Failure::file(&self.path, &error))?;
            self.way = Way::Copy(copy);
            self.length = Some(length);
        }
        Ok(self)
    }

    /// The name that it was called by.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How long it is, where that is known beforehand.
    pub(crate) const fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether a path means stdin.
    pub(crate) fn is_stdin(path: &Path) -> bool {
        path == Path::new(DASH) || is_open_as_stdin(path)
    }
}

#[cfg(unix)]
fn is_open_as_stdin(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| std::fs::metadata(path).map(|found| (found.dev(), found.ino(), found.is_file()));
    // A regular file may well be given on stdin and by name: each opening has its own place in it.
    matches!((identity(path), identity(Path::new("/dev/stdin"))), (Ok(one), Ok(other)) if one == other && !one.2)
}

#[cfg(not(unix))]
fn is_open_as_stdin(_: &Path) -> bool {
    false
}

impl Content for FileContent {
    type Reader<'a> = Box<dyn Read + Send + 'a>;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        Ok(match &mut self.way {
            Way::File(path) => Box::new(File::open(path)?),
            Way::Stream(stream) => Box::new(stream.open()?),
            Way::Copy(copy) => Box::new(copy.open()?),
        })
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        match &mut self.way {
            Way::File(path) => path.stamp(),
            Way::Stream(_) => Ok(Stamp::default()),
            Way::Copy(copy) => copy.stamp(),
        }
    }

    fn opens_again(&self) -> bool {
        !matches!(self.way, Way::Stream(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_often_as_wanted_and_a_folder_never() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"abc").unwrap();
        let mut document = FileContent::open(&path).unwrap();
        assert_eq!((document.length(), document.opens_again()), (Some(3), true));
        for _ in 0..2 {
            let mut text = String::new();
            document.open().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "abc");
        }
        assert!(FileContent::open(folder.path()).is_err());
        assert!(FileContent::open(&folder.path().join("b")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_passes_once_unless_it_is_copied() {
        let mut document = FileContent::open(Path::new("/dev/null")).unwrap();
        assert!(!document.opens_again() && document.open().is_ok());
        assert!(document.open().is_err());
        let mut copied = FileContent::open(Path::new("/dev/null")).unwrap().twice().unwrap();
        assert!(copied.opens_again() && copied.open().is_ok() && copied.open().is_ok());
    }
}
