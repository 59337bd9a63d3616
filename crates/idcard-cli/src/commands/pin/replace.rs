//! `pin change` and `pin unblock`: a new PIN by the old one or by the PUK, in all objects that hold it.

use super::done::{self, Outcome, Place, Weak};
use super::{change, keys, last_try, questions, remember, unseal};
use crate::args::PinUse;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::{Lang, Word};
use crate::pin_entry;
use idcard_core::pin::PinOperation;
use idcard_core::{PinKind, Puk};

/// What entitles to the new PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    OldPin,
    Puk,
}

impl By {
    const fn operation(self) -> PinOperation {
        match self {
            Self::OldPin => PinOperation::Change,
            Self::Puk => PinOperation::Unblock,
        }
    }

    const fn outcome(self) -> Outcome {
        match self {
            Self::OldPin => Outcome::Changed,
            Self::Puk => Outcome::Unblocked,
        }
    }

    /// Its name in the question.
    pub(super) fn name(self, kind: PinKind, lang: Lang) -> String {
        match self {
            Self::OldPin => [Word::of_pin(kind), Word::OldPin].map(|word| word.text(lang)).join(lang.comma()),
            Self::Puk => Word::Puk.text(lang).to_owned(),
        }
    }
}

/// The card is not held while somebody is asked.
pub(super) fn run(by: By, options: &PinUse, context: &Context) -> Result<Exit, Failure> {
    let (kind, last_try) = (PinKind::from(options.pin_kind), last_try(&options.pin));
    let given = pin_entry::given::<2>(&options.pin)?;
    let mut keys = keys(context)?;
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let by_pad = by == By::OldPin && given.is_none() && keys.is_none();
    if by_pad && let Some(place) = change::on_pad(&mut card, source.word(), (kind, last_try), context)? {
        return done::show(place, kind, by.outcome(), Vec::new(), context);
    }
    let (first, new) = match given {
        Some([first, new]) => (first, new),
        None => {
            questions::somebody_is_there()?;
            let mut session = card.session()?;
            remember(&mut session)?;
            unseal(&mut session, kind, keys.as_mut())?;
            let left = session.may_begin(by.operation(), kind, last_try)?;
            session.end()?;
            let name = by.name(kind, context.lang);
            (questions::ask(&name, left, context)?, questions::ask_new(kind, context)?)
        }
    };
    let mut weak = Weak::of(&new);
    let mut session = card.session()?;
    unseal(&mut session, kind, keys.as_mut())?;
    let changed = match by {
        By::OldPin => {
            let old = first;
            session.change_pin(kind, &old, &new, last_try)?
        }
        By::Puk => session.unblock_pin(kind, &Puk::from(first), &new, last_try)?,
    };
    if changed.ends_national_number {
        weak.push(Weak::NationalNumber);
    }
    let place = Place::of(source.word(), reader, &session, kind);
    // It is done, whatever becomes of the link now.
    drop(session);
    // What follows may wait for whoever reads the result.
    drop((new, keys));
    done::show(place, kind, by.outcome(), weak, context)
}
