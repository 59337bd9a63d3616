//! A document that can be opened again, so that a change between two looks is seen.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What can be told about a document without reading it. Two stamps that differ mean that the document changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Length in bytes.
    pub length: Option<u64>,
    /// Time of the last change.
    pub modified: Option<SystemTime>,
    /// Device and number of the file, where the system has them: tells a file from one that took its place.
    pub file: Option<(u64, u64)>,
}

impl From<Metadata> for Stamp {
    fn from(metadata: Metadata) -> Self {
        #[cfg(unix)]
        let file = {
            use std::os::unix::fs::MetadataExt;
            Some((metadata.dev(), metadata.ino()))
        };
        #[cfg(not(unix))]
        let file = None;
        Self { length: Some(metadata.len()), modified: metadata.modified().ok(), file }
    }
}

/// A document to be signed or checked.
pub trait Content {
    /// Reads the document from its start to its end.
    type Reader<'a>: Read + Send
    where
        Self: 'a;

    /// Opens the document at its start.
    ///
    /// # Errors
    /// What the system answers; [`io::ErrorKind::Unsupported`] when a stream is asked for a second time.
    fn open(&mut self) -> io::Result<Self::Reader<'_>>;

    /// The document's stamp at this moment; empty where nothing can be told.
    ///
    /// # Errors
    /// What the system answers.
    fn stamp(&mut self) -> io::Result<Stamp> {
        Ok(Stamp::default())
    }

    /// Whether [`Self::open`] works more than once.
    fn opens_again(&self) -> bool {
        true
    }
}

impl Content for &[u8] {
    type Reader<'a>
        = &'a [u8]
    where
        Self: 'a;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        Ok(self)
    }
}

impl Content for Vec<u8> {
    type Reader<'a> = &'a [u8];

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        Ok(self)
    }
}

/// A regular file, read from its start wherever it stood; a pipe or device is a [`OnePass`].
impl Content for File {
    type Reader<'a> = &'a File;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        self.rewind()?;
        Ok(self)
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        self.metadata().map(Stamp::from)
    }
}

/// The file of this name, opened anew each time, so that a file put in its place is seen.
impl Content for PathBuf {
    type Reader<'a> = File;

    fn open(&mut self) -> io::Result<File> {
        File::open(self)
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        std::fs::metadata(self).map(Stamp::from)
    }
}

/// The file of this name, opened anew each time.
impl Content for &Path {
    type Reader<'a>
        = File
    where
        Self: 'a;

    fn open(&mut self) -> io::Result<File> {
        File::open(self)
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        std::fs::metadata(self).map(Stamp::from)
    }
}

impl<C: Content + ?Sized> Content for &mut C {
    type Reader<'a>
        = C::Reader<'a>
    where
        Self: 'a;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        (**self).open()
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        (**self).stamp()
    }

    fn opens_again(&self) -> bool {
        (**self).opens_again()
    }
}

/// A stream that can be read once: a pipe, standard input.
#[derive(Debug)]
pub struct OnePass<R> {
    reader: R,
    opened: bool,
}

impl<R: Read + Send> OnePass<R> {
    /// The document is what `reader` gives.
    pub const fn new(reader: R) -> Self {
        Self { reader, opened: false }
    }
}

impl<R: Read + Send> Content for OnePass<R> {
    type Reader<'a>
        = &'a mut R
    where
        Self: 'a;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        if std::mem::replace(&mut self.opened, true) {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "a stream cannot be read a second time"));
        }
        Ok(&mut self.reader)
    }

    fn opens_again(&self) -> bool {
        false
    }
}

/// A reader or document that tells how far it was read, and ends when the teller says so.
///
/// ```
/// use idcard_crypto::{algorithm::HashAlgorithm, hash::{self, Watched}};
/// let mut seen = 0;
/// hash::digest(Watched::new(&b"abc"[..], |bytes| { seen = bytes; Ok(()) }), HashAlgorithm::Sha256)?;
/// assert_eq!(seen, 3);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Watched<R, F> {
    inner: R,
    tell: F,
    seen: u64,
}

impl<R, F: FnMut(u64) -> io::Result<()> + Send> Watched<R, F> {
    /// `tell` is called after each piece with the number of bytes read since the last opening; its error ends the
    /// reading. It runs on the thread that reads.
    pub const fn new(inner: R, tell: F) -> Self {
        Self { inner, tell, seen: 0 }
    }
}

impl<R: Read, F: FnMut(u64) -> io::Result<()>> Read for Watched<R, F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.seen = self.seen.saturating_add(read as u64);
        (self.tell)(self.seen)?;
        Ok(read)
    }
}

impl<C: Content, F: FnMut(u64) -> io::Result<()> + Send> Content for Watched<C, F> {
    type Reader<'a>
        = Watched<C::Reader<'a>, &'a mut F>
    where
        Self: 'a;

    fn open(&mut self) -> io::Result<Self::Reader<'_>> {
        Ok(Watched { inner: self.inner.open()?, tell: &mut self.tell, seen: 0 })
    }

    fn stamp(&mut self) -> io::Result<Stamp> {
        self.inner.stamp()
    }

    fn opens_again(&self) -> bool {
        self.inner.opens_again()
    }
}
