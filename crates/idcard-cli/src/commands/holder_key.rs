//! A key of the card before its PIN: its certificate, what it can compute, the tries left, the question for the PIN.

use super::certificate::{self, Entry};
use crate::args::PinOptions;
use crate::context::Context;
use crate::exit::{Failure, Kind};
use crate::lang::Word;
use crate::pin_entry::{self, Entered};
use idcard_core::family::{KeyName, Page, PinObject};
use idcard_core::secure::TerminalKeys;
use idcard_core::session::Slot;
use idcard_core::{Card, Error, LastTry, Pin, PinKind, Session};
use idcard_crypto::Certificate;
use idcard_crypto::algorithm::{HashAlgorithm, SignatureScheme};
use idcard_crypto::card_signer::{self, CardSigner};
use idcard_crypto::sign_error::SignFault;
use idcard_crypto::signer::{Signature, ToBeSigned};

use std::cell::RefCell;

/// How often a PIN is asked for again, that other programs made the card forget.
pub(super) const AGAIN: u32 = 3;

/// Where the PIN will come from.
pub(super) enum PinSource {
    /// It was given.
    Given(Pin),
    /// The holder is asked, once it is known that the PIN may be tried.
    Holder,
}

impl PinSource {
    /// Takes the PIN that was given.
    ///
    /// # Errors
    /// Where it was to come from there is none.
    pub(super) fn of(options: &PinOptions) -> Result<Self, Failure> {
        Ok(match pin_entry::given::<1>(options)? {
            Some([pin]) => Self::Given(pin),
            None => Self::Holder,
        })
    }
}

/// Where the holder is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Pad,
    Terminal,
}

impl Way {
    /// The pin pad of the reader where it has one, else the terminal.
    ///
    /// # Errors
    /// There is neither; the card was asked nothing for that.
    fn of(session: &mut Session<'_>) -> Result<Self, Failure> {
        if session.has_pad() {
            return Ok(Self::Pad);
        }
        if pin_entry::terminal_is_there() {
            return Ok(Self::Terminal);
        }
        Err(nobody_to_ask())
    }
}

fn nobody_to_ask() -> Failure {
    let failure = Failure::new(Kind::PinNotTried, "no PIN was given, and there is no terminal to ask for it");
    let failure = failure.in_persian("رمزی داده نشد و پایانه‌ای برای پرسیدن آن نیست");
    failure.with_hints("give it with --pin-fd N or --pin-file FILE", "آن را با --pin-fd N یا --pin-file FILE بدهید")
}

/// A key of the card, looked at in a session of its own: no card is held while a document is read or a PIN typed.
pub(super) struct HolderKey {
    pub name: KeyName,
    pub certificate: Certificate,
    /// The certificate of the authority that issued it, where the card has it.
    pub issuer: Option<Certificate>,
    pub specimen: bool,
    page: Page,
    object: PinObject,
    /// Where the holder is asked, and the tries left to be told; nothing where the PIN was given.
    asked: Option<(Way, Option<u8>)>,
    /// The PIN must not go to this card in clear.
    sealed: bool,
    /// For a key that computes, or a PIN that goes, only through the secure channel.
    keys: RefCell<Option<Box<dyn TerminalKeys>>>,
}

impl HolderKey {
    /// Reads the certificates and the serial number, by which the card is known again when the PIN goes out.
    ///
    /// # Errors
    /// The card has no such certificate, its page no such key, or the PIN cannot be tried.
    pub(super) fn meet(card: &mut Card, name: KeyName, source: &PinSource, last_try: LastTry) -> Result<Self, Failure> {
        let mut session = card.session()?;
        let page = session.page().clone();
        let known = page.key(name).and_then(|key| page.pin(&key.pin)).cloned();
        let Some(object) = known else {
            return Err(Error::NoSuchKey { key: name, what: "its reference and PIN are not published" }.into());
        };
        let way = match source {
            PinSource::Given(pin) => fits(&object, pin).map(|()| None)?,
            PinSource::Holder => Some(Way::of(&mut session)?),
        };
        remember(&mut session)?;
        let slot = if name == KeyName::Sign { Slot::Sign } else { Slot::Auth };
        let mut entries = certificate::read(&mut session, &[slot, Slot::Ca])?.into_iter();
        let certificate = match entries.next().map_or(Err(absent(slot)), own) {
            Ok(certificate) => certificate,
            Err(failure) => {
                // Perhaps it is missing because another card lies there since.
                drop(session);
                return Err(card.session()?.serial().err().map_or(failure, Failure::from));
            }
        };
        let issuer = entries.next().and_then(|entry| entry.certificate);
        let issuer = issuer.filter(|issuer| issuer.subject().matches(certificate.issuer()));
        let issuer = belonging(&mut session, slot, &certificate, issuer)?;
        let sealed = session.seals(object.kind)?;
        let asked = match way {
            None => None,
            Some(way) => Some((way, tries(&mut session, &object, last_try)?)),
        };
        let specimen = page.specimen;
        session.end()?;
        Ok(Self { name, certificate, issuer, specimen, page, object, asked, sealed, keys: RefCell::new(None) })
    }

