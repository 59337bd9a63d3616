//! `--raw DIR`: the files as they are on the card.

use crate::exit::Failure;
use crate::output::{Privacy, write_file};
use idcard_core::Session;
use idcard_core::family::{Decoder, ItemName};
use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Name and content of each.
pub(super) type Files = Vec<(String, Vec<u8>)>;

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

/// Writes them into a folder, which is made where it is not there.
pub(super) fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
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
    Ok(())
}
