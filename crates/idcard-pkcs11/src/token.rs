//! A card of ours while it is in: what was read from it once, and who is logged in.

mod keys;
mod login;

pub(crate) use keys::verify;

use crate::objects::{self, Object};
use crate::role::Role;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use idcard_core::family::{ItemName, Page, PinObject, Roster};
use idcard_core::pin::PinState;
use idcard_core::session::Slot;
use idcard_core::{Card, Error, Session, Transport};
use idcard_crypto::Certificate;

/// The presentations that a PIN has when none failed, as far as the sources tell (`specimen.md` 5, `nid-card.md` 5).
const TRIES: u8 = 3;

/// A card that was recognised, from its insertion to its removal.
pub(crate) struct Token {
    card: Card,
    page: Page,
    /// The chip's serial number in hex, empty where the card tells none; nothing as long as asking would end a login of
    /// another program.
    serial: Option<String>,
    sides: [Side; 2],
    certificates: Option<Certificates>,
    files_read: bool,
    /// The reader has a pin pad of its own.
    pad: bool,
}

/// What is known of one slot of the card.
#[derive(Default)]
struct Side {
    pin: Option<PinState>,
    /// The state was asked for since it was last told.
    fresh: bool,
    /// One of the other objects of the PIN was seen to have lost tries: it is asked, too.
    ask_all: bool,
    logged_in: bool,
    objects: Vec<Object>,
}

/// The certificates of the card; one that the card does not give is not there.
#[derive(Default)]
struct Certificates {
    sign: Option<Certificate>,
    auth: Option<Certificate>,
    ca: Option<Certificate>,
}

impl Token {
    /// Recognises the card behind a transport, asks for the state of its PINs and its serial number.
    ///
    /// # Errors
    /// `CKR_TOKEN_NOT_RECOGNIZED` for the cards of others; what the link did.
    pub(crate) fn meet(transport: Box<dyn Transport>) -> Result<Self> {
        let mut card = Card::with_roster(transport, Roster::built_in()?);
        let mut session = card.session().map_err(|error| match error {
            Error::Reader { .. } => error.into(),
            // A card that answers nonsense is none of ours, and is not asked again at every call.
            _ => Rv(CKR_TOKEN_NOT_RECOGNIZED),
        })?;
        let page = session.page().clone();
        let mut sides = [Side::default(), Side::default()];
        // The applet of the PINs is often the one that recognition has selected: the serial number comes last.
        for role in Role::BOTH {
            if let (Some(side), Some(pin)) = (sides.get_mut(role.index()), role.pin(&page)) {
                side.pin = tolerated(session.pin_state(pin))?;
                side.fresh = true;
            }
        }
        // The PIN counts as presented, so that another program is logged in, and its applet is the one that is selected. The
        // serial number lies in another applet.
        let [identity, _] = &sides;
        let company = identity.pin.is_some_and(|state| state.verified);
        let serial = if company { None } else { Some(read_serial(&mut session)?) };
        let pad = Role::BOTH.iter().any(|role| role.pin(&page).is_some()) && session.has_pad();
        log::info!("a card of the family {}, {} exchanges", page.family, session.exchanges());
        session.end()?;
        Ok(Self { card, page, serial, sides, certificates: None, files_read: false, pad })
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        role.is_on(&self.page)
    }

    fn side(&mut self, role: Role) -> &mut Side {
        let [identity, signature] = &mut self.sides;
        match role {
            Role::Identity => identity,
            Role::Signature => signature,
        }
    }

    pub(crate) fn logged_in(&self, role: Role) -> bool {
        let [identity, signature] = &self.sides;
        match role {
            Role::Identity => identity.logged_in,
            Role::Signature => signature.logged_in,
        }
    }

    fn anybody_logged_in(&self) -> bool {
        self.sides.iter().any(|side| side.logged_in)
    }

