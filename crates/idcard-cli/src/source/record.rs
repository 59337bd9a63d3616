//! The trace of `--record`: written beside its place while the command runs, put there when it is done.

use crate::exit::Failure;
use crate::output::{Privacy, Unfinished};
use idcard_core::transport::record::Recording;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// A trace under way.
pub(super) struct Recorded {
    path: PathBuf,
    unfinished: Unfinished,
    recording: Option<Recording>,
}

impl Recorded {
    /// Begins the file; what is written into the sink is in it when the recording is finished.
    pub(super) fn begin(path: &Path) -> Result<(Self, BufWriter<File>), Failure> {
        if path == Path::new("-") {
            return Err(Failure::usage("--record -: a trace goes into a file"));
        }
        let unfinished = Unfinished::begin(path, Privacy::Personal)?;
        let sink = unfinished.file().try_clone().map_err(|error| Failure::file(path, &error))?;
        Ok((Self { path: path.to_owned(), unfinished, recording: None }, BufWriter::new(sink)))
    }

    pub(super) fn by(self, recording: Recording) -> Self {
        Self { recording: Some(recording), ..self }
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        let whole = self.recording.map_or(Ok(()), |recording| recording.finish());
        whole.map_err(|error| Failure::file(&self.path, &error))?;
        self.unfinished.finish()
    }
}
