//! The image of a virtual card: all that its memory holds, read from a TOML description and the files beside it.
//!
//! A description that stands on a built-in image needs only what differs:
//!
//! ```toml
//! name = "my-card"
//! title = "the specimen with other dates, which ask for the PIN"
//! base = "specimen"               # a built-in image without a base of its own
//! files = "my-files"              # the folder, beside the description, where named files are looked for first
//! absent = ["classic:3F00/5015"]  # files or whole folders of the base that this card lacks
//! sealed = ["mpcos:3F00/0300/0302"] # files that are read only inside the secure channel
//!
//! [contact]                       # and [contactless]
//! atr = "3B 7B 96 00 00 80 13 53 50 43 73 96 71 1B 91 30"
//! protocol = "T=0"                # or T=1
//! extended = false                # whether extended length is understood
//!
//! [[applet]]                      # laid over the applet of this name; a new one also needs aid and profile
//! name = "mpcos"
//! ef = [
//!     { path = "3F00/0300/0303", file = "dates.bin", read = ["id-0200"] },
//!     { path = "3F00/0300/0304", hex = "AD 01 00", size = 16, update = true },
//! ]
//! ```
//!
//! `read` lists what READ BINARY needs: the name of a PIN, `channel`, or `never`; empty means free. Objects (`object`),
//! PINs (`pin`), PUKs (`puk`), keys (`key`), fingers (`finger`) and the keys of the secure channel (`[channel]`) are
//! written as in the built-in descriptions.

use std::path::Path;

pub use self::error::ImageError;
pub use self::part::{Access, Applet, ChannelKeys, Ef, Finger, Interface, Key, Pin, Profile, Puk};

mod builtin;
mod error;
mod format;
mod load;
mod part;
#[cfg(test)]
mod tests;

/// A card's memory: its answers to reset, applets, files, counters and keys.
///
/// Everything is public and may be changed before the card is put into a reader, so that a test can play a card that
/// differs in one byte from the documented one.
///
/// ```
/// let mut image = idcard_sim::Image::builtin("specimen")?;
/// let photo = image.file_mut("mpcos", "3F00/0200/0203").ok_or("no such file")?;
/// photo.content.truncate(100);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Image {
    /// The name by which `sim:NAME` finds it.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// How the card shows itself in a reader with contacts.
    pub contact: Interface,
    /// How it shows itself over the air, where that is known.
    pub contactless: Option<Interface>,
    /// The applets, in no particular order.
    pub applets: Vec<Applet>,
    /// The keys of the secure channel, where the card has them (`specimen.md` 2.1).
    pub channel: Option<ChannelKeys>,
}

impl Image {
    /// The built-in image of that name.
    ///
    /// # Errors
    /// [`ImageError::Unknown`] names the images that exist.
    pub fn builtin(name: &str) -> Result<Self, ImageError> {
        load::builtin(name)
    }

    /// The image that a TOML file describes; the files it names lie beside it.
    ///
    /// # Errors
    /// [`ImageError`] names the file and what is wrong with it.
    pub fn load(path: &Path) -> Result<Self, ImageError> {
        load::from_disk(path)
    }

    /// Names of the built-in images.
    pub fn names() -> impl Iterator<Item = &'static str> {
        builtin::IMAGES.iter().map(|(name, _)| *name)
    }

    /// The applet of that name.
    pub fn applet(&self, name: &str) -> Option<&Applet> {
        self.applets.iter().find(|applet| applet.name == name)
    }

    /// The applet of that name, to change it.
    pub fn applet_mut(&mut self, name: &str) -> Option<&mut Applet> {
        self.applets.iter_mut().find(|applet| applet.name == name)
    }

    /// The file at `path` (`3F00/0200/0201`) of the applet of that name, to change it.
    pub fn file_mut(&mut self, applet: &str, path: &str) -> Option<&mut Ef> {
        let path = part::parse_path(path)?;
        self.applet_mut(applet)?.files.iter_mut().find(|file| file.path == path)
    }

    /// The file at `path` of the applet of that name.
    pub fn file(&self, applet: &str, path: &str) -> Option<&Ef> {
        let path = part::parse_path(path)?;
        self.applet(applet)?.files.iter().find(|file| file.path == path)
    }

    /// The serial number of the chip: bytes 13 to 20 of the data object `9F7F` (`specimen.md` 2).
    pub fn serial_number(&self) -> Option<[u8; 8]> {
        self.applets
            .iter()
            .flat_map(|applet| &applet.objects)
            .find(|(tag, _)| *tag == 0x9F7F)
            .and_then(|(_, value)| value.get(13..21)?.try_into().ok())
    }
}