    /// What `C_GetTokenInfo` tells. The state of the PIN is asked for anew, unless that was done just before, or a login
    /// stands that asking could end.
    pub(crate) fn info(&mut self, role: Role) -> Result<CK_TOKEN_INFO> {
        let fresh = std::mem::take(&mut self.side(role).fresh);
        if !fresh && !self.anybody_logged_in() {
            self.ask_for_pin(role)?;
        }
        if self.serial.is_none() && !self.anybody_logged_in() {
            let mut session = self.card.session()?;
            if !is_in_company(&mut session, &self.page)? {
                self.serial = Some(read_serial(&mut session)?);
            }
            session.end()?;
        }
        let pin = role.pin(&self.page);
        let name = if self.page.specimen { "SPECIMEN ID card" } else { "Iran ID card" };
        let mut flags = CKF_TOKEN_INITIALIZED | CKF_WRITE_PROTECTED | CKF_RNG;
        if pin.is_some() {
            flags |= CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
            flags |= if self.pad { CKF_PROTECTED_AUTHENTICATION_PATH } else { 0 };
        }
        let state = self.sides.get(role.index()).and_then(|side| side.pin);
        Ok(CK_TOKEN_INFO {
            label: padded(&format!("{name} ({})", role.word())),
            manufacturerID: padded("idcard"),
            model: padded(&self.page.family),
            serialNumber: padded(self.serial.as_deref().unwrap_or_default()),
            flags: flags | state.map_or(0, pin_flags),
            ulMaxSessionCount: CK_EFFECTIVELY_INFINITE,
            ulSessionCount: 0,
            ulMaxRwSessionCount: CK_EFFECTIVELY_INFINITE,
            ulRwSessionCount: 0,
            ulMaxPinLen: pin.map_or(0, |pin| pin.maximum.into()),
            ulMinPinLen: pin.map_or(0, |pin| pin.minimum.into()),
            ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
            hardwareVersion: CK_VERSION { major: 0, minor: 0 },
            firmwareVersion: CK_VERSION { major: 0, minor: 0 },
            utcTime: [b' '; 16],
        })
    }

    fn ask_for_pin(&mut self, role: Role) -> Result<()> {
        let Some(pin) = role.pin(&self.page).cloned() else { return Ok(()) };
        let ask_all = self.side(role).ask_all;
        let mut session = self.card.session()?;
        let mut state = tolerated(session.pin_state(&pin))?;
        if ask_all {
            for other in self.page.pins.iter().filter(|other| other.kind == pin.kind && other.name != pin.name) {
                state = fewer(state, tolerated(session.pin_state(other))?);
            }
        }
        session.end()?;
        self.side(role).pin = state;
        Ok(())
    }

    /// The objects of a slot; the certificates are read once. The free files are read too where a search asks for them,
    /// but not while somebody is logged in, here or elsewhere: selecting their applet would end the login.
    pub(crate) fn objects(&mut self, role: Role, files: bool) -> Result<&[Object]> {
        self.read_certificates()?;
        if files && role == Role::Identity && !self.files_read && !self.anybody_logged_in() {
            let mut session = self.card.session()?;
            if is_in_company(&mut session, &self.page)? {
                session.end()?;
            } else {
                let files = read_files(&mut session, &self.page)?;
                session.end()?;
                self.side(role).objects.extend(files);
                self.files_read = true;
            }
        }
        Ok(&self.side(role).objects)
    }

    /// One object, by its number in the slot, counted from one.
    pub(crate) fn object(&self, role: Role, handle: CK_OBJECT_HANDLE) -> Option<&Object> {
        let index = usize::try_from(handle).ok()?.checked_sub(1)?;
        self.sides.get(role.index())?.objects.get(index)
    }

    fn read_certificates(&mut self) -> Result<()> {
        if self.certificates.is_some() {
            return Ok(());
        }
        let mut session = self.card.session()?;
        let certificates = Certificates::read(&mut session, &self.page)?;
        session.end()?;
        for role in Role::BOTH {
            let own = certificates.own(role);
            let objects = objects::of_role(role, &self.page, own, certificates.ca.as_ref());
            self.side(role).objects = objects;
        }
        self.certificates = Some(certificates);
        Ok(())
    }

    /// The holder's certificate of a slot.
    fn certificate(&mut self, role: Role) -> Result<Option<&Certificate>> {
        self.read_certificates()?;
        Ok(self.certificates.as_ref().and_then(|certificates| certificates.own(role)))
    }
}

