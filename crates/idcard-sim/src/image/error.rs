//! Why an image cannot be had.

use std::path::PathBuf;
use thiserror::Error;

/// An image is not there or does not describe a card.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImageError {
    /// No built-in image has that name, and it is no path either.
    #[error("no virtual card \"{name}\"; there are: {}", known.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What exists.
        known: Vec<&'static str>,
    },
    /// The description is no TOML or holds words that are not defined.
    #[error("{origin}: {source}")]
    Format {
        /// The file or built-in image.
        origin: String,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// A value of the description cannot be used.
    #[error("{origin}: {place}: {what}")]
    Value {
        /// The file or built-in image.
        origin: String,
        /// The applet, file or key.
        place: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
