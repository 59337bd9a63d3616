//! The file of a renamed trace: a mark by which it is known again as long as nobody changes it.

use super::{List, lines};
use crate::exit::{Failure, Kind};
use idcard_core::transport::trace::{FILE_LIMIT, FIRST_LINE, Trace};
use idcard_crypto::algorithm::HashAlgorithm;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The second line of a renamed trace, in front of the hash of all others.
const MARK: &str = "# pseudonyms 1 ";

/// What stands in every such file.
const WHAT_IT_IS: &str = "\
# What is the holder's was replaced by pseudonyms of the same length, under a secret that was thrown away.
# Certificates of the holder were re-encoded: another subject, key, serial number (PSEUDO...) and day of validity, and a
# signature by a throw-away key. They prove nothing. What could not be replaced is masked (**).
";

/// The text of a renamed trace, with the list of what was replaced and more to say in comments.
pub(crate) fn marked(trace: &Trace, list: &List, comments: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    trace.write(&mut bytes).map_err(|error| Failure::new(Kind::Internal, error.to_string()))?;
    let written = String::from_utf8(bytes).map_err(|error| Failure::new(Kind::Internal, error.to_string()))?;
    let items = written.strip_prefix(FIRST_LINE).unwrap_or(&written).trim_start_matches('\n');
    let mut body = String::from(WHAT_IT_IS);
    body.push_str("# Replaced, by place:\n");
    for line in lines(list) {
        body.push_str(&format!("#   {line}\n"));
    }
    for line in comments.lines() {
        body.push_str(format!("# {line}").trim_end());
        body.push('\n');
    }
    body.push_str(items);
    Ok(format!("{FIRST_LINE}\n{MARK}{}\n{body}", hash(body.lines())))
}

/// Whether a text is a renamed trace that nobody has changed since.
pub(crate) fn is_marked(text: &str) -> bool {
    let mut lines = text.lines();
    let first = lines.next().map(str::trim_end);
    let mark = lines.next().map(str::trim_end).and_then(|line| line.strip_prefix(MARK));
    first == Some(FIRST_LINE) && mark.is_some_and(|told| told == hash(lines))
}

/// Ends of lines and blanks in front of them may change on the way; nothing else may.
fn hash<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let text: String = lines.map(|line| format!("{}\n", line.trim_end())).collect();
    hex::encode(HashAlgorithm::Sha256.digest(text.as_bytes()))
}

/// The text of a file that may be a trace; none where it is no text or too long, which the trace's own reader tells better.
pub(crate) fn read(path: &Path) -> Option<String> {
    let mut text = String::new();
    let file = File::open(path).ok().filter(|file| file.metadata().is_ok_and(|metadata| metadata.is_file()))?;
    file.take(FILE_LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_until_something_changes() {
        let trace = Trace::parse("# idcard trace 1\n> 00A40000023F00\n< 9000\n".as_bytes()).unwrap();
        let text = marked(&trace, &List::new(), "a report\n\nof two lines").unwrap();
        assert!(is_marked(&text), "{text}");
        assert!(is_marked(&text.replace('\n', "\r\n")), "mail changes ends of lines");
        assert!(!is_marked(&text.replace("3F 00", "3F 01")));
        assert!(!is_marked(&text.replace("a report", "my name")));
        assert!(!is_marked(&format!("{text}< 90 00\n")));
        assert_eq!(Trace::parse(text.as_bytes()).unwrap().entries().len(), trace.entries().len());
    }
}
