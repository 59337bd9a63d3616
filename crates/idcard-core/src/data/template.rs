//! Picks the known data objects out of a template or a row of objects; unknown tags are passed over.

use crate::apdu::{Malformed, Tlv, TlvReader};

/// A tag that a decoder knows, and what is said when it stands there twice.
pub(super) struct Known {
    pub(super) tag: u32,
    pub(super) twice: &'static str,
}

/// Lists known tags with the name of their item.
macro_rules! known {
    ($($tag:literal $item:literal),+ $(,)?) => {
        [$($crate::data::template::Known {
            tag: $tag,
            twice: concat!("tag ", stringify!($tag), " (", $item, ") a second time"),
        }),+]
    };
}
pub(super) use known;

/// The known objects among those in a row; padding between them is skipped.
///
/// # Errors
/// No object at all, one that is cut off, or a known one twice.
pub(super) fn row<const N: usize>(bytes: &[u8], known: [Known; N]) -> Result<[Option<Tlv<'_>>; N], Malformed> {
    let mut reader = TlvReader::new(bytes);
    match reader.clone().next() {
        None => Err(Malformed::new("no data object, only padding", 0)),
        Some(_) => pick(&mut reader, &known),
    }
}

/// The outermost object, which must bear the tag; what follows it is padding and is not looked at.
///
/// # Errors
/// No object, one that is cut off, or `other` when it bears another tag.
pub(super) fn outer<'a>(bytes: &'a [u8], tag: u32, other: &'static str) -> Result<(Tlv<'a>, TlvReader<'a>), Malformed> {
    let mut reader = TlvReader::new(bytes);
    let outer = reader.next().ok_or(Malformed::new("no data object, only padding", 0))??;
    if outer.tag == tag { Ok((outer, reader)) } else { Err(Malformed::new(other, outer.offset)) }
}

/// The known objects inside a template.
///
/// # Errors
/// As [`outer`], and as [`row`] for what is inside.
pub(super) fn inside<'a, const N: usize>(
    bytes: &'a [u8],
    tag: u32,
    other: &'static str,
    known: [Known; N],
) -> Result<[Option<Tlv<'a>>; N], Malformed> {
    let (template, reader) = outer(bytes, tag, other)?;
    pick(&mut template.children(&reader), &known)
}

/// The known objects that a reader still has to give.
pub(super) fn pick<'a, const N: usize>(
    reader: &mut TlvReader<'a>,
    known: &[Known; N],
) -> Result<[Option<Tlv<'a>>; N], Malformed> {
    let mut found = [None; N];
    for object in reader {
        let object = object?;
        for (slot, known) in found.iter_mut().zip(known).filter(|(_, known)| known.tag == object.tag) {
            if slot.replace(object).is_some() {
                return Err(Malformed::new(known.twice, object.offset));
            }
        }
    }
    Ok(found)
}
