//! Readers of a test: cards are put in and taken out at will, and what they saw can be told.

use cryptoki_sys::*;
use idcard_core::transport::{Protocol, Transaction};
use idcard_core::{LinkError, Transport};
use idcard_pkcs11::mechanism::Asked;
use idcard_pkcs11::module::{Shown, Value};
use idcard_pkcs11::readers::{Insertion, Opening, Readers, Seen, Watch};
use idcard_pkcs11::{Module, Rv};
use idcard_sim::{Action, Card, Handle, Image, SimTransport};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The slots of the first reader.
pub(crate) const IDENTITY: CK_SLOT_ID = 0;
pub(crate) const SIGNATURE: CK_SLOT_ID = 1;

/// The PINs of the specimen (specimen.md 5).
pub(crate) const ID_PIN: &[u8] = b"1234";
pub(crate) const SIGN_PIN: &[u8] = b"123456";

/// Some readers; clones are the same ones.
#[derive(Clone, Default)]
pub(crate) struct Desk {
    places: Arc<Mutex<Vec<Place>>>,
    look: Pending,
    turn: Pending,
}

/// Something that happens once, while the module waits.
type Errand = Box<dyn FnOnce() + Send>;
type Pending = Arc<Mutex<Option<Errand>>>;

fn run(pending: &Pending) {
    let errand = pending.lock().unwrap().take();
    if let Some(errand) = errand {
        errand();
    }
}

struct Place {
    name: String,
    events: u32,
    card: Option<In>,
}

struct In {
    atr: Vec<u8>,
    handle: Handle,
    /// Taken by who connects, and given back when the connection ends.
    transport: Arc<Mutex<Option<SimTransport>>>,
}

/// A connection: one at a time.
struct Connection {
    transport: Option<SimTransport>,
    home: Arc<Mutex<Option<SimTransport>>>,
    turn: Pending,
}

impl Connection {
    fn transport(&self) -> &SimTransport {
        self.transport.as_ref().unwrap()
    }
}

impl Transport for Connection {
    fn reader(&self) -> Option<&str> {
        self.transport().reader()
    }

    fn atr(&self) -> &[u8] {
        self.transport().atr()
    }

    fn protocol(&self) -> Protocol {
        self.transport().protocol()
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        run(&self.turn);
        self.transport.as_mut().unwrap().begin()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        *self.home.lock().unwrap() = self.transport.take();
    }
}

impl Desk {
    /// A module, and one reader with a card.
    pub(crate) fn with(image: &str) -> (Module, Handle, Self) {
        let desk = Self::default();
        desk.attach("Reader A");
        let handle = desk.insert(0, image);
        (desk.module(), handle, desk)
    }

    pub(crate) fn module(&self) -> Module {
        Module::new(Box::new(self.clone()))
    }

    pub(crate) fn module_showing(&self, shown: Shown) -> Module {
        Module::showing(Box::new(self.clone()), shown)
    }

    /// Has the next look at the readers take as long as the errand.
    pub(crate) fn hold(&self, errand: Errand) {
        *self.look.lock().unwrap() = Some(errand);
    }

    /// Has the next turn at a card begin only when the errand is done.
    pub(crate) fn hold_card(&self, errand: Errand) {
        *self.turn.lock().unwrap() = Some(errand);
    }

    pub(crate) fn attach(&self, name: &str) {
        self.places.lock().unwrap().push(Place { name: name.to_owned(), events: 0, card: None });
    }

    pub(crate) fn detach(&self, reader: usize) {
        self.remove(reader);
        self.places.lock().unwrap().remove(reader);
    }

    pub(crate) fn insert(&self, reader: usize, image: &str) -> Handle {
        self.insert_card(reader, Card::new(Image::builtin(image).unwrap()))
    }

    pub(crate) fn insert_card(&self, reader: usize, card: Card) -> Handle {
        let transport = SimTransport::new(card);
        let handle = transport.handle();
        handle.keep_log();
        let mut places = self.places.lock().unwrap();
        let place = &mut places[reader];
        assert!(place.card.is_none(), "a card is in");
        place.events += 1;
        place.card = Some(In {
            atr: transport.atr().to_vec(),
            handle: handle.clone(),
            transport: Arc::new(Mutex::new(Some(transport))),
        });
        handle
    }

