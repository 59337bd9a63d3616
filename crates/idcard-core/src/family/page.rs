//! The vocabulary of a card page: every word that a page may use, and nothing else.
//!
//! Words of selection and access are those of ISO/IEC 7816-4; grades of evidence those of `nid-card.md` section 0.

use super::hexfield::{Bytes, FilePath};
use crate::pin::PinKind;
use serde::Deserialize;
use std::fmt;

/// How well a statement of a page is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Evidence {
    /// Two independent sources, or seen on a real card.
    A,
    /// One source.
    B,
    /// Inferred.
    C,
    /// Defined by this project (specimen card only).
    #[serde(rename = "ours")]
    Ours,
    /// Seen in a trace that somebody recorded.
    #[serde(rename = "trace")]
    Trace,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::Ours => "ours",
            Self::Trace => "trace",
        })
    }
}

/// The chip generations that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// First MultiApp generation.
    Mav1,
    /// MultiApp v2.
    Mav2,
    /// MultiApp v3.
    Mav3,
    /// MultiApp v4.
    Mav4,
    /// The Pardis card.
    Pardis,
    /// The Omid card.
    Omid,
    /// This project's documented card.
    Specimen,
    /// Not told by the historical bytes.
    Unknown,
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mav1 => "mav1",
            Self::Mav2 => "mav2",
            Self::Mav3 => "mav3",
            Self::Mav4 => "mav4",
            Self::Pardis => "pardis",
            Self::Omid => "omid",
            Self::Specimen => "specimen",
            Self::Unknown => "unknown",
        })
    }
}

/// What a card may hold: the closed list of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemName {
    /// Chip serial number (CSN).
    Serial,
    /// The ten-digit CRN.
    Crn,
    /// Personalisation versions.
    Versions,
    /// Meta information: the fingerprint-check flag.
    Meta,
    /// Issue and expiry date.
    Dates,
    /// Personal info 1: the person.
    Identity,
    /// Personal info 2: birth certificate and postal data.
    PersonalInfo2,
    /// The face image.
    Photo,
    /// Which fingers are enrolled.
    Fingerprints,
    /// The document security object (SOD).
    SecurityObject,
    /// PIN flags and journal.
    Journal,
    /// Signing certificate.
    CertificateSign,
    /// Authentication certificate.
    CertificateAuth,
    /// Certificate of the issuing CA.
    CertificateCa,
    /// A file whose place is known and whose meaning is not: kept raw.
    Unnamed,
}

impl ItemName {
    /// The word that pages, messages and file names use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Crn => "crn",
            Self::Versions => "versions",
            Self::Meta => "meta",
            Self::Dates => "dates",
            Self::Identity => "identity",
            Self::PersonalInfo2 => "personal_info2",
            Self::Photo => "photo",
            Self::Fingerprints => "fingerprints",
            Self::SecurityObject => "security_object",
            Self::Journal => "journal",
            Self::CertificateSign => "certificate_sign",
            Self::CertificateAuth => "certificate_auth",
            Self::CertificateCa => "certificate_ca",
            Self::Unnamed => "unnamed",
        }
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How the end of an item is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// One data object: its BER or DER header tells the length; what follows is padding.
    Object,
    /// Data objects in a row until padding or the end of the file.
    Objects,
    /// Exactly `length` bytes.
    Fixed,
}

/// How the value of an item is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoder {
    /// CPLC of 45 bytes; the serial number is bytes 13 to 20 (`nid-card.md` 4.2).
    CplcSerial,
    /// The whole value is the serial number.
    PlainSerial,
    /// Data object 0101: ten ASCII digits at byte 3 (`nid-card.md` 4.2).
    Crn,
    /// Data objects CC, D5, D6, D7.
    Versions,
    /// Data object AD.
    Meta,
    /// Data objects B2 and B3, UTF-16.
    Dates,
    /// Template 70 (`specimen.md` 3.1).
    PersonalInfo1,
    /// Template 71 (`specimen.md` 3.2).
    PersonalInfo2,
    /// Template 75 (`specimen.md` 3.3).
    Face,
    /// Template 7F61 (`specimen.md` 3.4).
    FingerStatus,
    /// Template 77 around a CMS object (`specimen.md` 4).
    SecurityObject,
    /// One DER certificate.
    Certificate,
}

/// How a DF is found in SELECT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Find {
    /// P1 = 00 finds a DF from anywhere in the applet.
    Anywhere,
    /// P1 = 01 finds children of the current DF only: the MF is selected between two DFs.
    Child,
}

/// How the tries left of a PIN are asked for without spending one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusForm {
    /// VERIFY without a body: `63Cx`, `9000`, `6983`.
    EmptyVerify,
    /// MPCOS GetInfo on the secret-code file: `80 C0 02 05 0C`.
    SecretCodeInfo,
}

