//! Options of `schema`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The document: read, cert_list, error …; all names without one
    pub name: Option<String>,
}
