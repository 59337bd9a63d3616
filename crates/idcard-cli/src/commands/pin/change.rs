//! `pin change`: a new PIN by the old one, in all objects that hold it.

use super::done::{self, Outcome, Place, Weak};
use super::{keys, last_try, questions, remember, unseal};
use crate::args::PinUse;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::pin_entry;
use idcard_core::pin::PinOperation;
use idcard_core::{Card, Error, LastTry, LinkError, PinKind};

pub(super) fn run(options: &PinUse, context: &Context) -> Result<Exit, Failure> {
    let (kind, last_try) = (PinKind::from(options.pin_kind), last_try(&options.pin));
    let given = pin_entry::given::<2>(&options.pin)?;
    let mut keys = keys(context)?;
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    if given.is_none()
        && keys.is_none()
        && let Some(place) = on_pad(&mut card, source.word(), (kind, last_try), context)?
    {
        return done::show(place, kind, Outcome::Changed, Vec::new(), context);
    }
    let (old, new) = match given {
        Some([old, new]) => (old, new),
        None => {
            questions::somebody_is_there()?;
            let mut session = card.session()?;
            remember(&mut session)?;
            unseal(&mut session, kind, keys.as_mut())?;
            let left = session.may_begin(PinOperation::Change, kind, last_try)?;
            session.end()?;
            let name = format!("{}, {}", Word::of_pin(kind).text(context.lang), Word::OldPin.text(context.lang));
            (questions::ask(&name, left, context)?, questions::ask_new(kind, context)?)
        }
    };
    let mut weak = Weak::of(&new, context);
    let mut session = card.session()?;
    unseal(&mut session, kind, keys.as_mut())?;
    let changed = session.change_pin(kind, &old, &new, last_try)?;
    if changed.ends_national_number {
        Weak::NationalNumber.tell(&mut weak, context);
    }
    let place = Place::of(source.word(), reader, &session, kind);
    // It is done, whatever becomes of the link now.
    drop(session);
    done::show(place, kind, Outcome::Changed, weak, context)
}

/// Changes the PIN on the pin pad of the reader; nothing where there is none, or none that can change this PIN.
fn on_pad(
    card: &mut Card,
    source: &'static str,
    (kind, last_try): (PinKind, LastTry),
    context: &Context,
) -> Result<Option<Place>, Failure> {
    let reader = card.reader().map(str::to_owned);
    let mut session = card.session()?;
    if !session.changes_on_pad(kind) || !session.has_pad() {
        return Ok(None);
    }
    let left = session.may_begin(PinOperation::Change, kind, last_try)?;
    let notes = [pin_entry::tries_left(left, context.lang), Word::OldThenNew.text(context.lang).to_owned()];
    pin_entry::point_to_pad(kind, &notes, context);
    match session.change_pin_on_pad(kind, pin_entry::pad(context), last_try) {
        Ok(()) => Ok(Some(Place::of(source, reader, &session, kind))),
        // A pad that verifies PINs and cannot change them.
        Err(Error::Reader { source: LinkError::Lost { code: "SCARD_E_UNSUPPORTED_FEATURE" }, .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
