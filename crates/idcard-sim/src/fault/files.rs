//! Section 2b of the catalogue, files: where they end, what they hold of one another.

use idcard_core::transport::LinkError;

use super::Row;
use super::wire::{Play, bare, join};
use crate::card::tlv;
use crate::image::{Ef, Image};

type Answer = Result<Vec<u8>, LinkError>;

pub(super) const ROWS: &[Row] = &[
    Row::wire("C-34", "files that never end", |play| endless(play, usize::MAX)),
    Row::wire("C-35", "offsets from 8000 on begin again at 0, and files never end", |play| endless(play, 0x8000)),
    Row::memory("C-37", "MPCOS counts offsets in bytes", bytes_in_mpcos),
    Row::wire("C-39", "6B00 to the first READ BINARY of every file", empty),
    Row::memory("C-40", "files as long as a whole number of chunks of 252 and of 256", whole_chunks),
    Row::memory("C-41", "the photo cannot be read, whatever is presented", hide_photo),
    Row::memory("C-44", "the PKCS#15 directory refers to itself", directory_of_itself),
    Row::memory("C-45", "a certificate directory of 32 KiB", endless_directory),
    Row::memory("C-46", "two certificates of one identifier, and keys of one another's folder", ambiguous),
];

/// Reads beyond the end, and beyond `wrap`, begin again at the start of the file.
fn endless(play: &mut Play<'_, '_>, wrap: usize) -> Answer {
    let honest = play.honest()?;
    let unit = play.card.offset_unit();
    let short = matches!(honest.get(honest.len().saturating_sub(2)..), Some([0x62 | 0x6B | 0x6C, _]));
    let offset = usize::from(play.p1p2());
    let (Some(content), Some(wanted)) = (play.card.current_content(), play.le()) else { return Ok(honest) };
    if !play.is_read() || content.is_empty() || !(short || offset >= wrap) {
        return Ok(honest);
    }
    let start = offset.checked_rem(wrap).unwrap_or(0).saturating_mul(unit);
    let turned = start.checked_rem(content.len()).unwrap_or(0);
    let bytes: Vec<u8> = content.iter().cycle().skip(turned).take(wanted).copied().collect();
    Ok(join(&bytes, 0x9000))
}

fn empty(play: &mut Play<'_, '_>) -> Answer {
    if play.is_read() && play.p1p2() == 0 { Ok(bare(0x6B00)) } else { play.honest() }
}

fn bytes_in_mpcos(image: &mut Image) -> Option<()> {
    image.applet_mut("mpcos")?.unit = 1;
    Some(())
}

fn files(image: &mut Image) -> impl Iterator<Item = &mut Ef> {
    image.applets.iter_mut().flat_map(|applet| &mut applet.files)
}

fn whole_chunks(image: &mut Image) -> Option<()> {
    const CHUNKS: usize = 252 * 64; // and 256 * 63
    let mut changed = None;
    for file in files(image).filter(|file| !file.update && file.secret_code_of.is_none()) {
        file.content.resize(file.content.len().next_multiple_of(CHUNKS), 0);
        changed = Some(());
    }
    changed
}

fn hide_photo(image: &mut Image) -> Option<()> {
    image.file_mut("mpcos", "3F00/0200/0203")?.read.never = true;
    Some(())
}

fn directory_of_itself(image: &mut Image) -> Option<()> {
    let path = tlv::object(0x30, &tlv::object(0x04, &[0x3F, 0x00, 0x50, 0x15, 0x50, 0x31]));
    let content: Vec<u8> = [0xA8, 0xA0, 0xA4].into_iter().flat_map(|tag| tlv::object(tag, &path)).collect();
    image.file_mut("classic", "3F00/5015/5031")?.content = content;
    Some(())
}

fn endless_directory(image: &mut Image) -> Option<()> {
    let file = image.file_mut("classic", "3F00/5015/4403")?;
    let entries = file.content.clone();
    while file.content.len().saturating_add(entries.len()) < 0x8000 {
        file.content.extend_from_slice(&entries);
    }
    Some(())
}

fn ambiguous(image: &mut Image) -> Option<()> {
    let swap = |content: &mut Vec<u8>, from: &[u8], to: &[u8]| {
        let at = content.windows(from.len()).position(|window| window == from)?;
        content.get_mut(at..at.saturating_add(to.len()))?.copy_from_slice(to);
        Some(())
    };
    // The identifier 03 of the signing certificate becomes 01, as that of the other one.
    swap(&mut image.file_mut("classic", "3F00/5015/4403")?.content, &[0x04, 0x01, 0x03], &[0x04, 0x01, 0x01])?;
    swap(
        &mut image.file_mut("classic", "3F00/5015/4402")?.content,
        &[0x3F, 0x00, 0x51, 0x00],
        &[0x3F, 0x00, 0x50, 0x00],
    )
}
