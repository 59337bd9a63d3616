//! What a file or a data object seems to be: told by its content, else by what a known page has at its place.

use super::content::Content;
use super::objects;
use crate::data::{
    birth_certificate, crn, dates, fingerprints, identity, meta, photo, postal, security_object, serial, versions,
};
use crate::family::{Decoder, Extent, Item, ItemName, Page};
use crate::session::Slot;

/// The longest file whose length is written as fixed.
const LONGEST: usize = 0x7FFF;

pub(super) struct Meaning {
    pub name: ItemName,
    pub decoder: Option<Decoder>,
    pub extent: Extent,
    pub length: Option<u16>,
    /// Why this is believed.
    pub why: String,
}

impl Meaning {
    fn decoded(name: ItemName, decoder: Decoder, why: &str) -> Self {
        let extent = match decoder {
            Decoder::Versions | Decoder::Meta | Decoder::Dates => Extent::Objects,
            _ => Extent::Object,
        };
        Self { name, decoder: Some(decoder), extent, length: None, why: why.to_owned() }
    }

    /// A file.
    pub(super) fn of_file(
        content: Option<&Content>,
        size: Option<usize>,
        known: Option<(&Page, &Item)>,
        certificate: &dyn Fn(&[u8]) -> Option<Slot>,
    ) -> Option<Self> {
        let bytes = content.map(|content| content.bytes.as_slice()).unwrap_or_default();
        let bare = content.is_some_and(|content| !content.masked);
        if let Some(meaning) = Some(bytes).filter(|_| bare).and_then(|bytes| by_content(bytes, certificate)) {
            return Some(meaning);
        }
        if let Some((page, item)) = known {
            let unseen = bytes.is_empty() || !bare;
            let decoder = item.decoder.filter(|_| unseen);
            let told = match (content, bare) {
                (Some(_), false) => "its content is masked",
                (Some(_), true) if !unseen => "no known decoder reads its content",
                _ => "nothing of it was read",
            };
            let why = format!("page {} has it at this place; {told}", page.family);
            return Some(Self { name: item.name, decoder, extent: item.extent, length: item.length, why });
        }
        let row = objects::row(bytes).filter(|_| bare);
        let fixed = size.or(content.filter(|content| content.ended).map(|content| content.bytes.len()));
        let fixed = fixed.filter(|size| (1..=LONGEST).contains(size)).and_then(|size| u16::try_from(size).ok());
        let (extent, length) = match (row.map(|row| row.count), fixed) {
            (Some(1), _) => (Extent::Object, None),
            (Some(_), _) => (Extent::Objects, None),
            (None, Some(size)) => (Extent::Fixed, Some(size)),
            (None, None) => return None,
        };
        let why = "no known decoder reads its content, and no known page has it".to_owned();
        Some(Self { name: ItemName::Unnamed, decoder: None, extent, length, why })
    }

    /// A data object that GET DATA brought.
    pub(super) fn of_object(
        header: [u8; 4],
        value: &[u8],
        masked: bool,
        known: Option<(&Page, &Item)>,
    ) -> Option<Self> {
        let length = u16::try_from(value.len()).ok().filter(|length| *length > 0)?;
        let fixed = |name, decoder: Option<Decoder>, why: String| Self {
            name,
            decoder,
            extent: Extent::Fixed,
            length: Some(length),
            why,
        };
        if !masked {
            let told = match (header, value) {
                ([_, _, 0x9F, 0x7F], [0x9F, 0x7F, 0x2A, ..])
                    if serial::decode_cplc(value).is_ok_and(|s| s.is_some()) =>
                {
                    Some((ItemName::Serial, Decoder::CplcSerial, "production data (CPLC) of 45 bytes"))
                }
                (_, [0x01, 0x01, ..]) if crn::decode(value).is_ok_and(|crn| crn.is_some()) => {
                    Some((ItemName::Crn, Decoder::Crn, "ten ASCII digits at byte 3 of object 0101"))
                }
                _ => None,
            };
            if let Some((name, decoder, why)) = told {
                return Some(fixed(name, Some(decoder), why.to_owned()));
            }
        }
        match known {
            Some((page, item)) => {
                let why = format!("page {} fetches it by this command", page.family);
                Some(fixed(item.name, item.decoder.filter(|_| masked), why))
            }
            None => Some(fixed(ItemName::Unnamed, None, "no known page has it".to_owned())),
        }
    }
}

/// What the decoders of the known layouts make of a content. They have to find more than tags: values that pass.
fn by_content(bytes: &[u8], certificate: &dyn Fn(&[u8]) -> Option<Slot>) -> Option<Meaning> {
    match bytes {
        [0x30, 0x82, ..] => {
            let slot = certificate(bytes)?;
            let why = "a DER certificate; its own extensions tell whose key it certifies";
            Some(Meaning::decoded(slot.item(), Decoder::Certificate, why))
        }
        [0xB2 | 0xB3, ..] => dates::decode(bytes)
            .is_ok_and(|dates| dates.issued.valid().is_some() && dates.expires.valid().is_some())
            .then(|| {
                Meaning::decoded(ItemName::Dates, Decoder::Dates, "objects B2 and B3, each a date of eight digits")
            }),
        [0xAD, ..] => meta::decode(bytes)
            .is_ok_and(|meta| meta.fingerprint_check.valid().is_some())
            .then(|| Meaning::decoded(ItemName::Meta, Decoder::Meta, "object AD of one byte")),
        [0xCC | 0xD5..=0xD7, ..] => versions::decode(bytes)
            .is_ok()
            .then(|| Meaning::decoded(ItemName::Versions, Decoder::Versions, "objects of CC, D5, D6, D7")),
        [0x70, ..] => identity::decode(bytes)
            .is_ok_and(|person| {
                person.surname.valid().is_some() && matches!(person.national_number_check(), Some(Ok(_)))
            })
            .then(|| {
                let why = "template 70 with a national number at 82 that passes its check, and a name at 81";
                Meaning::decoded(ItemName::Identity, Decoder::PersonalInfo1, why)
            }),
        [0x71, ..] => {
            let postal = postal::decode(bytes).is_ok_and(|postal| matches!(postal.code_check(), Some(Ok(_))));
            let birth = birth_certificate::decode(bytes).is_ok_and(|birth| birth.number.valid().is_some());
            let why = "template 71 with a postal code or the number of a birth certificate";
            (postal || birth).then(|| Meaning::decoded(ItemName::PersonalInfo2, Decoder::PersonalInfo2, why))
        }
        [0x75, ..] => photo::decode(bytes)
            .is_ok()
            .then(|| Meaning::decoded(ItemName::Photo, Decoder::Face, "template 75 with an image at 5F2E")),
        [0x7F, 0x61, ..] => {
            let why = "template 7F61 of ISO/IEC 7816-11, as many fingers as announced";
            fingerprints::decode(bytes)
                .is_ok_and(|fingers| fingers.count_agrees())
                .then(|| Meaning::decoded(ItemName::Fingerprints, Decoder::FingerStatus, why))
        }
        [0x77, ..] => security_object::decode(bytes).is_ok().then(|| {
            let why = "template 77 around a CMS object";
            Meaning::decoded(ItemName::SecurityObject, Decoder::SecurityObject, why)
        }),
        _ => None,
    }
}
