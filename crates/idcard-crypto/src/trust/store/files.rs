//! Certificates from files and directories that a user names.

use super::{Store, guard};
use crate::certificate::{Certificate, CertificateFault, MAX_FILE};
use crate::error::{Error, FileFault};
use crate::trust::Origin;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most files that are read from one directory.
const MAX_FILES: usize = 1024;

/// Endings of files that are looked into when a directory is named.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "der", "ca"];

/// What was taken from a file or directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Self-signed certificates: anchors, since the user named them.
    pub anchors: usize,
    /// The others.
    pub intermediates: usize,
    /// Files of roots whose signature over themselves cannot be confirmed here: they are no anchors.
    pub unconfirmed: Vec<PathBuf>,
    /// Files of a directory that hold no certificate, with the reason.
    pub skipped: Vec<(PathBuf, String)>,
}

impl Store {
    /// Takes every certificate of a file, or of the files in a directory (not below it) that end in pem, crt, cer,
    /// der or ca. Self-signed ones become anchors for every purpose, the others may stand in a path.
    ///
    /// # Errors
    /// [`Error::File`]: a file that cannot be read, is no regular file, is too large or holds no certificate.
    /// In a directory, files without a certificate are skipped and told in [`Loaded::skipped`].
    pub fn add_path(&mut self, path: &Path) -> Result<Loaded, Error> {
        self.add(path, false)
    }

    /// As [`Self::add_path`], for a directory in which trust is kept between runs. It and its files have to be in the
    /// hands of the user, or of root, alone: no symbolic links, no other owner, no right to write for group and others.
    /// Nor may others write to a directory above it, unless that is sticky.
    ///
    /// # Errors
    /// [`Error::File`]; where rights are at fault, it names the command that takes them away.
    pub fn add_kept(&mut self, directory: &Path) -> Result<Loaded, Error> {
        self.add(directory, true)
    }

    fn add(&mut self, path: &Path, kept: bool) -> Result<Loaded, Error> {
        let mut loaded = Loaded::default();
        if !path.is_dir() {
            self.add_file(path, kept, &mut loaded)?;
            return Ok(loaded);
        }
        if kept {
            guard::folder(path)?;
        }
        for file in files(path, &ENDINGS)? {
            match self.add_file(&file, kept, &mut loaded) {
                Err(Error::File { path, fault: FileFault::Certificate(fault) }) => {
                    loaded.skipped.push((path, fault.to_string()));
                }
                other => other?,
            }
        }
        Ok(loaded)
    }

    fn add_file(&mut self, path: &Path, kept: bool, loaded: &mut Loaded) -> Result<(), Error> {
        if kept {
            guard::own(path)?;
        }
        let content = read(path, MAX_FILE)?;
        let fault = |fault: CertificateFault| Error::File { path: path.to_owned(), fault: fault.into() };
        for certificate in Certificate::from_pem_or_der(&content).map_err(fault)? {
            if certificate.is_self_signed() {
                let origin = Origin::File(path.to_owned());
                let limits = kept.then(|| self.built_in_limits(&certificate)).flatten();
                let added = match limits {
                    Some(limits) => self.add_limited(certificate, origin, limits),
                    None => self.add_anchor(certificate, origin),
                };
                added.map_err(|fault| Error::File { path: path.to_owned(), fault: fault.into() })?;
                loaded.anchors = loaded.anchors.saturating_add(1);
            } else {
                if certificate.is_self_issued() {
                    loaded.unconfirmed.push(path.to_owned());
                }
                self.add_intermediate(certificate);
                loaded.intermediates = loaded.intermediates.saturating_add(1);
            }
        }
        Ok(())
    }
}

/// The regular files of a directory with one of these endings, in the order of their names.
pub(crate) fn files(directory: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, Error> {
    let fault = |error: std::io::Error| Error::File { path: directory.to_owned(), fault: error.into() };
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if !endings.contains(&ending.as_str()) || !path.is_file() {
            continue;
        }
        if found.len() >= MAX_FILES {
            return Err(Error::File { path: directory.to_owned(), fault: FileFault::Limit("1024 files a directory") });
        }
        found.push(path);
    }
    found.sort();
    Ok(found)
}

/// A whole regular file of at most `limit` bytes. Pipes and devices are refused before they are opened.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    let fault = |fault: FileFault| Error::File { path: path.to_owned(), fault };
    let metadata = fs::metadata(path).map_err(|error| fault(error.into()))?;
    if !metadata.is_file() {
        return Err(fault(FileFault::NotRegular));
    }
    let mut content = Vec::new();
    // One byte more than allowed tells a file that grew or lied about its size.
    let limit_and_one = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let file = File::open(path).map_err(|error| fault(error.into()))?;
    file.take(limit_and_one).read_to_end(&mut content).map_err(|error| fault(error.into()))?;
    if content.len() > limit {
        return Err(fault(FileFault::Limit("its size")));
    }
    Ok(content)
}
