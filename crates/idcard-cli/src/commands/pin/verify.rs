//! `pin verify`: a PIN is presented to all objects that hold it.

use super::done::{self, Outcome, Place};
use super::{keys, last_try, questions, remember, unseal};
use crate::args::PinUse;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::pin_entry::{self, Entered};
use idcard_core::PinKind;
use idcard_core::pin::PinOperation;

pub(super) fn run(options: &PinUse, context: &Context) -> Result<Exit, Failure> {
    let (kind, last_try) = (PinKind::from(options.pin_kind), last_try(&options.pin));
    let given = pin_entry::given::<1>(&options.pin)?;
    let mut keys = keys(context)?;
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let entered = match given {
        Some([pin]) => Entered::Digits(pin),
        None => {
            let mut session = card.session()?;
            let by_pad = keys.is_none() && session.has_pad();
            if !by_pad {
                questions::somebody_is_there()?;
            }
            remember(&mut session)?;
            unseal(&mut session, kind, keys.as_mut())?;
            let left = session.may_begin(PinOperation::Verify, kind, last_try)?;
            session.end()?;
            let name = Word::of_pin(kind).text(context.lang);
            if by_pad {
                pin_entry::point_to_pad(kind, &[pin_entry::tries_left(left, context.lang)], context);
                Entered::OnPad(pin_entry::pad(context))
            } else {
                Entered::Digits(questions::ask(name, left, context)?)
            }
        }
    };
    let mut session = card.session()?;
    unseal(&mut session, kind, keys.as_mut())?;
    session.verify_pin(kind, entered.entry(), last_try)?;
    let place = Place::of(source.word(), reader, &session, kind);
    session.end()?;
    // What follows may wait for whoever reads the result.
    drop((entered, keys));
    done::show(place, kind, Outcome::Verified, Vec::new(), context)
}
