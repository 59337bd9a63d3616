//! From a description to an image: laying one over its base, finding files, checking values.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use idcard_core::transport::Protocol;

use super::format::{
    AppletText, ChannelText, Description, EfText, InterfaceText, KeyText, PinText, ProtocolWord, PukText,
};
use super::part::{self, Access, Applet, ChannelKeys, Ef, Finger, Interface, Key, Pin, Profile, Puk};
use super::{Image, ImageError, builtin};

/// No file of a card is larger; a description is not either.
const LARGEST: u64 = 1 << 20;

/// Where the files of a description lie.
enum Shelf {
    Builtin(&'static str),
    Disk(PathBuf),
}

/// What is being loaded: for messages, and the shelves in the order in which they are searched.
struct Origin {
    name: String,
    shelves: Vec<Shelf>,
}

pub(super) fn builtin(name: &str) -> Result<Image, ImageError> {
    let (name, text) = builtin::IMAGES
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| ImageError::Unknown { name: name.to_owned(), known: Image::names().collect() })?;
    let description = parse(name, text)?;
    let shelf = description.files.as_deref().and_then(builtin::shelf).map(Shelf::Builtin);
    assemble(description, (*name).to_owned(), shelf)
}

pub(super) fn from_disk(path: &Path) -> Result<Image, ImageError> {
    let bytes = read(path)?;
    let origin = path.display().to_string();
    let text = String::from_utf8(bytes).map_err(|_| ImageError::Value {
        origin: origin.clone(),
        place: "the description".to_owned(),
        what: "is not UTF-8",
    })?;
    let description = parse(&origin, &text)?;
    let mut folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    if let Some(files) = &description.files {
        folder.push(files);
    }
    assemble(description, origin, Some(Shelf::Disk(folder)))
}

fn parse(origin: &str, text: &str) -> Result<Description, ImageError> {
    toml::from_str(text).map_err(|source| ImageError::Format { origin: origin.to_owned(), source: Box::new(source) })
}

