//! A finished signature, and the two ways to write it: beside the document or around it.

use std::io::{self, Write};

use const_oid::db::rfc5911;

use super::der;
use super::pem::{self, PemWriter};
use crate::algorithm::HashAlgorithm;
use crate::hash::{Content, for_each_piece};
use crate::sign_error::SignFault;

/// A signature that was checked against its own certificate.
#[derive(Debug, Clone)]
pub struct Signed {
    pub(super) digest_algorithm: Vec<u8>,
    /// What follows the content: certificates and SignerInfos.
    pub(super) tail: Vec<u8>,
    pub(super) hash: HashAlgorithm,
    pub(super) content_digest: Vec<u8>,
    pub(super) content_length: u64,
    /// Where the document begins in the file into which it was copied already.
    pub(super) room: Option<u64>,
}

impl Signed {
    /// The signature without the document, DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        [self.head(None), self.tail.clone()].concat()
    }

    /// The signature without the document, as a PEM block `CMS` (RFC 7468, 9).
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode("CMS", &self.to_der())
    }

    /// Writes the signature around the document, DER with definite lengths. The document is read and hashed again.
    ///
    /// # Errors
    /// [`SignFault::ContentChanged`] when it is not the one that was signed, [`SignFault::Read`],
    /// [`SignFault::Write`]. What was written until then is no signed document and is to be thrown away.
    pub fn write_attached<C: Content>(&self, content: &mut C, out: &mut dyn Write) -> Result<(), SignFault> {
        out.write_all(&self.head(Some(self.content_length))).map_err(SignFault::Write)?;
        let mut hasher = self.hash.hasher();
        let mut left = self.content_length;
        let mut stopped = None;
        let reader = content.open().map_err(SignFault::Read)?;
        let read = for_each_piece(reader, |piece| {
            let fault = match left.checked_sub(piece.len() as u64) {
                None => Some(SignFault::ContentChanged),
                Some(less) => {
                    left = less;
                    hasher.update(piece);
                    out.write_all(piece).err().map(SignFault::Write)
                }
            };
            match fault {
                None => Ok(()),
                Some(fault) => {
                    stopped = Some(fault);
                    Err(io::ErrorKind::Other.into())
                }
            }
        });
        if let Some(fault) = stopped {
            return Err(fault);
        }
        read.map_err(SignFault::Read)?;
        if left > 0 || hasher.finish() != self.content_digest {
            return Err(SignFault::ContentChanged);
        }
        out.write_all(&self.tail).and_then(|()| out.flush()).map_err(SignFault::Write)
    }

    /// As [`Self::write_attached`], as a PEM block `CMS`.
    ///
    /// # Errors
    /// As [`Self::write_attached`].
    pub fn write_attached_pem<C: Content>(&self, content: &mut C, out: &mut dyn Write) -> Result<(), SignFault> {
        let mut pem = PemWriter::new(out, "CMS").map_err(SignFault::Write)?;
        self.write_attached(content, &mut pem)?;
        pem.finish().map_err(SignFault::Write)
    }

    /// ContentInfo and SignedData up to the end of the content's header (RFC 5652, 3 and 5.1).
    pub(super) fn head(&self, content: Option<u64>) -> Vec<u8> {
        let content_type = der::oid(rfc5911::ID_DATA);
        let octets = content.map(|length| (der::header(der::OCTET_STRING, length), length));
        let octets_length = octets.as_ref().map_or(0, |(header, length)| sum(header, *length));
        let explicit = octets.as_ref().map_or_else(Vec::new, |_| der::header(0xA0, octets_length));
        let encapsulated_length = sum(&content_type, sum(&explicit, octets_length));
        let encapsulated = der::header(der::SEQUENCE, encapsulated_length);

        let first = [&[0x02, 0x01, 0x01], der::element(der::SET, &self.digest_algorithm).as_slice()].concat();
        let inner_length = sum(&first, sum(&encapsulated, sum(&self.tail, encapsulated_length)));
        let signed_data = der::header(der::SEQUENCE, inner_length);
        let tagged = der::header(0xA0, sum(&signed_data, inner_length));
        let kind = der::oid(rfc5911::ID_SIGNED_DATA);
        let whole = der::header(der::SEQUENCE, sum(&kind, sum(&tagged, sum(&signed_data, inner_length))));
        let octets_header = octets.map_or_else(Vec::new, |(header, _)| header);
        [whole, kind, tagged, signed_data, first, encapsulated, content_type, explicit, octets_header].concat()
    }
}

const fn sum(bytes: &[u8], length: u64) -> u64 {
    length.saturating_add(bytes.len() as u64)
}
