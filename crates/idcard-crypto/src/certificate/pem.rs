//! PEM (RFC 7468), read leniently in its text and strictly in its base64, within limits.

use super::CertificateFault;
use base64ct::{Base64, Encoding};
use std::fmt::Write as _;

/// The largest PEM file that is looked through, in bytes.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// The most blocks that are taken from one file.
pub const MAX_BLOCKS: usize = 1024;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The DER of every block with one of these labels; `None` when the file has no PEM block at all.
pub(crate) fn blocks(file: &[u8], labels: &[&str]) -> Result<Option<Vec<Vec<u8>>>, CertificateFault> {
    if file.first() == Some(&0x30) || !file.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes()) {
        return Ok(None);
    }
    if file.len() > MAX_FILE {
        return Err(CertificateFault::Limit("16 MiB a PEM file"));
    }
    let mut found = Vec::new();
    let mut block: Option<(&str, String)> = None;
    let mut begun = 0;
    for (index, line) in file.split(|byte| *byte == b'\n').enumerate() {
        let fault = |what| CertificateFault::Pem { line: index.saturating_add(1), what };
        // Text between blocks may be in any encoding; only whole lines of ASCII matter.
        let line = std::str::from_utf8(line).unwrap_or_default().trim_start_matches('\u{FEFF}').trim();
        if let Some(label) = line.strip_prefix(BEGIN) {
            let label =
                label.strip_suffix(DASHES).ok_or_else(|| fault("the BEGIN line does not end in five dashes"))?;
            if block.is_some() {
                return Err(fault("a block begins inside another"));
            }
            block = Some((label, String::new()));
            begun = index;
        } else if let Some(end) = line.strip_prefix(END) {
            let (label, text) = block.take().ok_or_else(|| fault("an END without a BEGIN"))?;
            if end.strip_suffix(DASHES) != Some(label) {
                return Err(fault("the END line has another label than its BEGIN"));
            }
            if labels.contains(&label) {
                if found.len() >= MAX_BLOCKS {
                    return Err(CertificateFault::Limit("1024 blocks a file"));
                }
                found.push(Base64::decode_vec(&text).map_err(|_| fault("the block that ends here is no base64"))?);
            }
        } else if let Some((_, text)) = &mut block {
            // Headers of the older PEM (RFC 1421), as in `Proc-Type: 4,ENCRYPTED`.
            if line.contains(':') {
                continue;
            }
            text.extend(line.chars().filter(|character| !character.is_ascii_whitespace()));
        }
    }
    match block {
        Some(_) => Err(CertificateFault::Pem { line: begun.saturating_add(1), what: "a block that has no END" }),
        None => Ok(Some(found)),
    }
}

/// One block, 64 characters a line.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("{BEGIN}{label}{DASHES}\n");
    // 48 bytes are 64 characters of base64.
    for chunk in der.chunks(48) {
        let _ = writeln!(text, "{}", Base64::encode_string(chunk));
    }
    let _ = writeln!(text, "{END}{label}{DASHES}");
    text
}

#[cfg(test)]
mod tests;
