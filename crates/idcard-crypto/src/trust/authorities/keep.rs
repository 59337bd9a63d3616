//! Writing a certificate into the directory of kept trust: whole or not at all, for the user alone.

use super::Import;
use crate::certificate::Certificate;
use crate::error::Error;
use crate::trust::store::guard;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn place(certificate: &Certificate, directory: &Path) -> PathBuf {
    directory.join(format!("{}.pem", certificate.sha256()))
}

/// Whether it is kept already: the user's word was given then.
pub(super) fn has(certificate: &Certificate, directory: &Path) -> bool {
    place(certificate, directory).exists()
}

pub(super) fn keep(certificate: &Certificate, directory: &Path) -> Result<Import, Error> {
    let path = place(certificate, directory);
    let fault = |error: io::Error| Error::File { path: path.clone(), fault: error.into() };
    create(directory).map_err(fault)?;
    guard::folder(directory)?;
    if path.exists() {
        guard::own(&path)?;
        return Ok(Import::Known(path));
    }
    // A file of another ending is not read, should we be stopped before its name is right.
    let draft = path.with_extension("new");
    let _ = fs::remove_file(&draft);
    let text = format!("{}\n{}", certificate.subject(), certificate.to_pem());
    let written = write(&draft, &text).and_then(|()| fs::rename(&draft, &path));
    if let Err(error) = written {
        let _ = fs::remove_file(&draft);
        return Err(fault(error));
    }
    Ok(Import::Kept(path))
}

fn create(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(directory)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
