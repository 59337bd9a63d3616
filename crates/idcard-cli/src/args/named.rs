//! The files that a command line names: none that is read is a pipe or a device, none that is written is another one of them.

use crate::exit::Failure;
use crate::{regular, trust};
use clap::ArgMatches;
use idcard_crypto::hash::Stamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The options whose files, or folders, are written.
const WRITTEN: [&str; 5] = ["record", "output", "photo", "share", "raw"];

/// Endings of the files in a folder of `--ca` or `--crl` that are looked into.
const ENDINGS: [&str; 6] = ["pem", "crt", "cer", "der", "ca", "crl"];

/// Why a command line is refused: it would write over what it reads, or twice into one file; or it reads what is no file, on
/// which it might wait for ever.
///
/// The one would take the place of the other without a word: a trace that of a bundle, of a document, of a PIN file.
pub(crate) fn refused(matches: &ArgMatches) -> Option<Failure> {
    let named = named(matches);
    let mut written = named.iter().filter(|one| is_written(one));
    if let Some((_, path)) = written.find(|one| named.iter().any(|other| clash(one, other))) {
        return Some(replaces(path));
    }
    let mut read = named.iter().filter(|one| !is_written(one));
    read.find_map(|(_, path)| regular::refused(path))
}

/// What is written to this path would replace a file of the same command.
pub(crate) fn replaces(path: &Path) -> Failure {
    let path = path.display();
    Failure::usage(format!("{path}: what is written there would replace another file of this command"))
        .in_persian(format!("{path}: آنچه نوشته می‌شود جای پروندهٔ دیگری از همین فرمان را می‌گیرد"))
}

type Named = (String, PathBuf);

/// The paths by the names of their arguments; stdin and stdout left out, but for the file on stdin.
fn named(matches: &ArgMatches) -> Vec<Named> {
    let mut named: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut level = Some(matches);
    while let Some(one) = level {
        for argument in one.ids() {
            // What is no path is refused here, and passed over.
            if let Ok(Some(paths)) = one.try_get_many::<PathBuf>(argument.as_str()) {
                named.insert(argument.to_string(), paths.cloned().collect());
            }
        }
        if let Ok(Some(card)) = one.try_get_one::<String>("card")
            && let Some(trace) = card.strip_prefix("replay:")
        {
            named.insert("card".to_owned(), vec![PathBuf::from(trace)]);
        }
        if one.try_get_many::<PathBuf>("ca").is_ok() {
            named.insert("kept".to_owned(), trust::kept().into_iter().collect());
        }
        level = one.subcommand().map(|(_, below)| below);
    }
    let each = named.into_iter().flat_map(|(name, paths)| paths.into_iter().map(move |path| (name.clone(), path)));
    each.filter_map(|(name, path)| {
        if path != Path::new("-") {
            return Some((name, path));
        }
        let stdin = PathBuf::from("/dev/stdin");
        (!WRITTEN.contains(&name.as_str()) && stdin.is_file()).then_some((name, stdin))
    })
    .collect()
}

/// Whether the first, which is written, is the other one; into a folder, whether the other one is written there, too.
fn clash(one: &Named, other: &Named) -> bool {
    if std::ptr::eq(one, other) {
        return false;
    }
    if one.0 == "raw" {
        return is_written(other) && (is_same(&one.1, &other.1) || is_same(&one.1, folder(&other.1)));
    }
    is_same(&one.1, &other.1) || (!is_written(other) && files(&other.1).iter().any(|file| is_same(&one.1, file)))
}

fn is_written((argument, _): &Named) -> bool {
    WRITTEN.contains(&argument.as_str())
}

/// The files of a folder that are read.
fn files(path: &Path) -> Vec<PathBuf> {
    let is_read = |file: &PathBuf| {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        ENDINGS.contains(&ending.as_str())
    };
    let entries = fs::read_dir(path).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(is_read).collect()
}

/// Whether two paths lead to one file, which need not be there.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    Place::of(one) == Place::of(other)
}

/// Where a path leads.
#[derive(PartialEq, Eq)]
enum Place {
    /// The device and the number of what is there.
    Numbers(u64, u64),
    /// Its full path, where nothing is there or the system has no numbers.
    Path(PathBuf),
}

impl Place {
    fn of(path: &Path) -> Self {
        if let Some((device, number)) = fs::metadata(path).ok().and_then(|found| Stamp::from(found).file) {
            return Self::Numbers(device, number);
        }
        let in_folder = || Some(folder(path).canonicalize().ok()?.join(path.file_name()?));
        Self::Path(path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned()))
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
