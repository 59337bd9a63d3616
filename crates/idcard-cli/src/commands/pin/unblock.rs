//! `pin unblock`: a new PIN by the PUK, in all objects that hold it.

use super::done::{self, Outcome, Place, Weak};
use super::{keys, last_try, questions, remember, unseal};
use crate::args::PinUse;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::pin_entry;
use idcard_core::pin::PinOperation;
use idcard_core::{PinKind, Puk};

pub(super) fn run(options: &PinUse, context: &Context) -> Result<Exit, Failure> {
    let (kind, last_try) = (PinKind::from(options.pin_kind), last_try(&options.pin));
    let given = pin_entry::given::<2>(&options.pin)?;
    let mut keys = keys(context)?;
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let (puk, new) = match given {
        Some([puk, new]) => (puk, new),
        None => {
            questions::somebody_is_there()?;
            let mut session = card.session()?;
            remember(&mut session)?;
            unseal(&mut session, kind, keys.as_mut())?;
            let left = session.may_begin(PinOperation::Unblock, kind, last_try)?;
            session.end()?;
            (questions::ask(Word::Puk.text(context.lang), left, context)?, questions::ask_new(kind, context)?)
        }
    };
    let mut weak = Weak::of(&new, context);
    let mut session = card.session()?;
    unseal(&mut session, kind, keys.as_mut())?;
    let changed = session.unblock_pin(kind, &Puk::from(puk), &new, last_try)?;
    if changed.ends_national_number {
        Weak::NationalNumber.tell(&mut weak, context);
    }
    let place = Place::of(source.word(), reader, &session, kind);
    // It is done, whatever becomes of the link now.
    drop(session);
    done::show(place, kind, Outcome::Unblocked, weak, context)
}
