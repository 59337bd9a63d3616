//! Where the parts of a certificate lie in its DER: what was signed is hashed as it came, never re-encoded.

use super::{CertificateFault, MAX_CERTIFICATE};
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use std::ops::Range;

const VERSION: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };

/// How many bytes the DER value at the head of `bytes` takes; it must be a SEQUENCE that is there in full.
///
/// # Errors
/// [`CertificateFault::NoSequence`], [`CertificateFault::Truncated`] or [`CertificateFault::TooLong`].
pub fn der_length(bytes: &[u8]) -> Result<usize, CertificateFault> {
    let none = |_| CertificateFault::NoSequence;
    let mut reader = SliceReader::new(bytes).map_err(none)?;
    let header = Header::decode(&mut reader).map_err(none)?;
    if header.tag() != Tag::Sequence {
        return Err(CertificateFault::NoSequence);
    }
    let expected = (header.length() + reader.position()).map_err(none)?;
    let expected = usize::try_from(expected).map_err(none)?;
    if expected > MAX_CERTIFICATE {
        return Err(CertificateFault::TooLong(expected));
    }
    if expected > bytes.len() {
        return Err(CertificateFault::Truncated { expected, found: bytes.len() });
    }
    Ok(expected)
}

/// Ranges of the parts in the DER of a certificate.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    tbs: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
}

impl Parts {
    /// Finds the parts of Certificate and TBSCertificate (RFC 5280, 4.1).
    pub(super) fn of(der: &[u8]) -> der::Result<Self> {
        let mut outer = SliceReader::new(der)?;
        Header::decode(&mut outer)?;
        let tbs = next(&mut outer)?;
        let base = tbs.start;
        let mut inner = SliceReader::new(der.get(tbs.clone()).unwrap_or_default())?;
        Header::decode(&mut inner)?;
        if Tag::peek(&inner)? == VERSION {
            next(&mut inner)?;
        }
        next(&mut inner)?; // serialNumber
        next(&mut inner)?; // signature
        let issuer = shift(next(&mut inner)?, base);
        next(&mut inner)?; // validity
        let subject = shift(next(&mut inner)?, base);
        let spki = shift(next(&mut inner)?, base);
        Ok(Self { tbs, issuer, subject, spki })
    }

    pub(super) fn tbs<'a>(&self, der: &'a [u8]) -> &'a [u8] {
        der.get(self.tbs.clone()).unwrap_or_default()
    }

    pub(super) fn issuer<'a>(&self, der: &'a [u8]) -> &'a [u8] {
        der.get(self.issuer.clone()).unwrap_or_default()
    }

    pub(super) fn subject<'a>(&self, der: &'a [u8]) -> &'a [u8] {
        der.get(self.subject.clone()).unwrap_or_default()
    }

    pub(super) fn spki<'a>(&self, der: &'a [u8]) -> &'a [u8] {
        der.get(self.spki.clone()).unwrap_or_default()
    }
}

/// The range of the next value, header included.
fn next(reader: &mut SliceReader<'_>) -> der::Result<Range<usize>> {
    let start = usize::try_from(reader.position())?;
    let length = reader.tlv_bytes()?.len();
    Ok(start..start.saturating_add(length))
}

fn shift(range: Range<usize>, base: usize) -> Range<usize> {
    range.start.saturating_add(base)..range.end.saturating_add(base)
}
