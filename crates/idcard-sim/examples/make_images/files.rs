//! The elementary files of a card as they lie on it, without padding (specimen.md, sections 2 and 3).

use crate::der::tlv;
use crate::holder::Holder;

/// Personal info 1, template 70.
pub(crate) fn personal1(holder: &Holder) -> Vec<u8> {
    let value = [
        tlv(0x80, holder.given.as_bytes()),
        tlv(0x81, holder.surname.as_bytes()),
        tlv(0x82, holder.national_number.as_bytes()),
        tlv(0x83, holder.father.as_bytes()),
        tlv(0x84, &[holder.gender]),
        tlv(0x85, holder.born.as_bytes()),
        tlv(0x86, holder.issued_at.as_bytes()),
        tlv(0x88, holder.born_at.as_bytes()),
        tlv(0x90, holder.latin.0.as_bytes()),
        tlv(0x91, holder.latin.1.as_bytes()),
    ];
    tlv(0x70, &value.concat())
}

/// Personal info 2, template 71.
pub(crate) fn personal2(holder: &Holder) -> Vec<u8> {
    let mut value: Vec<u8> = (0x80..).zip(holder.booklet).flat_map(|(tag, text)| tlv(tag, text.as_bytes())).collect();
    value.extend(tlv(0x87, holder.postal_code.as_bytes()));
    value.extend(holder.address.into_iter().flat_map(|text| tlv(0x88, text.as_bytes())));
    tlv(0x71, &value)
}

/// Photo, template 75 around 5F2E.
pub(crate) fn photo(record: &[u8]) -> Vec<u8> {
    tlv(0x75, &tlv(0x5F2E, record))
}

/// Fingerprint status, template 7F61.
pub(crate) fn fingers(holder: &Holder) -> Vec<u8> {
    let one = |(reference, subtype): (u8, u8)| {
        let what = [tlv(0x81, &[0x08]), tlv(0x82, &[subtype])].concat();
        tlv(0x7F60, &[tlv(0x83, &[reference]), tlv(0xA1, &what)].concat())
    };
    let mut value = tlv(0x02, &[holder.fingers.len() as u8]);
    value.extend(holder.fingers.into_iter().flat_map(one));
    tlv(0x7F61, &value)
}

/// Card dates: B2 issue, B3 expiry, each a byte-order mark and eight digits in UTF-16BE.
pub(crate) fn dates(issue: &str, expiry: &str) -> Vec<u8> {
    let text =
        |date: &str| [0xFEFF].into_iter().chain(date.encode_utf16()).flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    [tlv(0xB2, &text(issue)), tlv(0xB3, &text(expiry))].concat()
}

/// Meta information: fingerprint check not required.
pub(crate) fn meta() -> Vec<u8> {
    tlv(0xAD, &[0x00])
}

/// Versions. Only the tags are known; the values are those of nid-card.md 4.2 in the order of their mention.
pub(crate) fn versions() -> Vec<u8> {
    [tlv(0xCC, &[0xF0]), tlv(0xD5, &[0x0F, 0xFF]), tlv(0xD6, &[0x0A]), tlv(0xD7, &[0x01, 0x08])].concat()
}

/// The answer to GET DATA 9F7F. `csn` becomes bytes 13 to 20 of it: fabrication date, IC serial number, IC batch.
pub(crate) fn cplc(csn: [u8; 8]) -> Vec<u8> {
    let fabricator_to_release = [0x40, 0x90, 0x78, 0x92, 0x12, 0x91, 0x31, 0x21, 0x02, 0x00];
    let module_to_equipment = [0x48, 0x12, 0x41, 0x30, 0x48, 0x13, 0x41, 0x31, 0x00, 0x00, 0x41, 0x40];
    let personaliser = [0x00, 0x01, 0x53, 0x50, 0x00, 0x00, 0x41, 0x50, 0x00, 0x00, 0x53, 0x50];
    let value = [&fabricator_to_release[..], &csn, &module_to_equipment, &personaliser].concat();
    tlv(0x9F7F, &value)
}

/// The answer to GET DATA 0101: CRN and eight bytes whose meaning is unknown.
pub(crate) fn crn(digits: &str) -> Vec<u8> {
    let mut out = vec![0x01, 0x01, 0x12];
    out.extend(digits.as_bytes());
    out.extend([0; 8]);
    out
}
