//! A trace in memory: what a command needs of its own conversation.

use idcard_core::transport::record::Recording;
use idcard_core::transport::trace::{BadTrace, FILE_LIMIT, Trace};
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
        let mut kept = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        // A card that answers without end is not kept without end.
        let sum = kept.len().saturating_add(bytes.len());
        if u64::try_from(sum).unwrap_or(u64::MAX) > FILE_LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_trace_is_not_kept() {
        let mut memory = Memory::default();
        let line = vec![b' '; 1 << 20];
        let kept = (0..64).take_while(|_| memory.write_all(&line).is_ok()).count();
        assert_eq!(kept as u64, FILE_LIMIT >> 20);
    }
}
