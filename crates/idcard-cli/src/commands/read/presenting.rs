//! Before the PIN goes out: whether it is needed, what the card says about it, the question on the terminal.

use super::Wanted;
use super::gather::guarded;
use crate::args::PinOptions;
use crate::context::Context;
use crate::exit::Failure;
use crate::lang::{Lang, Word};
use crate::output;
use crate::pin_entry;
use idcard_core::family::{ItemName, PinObject};
use idcard_core::{Card, Error, LastTry, Pin, Session};

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
pub(super) fn check(session: &Session<'_>, item: ItemName, pin: &Pin) -> Result<(), Failure> {
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
            // A witness that the card refuses for another reason is told where it is asked for itself.
            Err(Error::Refused { .. } | Error::Garbled { .. }) => Ok(false),
            other => Ok(other?),
        },
        None => Ok(false),
    }
}

/// Asks for the PIN, where one opens something that is wanted and may be tried; no card is held meanwhile.
pub(super) fn ask(
    card: &mut Card,
    wanted: &Wanted,
    options: &PinOptions,
    context: &Context,
) -> Result<Option<Pin>, Failure> {
    let mut session = card.session()?;
    let Some(item) = guarded(&session, wanted) else { return Ok(None) };
    if is_sealed(&mut session, item)? {
        return Ok(None);
    }
    let Some(object) = object(&session, item) else { return Ok(None) };
    let state = session.pin_state(&object)?;
    // By its serial number the card that gets the PIN is known to be this one.
    match session.serial() {
        Ok(_) | Err(Error::LayoutUnknown(_) | Error::Absent(_) | Error::Malformed { .. }) => {}
        Err(other) => return Err(other.into()),
    }
    session.end()?;
    if state.blocked || !(state.has_a_try_to_spare() || options.last_try) {
        return Ok(None);
    }
    pin_entry::ask(&prompt(state.tries_left, context.lang))
}

fn prompt(tries_left: Option<u8>, lang: Lang) -> String {
    let tries = tries_left.map_or_else(|| Word::Unknown.text(lang).to_owned(), |left| left.to_string());
    format!(
        "{} ({}: {}; {}): ",
        Word::PinId.text(lang),
        Word::TriesLeft.text(lang),
        lang.digits(&tries),
        Word::EmptyToSkip.text(lang)
    )
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
