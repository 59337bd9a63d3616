//! A trace in memory: what a command needs of its own conversation.

use idcard_core::transport::record::Recording;
use idcard_core::transport::trace::{BadTrace, Trace};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Where a recording goes that stays in memory.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    bytes: Arc<Mutex<Vec<u8>>>,
    recording: Option<Recording>,
}

impl Memory {
    pub(super) fn by(mut self, recording: Recording) -> Self {
        self.recording = Some(recording);
        self
    }

    /// What was recorded so far.
    pub(crate) fn trace(&self) -> Result<Trace, BadTrace> {
        if let Some(recording) = &self.recording {
            recording.finish().map_err(|error| BadTrace { line: 1, what: error.into() })?;
        }
        Trace::parse(self.bytes.lock().unwrap_or_else(PoisonError::into_inner).as_slice())
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
