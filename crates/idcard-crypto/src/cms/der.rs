//! Writes DER, with lengths up to 64 bits since a signed document may be longer than memory (X.690, 10).

/// The tag of an INTEGER.
pub(crate) const INTEGER: u32 = 0x02;
/// The tag of an OCTET STRING.
pub(crate) const OCTET_STRING: u32 = 0x04;
/// The tag of an OBJECT IDENTIFIER.
pub(crate) const OID: u32 = 0x06;
/// The tag of a SEQUENCE or SEQUENCE OF.
pub(crate) const SEQUENCE: u32 = 0x30;
/// The tag of a SET OF.
pub(crate) const SET: u32 = 0x31;

/// Identifier and length octets of contents of `length` bytes.
pub(crate) fn header(tag: u32, length: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(12);
    header_into(&mut out, tag, length);
    out
}

/// Appends identifier and length octets.
pub(crate) fn header_into(out: &mut Vec<u8>, tag: u32, length: u64) {
    significant_into(out, &tag.to_be_bytes());
    if let Ok(short @ 0..=0x7F) = u8::try_from(length) {
        out.push(short);
    } else {
        let mut bytes = Vec::with_capacity(8);
        significant_into(&mut bytes, &length.to_be_bytes());
        out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(8));
        out.append(&mut bytes);
    }
}

fn significant_into(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(bytes.iter().copied().skip_while(|&byte| byte == 0));
}

/// Appends one element.
pub(crate) fn element_into(out: &mut Vec<u8>, tag: u32, contents: &[u8]) {
    header_into(out, tag, contents.len() as u64);
    out.extend_from_slice(contents);
}

/// One element.
pub(crate) fn element(tag: u32, contents: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(contents.len().saturating_add(12));
    element_into(&mut out, tag, contents);
    out
}

/// One element that holds `parts` in their order.
pub(crate) fn constructed(tag: u32, parts: &[&[u8]]) -> Vec<u8> {
    element(tag, &parts.concat())
}

/// A SET OF under the tag `tag`: the elements in ascending order of their encodings (X.690, 11.6).
pub(crate) fn set_of(tag: u32, mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    element(tag, &elements.concat())
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(oid: const_oid::ObjectIdentifier) -> Vec<u8> {
    element(OID, oid.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form_up_to_64_bits() {
        assert_eq!(header(SEQUENCE, 0x7F), [0x30, 0x7F]);
        assert_eq!(header(SEQUENCE, 0x80), [0x30, 0x81, 0x80]);
        assert_eq!(header(SEQUENCE, 0x1_0000), [0x30, 0x83, 1, 0, 0]);
        assert_eq!(header(0x5F2E, 0x1_2345_6789), [0x5F, 0x2E, 0x85, 1, 0x23, 0x45, 0x67, 0x89]);
    }

    #[test]
    fn a_set_is_sorted_by_encoding() {
        assert_eq!(
            set_of(SET, vec![vec![4, 1, 2], vec![2, 1, 9], vec![4, 1, 1]]),
            [0x31, 9, 2, 1, 9, 4, 1, 1, 4, 1, 2]
        );
    }
}