impl Certificates {
    fn read(session: &mut Session<'_>, page: &Page) -> Result<Self> {
        let mut certificates = Self::default();
        for slot in [Slot::Ca, Slot::Auth, Slot::Sign] {
            let Some(der) = tolerated(session.certificate(slot))? else { continue };
            let found = match Certificate::from_der(&der) {
                Ok(found) => found,
                Err(fault) => {
                    log::warn!("the {} certificate: {fault}", slot.word());
                    continue;
                }
            };
            // Where the page leaves open which of two files holds which, the content decides.
            let open = page.item(slot.item()).is_some_and(|item| item.by_content);
            let place = match (slot, found.is_ca()) {
                (Slot::Sign, false) => &mut certificates.sign,
                (Slot::Auth, false) => &mut certificates.auth,
                (Slot::Ca, true) => &mut certificates.ca,
                (Slot::Auth, true) if open => &mut certificates.ca,
                (Slot::Ca, false) if open => &mut certificates.auth,
                _ => {
                    log::warn!("the {} certificate is none of its kind", slot.word());
                    continue;
                }
            };
            *place = Some(found);
        }
        Ok(certificates)
    }

    fn own(&self, role: Role) -> Option<&Certificate> {
        match role {
            Role::Identity => self.auth.as_ref(),
            Role::Signature => self.sign.as_ref(),
        }
    }
}

/// Whether another program is logged in with the identity PIN; to be asked where nobody is here. SELECT of the applet that
/// is selected already leaves the PIN presented.
fn is_in_company(session: &mut Session<'_>, page: &Page) -> Result<bool> {
    let Some(pin) = Role::Identity.pin(page) else { return Ok(false) };
    Ok(tolerated(session.pin_state(pin))?.is_some_and(|state| state.verified))
}

fn read_serial(session: &mut Session<'_>) -> Result<String> {
    let serial = tolerated(session.serial())?.flatten();
    Ok(serial.map(|serial| hex::encode_upper(serial.as_bytes())).unwrap_or_default())
}

/// The files that anybody may read, as far as the card gives them.
fn read_files(session: &mut Session<'_>, page: &Page) -> Result<Vec<Object>> {
    let certificates = Slot::ALL.map(Slot::item);
    let mut files = Vec::new();
    for item in page.items.iter().filter(|item| item.pin.is_none()) {
        let told_elsewhere = certificates.contains(&item.name) || item.name == ItemName::Journal;
        if told_elsewhere {
            continue;
        }
        if let Some(file) = tolerated(session.fetch(item.name).cloned())?.filter(|file| !file.redacted) {
            files.push(objects::file(item.name, &file.bytes));
        }
    }
    Ok(files)
}

/// What the card refuses, lacks or garbles is not there; a link that fails is another matter.
fn tolerated<T>(result: std::result::Result<T, Error>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error @ (Error::Reader { .. } | Error::CardChanged | Error::Limit { .. })) => {
            log::warn!("{error}");
            Err(error.into())
        }
        Err(error) => {
            log::info!("{error}");
            Ok(None)
        }
    }
}

/// The state of the object that comes nearer to being blocked.
fn fewer(one: Option<PinState>, other: Option<PinState>) -> Option<PinState> {
    let left = |state: Option<PinState>| state.and_then(|state| state.tries_left).unwrap_or(TRIES);
    if left(other) < left(one) { other } else { one }
}

/// The flags that tell how many presentations are left (PKCS#11 2.40, 3.2).
fn pin_flags(state: PinState) -> CK_FLAGS {
    match state.tries_left {
        _ if state.blocked => CKF_USER_PIN_LOCKED,
        Some(1) => CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY,
        Some(left) if left < TRIES => CKF_USER_PIN_COUNT_LOW,
        _ => 0,
    }
}

/// Text in a field of fixed length, filled with blanks and cut between characters.
pub(crate) fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [b' '; N];
    let mut end = text.len().min(N);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let bytes = text.as_bytes().get(..end).unwrap_or_default();
    for (place, byte) in field.iter_mut().zip(bytes) {
        *place = *byte;
    }
    field
}

fn no_key() -> Rv {
    Rv(CKR_FUNCTION_NOT_SUPPORTED)
}

fn pin_of(role: Role, page: &Page) -> Result<PinObject> {
    role.pin(page).cloned().ok_or_else(no_key)
}
