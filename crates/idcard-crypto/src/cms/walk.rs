//! Walks the elements of a DER value that is in memory.

use const_oid::ObjectIdentifier;

use ::der::asn1::AnyRef;
use ::der::{Decode, Reader, SliceReader};

/// What in a structure is not as its standard asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) &'static str);

/// Why an element has no object identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unnamed {
    /// It is none.
    Broken,
    /// It is one, beyond what is read here.
    TooLong,
}

impl Unnamed {
    /// The bound that it exceeds, or what is wrong.
    pub(crate) const WHAT: (&'static str, &'static str) =
        ("39 bytes for an object identifier", "an object identifier of another form");
}

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// The first identifier octet.
    pub(crate) tag: u8,
    /// The contents.
    pub(crate) value: &'a [u8],
    /// The whole element.
    pub(crate) raw: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads exactly one element.
    pub(crate) fn only(bytes: &'a [u8], tag: u32, what: &'static str) -> Result<Self, Broken> {
        let mut walk = Walk::new(bytes)?;
        let element = walk.take(tag, what)?;
        walk.end()?;
        Ok(element)
    }

    /// The object identifier that this element holds.
    ///
    /// # Errors
    /// It is none (X.690, 8.19), or one that is longer than any that is known.
    pub(crate) fn identifier(&self) -> Result<ObjectIdentifier, Unnamed> {
        let mut begins = true;
        for octet in self.value {
            if begins && *octet == 0x80 {
                return Err(Unnamed::Broken);
            }
            begins = octet & 0x80 == 0;
        }
        match ObjectIdentifier::from_der(self.raw) {
            Ok(identifier) => Ok(identifier),
            // It ends where a number ends: then it is only too long, or one of its numbers too large.
            Err(_) if begins && !self.value.is_empty() => Err(Unnamed::TooLong),
            Err(_) => Err(Unnamed::Broken),
        }
    }

    /// The elements inside.
    pub(crate) fn inside(&self) -> Result<Walk<'a>, Broken> {
        Walk::new(self.value)
    }
}

/// The elements of a constructed value, in order.
#[derive(Debug, Clone)]
pub(crate) struct Walk<'a>(SliceReader<'a>);

impl<'a> Walk<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Broken> {
        SliceReader::new(bytes).map(Self).map_err(|_| Broken("a structure that is too long"))
    }

    /// The next element, whatever it is.
    pub(crate) fn next(&mut self) -> Result<Option<Element<'a>>, Broken> {
        if self.0.is_finished() {
            return Ok(None);
        }
        let broken = |_| Broken("an element that is not DER");
        let raw = self.0.tlv_bytes().map_err(broken)?;
        let value = AnyRef::from_der(raw).map_err(broken)?.value();
        Ok(Some(Element { tag: raw.first().copied().unwrap_or_default(), value, raw }))
    }

    /// The next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u32, what: &'static str) -> Result<Element<'a>, Broken> {
        self.next()?.filter(|element| u32::from(element.tag) == tag).ok_or(Broken(what))
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u32) -> Result<Option<Element<'a>>, Broken> {
        if self.0.peek_byte().is_some_and(|first| u32::from(first) == tag) { self.next() } else { Ok(None) }
    }

    /// All the elements that are left.
    pub(crate) fn rest(mut self) -> Result<Vec<Element<'a>>, Broken> {
        let mut all = Vec::new();
        while let Some(element) = self.next()? {
            all.push(element);
        }
        Ok(all)
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), Broken> {
        if self.0.is_finished() { Ok(()) } else { Err(Broken("an element that the structure does not provide for")) }
    }
}
