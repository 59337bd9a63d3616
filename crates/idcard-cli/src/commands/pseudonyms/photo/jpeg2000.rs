//! JPEG 2000 emptied in place: the headers stay, every packet becomes an empty one (ISO/IEC 15444-1, annexes A, B and I).

/// The first bytes of a file of boxes.
pub(super) const BOX: [u8; 6] = [0, 0, 0, 0x0C, b'j', b'P'];
/// The first bytes of a codestream.
pub(super) const CODESTREAM: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// Start of a tile-part, start of its data, end of the codestream; a comment.
const SOT: [u8; 2] = [0xFF, 0x90];
const SOD: [u8; 2] = [0xFF, 0x93];
const EOC: [u8; 2] = [0xFF, 0xD9];
const COM: [u8; 2] = [0xFF, 0x64];

/// The same image without its picture; none where the structure is another one.
pub(super) fn grey(image: &[u8]) -> Option<Vec<u8>> {
    let mut grey = image.to_vec();
    let start = image.windows(CODESTREAM.len()).position(|part| part == CODESTREAM)?;
    boxes(&mut grey, start)?;
    let mut at = start.checked_add(2)?;
    loop {
        let marker: [u8; 2] = image.get(at..at.checked_add(2)?)?.try_into().ok()?;
        if marker == EOC {
            // What stands behind the end may be anything.
            grey.get_mut(at.checked_add(2)?..)?.fill(0);
            return Some(grey);
        }
        let length =
            usize::from(u16::from_be_bytes(image.get(at.checked_add(2)?..at.checked_add(4)?)?.try_into().ok()?));
        let end = at.checked_add(2)?.checked_add(length.max(2))?;
        match marker {
            COM => grey.get_mut(at.checked_add(6)?..end)?.fill(b' '),
            SOT => {
                let told = u32::from_be_bytes(image.get(at.checked_add(6)?..at.checked_add(10)?)?.try_into().ok()?);
                let part = match usize::try_from(told).ok()? {
                    // Up to the end of the codestream.
                    0 => image.len().checked_sub(at)?.checked_sub(EOC.len())?,
                    told => told,
                };
                let part_end = at.checked_add(part)?;
                let data = image.get(end..part_end)?.windows(2).position(|part| part == SOD)?;
                grey.get_mut(end.checked_add(data)?.checked_add(2)?..part_end)?.fill(0);
                at = part_end;
                continue;
            }
            _ => {}
        }
        at = end;
    }
}

/// The boxes in front of the codestream: those that tell of the form of the image stay, the content of others goes.
fn boxes(image: &mut [u8], until: usize) -> Option<()> {
    let mut at = 0usize;
    while at < until {
        let length = u32::from_be_bytes(image.get(at..at.checked_add(4)?)?.try_into().ok()?);
        let kind: [u8; 4] = image.get(at.checked_add(4)?..at.checked_add(8)?)?.try_into().ok()?;
        let content = at.checked_add(8)?;
        let end = match usize::try_from(length).ok()? {
            0 => image.len(),
            length => at.checked_add(length.max(8))?,
        };
        match &kind {
            b"jp2c" => return (content <= until).then_some(()),
            b"jP  " | b"ftyp" | b"jp2h" => {}
            _ => image.get_mut(content..end.min(until))?.fill(0),
        }
        at = end;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_and_comments_are_emptied_and_headers_stay() {
        let image = [
            &CODESTREAM[..],
            &[0, 4, 7, 7],
            &COM,
            &[0, 6, 0, 1, b'm', b'e'],
            &SOT,
            &[0, 10, 0, 0, 0, 0, 0, 17, 0, 1],
            &SOD,
            &[0xAB, 0xCD, 0xEF],
            &EOC,
        ]
        .concat();
        let emptied = grey(&image).unwrap();
        assert_eq!(emptied.len(), image.len());
        assert!(!emptied.windows(2).any(|part| part == b"me" || part == [0xAB, 0xCD]));
        assert_eq!(emptied[..8], image[..8]);
        assert_eq!(emptied[emptied.len() - 7..], [0xFF, 0x93, 0, 0, 0, 0xFF, 0xD9]);
        for end in 0..image.len() {
            assert!(grey(&image[..end]).is_none(), "cut at {end}");
        }
    }
}
