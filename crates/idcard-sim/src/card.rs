//! The card: an image brought to life, one command in, one answer out.

use std::collections::BTreeSet;

use idcard_core::transport::Protocol;

use self::command::Command;
use self::key::Environment;
use self::random::Random;
use self::secure::Channel;
use self::sw::{Answer, Sw};
use crate::image::{Applet, Image, Interface, Profile};

mod command;
mod file;
mod finger;
mod handshake;
mod key;
mod link;
mod pin;
mod random;
mod secure;
mod select;
mod status_query;
mod sw;
mod tdes;
mod tear;
#[cfg(test)]
mod tests;
pub(crate) mod tlv;

pub use self::tear::Torn;

/// A powered card. Its memory is the [`Image`], everything else is forgotten at a reset.
///
/// ```
/// use idcard_sim::{Card, Image};
///
/// let mut card = Card::new(Image::builtin("specimen")?);
/// let answer = card.transmit(&[0x00, 0xA4, 0x04, 0x0C, 0x08, 0xA0, 0, 0, 0, 0x18, 0x43, 0x4D, 0x00]);
/// assert_eq!(answer, [0x90, 0x00]);
/// # Ok::<(), idcard_sim::ImageError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Card {
    image: Image,
    contactless: bool,
    random: Random,
    state: State,
}

/// What a reset forgets.
#[derive(Debug, Clone, Default)]
struct State {
    applet: Option<usize>,
    /// The current folder; none is the master file.
    folder: Option<u16>,
    /// The current file among those of the applet.
    file: Option<usize>,
    /// Names of the PINs that have been verified.
    verified: BTreeSet<String>,
    environment: Option<Environment>,
    hash: Option<Vec<u8>>,
    challenge: Option<Vec<u8>>,
    /// On T=0: the answer that GET RESPONSE fetches.
    pending: Option<Answer>,
    /// An answer was waiting when the present command came.
    unfetched: bool,
    channel: Option<Channel>,
    /// The present command came through the channel.
    protected: bool,
}

impl Card {
    /// The card in a reader with contacts.
    pub fn new(image: Image) -> Self {
        let random = Random::new(image.name.as_bytes());
        Self { image, contactless: false, random, state: State::default() }
    }

    /// The card on a contactless reader; nothing where its contactless face is not known.
    pub fn contactless(image: Image) -> Option<Self> {
        let known = image.contactless.is_some();
        known.then(|| Self { contactless: true, ..Self::new(image) })
    }

    /// The memory: files, counters, keys.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The memory, to change it behind the card's back.
    pub fn image_mut(&mut self) -> &mut Image {
        &mut self.image
    }

    /// The answer to reset, raw.
    pub fn atr(&self) -> &[u8] {
        &self.interface().atr
    }

    /// The protocol in use.
    pub fn protocol(&self) -> Protocol {
        self.interface().protocol
    }

    /// Whether the named PIN counts as verified now.
    pub fn is_verified(&self, pin: &str) -> bool {
        self.state.verified.contains(pin)
    }

    /// Whether the secure channel is open.
    pub fn channel_is_open(&self) -> bool {
        self.state.channel.is_some()
    }

    /// Forgets applet, file, verified PINs, security environment and secure channel.
    pub fn reset(&mut self) {
        self.state = State::default();
    }

    /// Forgets the verified PINs alone.
    pub(crate) fn forget_verified(&mut self) {
        self.state.verified.clear();
    }

    /// Forgets the applet in use, and with it everything that belongs to it.
    pub(crate) fn forget_applet(&mut self) {
        let channel = self.state.channel.take();
        self.state = State { channel, ..State::default() };
    }

    /// The bytes of the current file.
    pub(crate) fn current_content(&self) -> Option<&[u8]> {
        let file = self.applet().ok()?.files.get(self.state.file?)?;
        Some(&file.content)
    }

    /// How many bytes one unit of an offset is in the applet in use.
    pub(crate) fn offset_unit(&self) -> usize {
        self.applet().map_or(1, |applet| applet.unit)
    }

    fn interface(&self) -> &Interface {
        match &self.image.contactless {
            Some(interface) if self.contactless => interface,
            _ => &self.image.contact,
        }
    }

    /// The applet in use; before the first selection there is none.
    fn applet(&self) -> Result<&Applet, Sw> {
        self.state.applet.and_then(|at| self.image.applets.get(at)).ok_or(Sw::NO_INSTRUCTION)
    }

    fn applet_mut(&mut self) -> Result<&mut Applet, Sw> {
        self.state.applet.and_then(|at| self.image.applets.get_mut(at)).ok_or(Sw::NO_INSTRUCTION)
    }

    /// Decides by the class byte how the command is protected, and runs it.
    fn execute(&mut self, command: &Command<'_>) -> Answer {
        let protected = matches!(command.cla, 0x0C | 0x8C);
        if let Some(channel) = self.state.channel.take() {
            return self.execute_in(channel, command);
        }
        match command.cla {
            0x00 | 0x80 | 0x90 => self.run(command).into(),
            _ if protected && self.applet().is_ok_and(|applet| applet.profile == Profile::Pardis) => {
                self.protected_status(command).into()
            }
            _ if protected && self.image.channel.is_some() => Sw::SECURITY_STATUS.into(),
            _ if protected => Sw::NO_SECURE_MESSAGING.into(),
            0x01..=0x03 => Sw::NO_CHANNELS.into(),
            0x10..=0x1F => Sw::NO_CHAINING.into(),
            _ => Sw::NO_CLASS.into(),
        }
    }

    /// Runs a command of the applet in use. SELECT works in all of them.
    fn run(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if (command.cla, command.ins) == (0x00, 0xA4) {
            return self.select(command);
        }
        let profile = self.applet()?.profile;
        match (profile, command.cla, command.ins) {
            (_, 0x00 | 0x80, 0xCA) => self.get_data(command),
            (Profile::Manager, 0x90, 0x38) => self.get_pardis_number(command),

            (Profile::Mpcos | Profile::Classic | Profile::Pardis, 0x00, 0xB0) => self.read_binary(command),
            (Profile::Mpcos | Profile::Classic, 0x00, 0xD6) => self.update_binary(command),
            (Profile::Mpcos | Profile::Classic | Profile::Pardis, 0x00, 0x20) => self.verify(command),

            (Profile::Mpcos, 0x80, 0xC0) if self.state.unfetched => Err(Sw::OFFSET), // nid-card.md 5.3
            (Profile::Mpcos, 0x80, 0xC0) => self.get_info(command),
            (Profile::Mpcos, 0x80, 0x24) => self.change_or_unblock_packed(command),

            (Profile::Classic, 0x00, 0x24 | 0x2C) => self.change_or_unblock(command),
            (Profile::Classic, 0x00, 0x21) => self.verify_finger(command),
            (Profile::Classic, 0x00, 0x22) => self.manage_environment(command),
            (Profile::Classic, 0x00, 0x2A) => self.security_operation(command),
            (Profile::Classic, 0x00, 0x88) => self.internal_authenticate(command),
            (Profile::Classic | Profile::Pardis, 0x00 | 0x80, 0x84) => self.get_challenge(command),
            (Profile::Classic, 0x80, 0x82) => self.mutual_authenticate(command),

            (_, _, 0xA4 | 0xB0 | 0xCA) => Err(Sw::NO_CLASS),
            _ => Err(Sw::NO_INSTRUCTION),
        }
    }
}
