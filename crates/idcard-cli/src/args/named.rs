//! The files that a command line names: what is written must be no other file of the same line.

use crate::exit::Failure;
use clap::ArgMatches;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The options whose files, or folders, are written.
const WRITTEN: [&str; 5] = ["record", "output", "photo", "share", "raw"];

/// Why a command line is refused that would write over what it reads, or twice into one file.
///
/// The one would take the place of the other without a word: a trace that of a bundle, of a document, of a PIN file.
pub(crate) fn twice(matches: &ArgMatches) -> Option<Failure> {
    let named = named(matches);
    let mut written = named.iter().filter(|one| is_written(one));
    let (_, path) = written.find(|one| named.iter().any(|other| clash(one, other)))?;
    let path = path.display();
    let failure = Failure::usage(format!("{path} is named twice: what is written would replace the other"));
    Some(failure.in_persian(format!("{path} دو بار نام برده شده است: آنچه نوشته می‌شود جای دیگری را می‌گیرد")))
}

type Named = (String, PathBuf);

/// The paths by the names of their arguments, stdin and stdout left out.
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
        level = one.subcommand().map(|(_, below)| below);
    }
    let each = named.into_iter().flat_map(|(name, paths)| paths.into_iter().map(move |path| (name.clone(), path)));
    each.filter(|(_, path)| path != Path::new("-")).collect()
}

/// Whether the first, which is written, is the other one; into a folder, whether the other one is written there, too.
fn clash(one: &Named, other: &Named) -> bool {
    if std::ptr::eq(one, other) {
        return false;
    }
    let (here, there) = (place(&one.1), place(&other.1));
    if one.0 == "raw" {
        return is_written(other) && (here == there || there.parent() == Some(&here));
    }
    here == there
}

fn is_written((argument, _): &Named) -> bool {
    WRITTEN.contains(&argument.as_str())
}

/// Where a path leads: links are followed, and of what is not there its folder.
fn place(path: &Path) -> PathBuf {
    let of_folder = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(of_folder).unwrap_or_else(|| path.to_owned())
}