/// Historical bytes by which a generation is expected before anything is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// All historical bytes, or the part in question where `anywhere` is set.
    pub historical: Bytes,
    /// The bytes may stand anywhere among the historical bytes.
    #[serde(default)]
    pub anywhere: bool,
    /// What they announce.
    pub generation: Generation,
    /// How well that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

impl Mark {
    /// Whether these historical bytes bear the mark.
    #[must_use]
    pub fn fits(&self, historical: &[u8]) -> bool {
        let wanted = self.historical.as_slice();
        if self.anywhere {
            !wanted.is_empty() && historical.windows(wanted.len()).any(|part| part == wanted)
        } else {
            historical == wanted
        }
    }
}

/// An applet of the card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applet {
    /// The name that items of this page use.
    pub name: String,
    /// Its application identifier.
    pub aid: Bytes,
    /// How many bytes one step of a READ BINARY offset is: 1 or 4.
    #[serde(default = "one")]
    pub offset_unit: u8,
    /// How its DFs are found.
    #[serde(default = "anywhere")]
    pub find: Find,
    /// Whether SELECT asks for no answer data (P2 = 0C); else P2 = 00.
    #[serde(default = "yes")]
    pub silent: bool,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// Something that the card holds, and where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What it is.
    pub name: ItemName,
    /// The applet that holds it.
    pub applet: String,
    /// Its file, by path from the MF; or else `command`.
    pub path: Option<FilePath>,
    /// The header CLA INS P1 P2 that fetches it as a data object; or else `path`.
    pub command: Option<Bytes>,
    /// Its exact length in bytes, with `extent = "fixed"`.
    pub length: Option<u16>,
    /// How its end is found.
    pub extent: Extent,
    /// The PIN object of this page that guards it; absent where it is free.
    pub pin: Option<String>,
    /// Its decoder; absent where the layout is not published.
    pub decoder: Option<Decoder>,
    /// True where the content, not the place, decides which certificate this is.
    #[serde(default)]
    pub by_content: bool,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// One object that holds a PIN; one PIN of the holder may be kept in several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinObject {
    /// The name that items of this page use.
    pub name: String,
    /// Which PIN of the holder it keeps.
    pub kind: PinKind,
    /// Its applet.
    pub applet: String,
    /// The DF in which it is presented; absent where it is the same everywhere in the applet.
    pub path: Option<FilePath>,
    /// P2 of VERIFY.
    pub reference: Bytes,
    /// The length of the padded PIN in VERIFY, in bytes; ASCII digits, padded with 00.
    pub length: u8,
    /// The fewest digits of the PIN.
    pub minimum: u8,
    /// The most digits of the PIN.
    pub maximum: u8,
    /// How its state is asked for.
    pub status: StatusForm,
    /// The secret-code file, with `status = "secret_code_info"`.
    pub status_path: Option<FilePath>,
    /// An item that is read before the PIN is presented: when it answers 6982, the card is sealed and no PIN goes out.
    pub sealed_when_refused: Option<ItemName>,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// A card family, as its page tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The family's name.
    pub family: String,
    /// One line that says what card this is.
    pub title: String,
    /// True for this project's own card, whose holder does not exist.
    #[serde(default)]
    pub specimen: bool,
    /// True when a card without one of the marks never belongs to the family.
    #[serde(default)]
    pub mark_required: bool,
    /// The applets that decide, in the order of trying.
    pub recognised_by: Vec<String>,
    /// The item that confirms a card without a mark.
    pub confirmed_by: Option<ItemName>,
    /// Historical bytes that announce the family.
    #[serde(default, rename = "mark")]
    pub marks: Vec<Mark>,
    /// The applets.
    #[serde(default, rename = "applet")]
    pub applets: Vec<Applet>,
    /// The items.
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
    /// The PIN objects, in the order in which one PIN is presented to all its objects.
    #[serde(default, rename = "pin")]
    pub pins: Vec<PinObject>,
}

impl Page {
    /// The item by that name.
    #[must_use]
    pub fn item(&self, name: ItemName) -> Option<&Item> {
        self.items.iter().find(|item| item.name == name)
    }

    /// The applet by that name.
    #[must_use]
    pub fn applet(&self, name: &str) -> Option<&Applet> {
        self.applets.iter().find(|applet| applet.name == name)
    }

    /// The PIN object by that name.
    #[must_use]
    pub fn pin(&self, name: &str) -> Option<&PinObject> {
        self.pins.iter().find(|pin| pin.name == name)
    }

    /// The mark that these historical bytes bear.
    #[must_use]
    pub fn mark(&self, historical: &[u8]) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.fits(historical))
    }
}

const fn one() -> u8 {
    1
}

const fn anywhere() -> Find {
    Find::Anywhere
}

const fn yes() -> bool {
    true
}
