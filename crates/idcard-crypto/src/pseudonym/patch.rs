//! DER changed in place: every value keeps its length, so that no header moves.

use crate::cms::walk::{Broken, Walk};
use std::ops::Range;

/// An element and where it lies.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) tag: u8,
    pub(super) whole: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The elements that lie one after the other in `range`.
pub(super) fn places(der: &[u8], range: Range<usize>) -> Result<Vec<Place>, Broken> {
    let bytes = der.get(range.clone()).ok_or(Broken("an element beyond the end"))?;
    let mut walk = Walk::new(bytes)?;
    let mut at = range.start;
    let mut found = Vec::new();
    while let Some(element) = walk.next()? {
        let end = at.saturating_add(element.raw.len());
        let value = end.saturating_sub(element.value.len());
        found.push(Place { tag: element.tag, whole: at..end, value: value..end });
        at = end;
    }
    Ok(found)
}

/// The elements inside of an element.
pub(super) fn inside(der: &[u8], place: &Place) -> Result<Vec<Place>, Broken> {
    places(der, place.value.clone())
}

/// Puts bytes in the place of others; only as many as there were.
pub(super) fn put(der: &mut [u8], range: &Range<usize>, bytes: &[u8]) -> Option<()> {
    let old = der.get_mut(range.clone())?;
    (old.len() == bytes.len()).then(|| old.copy_from_slice(bytes))
}
