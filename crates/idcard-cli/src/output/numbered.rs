//! The names of several files where one was named.

use std::path::{Path, PathBuf};

/// The file of this number, counted from 0: `out.apdu`, `out-2.apdu`, `out-3.apdu`.
pub(crate) fn numbered(output: &Path, number: usize) -> PathBuf {
    if number == 0 {
        return output.to_owned();
    }
    let mut name = output.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{}", number.saturating_add(1)));
    if let Some(extension) = output.extension() {
        name.push(".");
        name.push(extension);
    }
    output.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_trace_is_numbered() {
        assert_eq!(numbered(Path::new("a/out.apdu"), 0), Path::new("a/out.apdu"));
        assert_eq!(numbered(Path::new("a/out.apdu"), 1), Path::new("a/out-2.apdu"));
        assert_eq!(numbered(Path::new("out"), 2), Path::new("out-3"));
    }
}
