//! Options of `sim`: virtual cards.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum SimCommand {
    /// List the built-in virtual cards
    List(SimList),
    /// Put a virtual card into a vpcd reader, until the reader is closed
    Serve(SimServe),
    /// Write the specimen's certification authority: root, CA, revocation list, OCSP signer
    Pki(SimPki),
}

#[derive(Debug, Args)]
pub(crate) struct SimList {
    /// List also the faults that `sim:IMAGE+fault=NAME` takes; `NAME@n` shows one in exchange n alone, from 0
    #[arg(long)]
    pub faults: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SimServe {
    /// The card, as behind `sim:`
    #[arg(long, default_value = "specimen")]
    pub image: String,
    /// Where vpcd listens
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// The port of the reader
    #[arg(long, default_value_t = 35963)]
    pub port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct SimPki {
    /// The folder, which is made where it is missing
    #[arg(short, value_name = "DIR")]
    pub output: PathBuf,
}
