//! The traces of an import while they are written: files that appear whole or not at all, or the one for stdout.

use crate::exit::{Failure, Kind};
use crate::output::{Privacy, Unfinished, numbered};
use idcard_core::transport::trace::import::{Fault, LogFormat, Outlet, Seen};
use idcard_core::transport::trace::{Step, Writer};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub(super) struct Sheets<'p> {
    output: Option<&'p Path>,
    format: LogFormat,
    sheets: Vec<Sheet>,
    fault: Option<Failure>,
}

struct Sheet {
    /// The place that it will take; none for stdout.
    target: Option<(PathBuf, Unfinished)>,
    file: File,
    writer: Writer<BufWriter<File>>,
}

/// What was written.
pub(super) struct Written {
    /// The files, by the numbers of their traces.
    pub files: Vec<PathBuf>,
    /// The trace that goes to stdout.
    pub bare: Option<Vec<u8>>,
}

impl<'p> Sheets<'p> {
    pub(super) fn new(output: Option<&'p Path>, format: LogFormat) -> Self {
        Self { output, format, sheets: Vec::new(), fault: None }
    }

    /// Why a file could not be begun.
    pub(super) fn fault(&mut self) -> Option<Failure> {
        self.fault.take()
    }

    /// Puts every trace in its place.
    pub(super) fn finish(self) -> Result<Written, Failure> {
        let mut written = Written { files: Vec::new(), bare: None };
        for mut sheet in self.sheets {
            let failed = |error: io::Error| Failure::new(Kind::File, error.to_string());
            sheet.writer.flush().map_err(failed)?;
            if let Some((path, unfinished)) = sheet.target {
                unfinished.finish()?;
                written.files.push(path);
            } else if written.bare.is_none() {
                let mut bytes = Vec::new();
                sheet.file.rewind().and_then(|()| sheet.file.read_to_end(&mut bytes)).map_err(failed)?;
                written.bare = Some(bytes);
            }
        }
        Ok(written)
    }

    fn sheet(&mut self, trace: usize) -> io::Result<&mut Sheet> {
        while self.sheets.len() <= trace {
            let sheet = self.begin(self.sheets.len())?;
            self.sheets.push(sheet);
        }
        self.sheets.get_mut(trace).ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    fn begin(&mut self, number: usize) -> io::Result<Sheet> {
        let target = match self.output {
            Some(output) => {
                let path = numbered(output, number);
                let unfinished = Unfinished::begin(&path, Privacy::Personal).map_err(|failure| {
                    self.fault = Some(failure);
                    io::Error::from(io::ErrorKind::Other)
                })?;
                Some((path, unfinished))
            }
            None => None,
        };
        let file = match &target {
            Some((_, unfinished)) => unfinished.file().try_clone()?,
            None => tempfile::tempfile()?,
        };
        let mut writer = Writer::new(BufWriter::new(file.try_clone()?))?;
        writer.comment(&format!("imported from a log of {}", self.format))?;
        Ok(Sheet { target, file, writer })
    }
}

impl Outlet for Sheets<'_> {
    fn step(&mut self, trace: usize, step: &Step) -> io::Result<()> {
        self.sheet(trace)?.writer.step(step)
    }

    fn gap(&mut self, trace: usize, fault: &Fault) -> io::Result<()> {
        self.sheet(trace)?.writer.comment(&format!("of the log, {fault}"))
    }

    fn over(&mut self, secrets: &Seen) -> io::Result<()> {
        for sheet in &mut self.sheets {
            sheet.writer.flush()?;
            sheet.file.rewind()?;
            let length = usize::try_from(sheet.file.metadata()?.len()).unwrap_or_default();
            let mut text = Zeroizing::new(Vec::with_capacity(length.saturating_add(32)));
            sheet.file.read_to_end(&mut text)?;
            if secrets.mask_written(&mut text) {
                sheet.file.rewind()?;
                sheet.file.write_all(&text)?;
            }
        }
        Ok(())
    }
}
