//! A card family's page: marks, applets, items, PIN objects and keys, each with its evidence and source.

mod upkeep;

use super::hexfield::{Bytes, FilePath};
use super::words::{
    ChangeForm, CipherSuite, Decoder, Evidence, Extent, Find, Generation, Hash, Input, ItemName, KeyForm, KeyName,
    PinKind, Scheme, StatusForm,
};
use serde::Deserialize;

pub use upkeep::{FingerComparison, JournalRules, Unblocking};

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
    /// Whether SELECT by AID carries Le.
    #[serde(default)]
    pub answers: bool,
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
    /// How the holder changes it; absent where that is not known.
    pub change: Option<ChangeForm>,
    /// How the PUK unblocks it; absent where that is not known.
    pub unblock: Option<Unblocking>,
    /// The byte of the item `journal`, counted from 0, that tells how far a change of this object has come.
    pub journal: Option<u8>,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// A private key on the card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Which key pair it belongs to.
    pub name: KeyName,
    /// Its applet.
    pub applet: String,
    /// The DF in which it is used; absent where it is the same everywhere in the applet.
    pub path: Option<FilePath>,
    /// The PIN object that guards it.
    pub pin: String,
    /// True where the PIN is asked for again by every signature.
    #[serde(default)]
    pub pin_per_signature: bool,
    /// True where the key computes only inside the secure channel.
    #[serde(default)]
    pub secure: bool,
    /// What it can compute, in the order of preference.
    #[serde(rename = "algorithm")]
    pub algorithms: Vec<Algorithm>,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

impl Key {
    /// The way to compute a signature of this scheme over a digest of this hash, where the key has one.
    #[must_use]
    pub fn algorithm(&self, scheme: Scheme, hash: Hash) -> Option<&Algorithm> {
        self.algorithms.iter().find(|known| known.scheme == scheme && known.hash.is_none_or(|known| known == hash))
    }

    /// The way to compute a signature of this scheme over bytes of the caller's making, where the key has one.
    #[must_use]
    pub fn any_bytes(&self, scheme: Scheme) -> Option<&Algorithm> {
        let of_any_hash = |input: Input| matches!(input, Input::DigestInfo | Input::Leftmost);
        self.algorithms.iter().find(|known| known.scheme == scheme && known.hash.is_none() && of_any_hash(known.input))
    }
}

/// The secure channel of a card: mutual authentication with two-key triple DES (`nid-card.md` 7).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecureChannel {
    /// The applet in which it is opened.
    pub applet: String,
    /// The directory in which it is opened.
    pub path: FilePath,
    /// The cipher suite of the messages that follow.
    #[serde(default)]
    pub suite: CipherSuite,
    /// How well all that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: String,
}

/// One way in which a key computes a signature.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Algorithm {
    /// The signature scheme.
    pub scheme: Scheme,
    /// The hash by which the digest was made; absent where any will do.
    pub hash: Option<Hash>,
    /// By which commands.
    pub form: KeyForm,
    /// The body of MANAGE SECURITY ENVIRONMENT: algorithm and key reference.
    pub environment: Bytes,
    /// What the host hands over.
    pub input: Input,
}

/// A card family, as its page tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The family's name.
    pub family: String,
    /// One line that says what card this is.
    pub title: String,
    /// The generation of a card that bears no mark.
    pub generation: Generation,
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
    /// The private keys.
    #[serde(default, rename = "key")]
    pub keys: Vec<Key>,
    /// The secure channel, where one is known.
    pub channel: Option<SecureChannel>,
    /// How a change to several objects of one PIN is kept together, where that is known.
    pub journal: Option<JournalRules>,
    /// How fingers are compared on the card, where that is known.
    pub fingers: Option<FingerComparison>,
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

    /// The key by that name.
    #[must_use]
    pub fn key(&self, name: KeyName) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
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
