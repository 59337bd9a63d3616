//! Documents that were signed in the text mode of S/MIME, which writes CRLF at the ends of lines (RFC 8551, 3.1.1).

use idcard_crypto::cms::{ContentState, verify_detached};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Whether every signer signed this document with other ends of lines. Both are read once more, where they are files.
pub(super) fn fits(document: &Path, signature: &Path) -> bool {
    let file = |path: &Path| path.is_file().then(|| File::open(path).ok()).flatten();
    let (Some(document), Some(signature)) = (file(document), file(signature)) else { return false };
    let text = Crlf { bytes: BufReader::new(document).bytes(), before: 0, owed: false };
    verify_detached(signature, text, &[]).is_ok_and(|checked| {
        !checked.signers.is_empty() && checked.signers.iter().all(|one| one.content == Some(ContentState::Match))
    })
}

/// The same text with CRLF in the place of each lone LF.
struct Crlf<R> {
    bytes: io::Bytes<BufReader<R>>,
    before: u8,
    /// An LF whose CR was just given.
    owed: bool,
}

impl<R: Read> Read for Crlf<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut given = 0;
        for place in buffer {
            let byte = match (std::mem::take(&mut self.owed), self.before) {
                (true, _) => b'\n',
                (false, before) => match self.bytes.next().transpose()? {
                    Some(b'\n') if before != b'\r' => {
                        self.owed = true;
                        b'\r'
                    }
                    Some(byte) => byte,
                    None => break,
                },
            };
            (*place, self.before) = (byte, byte);
            given += 1;
        }
        Ok(given)
    }
}
