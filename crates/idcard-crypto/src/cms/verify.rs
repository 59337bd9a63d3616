//! Checks the signatures of a CMS file: its document inside or beside it, DER, BER or PEM, in constant memory.

use std::io::{self, BufRead, Read, Write};

use thiserror::Error;

use super::ber::{BerError, BerReader};
use super::check::{self, Context};
use super::checked::CheckedDocument;
use super::finding::Finding;
use super::pem::{LABELS, PemFault, PemReader};
use super::read::{self, Parts, Passing, SIGNERS};
use crate::certificate::Certificate;
use crate::hash::{Digests, for_each_piece, read_ahead};

/// The largest embedded certificate that is used, in bytes: its names are told of every signer.
const LARGEST: usize = 32 << 10;

/// Why there is no result, not even a bad one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The file is no signature at all.
    #[error("this is no signature: {0}")]
    NotASignature(&'static str),
    /// The signature stands beside its document, and no document was given.
    #[error("the signature does not hold the document; name the document, too")]
    NoContent,
    /// The signature cannot be read.
    #[error("cannot read the signature: {0}")]
    ReadSignature(#[source] io::Error),
    /// The document cannot be read.
    #[error("cannot read the document: {0}")]
    ReadContent(#[source] io::Error),
    /// The content cannot be written.
    #[error("cannot write the content: {0}")]
    Write(#[source] io::Error),
}

/// Checks a CMS file that holds its document, which is written to `out` on the way.
///
/// What `out` receives is not genuine before the result says so: write it where nobody takes it for the document,
/// and throw it away unless the verdict is good. `more` are certificates of signers that may be missing in the file.
///
/// # Errors
/// [`VerifyError`]; a broken or tampered signature is no error but a result.
pub fn verify_attached(
    signature: impl Read + Send,
    out: Option<&mut dyn Write>,
    more: &[Certificate],
) -> Result<CheckedDocument, VerifyError> {
    let (parts, findings) = take(signature, out)?;
    match &parts.content {
        Some(digests) => Ok(document(&parts, digests, findings, more)),
        // A fault before the content says more than its absence.
        None if !findings.is_empty() => Ok(document(&parts, &Digests::default(), findings, more)),
        None => Err(VerifyError::NoContent),
    }
}

/// Checks a CMS file against the document beside it.
///
/// Where the file holds a document as well, the two have to be the same.
///
/// # Errors
/// As [`verify_attached`].
pub fn verify_detached(
    signature: impl Read + Send,
    content: impl Read + Send,
    more: &[Certificate],
) -> Result<CheckedDocument, VerifyError> {
    let (mut parts, mut findings) = take(signature, None)?;
    let inside = parts.content.take();
    let mut passing = Passing::new(&parts.hashes, None);
    for_each_piece(content, |piece| passing.take(piece)).map_err(VerifyError::ReadContent)?;
    passing.finish(&mut parts);
    let digests = parts.content.take().unwrap_or_default();
    if inside.is_some_and(|inside| !inside.agree_with(&digests)) {
        findings.push(Finding::TwoContents);
    }
    Ok(document(&parts, &digests, findings, more))
}

/// Reads the file, whichever of its forms it has.
fn take(signature: impl Read + Send, out: Option<&mut dyn Write>) -> Result<(Parts, Vec<Finding>), VerifyError> {
    read_ahead(signature, |ahead| {
        let first = ahead.fill_buf().map_err(VerifyError::ReadSignature)?.first().copied();
        match first {
            None => Err(VerifyError::NotASignature("the file is empty")),
            Some(0x30) => {
                let mut reader = BerReader::new(ahead);
                let (parts, mut findings) = parse(&mut reader, out)?;
                if findings.is_empty() && !reader.finished().map_err(fault_of)? {
                    findings.push(Finding::TrailingData);
                }
                Ok((parts, findings))
            }
            Some(_) => {
                let pem = PemReader::new(ahead, &LABELS).map_err(|error| fault_of(error.into()))?;
                let mut pem = pem.ok_or(VerifyError::NotASignature("neither DER nor a PEM block of CMS or PKCS7"))?;
                let (parts, mut findings) = parse(&mut BerReader::new(&mut pem), out)?;
                if findings.is_empty() {
                    match pem.finished() {
                        Ok(true) => {}
                        Ok(false) => findings.push(Finding::TrailingData),
                        Err(error) => findings.push(finding_of(error.into())?),
                    }
                }
                Ok((parts, findings))
            }
        }
    })
}

fn parse<R: BufRead>(
    reader: &mut BerReader<R>,
    out: Option<&mut dyn Write>,
) -> Result<(Parts, Vec<Finding>), VerifyError> {
    if !read::open(reader).map_err(fault_of)? {
        return Err(VerifyError::NotASignature("no CMS SignedData"));
    }
    let mut parts = Parts::default();
    let read = read::signed_data(reader, &mut parts, out);
    let findings = read.err().map(finding_of).transpose()?;
    Ok((parts, findings.into_iter().collect()))
}

/// A fault inside of what is a signature: of its bytes a finding, of the streams an error.
fn finding_of(error: BerError) -> Result<Finding, VerifyError> {
    match error {
        BerError::Malformed { what, offset } => Ok(Finding::Malformed { what, offset }),
        BerError::Limit(limit) => Ok(Finding::Limit(limit)),
        BerError::Io(error) => match PemFault::of(&error) {
            Some(fault) => Ok(Finding::MalformedPart(fault.0)),
            None => Err(VerifyError::ReadSignature(error)),
        },
        BerError::Sink(error) => Err(VerifyError::Write(error)),
    }
}

/// A fault before it is clear that there is a signature.
fn fault_of(error: BerError) -> VerifyError {
    match finding_of(error) {
        Ok(Finding::Malformed { what, .. } | Finding::MalformedPart(what)) => VerifyError::NotASignature(what),
        Ok(_) => VerifyError::NotASignature("no CMS SignedData"),
        Err(error) => error,
    }
}

fn document(parts: &Parts, digests: &Digests, mut findings: Vec<Finding>, more: &[Certificate]) -> CheckedDocument {
    let mut certificates = Vec::new();
    // Attribute certificates and other kinds are no SEQUENCE and never a signer's (RFC 5652, 10.2.2).
    for der in parts.certificates.iter().filter(|der| der.first() == Some(&0x30)) {
        match Certificate::from_der(der) {
            Ok(certificate) if der.len() <= LARGEST => certificates.push(certificate),
            _ => findings.push(Finding::UnreadableCertificate),
        }
    }
    let known: Vec<Certificate> = certificates.iter().chain(more).cloned().collect();
    let context = Context {
        content_type: parts.content_type,
        digests,
        attributes_as_content: parts.attributes_as_content,
        certificates: &known,
    };
    let mut budget = SIGNERS;
    let check = |info: &Vec<u8>| check::signer(info, &context, &mut budget, 0);
    let signers: Vec<_> = parts.signer_infos.iter().map(check).collect();
    if signers.is_empty() && findings.iter().all(|finding| *finding == Finding::UnreadableCertificate) {
        findings.push(Finding::NoSigner);
    }
    CheckedDocument {
        signers,
        findings,
        content_type: parts.content_type,
        content_length: digests.length,
        certificates,
        crls: parts.crls.clone(),
    }
}

#[cfg(test)]
mod tests;
