//! A document on its way into its own signature: copied behind room for the head while it is hashed, so that a long one
//! is read once and what stands in the file is what was hashed.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{Draft, SignOptions, Signed};
use crate::certificate::Certificate;
use crate::hash::{Content, Stamp};
use crate::key::KeyKind;
use crate::sign_error::SignFault;
use crate::signer::ToBeSigned;

impl Draft {
    /// As [`Draft::new`]; the document is copied into `out` on the way, where [`Signed::enclose`] completes the file.
    ///
    /// `None`, with nothing done, where the length of the document is not known beforehand, or where the signature
    /// could decide how long the head is: [`Draft::new`] and [`Signed::write_attached`] serve every document.
    ///
    /// # Errors
    /// As [`Draft::new`], and [`SignFault::Write`]. What `out` holds then is to be thrown away.
    pub fn enclosing<C: Content, W: Write + Seek + Send>(
        content: &mut C,
        certificate: &Certificate,
        options: &SignOptions,
        out: &mut W,
    ) -> Result<Option<Self>, SignFault> {
        let Some(length) = content.stamp().map_err(SignFault::Read)?.length else { return Ok(None) };
        let Some(room) = room(length, certificate, options)? else { return Ok(None) };
        out.seek(SeekFrom::Start(room)).map_err(SignFault::Write)?;
        let mut copied = Copied { content, out, fault: None };
        let draft = Self::new(&mut copied, certificate, options);
        if let Some(fault) = copied.fault {
            return Err(SignFault::Write(fault));
        }
        let mut draft = draft?;
        if draft.content_length() != length {
            return Err(SignFault::ContentChanged);
        }
        draft.room = Some(room);
        Ok(Some(draft))
    }
}

impl Signed {
    /// Completes the file into which [`Draft::enclosing`] copied the document: DER with definite lengths.
    ///
    /// # Errors
    /// [`SignFault::Write`], also when the document was not copied.
    pub fn enclose<W: Write + Seek>(&self, out: &mut W) -> Result<(), SignFault> {
        let head = self.head(Some(self.content_length));
        let Some(room) = self.room.filter(|room| *room == head.len() as u64) else {
            return Err(SignFault::Write(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the document is not in this file",
            )));
        };
        let mut write = || {
            out.seek(SeekFrom::Start(0))?;
            out.write_all(&head)?;
            out.seek(SeekFrom::Start(room.saturating_add(self.content_length)))?;
            out.write_all(&self.tail)?;
            out.flush()
        };
        write().map_err(SignFault::Write)
    }
}

/// The length of the head, if every signature of this key leaves it the same.
fn room(length: u64, certificate: &Certificate, options: &SignOptions) -> Result<Option<u64>, SignFault> {
    // A draft of nothing has the lengths of all the rest.
    let blank = Draft::new(&mut &b""[..], certificate, options)?;
    let (shortest, longest) = signature_lengths(blank.to_be_signed())?;
    let least = blank.with(&vec![0; shortest])?.head(Some(length)).len();
    let most = blank.with(&vec![0; longest])?.head(Some(length)).len();
    Ok((least == most).then_some(most as u64))
}

/// How short and how long a signature of this key can be: RSA as the modulus, ECDSA as DER of two numbers.
fn signature_lengths(wanted: &ToBeSigned) -> Result<(usize, usize), SignFault> {
    Ok(match wanted.certificate().key().map_err(Clone::clone)?.kind() {
        KeyKind::Rsa { bits } => (bits.div_ceil(8), bits.div_ceil(8)),
        KeyKind::P256 => (8, 72),
        KeyKind::P384 => (8, 104),
    })
}

/// A document that is written down by whoever reads it.
struct Copied<'a, C, W> {
    content: &'a mut C,
    out: &'a mut W,
    fault: Option<io::Error>,
}

impl<C: Content, W: Write + Send> Content for Copied<'_, C, W> {
    type Reader<'r>
        = Copying<'r, C::Reader<'r>, W>
    where
        Self: 'r;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        Ok(Copying { reader: self.content.open()?, out: self.out, fault: &mut self.fault })
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        self.content.stamp()
    }

    fn opens_again(&self) -> bool {
        false
    }
}

/// Writes what it reads; it runs on the thread that reads ahead.
struct Copying<'r, R, W> {
    reader: R,
    out: &'r mut W,
    fault: &'r mut Option<io::Error>,
}

impl<R: Read, W: Write> Read for Copying<'_, R, W> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        let piece = into.get(..read).unwrap_or_default();
        if let Err(error) = self.out.write_all(piece) {
            *self.fault = Some(error);
            return Err(io::Error::other("the copy could not be written"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::Signer;
    use crate::software_key::{Profile, SoftwareKey};
    use std::fs::File;
    use std::time::{Duration, UNIX_EPOCH};

    fn keys() -> [SoftwareKey; 2] {
        let root = SoftwareKey::root("root");
        [SoftwareKey::rsa_issued(&Profile::new("rsa"), &root), SoftwareKey::p256_issued(&Profile::new("p256"), &root)]
    }

    fn options() -> SignOptions {
        SignOptions::at(UNIX_EPOCH + Duration::from_secs(1_750_000_000))
    }

    fn document(length: usize) -> File {
        let mut file = tempfile::tempfile().unwrap();
        let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
        file.write_all(&bytes).unwrap();
        file
    }

    #[test]
    fn the_file_is_the_one_that_two_readings_would_make() {
        for mut key in keys() {
            let certificate = Certificate::from_der(key.certificate()).unwrap();
            for length in [0, 1, 100, 127, 1000, 50_000, 3_000_000] {
                let (mut content, mut out) = (document(length), tempfile::tempfile().unwrap());
                let draft = Draft::enclosing(&mut content, &certificate, &options(), &mut out).unwrap();
                let Some(draft) = draft else {
                    assert!(length < 128, "{length}");
                    continue;
                };
                let signed = draft.sign(&mut key).unwrap();
                signed.enclose(&mut out).unwrap();
                let (mut made, mut expected) = (Vec::new(), Vec::new());
                out.rewind().unwrap();
                out.read_to_end(&mut made).unwrap();
                signed.write_attached(&mut content, &mut expected).unwrap();
                assert!(made == expected, "{length}");
            }
        }
    }

    #[test]
    fn where_the_signature_decides_the_length_of_the_head_nothing_is_begun() {
        let [rsa, p256] = keys().map(|key| Certificate::from_der(key.certificate()).unwrap());
        // Somewhere below 64 KiB the lengths of the outer headers grow by a byte.
        let undecided = |certificate: &Certificate| {
            (64_000..65_536).filter(|length| room(*length, certificate, &options()).unwrap().is_none()).count()
        };
        assert_eq!(undecided(&rsa), 0);
        // One header for each SEQUENCE around the signature, 64 lengths of an ECDSA signature each.
        assert!((64..=64 * 3).contains(&undecided(&p256)), "{}", undecided(&p256));
        let stream = Draft::enclosing(&mut &b"x"[..], &rsa, &options(), &mut io::Cursor::new(Vec::new()));
        assert!(stream.unwrap().is_none(), "a length that nobody knows");
    }

    #[test]
    fn a_copy_that_fails_is_told_as_such() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        let [rsa, _] = keys().map(|key| Certificate::from_der(key.certificate()).unwrap());
        let failed = Draft::enclosing(&mut document(10), &rsa, &options(), &mut Full);
        assert!(matches!(failed, Err(SignFault::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
    }
}
