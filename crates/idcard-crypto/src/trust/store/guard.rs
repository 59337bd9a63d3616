//! Whether a place that keeps trust between runs is in the user's hands alone.

use crate::error::{Error, FileFault};
use std::path::Path;

/// Refuses a folder of kept trust that somebody else can change: it, or what it lies in.
///
/// # Errors
/// [`Error::File`] about whichever of them it is.
pub(crate) fn folder(path: &Path) -> Result<(), Error> {
    own(path)?;
    #[cfg(unix)]
    unix::surroundings(path)?;
    Ok(())
}

/// Refuses a symbolic link, what belongs to another user, and what others may write to.
///
/// # Errors
/// [`Error::File`].
pub(crate) fn own(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    unix::own(path)?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn refused(path: &Path, fault: FileFault) -> Error {
    Error::File { path: path.to_owned(), fault }
}

#[cfg(unix)]
mod unix {
    use super::{Error, FileFault, Path, refused};
    use std::fs::{self, Metadata};
    use std::os::unix::fs::MetadataExt;

    const OTHERS_WRITE: u32 = 0o002;
    const GROUP_OR_OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;

    pub(super) fn own(path: &Path) -> Result<(), Error> {
        let found = fs::symlink_metadata(path).map_err(|error| refused(path, error.into()))?;
        if found.is_symlink() {
            return Err(refused(path, FileFault::Link));
        }
        owner(path, &found)?;
        if found.mode() & GROUP_OR_OTHERS_WRITE != 0 {
            return Err(refused(path, FileFault::OpenToOthers { fix: "chmod go-w", path: path.to_owned() }));
        }
        Ok(())
    }

    /// Everything above the folder, by the name that was given and by the one behind its symbolic links: whoever may
    /// rename there can put another folder in its place. A sticky folder, as /tmp is, leaves that to the owners.
    pub(super) fn surroundings(path: &Path) -> Result<(), Error> {
        let fault = |error: std::io::Error| refused(path, error.into());
        let given = std::path::absolute(path).map_err(fault)?;
        let real = fs::canonicalize(path).map_err(fault)?;
        for above in given.ancestors().skip(1).chain(real.ancestors().skip(1)) {
            let found = fs::metadata(above).map_err(|error| refused(above, error.into()))?;
            owner(above, &found)?;
            if found.mode() & OTHERS_WRITE != 0 && found.mode() & STICKY == 0 {
                return Err(refused(above, FileFault::OpenToOthers { fix: "chmod o-w", path: above.to_owned() }));
            }
        }
        Ok(())
    }

    /// The user, root, or whom the whole tree belongs to: in a name space of its own, root has another number.
    fn owner(path: &Path, found: &Metadata) -> Result<(), Error> {
        let own = rustix::process::geteuid().as_raw();
        let tree = fs::metadata("/").map(|root| root.uid()).unwrap_or_default();
        let uid = found.uid();
        if [own, 0, tree].contains(&uid) { Ok(()) } else { Err(refused(path, FileFault::ForeignOwner(uid))) }
    }
}
