//! The readers and what is in them: two slots each, numbers that stay, tokens that come and go.

use crate::readers::{Insertion, Readers, Seen};
use crate::role::Role;
use crate::rv::{Result, Rv};
use crate::token::{Token, padded};
use cryptoki_sys::*;
use idcard_core::LinkError;

/// All readers that were ever seen; a slot's number tells its reader and its role.
pub(crate) struct Slots {
    readers: Box<dyn Readers>,
    known: Vec<Reader>,
}

struct Reader {
    name: String,
    attached: bool,
    card: Option<Insertion>,
    content: Content,
    /// Slots whose change was not told yet.
    changed: [bool; 2],
}

enum Content {
    /// Nothing, or a card that was not looked at yet.
    Unexamined,
    /// A card of others.
    Foreign,
    Ours(Box<Token>),
}

impl Slots {
    pub(crate) fn new(readers: Box<dyn Readers>) -> Self {
        Self { readers, known: Vec::new() }
    }

    /// Looks at the readers; gives the slots whose card has gone or is another one.
    pub(crate) fn refresh(&mut self) -> Vec<CK_SLOT_ID> {
        let seen = match self.readers.look() {
            Ok(seen) => seen,
            Err(error) => {
                log::warn!("looking at the readers: {error}");
                return Vec::new();
            }
        };
        let mut lost = Vec::new();
        for (number, reader) in self.known.iter_mut().enumerate() {
            let now = seen.iter().find(|seen| seen.reader == reader.name);
            reader.attached = now.is_some();
            if reader.take(now.and_then(|seen| seen.card.as_ref())) {
                lost.extend(slots_of(number));
            }
        }
        for Seen { reader, card } in seen {
            if self.known.iter().all(|known| known.name != reader) {
                let changed = [card.is_some(); 2];
                self.known.push(Reader { name: reader, attached: true, card, content: Content::Unexamined, changed });
            }
        }
        lost
    }

    /// The slots of the readers that are attached.
    pub(crate) fn attached(&self) -> Vec<CK_SLOT_ID> {
        let attached = self.known.iter().enumerate().filter(|(_, reader)| reader.attached);
        attached.flat_map(|(number, _)| slots_of(number)).collect()
    }

    fn reader(&mut self, slot: CK_SLOT_ID) -> Result<&mut Reader> {
        let number = usize::try_from(slot / 2).map_err(|_| Rv(CKR_SLOT_ID_INVALID))?;
        self.known.get_mut(number).ok_or(Rv(CKR_SLOT_ID_INVALID))
    }

    /// Whether a card of ours that has something for the slot is in; a card that was not looked at yet is looked at.
    pub(crate) fn has_token(&mut self, slot: CK_SLOT_ID) -> Result<bool> {
        match self.token(slot) {
            Ok(_) => Ok(true),
            Err(Rv(CKR_TOKEN_NOT_PRESENT | CKR_TOKEN_NOT_RECOGNIZED | CKR_DEVICE_REMOVED | CKR_DEVICE_ERROR)) => {
                Ok(false)
            }
            Err(other) => Err(other),
        }
    }

    /// The card of ours in a slot.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`, `CKR_TOKEN_NOT_PRESENT`, `CKR_TOKEN_NOT_RECOGNIZED`; what the link did.
    pub(crate) fn token(&mut self, slot: CK_SLOT_ID) -> Result<&mut Token> {
        let role = Role::of(slot);
        let number = usize::try_from(slot / 2).map_err(|_| Rv(CKR_SLOT_ID_INVALID))?;
        let reader = self.known.get_mut(number).ok_or(Rv(CKR_SLOT_ID_INVALID))?;
        if !reader.attached || reader.card.is_none() {
            return Err(Rv(CKR_TOKEN_NOT_PRESENT));
        }
        if matches!(reader.content, Content::Unexamined) {
            log::info!("looking at the card in {}", reader.name);
            match self.readers.open(&reader.name).map_err(Rv::from).and_then(Token::meet) {
                Ok(token) => reader.content = Content::Ours(Box::new(token)),
                Err(Rv(CKR_TOKEN_NOT_RECOGNIZED)) => reader.content = Content::Foreign,
                Err(rv) => return Err(rv),
            }
        }
        match &mut reader.content {
            Content::Ours(token) if token.has(role) => Ok(token),
            _ => Err(Rv(CKR_TOKEN_NOT_RECOGNIZED)),
        }
    }

    /// The card of ours in a slot, if it was met already; nothing is asked of anybody.
    pub(crate) fn known_token(&mut self, slot: CK_SLOT_ID) -> Option<&mut Token> {
        match &mut self.reader(slot).ok()?.content {
            Content::Ours(token) => Some(token),
            _ => None,
        }
    }

    /// What `C_GetSlotInfo` tells.
    pub(crate) fn info(&mut self, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO> {
        let present = self.has_token(slot)?;
        let reader = self.reader(slot)?;
        let flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | if present { CKF_TOKEN_PRESENT } else { 0 };
        Ok(CK_SLOT_INFO {
            slotDescription: padded(&format!("{} ({})", shortened(&reader.name), Role::of(slot).word())),
            manufacturerID: padded("idcard"),
            flags,
            hardwareVersion: CK_VERSION { major: 0, minor: 0 },
            firmwareVersion: CK_VERSION { major: 0, minor: 0 },
        })
    }

    /// A slot whose card came or went since that was told last.
    pub(crate) fn take_change(&mut self) -> Option<CK_SLOT_ID> {
        for (number, reader) in self.known.iter_mut().enumerate() {
            for (changed, slot) in reader.changed.iter_mut().zip(slots_of(number)) {
                if std::mem::take(changed) {
                    return Some(slot);
                }
            }
        }
        None
    }

    pub(crate) fn forget_changes(&mut self) {
        self.known.iter_mut().for_each(|reader| reader.changed = [false; 2]);
    }

    /// Watches the readers, for a caller that waits.
    pub(crate) fn watch(&self) -> std::result::Result<Box<dyn crate::readers::Watch>, LinkError> {
        self.readers.watch()
    }

    /// Every card that was met, with the number of its first slot.
    pub(crate) fn tokens(&mut self) -> impl Iterator<Item = &mut Token> {
        self.known.iter_mut().filter_map(|reader| match &mut reader.content {
            Content::Ours(token) => Some(&mut **token),
            _ => None,
        })
    }
}

impl Reader {
    /// Takes note of the card that is in now; true when a card that was in is in no more.
    fn take(&mut self, now: Option<&Insertion>) -> bool {
        if self.card.as_ref() == now {
            return false;
        }
        let had = self.card.is_some();
        self.card = now.cloned();
        self.content = Content::Unexamined;
        self.changed = [true; 2];
        had
    }
}

fn slots_of(reader: usize) -> [CK_SLOT_ID; 2] {
    let first = CK_SLOT_ID::try_from(reader).unwrap_or(0).saturating_mul(2);
    [first, first.saturating_add(1)]
}

/// A reader's name with room for the role behind it in 64 bytes.
fn shortened(name: &str) -> &str {
    const MOST: usize = 64 - " (signature)".len();
    let mut end = name.len().min(MOST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default()
}