fn read(path: &Path) -> Result<Vec<u8>, ImageError> {
    let failed = |source| ImageError::File { path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn assemble(description: Description, name: String, shelf: Option<Shelf>) -> Result<Image, ImageError> {
    let mut origin = Origin { name, shelves: shelf.into_iter().collect() };
    let Some(base) = description.base.clone() else {
        return lay(None, description, &origin);
    };
    let (base_name, text) = builtin::IMAGES
        .iter()
        .find(|(known, _)| *known == base)
        .ok_or_else(|| origin.wrong("base", "is not a built-in image"))?;
    let below = parse(base_name, text)?;
    if below.base.is_some() {
        return Err(origin.wrong("base", "has a base itself"));
    }
    origin.shelves.extend(below.files.as_deref().and_then(builtin::shelf).map(Shelf::Builtin));
    let image = lay(None, below, &origin)?;
    lay(Some(image), description, &origin)
}

/// Lays a description over the image below it, or over nothing.
fn lay(below: Option<Image>, description: Description, origin: &Origin) -> Result<Image, ImageError> {
    let contact = description.contact.map(|text| origin.interface(&text)).transpose()?;
    let contactless = description.contactless.map(|text| origin.interface(&text)).transpose()?;
    let channel = description.channel.map(|text| origin.channel(&text)).transpose()?;
    let mut image = match (below, contact) {
        (Some(below), contact) => {
            // A base's contactless face belongs to its own contact face.
            let contactless = if contact.is_some() { contactless } else { contactless.or(below.contactless) };
            Image {
                contact: contact.unwrap_or(below.contact),
                contactless,
                channel: channel.or(below.channel),
                ..below
            }
        }
        (None, Some(contact)) => {
            Image { name: String::new(), title: String::new(), contact, contactless, applets: Vec::new(), channel }
        }
        (None, None) => return Err(origin.wrong("contact", "is missing")),
    };
    image.name = description.name;
    image.title = description.title;
    for absent in &description.absent {
        origin.remove(&mut image, absent)?;
    }
    for sealed in &description.sealed {
        let (applet, path) = sealed.split_once(':').ok_or_else(|| origin.wrong(sealed, "is not APPLET:PATH"))?;
        image.file_mut(applet, path).ok_or_else(|| origin.wrong(sealed, "is not in the base"))?.read.channel = true;
    }
    for text in description.applet {
        origin.applet(&mut image, text)?;
    }
    Ok(image)
}

impl Origin {
    fn wrong(&self, place: &str, what: &'static str) -> ImageError {
        ImageError::Value { origin: self.name.clone(), place: place.to_owned(), what }
    }

    fn bytes(&self, place: &str, text: &str) -> Result<Vec<u8>, ImageError> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        hex::decode(digits).map_err(|_| self.wrong(place, "is not hexadecimal"))
    }

    fn array<const N: usize>(&self, place: &str, text: &str) -> Result<[u8; N], ImageError> {
        self.bytes(place, text)?.try_into().map_err(|_| self.wrong(place, "has the wrong length"))
    }

    fn byte(&self, place: &str, text: &str) -> Result<u8, ImageError> {
        self.array::<1>(place, text).map(|[byte]| byte)
    }

    fn fid(&self, place: &str, text: &str) -> Result<u16, ImageError> {
        part::parse_fid(text).ok_or_else(|| self.wrong(place, "is not a file identifier"))
    }

    fn content(&self, place: &str, file: Option<&str>, hex: Option<&str>) -> Result<Vec<u8>, ImageError> {
        match (file, hex) {
            (Some(name), None) => self.look_up(name),
            (None, Some(text)) => self.bytes(place, text),
            (None, None) => Ok(Vec::new()),
            (Some(_), Some(_)) => Err(self.wrong(place, "names a file and holds bytes")),
        }
    }

    fn look_up(&self, name: &str) -> Result<Vec<u8>, ImageError> {
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(self.wrong(name, "is not a plain file name"));
        }
        for shelf in &self.shelves {
            match shelf {
                Shelf::Builtin(shelf) => {
                    if let Some(bytes) = builtin::file(shelf, name) {
                        return Ok(bytes.to_vec());
                    }
                }
                Shelf::Disk(folder) => {
                    let path = folder.join(name);
                    if path.is_file() {
                        return read(&path);
                    }
                }
            }
        }
        Err(self.wrong(name, "is named but not there"))
    }

    fn interface(&self, text: &InterfaceText) -> Result<Interface, ImageError> {
        let protocol = match text.protocol {
            ProtocolWord::T0 => Protocol::T0,
            ProtocolWord::T1 => Protocol::T1,
        };
        Ok(Interface { atr: self.bytes("atr", &text.atr)?, protocol, extended: text.extended })
    }

    fn channel(&self, text: &ChannelText) -> Result<ChannelKeys, ImageError> {
        Ok(ChannelKeys {
            applet: text.applet.clone(),
            reference: self.byte("channel", &text.reference)?,
            kenc: self.array("kenc", &text.kenc)?,
            kmac: self.array("kmac", &text.kmac)?,
            sn_ifd: self.array("sn_ifd", &text.sn_ifd)?,
        })
    }

    fn remove(&self, image: &mut Image, absent: &str) -> Result<(), ImageError> {
        let gone = || self.wrong(absent, "is not in the base");
        let (name, path) = absent.split_once(':').ok_or_else(gone)?;
        let path = part::parse_path(path).ok_or_else(gone)?;
        let applet = image.applet_mut(name).ok_or_else(gone)?;
        let before = applet.files.len();
        applet.files.retain(|file| !file.path.starts_with(&path));
        if applet.files.len() == before { Err(gone()) } else { Ok(()) }
    }

    fn applet(&self, image: &mut Image, text: AppletText) -> Result<(), ImageError> {
        let place = text.name.clone();
        let applet = match image.applets.iter().position(|applet| applet.name == text.name) {
            Some(at) => image.applets.get_mut(at),
            None => {
                image.applets.push(self.new_applet(&text)?);
                image.applets.last_mut()
            }
        };
        let applet = applet.ok_or_else(|| self.wrong(&place, "cannot be added"))?;
        for object in text.object {
            let tag = self.fid(&place, &object.tag)?;
            let value = self.content(&object.tag, object.file.as_deref(), object.hex.as_deref())?;
            applet.objects.retain(|(known, _)| *known != tag);
            applet.objects.push((tag, value));
        }
        for ef in text.ef {
            let ef = self.ef(applet.profile, ef)?;
            replace(&mut applet.files, ef, |file| file.path.clone());
        }
        for folder in text.empty_folders {
            applet.empty_folders.push(self.fid(&place, &folder)?);
        }
        for pin in text.pin {
            replace(&mut applet.pins, self.pin(pin)?, |pin| pin.name.clone());
        }
        for puk in text.puk {
            replace(&mut applet.puks, self.puk(puk)?, |puk| puk.name.clone());
        }
        for key in text.key {
            replace(&mut applet.keys, self.key(key)?, |key| key.reference);
        }
        if !text.finger.is_empty() {
            applet.fingers.clear(); // another holder has other fingers
        }
        for finger in text.finger {
            let reference = self.byte("finger", &finger.reference)?;
            let template = self.bytes("finger", &finger.template)?;
            applet.fingers.push(Finger { reference, template, tries: finger.tries, failed: 0 });
        }
        if let Some(key) = text.status_key {
            applet.status_key = Some(self.array(&place, &key)?);
        }
        Ok(())
    }

    fn new_applet(&self, text: &AppletText) -> Result<Applet, ImageError> {
        let place = &text.name;
        let aid = text.aid.as_deref().ok_or_else(|| self.wrong(place, "has no aid"))?;
        let aid = self.bytes(place, aid)?;
        if !(5..=16).contains(&aid.len()) {
            return Err(self.wrong(place, "has an aid that is not of 5 to 16 bytes"));
        }
        let shortest = match &text.partial {
            Some(partial) => self.bytes(place, partial)?.len(),
            None => aid.len(),
        };
        let profile = text.profile.ok_or_else(|| self.wrong(place, "has no profile"))?;
        Ok(Applet {
            name: text.name.clone(),
            aid,
            shortest,
            profile,
            unit: if profile == Profile::Mpcos { 4 } else { 1 },
            objects: Vec::new(),
            files: Vec::new(),
            empty_folders: Vec::new(),
            pins: Vec::new(),
            puks: Vec::new(),
            keys: Vec::new(),
            fingers: Vec::new(),
            status_key: None,
        })
    }

    fn ef(&self, profile: Profile, text: EfText) -> Result<Ef, ImageError> {
        let path = part::parse_path(&text.path).ok_or_else(|| self.wrong(&text.path, "is not a path"))?;
        let mut content = self.content(&text.path, text.file.as_deref(), text.hex.as_deref())?;
        let mut size = text.size.unwrap_or(content.len());
        if size < content.len() || size > 0x2_0000 {
            return Err(self.wrong(&text.path, "has a size that does not fit its content"));
        }
        if profile == Profile::Mpcos {
            size = size.next_multiple_of(4);
        }
        content.resize(size, 0);
        let mut read = Access::default();
        for word in text.read {
            match word.as_str() {
                "never" => read.never = true,
                "channel" => read.channel = true,
                _ => read.pin = Some(word),
            }
        }
        Ok(Ef { path, content, read, update: text.update, secret_code_of: text.secret_code_of })
    }

    fn pin(&self, text: PinText) -> Result<Pin, ImageError> {
        let references: Result<_, _> = text.references.iter().map(|text| self.byte("references", text)).collect();
        Ok(Pin {
            references: references?,
            folder: text.folder.map(|folder| self.fid(&text.name, &folder)).transpose()?,
            name: text.name,
            value: text.value.into_bytes(),
            tries: text.tries,
            failed: text.failed,
            digits: text.digits,
            puk: text.puk,
            spent_by_signature: text.spent_by_signature,
        })
    }

    fn puk(&self, text: PukText) -> Result<Puk, ImageError> {
        Ok(Puk {
            reference: text.reference.map(|reference| self.byte(&text.name, &reference)).transpose()?,
            name: text.name,
            value: text.value.into_bytes(),
            tries: text.tries,
            failed: 0,
        })
    }

    fn key(&self, text: KeyText) -> Result<Key, ImageError> {
        Ok(Key {
            reference: self.byte("key", &text.reference)?,
            folder: text.folder.map(|folder| self.fid("key", &folder)).transpose()?,
            pin: text.pin,
            authenticates: text.authenticates,
            pkcs8: self.look_up(&text.file)?,
        })
    }
}

/// Puts `new` in the place of the part that has the same mark, or at the end.
fn replace<T, M: PartialEq>(parts: &mut Vec<T>, new: T, mark: impl Fn(&T) -> M) {
    match parts.iter_mut().find(|part| mark(part) == mark(&new)) {
        Some(part) => *part = new,
        None => parts.push(new),
    }
}
