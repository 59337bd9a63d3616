//! A card page in a file of the user's: read in one way, and its faults told in one way.

use crate::exit::{Failure, Kind};
use idcard_core::family::{Page, PageFault};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The longest page that is read.
const LONGEST: u64 = 1 << 20;

/// Reads a page.
///
/// # Errors
/// It cannot be read, or it is none: every fault with its line.
pub(crate) fn read(path: &Path) -> Result<Page, Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|page| page.take(LONGEST.saturating_add(1)).read_to_end(&mut bytes));
    read.map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(failed(std::io::ErrorKind::FileTooLarge.into()));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(Kind::BadFile, "a page is UTF-8 text").about(path))?;
    Page::check(&text).map_err(|faults| {
        let line = |fault: &PageFault| match fault.line {
            Some(line) => format!("{}:{line}: {}", path.display(), fault.what),
            None => format!("{}: {}", path.display(), fault.what),
        };
        let lines: Vec<_> = faults.iter().map(line).collect();
        Failure::new(Kind::BadFile, lines.join("\n"))
    })
}
