//! The readers: two slots each, numbers that stay, cards that come and go. Nobody waits for a card here.

use crate::place::{Place, Present, READERS};
use crate::readers::{Insertion, Readers, Seen, Watch};
use crate::role::{Role, Shown};
use crate::rv::{Result, Rv};
use crate::token::padded;
use cryptoki_sys::*;
use idcard_core::LinkError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All readers that were ever seen; a slot's number tells its reader and its role. The lock is held for moments only, and
/// taken last: who holds it waits for nobody's card.
pub(crate) struct Slots(Mutex<State>);

struct State {
    readers: Box<dyn Readers>,
    known: Vec<Reader>,
    shown: Shown,
    /// The module was finalised.
    over: bool,
}

struct Reader {
    name: String,
    attached: bool,
    card: Option<Insertion>,
    /// Which of the slots hold a token, once the card was looked at.
    holds: Option<[bool; 2]>,
    /// Slots whose change was not told yet.
    changed: [bool; 2],
    place: Arc<Mutex<Place>>,
}

impl Slots {
    pub(crate) fn new(readers: Box<dyn Readers>, shown: Shown) -> Self {
        Self(Mutex::new(State { readers, known: Vec::new(), shown, over: false }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the readers.
    ///
    /// # Errors
    /// `CKR_CRYPTOKI_NOT_INITIALIZED` after the end; a service that does not tell leaves all as it was.
    pub(crate) fn look(&self) -> Result<()> {
        let mut state = self.state();
        if state.over {
            return Err(Rv::NOT_INITIALIZED);
        }
        match state.readers.look() {
            Ok(seen) => state.take_note(seen),
            Err(error) => log::warn!("looking at the readers: {error}"),
        }
        Ok(())
    }

    /// The slots of the readers that are attached.
    pub(crate) fn attached(&self) -> Vec<CK_SLOT_ID> {
        let state = self.state();
        let attached = state.known.iter().enumerate().filter(|(_, reader)| reader.attached);
        attached.flat_map(|(number, _)| slots_of(number, state.shown)).collect()
    }

    /// The place of a slot, and the number of its reader.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub(crate) fn place_of(&self, slot: CK_SLOT_ID) -> Result<(usize, Arc<Mutex<Place>>)> {
        let state = self.state();
        let reader = usize::try_from(slot / 2).ok().filter(|_| state.shown.has(Role::of(slot)));
        let place = reader.and_then(|number| Some((number, Arc::clone(&state.known.get(number)?.place))));
        place.ok_or(Rv(CKR_SLOT_ID_INVALID))
    }

    /// The place of a reader.
    pub(crate) fn place(&self, number: usize) -> Option<Arc<Mutex<Place>>> {
        self.state().known.get(number).map(|reader| Arc::clone(&reader.place))
    }

    /// The card that is in a reader, and the way to it.
    pub(crate) fn card(&self, number: usize) -> Option<Present> {
        let state = self.state();
        let reader = state.known.get(number).filter(|reader| reader.attached)?;
        let insertion = reader.card.clone()?;
        Some(Present { insertion, opening: state.readers.opening(&reader.name) })
    }

    /// Takes note of what the card in a reader was seen to be.
    pub(crate) fn note(&self, number: usize, insertion: &Insertion, holds: [bool; 2]) {
        if let Some(reader) = self.state().known.get_mut(number)
            && reader.card.as_ref() == Some(insertion)
        {
            reader.holds = Some(holds);
        }
    }

    /// Whether a slot holds a token; nothing where the card was not looked at yet.
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub(crate) fn holds(&self, slot: CK_SLOT_ID) -> Result<Option<bool>> {
        let (number, _) = self.place_of(slot)?;
        let state = self.state();
        let reader = state.known.get(number).ok_or(Rv(CKR_SLOT_ID_INVALID))?;
        if !reader.attached || reader.card.is_none() {
            return Ok(Some(false));
        }
        Ok(reader.holds.and_then(|holds| holds.get(Role::of(slot).index()).copied()))
    }

    /// What `C_GetSlotInfo` tells.
    pub(crate) fn info(&self, slot: CK_SLOT_ID, present: bool) -> Result<CK_SLOT_INFO> {
        let (number, _) = self.place_of(slot)?;
        let state = self.state();
        let reader = state.known.get(number).ok_or(Rv(CKR_SLOT_ID_INVALID))?;
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
    pub(crate) fn take_change(&self) -> Option<CK_SLOT_ID> {
        let mut state = self.state();
        let shown = state.shown;
        for (number, reader) in state.known.iter_mut().enumerate() {
            for slot in slots_of(number, shown) {
                let changed = reader.changed.get_mut(Role::of(slot).index());
                if changed.is_some_and(std::mem::take) {
                    return Some(slot);
                }
            }
        }
        None
    }

    pub(crate) fn forget_changes(&self) {
        self.state().known.iter_mut().for_each(|reader| reader.changed = [false; 2]);
    }

    /// Watches the readers, for a caller that waits.
    pub(crate) fn watch(&self) -> std::result::Result<Box<dyn Watch>, LinkError> {
        self.state().readers.watch()
    }

    /// From now on nothing is told any more; gives the places, which have to end as well.
    pub(crate) fn end(&self) -> Vec<Arc<Mutex<Place>>> {
        let mut state = self.state();
        state.over = true;
        state.known.iter().map(|reader| Arc::clone(&reader.place)).collect()
    }
}

impl State {
    fn take_note(&mut self, seen: Vec<Seen>) {
        for reader in &mut self.known {
            let now = seen.iter().find(|seen| seen.reader == reader.name);
            reader.attached = now.is_some();
            let card = now.and_then(|seen| seen.card.as_ref());
            if reader.card.as_ref() != card {
                reader.card = card.cloned();
                reader.holds = None;
                reader.changed = [true; 2];
            }
        }
        for Seen { reader, card } in seen {
            if self.known.iter().all(|known| known.name != reader) && self.known.len() < READERS {
                let changed = [card.is_some(); 2];
                let place = Arc::new(Mutex::new(Place::new(self.known.len(), &reader)));
                self.known.push(Reader { name: reader, attached: true, card, holds: None, changed, place });
            }
        }
    }
}

/// The slots of a reader that are shown.
fn slots_of(reader: usize, shown: Shown) -> impl Iterator<Item = CK_SLOT_ID> {
    let first = CK_SLOT_ID::try_from(reader).unwrap_or(0).saturating_mul(2);
    [first, first.saturating_add(1)].into_iter().filter(move |slot| shown.has(Role::of(*slot)))
}

/// A reader's name with room for the role behind it in 64 bytes.
fn shortened(name: &str) -> &str {
    const MOST: usize = 64 - " (signature)".len();
    name.get(..name.floor_char_boundary(MOST)).unwrap_or_default()
}
