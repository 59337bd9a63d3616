//! The headers of a JPEG 2000 file and codestream (ISO/IEC 15444-1, A.5.1, I.4, I.5.3).

use super::{Claim, four, two};

/// The signature box.
pub(super) const SIGNATURE: [u8; 12] = *b"\0\0\0\x0CjP  \r\n\x87\n";

/// The image header box of a file; its codestream must not claim another size.
pub(super) fn file_claim(file: &[u8]) -> Option<Claim> {
    let header = child(child(file, b"jp2h")?, b"ihdr")?;
    let (height, width, components) = (four(header, 0)?, four(header, 4)?, two(header, 8)?);
    let stream = codestream_claim(child(file, b"jp2c")?)?;
    let agrees = (stream.width, stream.height, stream.components) == (width, height, components);
    agrees.then_some(stream)
}

/// The SIZ marker segment, which comes first in a codestream.
pub(super) fn codestream_claim(stream: &[u8]) -> Option<Claim> {
    let size = stream.strip_prefix(&[0xFF, 0x4F, 0xFF, 0x51])?;
    let field = |index: usize| four(size, 4 + 4 * index); // after the length and the capabilities
    let (right, bottom, left, top) = (field(0)?, field(1)?, field(2)?, field(3)?);
    let tiles = |end: u32, tile: u32, start: u32| {
        let span = end.checked_sub(start)?;
        (tile != 0).then(|| u64::from(span.div_ceil(tile)))
    };
    let across = tiles(right, field(4)?, field(6)?)?;
    let down = tiles(bottom, field(5)?, field(7)?)?;
    Some(Claim {
        width: right.checked_sub(left)?,
        height: bottom.checked_sub(top)?,
        components: two(size, 36)?,
        tiles: across.saturating_mul(down),
    })
}

/// The content of the first box of this type among the boxes in a row.
fn child<'a>(boxes: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = boxes;
    loop {
        let (header, length) = match four(rest, 0)? {
            0 => (8, rest.len()), // to the end
            1 => (16, usize::try_from(u64::from_be_bytes(*rest.get(8..)?.first_chunk()?)).ok()?),
            length => (8, usize::try_from(length).ok()?),
        };
        let content = rest.get(header..length)?;
        if rest.get(4..8)? == wanted {
            return Some(content);
        }
        rest = rest.get(length..)?;
    }
}
