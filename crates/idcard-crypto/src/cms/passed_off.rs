//! A content that is itself a set of signed attributes: a signature over attributes, passed off as one over a document.

use const_oid::db::rfc5911;

use super::der;
use super::signed_attributes::attributes;
use super::walk::Element;

/// The longest content that may be a set of attributes, in bytes.
const LONGEST: usize = 64 << 10;

/// The first bytes of a content as it passes, kept as long as it may be a set of attributes.
#[derive(Debug, Default)]
pub(crate) struct Head(Vec<u8>);

impl Head {
    /// Takes the next piece of the content.
    pub(crate) fn take(&mut self, piece: &[u8]) {
        if self.0.len() <= LONGEST {
            let room = LONGEST.saturating_add(1).saturating_sub(self.0.len());
            self.0.extend(piece.iter().take(room));
        }
    }

    /// Whether the content, signed without attributes, would itself pass for the attributes of a signature.
    pub(crate) fn is_attributes(&self) -> bool {
        if self.0.len() > LONGEST {
            return false;
        }
        let set = Element::only(&self.0, der::SET, "no set");
        let kinds = set.and_then(attributes).map(|all| all.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>());
        kinds.is_ok_and(|kinds| kinds.contains(&rfc5911::ID_MESSAGE_DIGEST))
    }
}
