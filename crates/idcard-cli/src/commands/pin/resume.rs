//! `pin resume`: a change that was interrupted is finished.

use super::done::{self, Outcome, Place, Weak};
use super::replace::By;
use super::{keys, last_try, objects, questions, remember, unseal};
use crate::args::PinResume;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::pin_entry;
use idcard_core::session::{JournalMark, PinJournal};
use idcard_core::{Entitlement, Error, Pin, PinKind, Puk};

pub(super) fn run(options: &PinResume, context: &Context) -> Result<Exit, Failure> {
    let (kind, last_try) = (PinKind::from(options.pin_kind), last_try(&options.pin));
    let given = pin_entry::given::<2>(&options.pin)?;
    let mut keys = keys(context)?;
    let (source, mut card) = context.connect()?;
    let reader = card.reader().map(str::to_owned);
    let mut session = card.session()?;
    if objects(&session, kind).is_empty() {
        return Err(Error::NoPinChange { kind, what: "changed" }.into());
    }
    let place = Place::of(source.word(), reader, &session, kind);
    let journal = match session.pin_journal(kind)? {
        Some(journal) if !journal.is_idle() => journal,
        _ => return done::show(place, kind, Outcome::NothingToFinish, Vec::new(), context),
    };
    if journal.is_complete() {
        session.clear_pin_journal(kind)?;
        session.end()?;
        return done::show(place, kind, Outcome::Finished, Vec::new(), context);
    }
    if given.is_none() {
        questions::somebody_is_there()?;
    }
    remember(&mut session)?;
    session.end()?;
    if !options.puk {
        warn_of_unknown(&journal, context);
    }
    let (by, new) = match given {
        Some([by, new]) => (by, new),
        None => asked(kind, options.puk, context)?,
    };
    let weak = Weak::of(&new);
    let mut session = card.session()?;
    unseal(&mut session, kind, keys.as_mut())?;
    if options.puk {
        session.resume_pin(kind, Entitlement::Puk(&Puk::from(by)), &new, last_try)?;
    } else {
        let old = by;
        session.resume_pin(kind, Entitlement::Old(&old), &new, last_try)?;
    }
    // It is done, whatever becomes of the link now.
    drop(session);
    // What follows may wait for whoever reads the result.
    drop((new, keys));
    done::show(place, kind, Outcome::Finished, weak, context)
}

/// Says before anything is sent which object may lose a try until the change is finished.
fn warn_of_unknown(journal: &PinJournal, context: &Context) {
    if context.options.wants_json() && !context.terminal.stderr {
        return;
    }
    for (object, _) in journal.marks().iter().filter(|(_, mark)| *mark == JournalMark::Started) {
        context.note(&format!("{object}: {}", Word::PinMayCostATry.text(context.lang)));
    }
}

fn asked(kind: PinKind, by_puk: bool, context: &Context) -> Result<(Pin, Pin), Failure> {
    let by = if by_puk { By::Puk } else { By::OldPin };
    Ok((questions::ask_once(&by.name(kind, context.lang), context)?, questions::ask_new(kind, context)?))
}
