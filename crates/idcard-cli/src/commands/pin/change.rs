//! `pin change` on the reader's own pin pad.

use super::done::Place;
use crate::context::Context;
use crate::exit::Failure;
use crate::lang::Word;
use crate::pin_entry;
use idcard_core::pin::PinOperation;
use idcard_core::{Card, Error, LastTry, LinkError, PinKind};

/// Changes the PIN on the pin pad of the reader; nothing where there is none, or none that can change this PIN.
pub(super) fn on_pad(
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
