//! The content of a signature: kept back until the verdict is good.

use crate::exit::Failure;
use crate::output::{Privacy, Unfinished};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;

/// Where the content will go, and where it waits.
pub(super) enum Release {
    /// Beside its place.
    File(Unfinished),
    /// In a file without a name.
    Stdout(File),
}

impl Release {
    /// Makes the file in which it waits.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            let file = tempfile::tempfile().map_err(|error| Failure::file(&std::env::temp_dir(), &error))?;
            return Ok(Self::Stdout(file));
        }
        Ok(Self::File(Unfinished::begin(path, Privacy::Personal)?))
    }

    /// What receives the content. The verifier hands it over in large pieces.
    pub(super) fn sink(&mut self) -> impl Write + '_ {
        match self {
            Self::File(unfinished) => unfinished.file(),
            Self::Stdout(file) => &*file,
        }
    }

    pub(super) const fn is_for_stdout(&self) -> bool {
        matches!(self, Self::Stdout(_))
    }

    /// Hands the content out: the verdict is good.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::File(unfinished) => unfinished.finish(),
            Self::Stdout(mut file) => {
                file.rewind().map_err(|error| Failure::stdout(&error))?;
                let mut out = io::stdout().lock();
                io::copy(&mut file, &mut out).and_then(|_| out.flush()).map_err(|error| Failure::stdout(&error))
            }
        }
    }
}
