//! Options of `pkcs11`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Pkcs11Command {
    /// Print where the module lies, for the settings of other programs
    Path,
}
