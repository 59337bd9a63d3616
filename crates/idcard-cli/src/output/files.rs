//! Files that appear whole or not at all: a temporary one beside the target, fsync, rename.

use crate::exit::Failure;
use crate::signals;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;

/// Temporary files that a run which is broken off has to take away.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privacy {
    /// Personal data: the owner alone, mode 0600.
    Personal,
    /// As the system's defaults say.
    Public,
}

/// A file under way.
pub(crate) struct Unfinished {
    file: NamedTempFile,
    target: PathBuf,
    _listed: Listed,
}

/// A temporary file in the list of those that are not finished.
struct Listed(PathBuf);

impl Drop for Listed {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.0);
    }
}

impl Unfinished {
    /// Begins a file that will take the place of `target`.
    pub(crate) fn begin(target: &Path, privacy: Privacy) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::file(target, &error);
        replaceable(target).map_err(failed)?;
        if target.to_string_lossy().ends_with(std::path::is_separator) {
            // It would be found out when the file is put in its place, and that is too late.
            return Err(failed(io::ErrorKind::NotADirectory.into()));
        }
        let folder = folder(target);
        fs::metadata(folder).map_err(failed)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".idcard-").suffix(".part");
        #[cfg(unix)]
        if privacy == Privacy::Public {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        #[cfg(not(unix))]
        let _ = privacy;
        // No moment sees a file that a signal would leave behind.
        signals::before_leaving(discard_unfinished);
        let mut list = unfinished();
        let file = builder.tempfile_in(folder);
        // The name of the temporary file, which the error holds, says nothing to the user.
        let file = file.map_err(|error| failed(io::Error::from(error.kind())))?;
        let path = file.path().to_owned();
        list.push(path.clone());
        drop(list);
        Ok(Self { _listed: Listed(path), file, target: target.to_owned() })
    }

    /// The file to write to.
    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self { file, target, _listed } = self;
        let placed = file.as_file().sync_all().and_then(|()| {
            replaceable(&target)?;
            file.persist(&target).map_err(|failed| failed.error)?;
            // The name is on the disk when the folder is; some systems cannot sync a folder.
            File::open(folder(&target)).and_then(|folder| folder.sync_all()).or(Ok(()))
        });
        placed.map_err(|error| Failure::file(&target, &error))
    }
}

/// Writes a file.
pub(crate) fn write_file(target: &Path, bytes: &[u8], privacy: Privacy) -> Result<(), Failure> {
    let unfinished = Unfinished::begin(target, privacy)?;
    unfinished.file().write_all(bytes).map_err(|error| Failure::file(target, &error))?;
    unfinished.finish()
}

/// Takes away what is not finished: the run is broken off, and begins no other file until it has ended.
fn discard_unfinished() {
    let mut list = unfinished();
    for path in list.drain(..) {
        let _ = fs::remove_file(path);
    }
    std::mem::forget(list);
}

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Only a file may be replaced: neither a device nor a folder, nor what a symbolic link hides.
fn replaceable(target: &Path) -> io::Result<()> {
    match fs::symlink_metadata(target) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(metadata) => {
            let what = if metadata.is_symlink() { "a symbolic link" } else { "no regular file" };
            Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("this is {what}, which is not replaced")))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_and_takes_the_old_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.bin");
        fs::write(&target, b"old").unwrap();
        let unfinished = Unfinished::begin(&target, Privacy::Personal).unwrap();
        unfinished.file().write_all(b"half").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"old");
        drop(unfinished);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
        write_file(&target, b"new", Privacy::Personal).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn personal_data_are_for_their_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str, privacy| {
            let target = folder.path().join(name);
            write_file(&target, b"x", privacy).unwrap();
            fs::metadata(target).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode("personal", Privacy::Personal), 0o600);
        assert_eq!(mode("public", Privacy::Public) & 0o600, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn links_folders_and_devices_are_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("elsewhere", &link).unwrap();
        for target in [link.as_path(), folder.path(), Path::new("/dev/null")] {
            assert!(write_file(target, b"x", Privacy::Public).is_err(), "{}", target.display());
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
