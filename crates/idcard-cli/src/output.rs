//! What the program gives out: text and documents on stdout, files that appear whole or not at all.

mod files;
mod numbered;

pub(crate) use files::{Privacy, Unfinished, write_file};
pub(crate) use numbered::numbered;

use crate::exit::Failure;
use serde::Serialize;
use std::io::Write;

/// Puts bytes on stdout.
pub(crate) fn stdout(bytes: &[u8]) -> Result<(), Failure> {
    #[cfg(test)]
    if crate::stage::stdout(bytes) {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

/// Whether a file that is to go to stdout can arrive: asked before a PIN is spent for it. Not asked for text: callers who only
/// want the exit status give a null device, some of them open for reading and writing.
///
/// # Errors
/// The caller closed it: the standard library has put such a device there.
pub(crate) fn check_stdout() -> Result<(), Failure> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{OFlags, fcntl_getfl, fstat, major, minor};
        let out = rustix::stdio::stdout();
        let null = fstat(out).is_ok_and(|stat| (major(stat.st_rdev), minor(stat.st_rdev)) == (1, 3));
        let both = fcntl_getfl(out).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR);
        if null && both {
            return Err(Failure::stdout(&std::io::ErrorKind::BrokenPipe.into()));
        }
    }
    Ok(())
}

/// Puts text on stderr; when nobody reads it, nobody can be told.
pub(crate) fn stderr(text: &str) {
    #[cfg(test)]
    if crate::stage::stderr(text) {
        return;
    }
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes());
}

/// A document as text, indented; characters that turn the reading order around or steer a terminal are escaped.
pub(crate) fn document(document: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(document);
    text.map(|text| escaped(&text) + "\n").map_err(|error| Failure::new(crate::exit::Kind::Internal, error.to_string()))
}

/// A document on one line.
pub(crate) fn document_line(document: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(document);
    text.map(|text| escaped(&text) + "\n").map_err(|error| Failure::new(crate::exit::Kind::Internal, error.to_string()))
}

/// Such characters stand in strings only, where an escape means the same.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\u{7F}'..='\u{9F}'
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}' => text.push_str(&format!("\\u{:04X}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_means_the_same() {
        let spoof = "a\u{1B}[2J\u{202E}b\u{2066}\u{9B}c\u{200C}ش";
        let text = document(&spoof).unwrap();
        assert!(!text.contains(['\u{1B}', '\u{202E}', '\u{2066}', '\u{9B}']), "{text:?}");
        assert!(text.contains("\u{200C}ش"), "letters and the non-joiner stay");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), spoof);
    }
}
