//! SignedData as it streams by: the content is hashed on the way, the rest is kept for the check (RFC 5652, 5.1).

use std::io::{self, BufRead};

use ::der::Decode;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use spki::AlgorithmIdentifierOwned;

use super::ber::{BerError, BerReader};
use super::der;
use super::walk::{Element, Unnamed};
use crate::algorithm::HashAlgorithm;
use crate::hash::{Digests, Hashers};
use crate::passed_off::Head;

/// How many digest algorithms may be announced.
const ALGORITHMS: (usize, &str) = (16, "16 digest algorithms");
/// How many certificates may be embedded.
const CERTIFICATES: (usize, &str) = (256, "256 certificates");
/// How many revocation lists may be embedded.
const LISTS: (usize, &str) = (256, "256 revocation lists");
/// How many signers are checked.
pub(crate) const SIGNERS: usize = 64;

/// What a SignedData holds.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The announced hashes that are known here.
    pub(super) hashes: Vec<HashAlgorithm>,
    pub(super) content_type: Option<ObjectIdentifier>,
    /// The digests of the content, if it is inside.
    pub(super) content: Option<Digests>,
    /// Whether the content is itself a set of signed attributes.
    pub(super) attributes_as_content: bool,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) crls: Vec<Vec<u8>>,
    pub(super) signer_infos: Vec<Vec<u8>>,
}

/// Content as it passes.
pub(super) struct Passing<'a> {
    hashers: Hashers,
    head: Head,
    out: Option<&'a mut dyn io::Write>,
}

impl<'a> Passing<'a> {
    pub(super) fn new(hashes: &[HashAlgorithm], out: Option<&'a mut dyn io::Write>) -> Self {
        Self { hashers: Hashers::new(hashes), head: Head::default(), out }
    }

    pub(super) fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hashers.update(piece);
        self.head.take(piece);
        match &mut self.out {
            Some(out) => out.write_all(piece),
            None => Ok(()),
        }
    }

    pub(super) fn finish(self, parts: &mut Parts) {
        parts.content = Some(self.hashers.finish());
        parts.attributes_as_content = self.head.is_attributes();
    }
}

/// Steps into a ContentInfo of type SignedData; `false`: it is something else altogether.
pub(super) fn open<R: BufRead>(reader: &mut BerReader<R>) -> Result<bool, BerError> {
    let opened = (|| {
        let whole = reader.expect(der::SEQUENCE, "no ContentInfo")?;
        reader.enter(whole)?;
        Ok(reader.peek_tag()? == Some(0x06) && reader.element()? == der::oid(rfc5911::ID_SIGNED_DATA))
    })();
    match opened {
        Err(BerError::Malformed { .. }) => Ok(false),
        other => other,
    }
}

/// Reads what follows, to the end of the ContentInfo. `parts` holds what was read until a fault.
pub(super) fn signed_data<R: BufRead>(
    reader: &mut BerReader<R>,
    parts: &mut Parts,
    out: Option<&mut dyn io::Write>,
) -> Result<(), BerError> {
    let explicit = reader.expect(0xA0, "no SignedData in the ContentInfo")?;
    reader.enter(explicit)?;
    let sequence = reader.expect(der::SEQUENCE, "no SignedData in the ContentInfo")?;
    reader.enter(sequence)?;
    if !matches!(reader.element()?.as_slice(), [0x02, 0x01, 0..=5]) {
        return Err(reader.malformed("an unknown version of SignedData"));
    }
    let algorithms = reader.expect(der::SET, "no digest algorithms")?;
    for algorithm in reader.elements(algorithms, ALGORITHMS)? {
        let id = AlgorithmIdentifierOwned::from_der(&algorithm);
        let id = id.map_err(|_| reader.malformed("a digest algorithm that is no AlgorithmIdentifier"))?;
        parts.hashes.extend(HashAlgorithm::from_algorithm_identifier(&id).ok());
    }
    content(reader, parts, out)?;
    if reader.peek_tag()? == Some(0xA0) {
        let certificates = reader.header()?;
        parts.certificates = reader.elements(certificates, CERTIFICATES)?;
    }
    if reader.peek_tag()? == Some(0xA1) {
        let crls = reader.header()?;
        parts.crls = reader.elements(crls, LISTS)?;
    }
    let signers = reader.expect(der::SET, "no set of signers")?;
    parts.signer_infos = reader.elements(signers, (SIGNERS, "64 signers"))?;
    reader.leave()?;
    reader.leave()?;
    reader.leave()
}

fn content<R: BufRead>(
    reader: &mut BerReader<R>,
    parts: &mut Parts,
    out: Option<&mut dyn io::Write>,
) -> Result<(), BerError> {
    let encapsulated = reader.expect(der::SEQUENCE, "no encapsulated content")?;
    reader.enter(encapsulated)?;
    let content_type = reader.element()?;
    let broken = "a content type that is no identifier";
    let content_type = Element::only(&content_type, der::OID, broken).map_err(|_| reader.malformed(broken))?;
    parts.content_type = Some(content_type.identifier().map_err(|unnamed| match unnamed {
        Unnamed::TooLong => BerError::Limit(Unnamed::WHAT.0),
        Unnamed::Broken => reader.malformed(broken),
    })?);
    if !reader.at_end()? {
        let explicit = reader.expect(0xA0, "an encapsulated content of another form")?;
        reader.enter(explicit)?;
        let octets = reader.header()?;
        let mut passing = Passing::new(&parts.hashes, out);
        reader.octets(octets, &mut |piece| passing.take(piece).map_err(BerError::Sink))?;
        passing.finish(parts);
        reader.leave()?;
    }
    reader.leave()
}
