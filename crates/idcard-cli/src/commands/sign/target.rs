//! Where a signature goes: beside its document, into a folder, into a file, to stdout.

use crate::args::named::{is_same, replaces};
use crate::args::{Options, Sign, SignatureType};
use crate::content::FileContent;
use crate::context::Context;
use crate::exit::Failure;
use crate::output::{Privacy, Unfinished};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Where one signature goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Stdout,
    File(PathBuf),
}

impl Target {
    /// A place for the signature of each document; files can be made there.
    ///
    /// # Errors
    /// Two signatures would go to one place, one would replace a document, or no file can be made there.
    pub(super) fn of_all(options: &Sign, context: &Context) -> Result<Vec<Self>, Failure> {
        let targets: Vec<Self> = options.files.iter().map(|file| Self::of(file, options)).collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        let mut documents = BTreeSet::new();
        for file in &options.files {
            if !documents.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())) {
                return Err(Failure::usage(format!("{}: this document is named twice", file.display())));
            }
        }
        for target in &targets {
            match target {
                Self::Stdout if targets.len() > 1 => {
                    return Err(Failure::usage("several signatures cannot all go to stdout"));
                }
                Self::Stdout if context.terminal.stdout && !options.pem => {
                    return Err(Failure::usage("a signature in DER is not for a terminal")
                        .with_hint("name a file with -o, or ask for --pem"));
                }
                Self::Stdout => {}
                Self::File(path) => {
                    let Options { record, terminal_keys, pages, .. } = &context.options;
                    let others = [&options.pin.pin_file, record, terminal_keys].into_iter().flatten();
                    if others.chain(pages).chain(&options.files).any(|file| is_same(file, path)) {
                        return Err(replaces(path));
                    }
                    let place = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                    if !seen.insert(place) {
                        let message = format!("{}: two signatures would go there", path.display());
                        return Err(Failure::usage(message).with_hint("with several documents, -o names a folder"));
                    }
                    // Told now, and not when the PIN is spent.
                    Unfinished::begin(path, Privacy::Public)?;
                }
            }
        }
        Ok(targets)
    }

    fn of(file: &Path, options: &Sign) -> Result<Self, Failure> {
        let stdin = FileContent::is_stdin(file);
        // RFC 8551, 3.2.1: a signature alone is .p7s, one with its document inside .p7m.
        let ending = match options.kind {
            SignatureType::Raw => ".sig",
            SignatureType::Cms if options.attached => ".p7m",
            SignatureType::Cms => ".p7s",
        };
        match options.output.as_deref() {
            Some(path) if path == Path::new("-") => Ok(Self::Stdout),
            None if stdin => Ok(Self::Stdout),
            None => Ok(Self::File(with_ending(file, ending))),
            Some(folder) if folder.is_dir() => match file.file_name() {
                Some(name) if !stdin => Ok(Self::File(folder.join(with_ending(Path::new(name), ending)))),
                _ => Err(Failure::usage("what comes from stdin has no name; name a file with -o")),
            },
            Some(path) => Ok(Self::File(path.to_owned())),
        }
    }
}

/// The ending is added, not put in the place of the one that is there.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
