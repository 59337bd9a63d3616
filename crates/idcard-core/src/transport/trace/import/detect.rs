//! What wrote a log, told by its content.

use super::super::FIRST_LINE;
use super::lines::Lines;
use super::{ImportError, LogFormat, hexes, opensc, pcscd, spy};
use std::io::BufRead;

/// Reads until a line leaves no doubt; messages that come without any exchange are enough at the end.
pub(super) fn detect(input: impl BufRead) -> Result<LogFormat, ImportError> {
    let mut lines = Lines::new(input);
    let mut likely = None;
    while let Some(line) = lines.next()? {
        if line.number == 1 && line.text == FIRST_LINE {
            return Err(ImportError::AlreadyTrace);
        }
        if let Some(format) = certain(line.text) {
            return Ok(format);
        }
        if line.text.trim_start().starts_with("i bSendBuffer") {
            return Err(ImportError::Decoded);
        }
        if likely.is_none() && pcscd::is_message(line.text) {
            likely = Some(LogFormat::Pcscd);
        }
    }
    likely.ok_or(ImportError::Unrecognised)
}

fn certain(text: &str) -> Option<LogFormat> {
    let behind = |mark: &str| text.strip_prefix(mark).is_some_and(hexes::is_hex);
    if pcscd::is_message(text) {
        pcscd::is_command(text).then_some(LogFormat::Pcscd)
    } else if opensc::is_message(text) || text.starts_with("Outgoing APDU") {
        Some(LogFormat::OpenSc)
    } else if spy::is_call(text) {
        Some(LogFormat::PcscSpy)
    } else if behind("Sending: ") {
        Some(LogFormat::OpenScTool)
    } else if behind("> ") || text == "> RESET" {
        Some(LogFormat::Scriptor)
    } else {
        None
    }
}
