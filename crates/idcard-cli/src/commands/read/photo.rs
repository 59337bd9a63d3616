//! The photo as a file and in the terminal; pictures from cards are decoded within bounds, and nothing they do ends the run.

mod decode;
mod show;

use super::document::Document;
use crate::args::Read;
use crate::commands::section::{Faults, State};
use crate::context::Context;
use crate::exit::Failure;
use crate::output::{self, Privacy, Unfinished, write_file};
use decode::decode;
use idcard_core::data::Photo;
use idcard_core::data::photo::Format;
use image::{DynamicImage, ImageFormat};
use std::borrow::Cow;
use std::io::Cursor;
use std::path::Path;

/// What a file is to hold, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Png,
    Jpeg,
    Stored,
}

impl Wanted {
    fn of(path: &Path) -> Self {
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        match extension.as_ref().and_then(|extension| extension.to_str()) {
            Some("png") => Self::Png,
            Some("jpg" | "jpeg") => Self::Jpeg,
            _ => Self::Stored,
        }
    }
}

/// Writes and shows the photo as it was asked for. One that cannot be decoded is marked in the document.
///
/// Gives the text that shows it, where stdout is for people.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn deliver(
    options: &Read,
    photo: Option<&Photo>,
    document: &mut Document,
    context: &Context,
) -> Result<String, Failure> {
    let Some(photo) = photo else { return Ok(String::new()) };
    let mut fault = None;
    if let Some(path) = &options.photo {
        match content(photo, Wanted::of(path)) {
            Ok(content) => write_file(path, &content, Privacy::Personal)?,
            Err(wrong) => fault = Some(wrong),
        }
    }
    let mut shown = String::new();
    if options.show_photo {
        match decode(photo) {
            Ok(picture) => shown = show::blocks(&picture, context.terminal.colour()),
            Err(wrong) => fault = Some(wrong),
        }
    }
    if let Some(wrong) = fault {
        let mut faults = Faults::default();
        faults.add("photo", wrong);
        let state = std::mem::replace(&mut document.photo.state, State::Read);
        document.photo.state = state.with_faults(faults);
    }
    if context.options.wants_json() {
        output::stderr(&shown);
        shown.clear();
    }
    Ok(shown)
}

/// Makes sure that the file can be made: before a card is asked for anything.
///
/// # Errors
/// It cannot.
pub(super) fn check(options: &Read) -> Result<(), Failure> {
    if options.photo.as_deref() == Some(Path::new("-")) {
        let failure = Failure::usage("--photo -: the photo goes into a file, since stdout is for what was read");
        return Err(failure.in_persian("--photo -: عکس در یک پرونده نوشته می‌شود، زیرا خروجی برای خوانده‌هاست"));
    }
    options.photo.as_deref().map_or(Ok(()), |path| Unfinished::begin(path, Privacy::Personal).map(drop))
}

/// The bytes of a file.
fn content(photo: &Photo, wanted: Wanted) -> Result<Cow<'_, [u8]>, &'static str> {
    let format = match (wanted, photo.format()) {
        (Wanted::Stored, _) | (Wanted::Jpeg, Format::Jpeg) => return Ok(Cow::Borrowed(photo.image())),
        (Wanted::Jpeg, _) => ImageFormat::Jpeg,
        (Wanted::Png, _) => ImageFormat::Png,
    };
    let picture = DynamicImage::ImageRgb8(decode(photo)?);
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).map_err(|_| "a picture that cannot be written in that format")?;
    Ok(Cow::Owned(bytes.into_inner()))
}

#[cfg(test)]
mod tests;
