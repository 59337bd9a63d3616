//! What the content must not take the place of: the files that the check rests on.

use super::input::Input;
use crate::args::Verify;
use crate::content::FileContent;
use crate::exit::Failure;
use crate::trust;
use idcard_crypto::hash::Stamp;
use std::fs;
use std::path::{Path, PathBuf};

/// Endings of the files in a folder of `--ca` or `--crl` that are looked into.
const ENDINGS: [&str; 6] = ["pem", "crt", "cer", "der", "ca", "crl"];

/// Refuses to write the content over one of these files, under whatever name.
///
/// # Errors
/// The output is one of them.
pub(super) fn refuse(output: &Path, input: &Input, options: &Verify) -> Result<(), Failure> {
    let Some(place) = Place::of(output) else { return Ok(()) };
    let document = if FileContent::is_stdin(&input.document) { Path::new("/dev/stdin") } else { &input.document };
    let named = [Some(document), input.signature.as_deref(), options.certificate.as_deref()];
    let kept = trust::kept();
    let trusted = options.trust.ca.iter().chain(&options.trust.crl).chain(&kept).flat_map(|path| files(path));
    let mut own = named.into_iter().flatten().map(Path::to_owned).chain(trusted);
    if own.any(|file| Place::of(&file).as_ref() == Some(&place)) {
        let message = format!("{}: the content would replace a file that this check rests on", output.display());
        return Err(Failure::usage(message).with_hint("name another file with -o"));
    }
    Ok(())
}

/// The file itself, or those of the folder that are read.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let is_read = |file: &PathBuf| {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        ENDINGS.contains(&ending.as_str())
    };
    folder.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(is_read).collect()
}

/// Which file a path leads to, where there is one.
#[derive(PartialEq, Eq)]
enum Place {
    /// Its device and number.
    Numbers(u64, u64),
    /// Its full path, where the system has no numbers.
    Path(PathBuf),
}

impl Place {
    fn of(path: &Path) -> Option<Self> {
        match Stamp::from(fs::metadata(path).ok()?).file {
            Some((device, number)) => Some(Self::Numbers(device, number)),
            None => fs::canonicalize(path).ok().map(Self::Path),
        }
    }
}
