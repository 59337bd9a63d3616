//! `--raw DIR`: the files as they are on the card.

use crate::commands::section::settled;
use crate::exit::Failure;
use crate::output::{Privacy, Unfinished, write_file};
use idcard_core::family::{Decoder, Item, ItemName};
use idcard_core::pin::PinEntry;
use idcard_core::{LastTry, Session};
use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

/// Name and content of each.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// Reads what lies at a known place and has no published meaning, where the secure channel is open: nothing of it can be
/// shown, and who has the keys may know what it is.
///
/// # Errors
/// What concerns the whole card: the link, the PIN.
pub(super) fn fetch_undecoded(session: &mut Session<'_>, pin: Option<(PinEntry<'_>, LastTry)>) -> Result<(), Failure> {
    if !session.is_secured() {
        return Ok(());
    }
    let unknown = |item: &&Item| item.decoder.is_none() && item.path.is_some();
    let items = session.page().items.iter().filter(unknown).map(|item| item.name);
    let names: Vec<ItemName> = items.filter(|name| !matches!(name, ItemName::Journal | ItemName::Unnamed)).collect();
    for name in names {
        if let Some((pin, last_try)) = pin {
            session.present_for(name, pin, last_try)?;
        }
        settled(session.fetch(name).map(drop))?;
    }
    Ok(())
}

/// Every file that the session has read whole.
pub(super) fn files(session: &Session<'_>) -> Files {
    let items = session.page().items.iter();
    let files = items.filter(|item| item.name != ItemName::Unnamed).filter_map(|item| {
        let file = session.fetched(item.name).filter(|file| !file.redacted)?;
        let extension = if item.decoder == Some(Decoder::Certificate) { "der" } else { "bin" };
        Some((format!("{}.{extension}", item.name), file.bytes.clone()))
    });
    files.collect()
}

/// Makes sure that files can be made in the folder, or the folder itself: before a card is asked for anything.
///
/// # Errors
/// They cannot.
pub(super) fn check(folder: &Path) -> Result<(), Failure> {
    match std::fs::metadata(folder) {
        Ok(there) if there.is_dir() => Unfinished::begin(&folder.join("x"), Privacy::Personal).map(drop),
        Ok(_) => Err(Failure::file(folder, &io::ErrorKind::NotADirectory.into())),
        Err(_) => Unfinished::begin(&folder.components().collect::<PathBuf>(), Privacy::Personal).map(drop),
    }
}

/// Writes them into a folder, which is made where it is not there; gives what else lies there, which may be of another card.
pub(super) fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, Failure> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Failure::file(folder, &error)),
        _ => {}
    }
    for (name, bytes) in files {
        write_file(&folder.join(name), bytes, Privacy::Personal)?;
    }
    let there = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = |path: &PathBuf| files.iter().any(|(name, _)| path.file_name() == Some(name.as_ref()));
    let named_as_ours = |path: &PathBuf| path.extension().is_some_and(|end| end == "bin" || end == "der");
    Ok(there.filter(|path| named_as_ours(path) && !ours(path)).collect())
}
