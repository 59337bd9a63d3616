//! Before the PIN goes out: whether it is needed, what the card says about it, the question on the terminal.

use super::Wanted;
use crate::args::{PinOptions, Section};
use crate::commands::section::{State, settled};
use crate::context::Context;
use crate::exit::Failure;
use crate::lang::{Lang, Word};
use crate::output;
use crate::pin_entry::{self, Entered};
use idcard_core::data::SecurityObject;
use idcard_core::family::{ItemName, PinObject};
use idcard_core::pin::PinEntry;
use idcard_core::secure::TerminalKeys;
use idcard_core::{Card, Error, LastTry, PinKind, Session};

/// The first item behind the wanted sections that a PIN guards.
pub(super) fn guarded(session: &Session<'_>, wanted: &Wanted) -> Option<ItemName> {
    let behind = [
        (Section::Identity, ItemName::Identity),
        (Section::BirthCertificate, ItemName::PersonalInfo2),
        (Section::Postal, ItemName::PersonalInfo2),
        (Section::Photo, ItemName::Photo),
        (Section::Fingerprints, ItemName::Fingerprints),
    ];
    // What has no decoder is not asked for, so that no PIN is needed for it.
    let guarded =
        |name: ItemName| session.page().item(name).is_some_and(|item| item.pin.is_some() && item.decoder.is_some());
    behind.into_iter().find(|(section, name)| wanted.has(*section) && guarded(*name)).map(|(_, name)| name)
}

/// Whether the user takes the risk of the last try.
pub(super) const fn last_try(options: &PinOptions) -> LastTry {
    if options.last_try { LastTry::Allow } else { LastTry::Refuse }
}

/// The PIN object that guards an item.
fn object(session: &Session<'_>, item: ItemName) -> Option<PinObject> {
    let page = session.page();
    page.item(item)?.pin.as_deref().and_then(|name| page.pin(name)).cloned()
}

/// Refuses a PIN that breaks the rules of the object for which it is meant.
pub(super) fn check(session: &Session<'_>, item: ItemName, entry: PinEntry<'_>) -> Result<(), Failure> {
    let PinEntry::Typed(pin) = entry else { return Ok(()) };
    let Some(PinObject { kind, minimum, maximum, .. }) = object(session, item) else { return Ok(()) };
    if (usize::from(minimum)..=usize::from(maximum)).contains(&pin.digits()) {
        return Ok(());
    }
    Err(Error::PinLength { kind, minimum, maximum }.into())
}

/// Whether an item lies behind a secure channel, where its PIN alone would open nothing.
pub(super) fn is_sealed(session: &mut Session<'_>, item: ItemName) -> Result<bool, Failure> {
    match object(session, item) {
        Some(object) => match session.is_sealed(&object) {
            // A witness that tells nothing is told of where it is asked for itself, and where a PIN would go out.
            Err(Error::PinWithheld { .. }) => Ok(false),
            other => Ok(other?),
        },
        None => Ok(false),
    }
}

/// Opens the secure channel where the card turns out to be sealed, and asks for the security object once more.
///
/// Wrong keys end the run: the card is asked for nothing more.
pub(super) fn unseal(
    session: &mut Session<'_>,
    keys: &mut dyn TerminalKeys,
    guarded: Option<ItemName>,
    signed: (State, Option<SecurityObject>),
) -> Result<(State, Option<SecurityObject>), Failure> {
    let sealed = match (&signed.0, guarded) {
        (State::SecureChannelRequired, _) => true,
        (State::NotRequested, Some(item)) => is_sealed(session, item)?,
        _ => false,
    };
    if !sealed {
        return Ok(signed);
    }
    let opened = match session.open_channel(keys) {
        Err(Error::NoSecureChannel) => return Ok(signed),
        opened => settled(opened)?.0,
    };
    match (opened, &signed.0) {
        (State::Read, State::NotRequested) => Ok(signed),
        (State::Read, _) => settled(session.security_object()),
        (refused, _) => Ok((refused, None)),
    }
}

/// Asks for the PIN, where one opens something that is wanted and may be tried; no card is held meanwhile. Where the
/// reader has a pin pad, the holder is told to use it.
pub(super) fn ask(
    card: &mut Card,
    wanted: &Wanted,
    options: &PinOptions,
    keys: Option<&mut Box<dyn TerminalKeys>>,
    context: &Context,
) -> Result<Option<Entered>, Failure> {
    let mut session = card.session()?;
    let Some(item) = guarded(&session, wanted) else { return Ok(None) };
    let Some(object) = object(&session, item) else { return Ok(None) };
    match session.is_sealed(&object) {
        Ok(false) => {}
        Ok(true) => {
            let Some(keys) = keys else { return Ok(None) };
            match session.open_channel(keys.as_mut()) {
                Ok(()) => {}
                Err(wrong @ Error::TerminalKeys(_)) => return Err(wrong.into()),
                // Whatever else there was, the reading itself meets it again and tells it.
                Err(_) => return Ok(None),
            }
        }
        // Nobody is asked for a PIN that would not be sent.
        Err(kept @ Error::PinWithheld { .. }) => {
            session.end()?;
            context.tell(&kept.into());
            return Ok(None);
        }
        Err(other) => return Err(other.into()),
    }
    let (_, unfinished) = settled(session.has_unfinished_change(object.kind))?;
    let Some(unfinished) = unfinished else {
        session.end()?;
        context.note(Word::PinJournalUnread.text(context.lang));
        return Ok(None);
    };
    // What is wrong with the state of a PIN ends the question, not the reading.
    let (_, state) = settled(session.state_for_presenting(&object))?;
    let Some(state) = state else { return Ok(None) };
    // By its serial number the card that gets the PIN is known to be this one.
    settled(session.serial())?;
    let on_pad = session.has_pad();
    if unfinished || state.blocked || !(state.has_a_try_to_spare() || options.last_try) {
        session.end()?;
        let (kind, tries_left) = (object.kind, state.tries_left);
        context.tell(&match (unfinished, state.blocked) {
            (true, _) => Error::PinUnfinished { kind }.into(),
            (_, true) => Error::Locked { kind }.into(),
            _ => Error::PinNotTried { kind, tries_left }.into(),
        });
        return Ok(None);
    }
    let left = session.fewest_tries(&object, state)?;
    session.end()?;
    let tries = pin_entry::tries_left(left, context.lang);
    if on_pad {
        let skip = Word::CancelToSkip.text(context.lang).to_owned();
        pin_entry::point_to_pad(object.kind, &[tries, skip], context);
        return Ok(Some(Entered::OnPad(pin_entry::pad(context))));
    }
    Ok(pin_entry::ask(&prompt(&tries, object.kind, context.lang), context)?.map(Entered::Digits))
}

fn prompt(tries: &str, kind: PinKind, lang: Lang) -> String {
    let separator = if lang == Lang::Fa { '؛' } else { ';' };
    format!("{} ({tries}{separator} {})", Word::of_pin(kind).text(lang), Word::EmptyToSkip.text(lang))
}

/// Shows on stderr how far the reading of the larger items is.
pub(super) fn progress() -> impl FnMut(ItemName, usize, Option<usize>) + 'static {
    let mut shown = false;
    move |item, there, whole| {
        let Some(whole) = whole.filter(|whole| *whole >= 4096) else { return };
        if there < whole {
            output::stderr(&format!("\r{item}: {} % ", there.saturating_mul(100) / whole));
            shown = true;
        } else if shown {
            output::stderr("\r\u{1B}[K");
            shown = false;
        }
    }
}
