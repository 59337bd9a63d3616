//! The reader's own pin pad in the place of the terminal: the terminal tells the holder to use it.

use crate::context::Context;
use crate::lang::{Lang, Word};
use crate::output;
use crate::terminal::plain;
use idcard_core::PinKind;
use idcard_core::pin::Pad;
use std::time::Duration;

/// How long the holder has at least; a longer `--timeout` gives more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the pad of the reader asks in this run.
pub(crate) fn pad(context: &Context) -> Pad {
    let language = match context.lang {
        Lang::En => Pad::ENGLISH,
        Lang::Fa => Pad::PERSIAN,
    };
    Pad { timeout: context.limit().max(PATIENCE), language }
}

/// Says which PIN is due on the pad, with `notes` behind it.
///
/// With `--json` only a terminal is told: a program that reads stderr expects documents there.
pub(crate) fn point_to_pad(kind: PinKind, notes: &[String], context: &Context) {
    if context.options.wants_json() && !context.terminal.stderr {
        return;
    }
    let lang = context.lang;
    let separator = if lang == Lang::Fa { "؛ " } else { "; " };
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(separator)) };
    let line = format!("{}: {}{notes}", Word::of_pin(kind).text(lang), Word::TypeOnPad.text(lang));
    output::stderr(&format!("{}\n", plain(&line)));
}
