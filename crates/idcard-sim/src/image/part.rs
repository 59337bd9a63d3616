//! The parts of an image as the card uses them.

use idcard_core::transport::Protocol;

/// How a card shows itself on one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The answer to reset, raw.
    pub atr: Vec<u8>,
    /// The protocol that a reader reports for it.
    pub protocol: Protocol,
    /// Whether commands of extended length are understood (ISO/IEC 7816-4, 5.2).
    pub extended: bool,
}

/// Which commands an applet understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Data objects only: the card manager.
    Manager,
    /// Word offsets, packed PINs, child selection only: MPCOS (`nid-card.md` 3.1, 5).
    Mpcos,
    /// Byte offsets, selection from anywhere, keys: Classic (`nid-card.md` 3.3, 6).
    Classic,
    /// As Classic, but its PIN answers only to protected status queries (`nid-card.md` 5.6).
    Pardis,
}

/// One application of the card.
#[derive(Debug, Clone)]
pub struct Applet {
    /// The name used in descriptions and tests.
    pub name: String,
    /// Its full identifier.
    pub aid: Vec<u8>,
    /// The shortest beginning of the identifier that also selects it; the full length where there is none.
    pub shortest: usize,
    /// Which commands it understands.
    pub profile: Profile,
    /// How many bytes one unit of an offset is: four in MPCOS (`nid-card.md` 3.2), else one.
    pub unit: usize,
    /// Answers to GET DATA by tag.
    pub objects: Vec<(u16, Vec<u8>)>,
    /// Its elementary files.
    pub files: Vec<Ef>,
    /// Folders in which no file is known.
    pub empty_folders: Vec<u16>,
    /// Its PINs.
    pub pins: Vec<Pin>,
    /// What unblocks them.
    pub puks: Vec<Puk>,
    /// Its signature keys.
    pub keys: Vec<Key>,
    /// Its enrolled fingers.
    pub fingers: Vec<Finger>,
    /// The key of protected PIN status queries (`nid-card.md` 5.6).
    pub status_key: Option<[u8; 16]>,
}

/// An elementary file.
#[derive(Debug, Clone)]
pub struct Ef {
    /// File identifiers below the master file: one or two of them.
    pub path: Vec<u16>,
    /// All bytes, padding included.
    pub content: Vec<u8>,
    /// What READ BINARY needs.
    pub read: Access,
    /// Whether UPDATE BINARY is free; else it is forbidden.
    pub update: bool,
    /// The PIN whose counters this file shows to GetInfo: it is a secret-code file.
    pub secret_code_of: Option<String>,
}

/// What must hold before a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Never, whatever is presented.
    pub never: bool,
    /// Only inside the secure channel.
    pub channel: bool,
    /// The PIN that must have been verified.
    pub pin: Option<String>,
}

/// A PIN and its counter.
#[derive(Debug, Clone)]
pub struct Pin {
    /// The name used in descriptions and tests.
    pub name: String,
    /// The references (P2) that mean it.
    pub references: Vec<u8>,
    /// The folder in which alone it is known; the whole applet where there is none.
    pub folder: Option<u16>,
    /// Its digits, ASCII.
    pub value: Vec<u8>,
    /// Wrong presentations allowed in a row.
    pub tries: u8,
    /// Wrong presentations so far.
    pub failed: u8,
    /// Fewest and most digits.
    pub digits: (usize, usize),
    /// The name of the PUK that unblocks it.
    pub puk: Option<String>,
    /// One signature uses the verification up.
    pub spent_by_signature: bool,
}

/// A PUK and its counter.
#[derive(Debug, Clone)]
pub struct Puk {
    /// The name used in descriptions and tests.
    pub name: String,
    /// The reference (P2) under which its counter is queried.
    pub reference: Option<u8>,
    /// Its digits, ASCII.
    pub value: Vec<u8>,
    /// Wrong presentations allowed in a row.
    pub tries: u8,
    /// Wrong presentations so far.
    pub failed: u8,
}

/// A private key.
#[derive(Debug, Clone)]
pub struct Key {
    /// The reference in a security environment.
    pub reference: u8,
    /// The folder in which alone it is known; the whole applet where there is none.
    pub folder: Option<u16>,
    /// The name of the PIN that guards it.
    pub pin: String,
    /// Whether INTERNAL AUTHENTICATE may use it.
    pub authenticates: bool,
    /// PKCS#8, DER.
    pub pkcs8: Vec<u8>,
}

/// The keys of the secure channel.
#[derive(Debug, Clone)]
pub struct ChannelKeys {
    /// The applet in which the handshake takes place.
    pub applet: String,
    /// The reference of the key pair.
    pub reference: u8,
    /// The key that encrypts the handshake.
    pub kenc: [u8; 16],
    /// The key that authenticates it.
    pub kmac: [u8; 16],
    /// The serial number that the terminal must show.
    pub sn_ifd: [u8; 8],
}

/// A finger that the card compares by itself.
#[derive(Debug, Clone)]
pub struct Finger {
    /// The reference (P2 of VERIFY).
    pub reference: u8,
    /// The enrolled minutiae, ISO/IEC 19794-2 compact card format.
    pub template: Vec<u8>,
    /// Wrong presentations allowed in a row.
    pub tries: u8,
    /// Wrong presentations so far.
    pub failed: u8,
}

impl Applet {
    /// Whether there is such a folder in this applet.
    pub fn has_folder(&self, folder: u16) -> bool {
        let holds = |file: &Ef| file.path.len() == 2 && file.path.first() == Some(&folder);
        self.empty_folders.contains(&folder) || self.files.iter().any(holds)
    }

    /// The place in `files` of the file at that path below the master file.
    pub fn position(&self, path: &[u16]) -> Option<usize> {
        self.files.iter().position(|file| file.path == path)
    }
}

/// `3F00/0200/0201` as file identifiers below the master file.
pub(crate) fn parse_path(text: &str) -> Option<Vec<u16>> {
    let below = text.strip_prefix("3F00/")?;
    let ids: Option<Vec<u16>> = below.split('/').map(parse_fid).collect();
    ids.filter(|ids| matches!(ids.len(), 1 | 2))
}

/// Four hexadecimal digits as a file identifier.
pub(crate) fn parse_fid(text: &str) -> Option<u16> {
    if text.len() != 4 {
        return None;
    }
    u16::from_str_radix(text, 16).ok()
}
