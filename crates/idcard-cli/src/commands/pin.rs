//! `idcard pin`: the PINs of the card, shown and used.

mod change;
mod done;
mod questions;
mod replace;
mod resume;
mod status;
mod verify;

pub(super) use status::{PinEntry, States, lines};

use crate::args::{PinCommand, PinOptions};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::source;
use idcard_core::family::PinObject;
use idcard_core::secure::TerminalKeys;
use idcard_core::{Error, LastTry, PinKind, Session};
use replace::By;

/// `pin`.
pub(super) fn run(command: &PinCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        PinCommand::Status(options) => status::run(options, context),
        PinCommand::Verify(options) => verify::run(options, context),
        PinCommand::Change(options) => replace::run(By::OldPin, options, context),
        PinCommand::Unblock(options) => replace::run(By::Puk, options, context),
        PinCommand::Resume(options) => resume::run(options, context),
    }
}

/// The word of a PIN in documents.
const fn word(kind: PinKind) -> &'static str {
    match kind {
        PinKind::Id => "id",
        PinKind::Sign => "sign",
    }
}

/// Whether the user takes the risk of the last try.
const fn last_try(options: &PinOptions) -> LastTry {
    if options.last_try { LastTry::Allow } else { LastTry::Refuse }
}

/// The objects that hold a PIN, as the page lists them.
fn objects(session: &Session<'_>, kind: PinKind) -> Vec<PinObject> {
    session.page().pins.iter().filter(|object| object.kind == kind).cloned().collect()
}

/// The keys of a terminal, where the options name some.
fn keys(context: &Context) -> Result<Option<Box<dyn TerminalKeys>>, Failure> {
    source::terminal_keys(&context.options)
}

/// Opens the secure channel of a card that is sealed, where there are keys.
fn unseal(session: &mut Session<'_>, kind: PinKind, keys: Option<&mut Box<dyn TerminalKeys>>) -> Result<(), Failure> {
    let Some(keys) = keys else { return Ok(()) };
    for object in objects(session, kind) {
        if session.is_sealed(&object)? {
            return Ok(session.open_channel(keys.as_mut())?);
        }
    }
    Ok(())
}

/// By its serial number the card that gets the PIN is known to be this one; a card that tells none cannot be told.
fn remember(session: &mut Session<'_>) -> Result<(), Failure> {
    match session.serial() {
        Ok(_) | Err(Error::LayoutUnknown(_) | Error::Absent(_) | Error::Malformed { .. } | Error::Redacted(_)) => {
            Ok(())
        }
        Err(other) => Err(other.into()),
    }
}