    /// With the keys of a terminal, for what goes only through the secure channel.
    ///
    /// # Errors
    /// There are none, and the PIN must not go to this card in clear.
    pub(super) fn with_keys(self, keys: Option<Box<dyn TerminalKeys>>) -> Result<Self, Failure> {
        if self.sealed && keys.is_none() {
            return Err(Error::PinNeedsChannel { kind: self.object.kind }.into());
        }
        Ok(Self { keys: RefCell::new(keys), ..self })
    }

    /// Whether PIN and computation go through the secure channel.
    fn needs_channel(&self) -> bool {
        self.sealed || self.page.key(self.name).is_some_and(|key| key.secure)
    }

    /// Opens the secure channel where the key needs it and there are keys.
    fn secure(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let needed = self.needs_channel() && !session.is_secured();
        match self.keys.borrow_mut().as_mut().filter(|_| needed) {
            Some(keys) => Ok(session.open_channel(keys.as_mut())?),
            None => Ok(()),
        }
    }

    /// The scheme by which the key will sign a digest of this hash: told before a document is read or a PIN asked for.
    ///
    /// # Errors
    /// The key has not the scheme that was asked for, or the card cannot compute it.
    pub(super) fn scheme(
        &self,
        asked: Option<SignatureScheme>,
        hash: HashAlgorithm,
    ) -> Result<SignatureScheme, Failure> {
        let probe = ToBeSigned::new(&self.certificate, asked, hash, vec![0; hash.digest_len()])?;
        card_signer::computes(&self.page, self.name, probe.scheme(), hash)?;
        Ok(probe.scheme())
    }

    /// Presents the PIN, and gives the key.
    ///
    /// # Errors
    /// The PIN was refused or not sent; nothing is repeated.
    pub(super) fn unlock<'s, 'c>(
        &self,
        session: &'s mut Session<'c>,
        pin: &Entered,
        last_try: LastTry,
    ) -> Result<Unlocked<'s, 'c>, Failure> {
        self.secure(session)?;
        let key = session.signing_key(self.name, pin.entry(), last_try)?;
        let signer = CardSigner::new(key, &self.certificate).map_err(SignFault::from)?;
        Ok(Unlocked(signer))
    }

    /// The PIN that was given, the answer to a question on the terminal, or the word that the reader will ask.
    ///
    /// # Errors
    /// The answer is no PIN, or the terminal is gone.
    pub(super) fn pin(&self, source: PinSource, context: &Context) -> Result<Entered, Failure> {
        match (source, self.asked) {
            (PinSource::Given(pin), _) => Ok(Entered::Digits(pin)),
            (PinSource::Holder, Some((way, left))) => self.ask(way, left, context),
            (PinSource::Holder, None) => Err(nobody_to_ask()),
        }
    }

    /// Whether the holder was asked for the PIN, and can be asked again.
    pub(super) const fn holder_is_there(&self) -> bool {
        self.asked.is_some()
    }

    /// Asks once more, after the card has forgotten the PIN; no card is held meanwhile.
    ///
    /// # Errors
    /// Another card is in, the PIN may not be tried any more, or the answer is none.
    pub(super) fn ask_again(&self, card: &mut Card, last_try: LastTry, context: &Context) -> Result<Entered, Failure> {
        let Some((way, _)) = self.asked else { return Err(nobody_to_ask()) };
        let mut session = card.session()?;
        remember(&mut session)?;
        let left = tries(&mut session, &self.object, last_try)?;
        session.end()?;
        self.ask(way, left, context)
    }

