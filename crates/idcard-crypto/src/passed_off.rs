//! A document that is itself a set of signed attributes: a bare signature over it passes for a CMS signature over another
//! document, and the signature of a CMS file for one over it (RFC 5652, 5.3 and 5.4).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::{Decode, Header, Reader, SliceReader, Tag};

/// The longest document that may be a set of attributes, in bytes.
const LONGEST: usize = 64 << 10;

/// The first bytes of a document as it passes.
#[derive(Debug, Default)]
pub(crate) struct Head(Vec<u8>);

impl Head {
    /// Takes the next piece of the document.
    pub(crate) fn take(&mut self, piece: &[u8]) {
        if self.0.len() <= LONGEST {
            let room = LONGEST.saturating_add(1).saturating_sub(self.0.len());
            self.0.extend(piece.iter().take(room));
        }
    }

    /// Whether the document would itself pass for the attributes of a signature: a message digest is among them.
    pub(crate) fn is_attributes(&self) -> bool {
        self.0.len() <= LONGEST && kinds(&self.0).is_ok_and(|kinds| kinds.contains(&rfc5911::ID_MESSAGE_DIGEST))
    }
}

/// The kinds of attributes in a SET OF Attribute, in whatever order.
fn kinds(set: &[u8]) -> der::Result<Vec<ObjectIdentifier>> {
    let mut attributes = inside(&mut SliceReader::new(set)?, Tag::Set)?;
    let mut kinds = Vec::new();
    while !attributes.is_finished() {
        let mut attribute = inside_of_next(&mut attributes)?;
        kinds.push(ObjectIdentifier::decode(&mut attribute)?);
        inside(&mut attribute, Tag::Set)?;
    }
    Ok(kinds)
}

/// The contents of the only element that is left.
fn inside<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> der::Result<SliceReader<'a>> {
    let header = Header::decode(reader)?;
    header.tag().assert_eq(tag)?;
    let contents = reader.read_slice(header.length())?;
    if reader.is_finished() { SliceReader::new(contents) } else { Err(tag.value_error().into()) }
}

fn inside_of_next<'a>(reader: &mut SliceReader<'a>) -> der::Result<SliceReader<'a>> {
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::Sequence)?;
    SliceReader::new(reader.read_slice(header.length())?)
}
