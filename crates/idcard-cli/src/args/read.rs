//! Options of `read`, and the sections of its document.

use super::PinOptions;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// Read only these sections
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SECTION,…")]
    pub fields: Vec<Section>,
    /// Write the photo; .png and .jpg are converted to, every other name gets it as stored
    #[arg(long, value_name = "FILE")]
    pub photo: Option<PathBuf>,
    /// Show the photo in the terminal
    #[arg(long)]
    pub show_photo: bool,
    /// Write the files into this folder as they are on the card
    #[arg(long, value_name = "DIR")]
    pub raw: Option<PathBuf>,
    /// Trust these certificates for the security object
    #[arg(long, value_name = "FILE|DIR")]
    pub ca: Vec<PathBuf>,
    #[command(flatten)]
    pub pin: PinOptions,
}

/// A section of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Section {
    /// Serial number and CRN
    Card,
    /// The person
    Identity,
    /// The birth certificate
    BirthCertificate,
    /// Postal code and address
    Postal,
    /// The face image
    Photo,
    /// Which fingers are enrolled
    Fingerprints,
    /// Issue and expiry of the card
    Dates,
    /// The certificates
    Certificates,
    /// The issuer's signature over the files
    SecurityObject,
}