    fn ask(&self, way: Way, left: Option<u8>, context: &Context) -> Result<Entered, Failure> {
        let tries = pin_entry::tries_left(left, context.lang);
        match way {
            // Inside the secure channel a pad is of no use: the reader does not know its keys.
            Way::Pad if self.needs_channel() && !pin_entry::terminal_is_there() => Err(nobody_to_ask()),
            Way::Pad if !self.needs_channel() => {
                pin_entry::point_to_pad(self.object.kind, &[tries], context);
                Ok(Entered::OnPad(pin_entry::pad(context)))
            }
            Way::Pad | Way::Terminal => {
                let prompt = format!("{} ({tries})", Word::of_pin(self.object.kind).text(context.lang));
                let answer = pin_entry::ask(&prompt, context)?;
                let pin = answer
                    .ok_or_else(|| Failure::new(Kind::Cancelled, "no PIN was entered").in_persian("رمزی وارد نشد"))?;
                Ok(Entered::Digits(pin))
            }
        }
    }

    /// Wipes the keys of the terminal: nothing more asks for them.
    pub(super) fn forget_keys(&self) {
        self.keys.take();
    }

    /// Which PIN opens the key.
    pub(super) const fn pin_kind(&self) -> PinKind {
        self.object.kind
    }
}

/// A key whose PIN was presented.
pub(super) struct Unlocked<'s, 'c>(CardSigner<'s, 'c>);

impl Unlocked<'_, '_> {
    /// Presents the same PIN once more, where the card demands it for each signature; `before` is called then.
    ///
    /// # Errors
    /// The PIN was refused or not sent.
    pub(super) fn again(&mut self, pin: &Entered, last_try: LastTry, before: impl FnOnce()) -> Result<(), Failure> {
        if self.0.needs_pin() {
            before();
            self.0.unlock(pin.entry(), last_try)?;
        }
        Ok(())
    }

    /// Has the key sign; what does not verify with its certificate is not handed on.
    ///
    /// # Errors
    /// The card's own, or a signature that is not genuine.
    pub(super) fn sign(&mut self, wanted: &ToBeSigned) -> Result<Signature, Failure> {
        Ok(wanted.sign(&mut self.0)?)
    }
}

/// The issuer's certificate where its key made the signature on the holder's. Where it did not, both are read once more: a
/// byte that was damaged on its way would make every signature worthless.
fn belonging(
    session: &mut Session<'_>,
    slot: Slot,
    certificate: &Certificate,
    issuer: Option<Certificate>,
) -> Result<Option<Certificate>, Failure> {
    let signed = |issuer: &Certificate| issuer.key().is_ok_and(|key| certificate.verify_signature(key).is_ok());
    if issuer.as_ref().is_none_or(signed) {
        return Ok(issuer);
    }
    for slot in [slot, Slot::Ca] {
        session.compare(slot.item())?;
    }
    Ok(None)
}

/// Whether the PIN has as many digits as its object allows: nothing goes out for one that has not.
fn fits(object: &PinObject, pin: &Pin) -> Result<(), Failure> {
    let &PinObject { kind, minimum, maximum, .. } = object;
    if (usize::from(minimum)..=usize::from(maximum)).contains(&pin.digits()) {
        return Ok(());
    }
    Err(Error::PinLength { kind, minimum, maximum }.into())
}

/// Whether the user takes the risk of the last try.
pub(super) const fn last_try(options: &PinOptions) -> LastTry {
    if options.last_try { LastTry::Allow } else { LastTry::Refuse }
}

/// The serial number tells this card from another one; a card that tells none cannot be told.
fn remember(session: &mut Session<'_>) -> Result<(), Failure> {
    match session.serial() {
        Ok(_) | Err(Error::LayoutUnknown(_) | Error::Absent(_) | Error::Malformed { .. } | Error::Redacted(_)) => {
            Ok(())
        }
        Err(other) => Err(other.into()),
    }
}

/// The tries left, for the question.
///
/// # Errors
/// The PIN may not be tried.
fn tries(session: &mut Session<'_>, object: &PinObject, last_try: LastTry) -> Result<Option<u8>, Failure> {
    let kind = object.kind;
    if session.has_unfinished_change(kind)? {
        return Err(Error::PinUnfinished { kind }.into());
    }
    let state = session.state_for_presenting(object)?;
    if state.blocked {
        return Err(Error::Locked { kind }.into());
    }
    if !state.has_a_try_to_spare() && last_try == LastTry::Refuse {
        return Err(Error::PinNotTried { kind, tries_left: state.tries_left }.into());
    }
    Ok(session.fewest_tries(object, state)?)
}

fn own(entry: Entry) -> Result<Certificate, Failure> {
    match entry.certificate {
        Some(certificate) => Ok(certificate),
        None => Err(entry.failure()),
    }
}

fn absent(slot: Slot) -> Failure {
    Error::Absent(slot.item()).into()
}
