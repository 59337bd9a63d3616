//! `sim:IMAGE[+fault=NAME][+contactless][+pad]`: which card, held how, in which reader, misbehaving in which way.

use std::path::Path;

use thiserror::Error;

use crate::card::Card;
use crate::fault::Fault;
use crate::image::{Image, ImageError};
use crate::reader::{Holder, SimTransport};

/// A virtual card cannot be had as asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The image is not there or is none.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// A word after `+` is not known.
    #[error("unknown word \"+{word}\" after the image; known are +contactless, +pad and +fault=NAME")]
    Word {
        /// The word.
        word: String,
    },
    /// No fault has that name.
    #[error("no fault is called \"{name}\"")]
    Fault {
        /// The name, with its exchange where one was given; [`Fault::all`] has those that there are.
        name: String,
    },
    /// The card holds nothing that the fault could change.
    #[error("fault {fault} does not fit {image}: the card has no such file or key")]
    Unfit {
        /// The fault.
        fault: &'static str,
        /// The image.
        image: String,
    },
    /// The contactless answer to reset of that card is not known.
    #[error("how {image} shows itself on a contactless reader is not known")]
    NotContactless {
        /// The image.
        image: String,
    },
}

/// Opens a virtual card: a built-in image or the path of a TOML description, with words after `+`: `contactless`,
/// and any number of `fault=NAME` or `fault=NAME@n` (see [`Fault`]), the first the nearest to the host.
/// `pad` puts it into a reader with a pin pad, on which the holder types the right PIN; with `pad=wrong` another one,
/// with `pad=cancel` none, and with `pad=wait` nothing happens there.
///
/// ```
/// let reader = idcard_sim::open("specimen-t0")?;
/// assert!(idcard_sim::open("no-such-card").is_err());
/// # Ok::<(), idcard_sim::OpenError>(())
/// ```
///
/// # Errors
/// [`OpenError`] says which part of the specification cannot be followed.
pub fn open(spec: &str) -> Result<SimTransport, OpenError> {
    // A path may hold a plus sign of its own.
    let end = spec.rfind(".toml").map_or(0, |at| at.saturating_add(".toml".len()));
    let plus = spec.get(end..).and_then(|rest| rest.find('+')).map_or(spec.len(), |at| end.saturating_add(at));
    let (image, words) = spec.split_at_checked(plus).unwrap_or((spec, ""));
    let words = words.split('+').skip(1);
    let mut contactless = false;
    let mut holder = None;
    let mut faults = Vec::new();
    for word in words {
        match word.split_once('=') {
            None if word == "contactless" => contactless = true,
            None if word == "pad" => holder = Some(Holder::Knows),
            Some(("pad", how)) => {
                let known = Holder::named(how).ok_or_else(|| OpenError::Word { word: word.to_owned() })?;
                holder = Some(known);
            }
            Some(("fault", name)) => {
                let unknown = || OpenError::Fault { name: name.to_owned() };
                faults.push(Fault::named(name).ok_or_else(unknown)?);
            }
            _ => return Err(OpenError::Word { word: word.to_owned() }),
        }
    }
    let image = find(image)?;
    let name = image.name.clone();
    let card = if contactless { Card::contactless(image) } else { Some(Card::new(image)) };
    let reader = card.map(SimTransport::new).ok_or_else(|| OpenError::NotContactless { image: name.clone() })?;
    reader.handle().set_pad(holder);
    for fault in faults {
        let known = fault.name();
        if !reader.handle().add_fault(fault) {
            return Err(OpenError::Unfit { fault: known, image: name });
        }
    }
    Ok(reader.refreshed())
}

/// Name and title of each built-in image.
pub fn list() -> Vec<(String, String)> {
    Image::names().filter_map(|name| Image::builtin(name).ok()).map(|image| (image.name, image.title)).collect()
}

fn find(image: &str) -> Result<Image, ImageError> {
    let path = Path::new(image);
    if path.extension().is_some_and(|extension| extension == "toml") {
        return Image::load(path);
    }
    Image::builtin(image)
}