    pub(crate) fn remove(&self, reader: usize) {
        let mut places = self.places.lock().unwrap();
        let place = &mut places[reader];
        if let Some(card) = place.card.take() {
            card.handle.act(Action::Remove);
            place.events += 1;
        }
    }
}

impl Readers for Desk {
    fn look(&mut self) -> Result<Vec<Seen>, LinkError> {
        run(&self.look);
        let places = self.places.lock().unwrap();
        let seen = places.iter().map(|place| Seen {
            reader: place.name.clone(),
            card: place.card.as_ref().map(|card| Insertion { events: Some(place.events), atr: card.atr.clone() }),
        });
        Ok(seen.collect())
    }

    fn opening(&self, reader: &str) -> Opening {
        let places = self.places.lock().unwrap();
        let place = places.iter().find(|place| place.name == reader).unwrap();
        let card = place.card.as_ref().map(|card| Arc::clone(&card.transport));
        let turn = Arc::clone(&self.turn);
        Box::new(move || {
            let home = card.ok_or(LinkError::NoCard)?;
            let transport = home.lock().unwrap().take();
            assert!(transport.is_some(), "one connection to a card at a time");
            Ok(Box::new(Connection { transport, home, turn }))
        })
    }

    fn watch(&self) -> Result<Box<dyn Watch>, LinkError> {
        Ok(Box::new(Still))
    }
}

struct Still;

impl Watch for Still {
    fn wait(&mut self, _: Duration) -> bool {
        true
    }
}

/// The commands that a card saw, each in upper-case hex.
pub(crate) fn commands(handle: &Handle) -> Vec<String> {
    handle.log().iter().map(|entry| hex::encode_upper(&entry.command)).collect()
}

/// How many VERIFYs with a PIN in them a card saw.
pub(crate) fn presentations(handle: &Handle) -> usize {
    handle.log().iter().filter(|entry| entry.command[1] == 0x20 && entry.command.len() > 5).count()
}

pub(crate) fn open(module: &Module, slot: CK_SLOT_ID) -> CK_SESSION_HANDLE {
    module.open_session(slot, CKF_SERIAL_SESSION).unwrap()
}

/// A session in which the user of the slot is logged in.
pub(crate) fn logged_in(module: &Module, slot: CK_SLOT_ID) -> CK_SESSION_HANDLE {
    let session = open(module, slot);
    let pin = if slot == IDENTITY { ID_PIN } else { SIGN_PIN };
    module.login(session, CKU_USER, Some(pin)).unwrap();
    session
}

/// The objects of a class that a session sees.
pub(crate) fn of_class(module: &Module, session: CK_SESSION_HANDLE, class: CK_OBJECT_CLASS) -> Vec<CK_OBJECT_HANDLE> {
    module.find_init(session, &[(CKA_CLASS, class.to_ne_bytes().to_vec())]).unwrap();
    let found = module.find(session, 100).unwrap();
    module.find_final(session).unwrap();
    found
}

pub(crate) fn private_key(module: &Module, session: CK_SESSION_HANDLE) -> CK_OBJECT_HANDLE {
    let keys = of_class(module, session, CKO_PRIVATE_KEY);
    assert_eq!(keys.len(), 1);
    keys[0]
}

pub(crate) fn bytes(
    module: &Module,
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    kind: CK_ATTRIBUTE_TYPE,
) -> Vec<u8> {
    match module.attribute(session, object, kind).unwrap() {
        Value::Bytes(value) => value,
        other => panic!("attribute {kind:#x}: {other:?}"),
    }
}

/// A mechanism without a parameter.
pub(crate) fn plain(kind: CK_MECHANISM_TYPE) -> Asked {
    Asked { kind, parameter: Vec::new() }
}

/// A mechanism of RSA-PSS.
pub(crate) fn pss(kind: CK_MECHANISM_TYPE, hash: CK_MECHANISM_TYPE, mask: CK_ULONG, salt: CK_ULONG) -> Asked {
    Asked { kind, parameter: [hash, mask, salt].iter().flat_map(|word| word.to_ne_bytes()).collect() }
}

/// The return value of a call that fails.
#[track_caller]
pub(crate) fn fails<T: std::fmt::Debug>(result: Result<T, Rv>) -> CK_RV {
    result.unwrap_err().0
}
