//! A run of the program inside a test: its streams are caught, and the test has the virtual card in its hands.

use crate::args::Cli;
use crate::commands;
use clap::Parser;
use idcard_sim::{Handle, SimTransport};
use std::cell::RefCell;
use std::ffi::OsString;

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

type Prepare = Box<dyn FnOnce(&Handle)>;

struct Stage {
    stdout: Vec<u8>,
    stderr: String,
    prepare: Option<Prepare>,
    card: Option<Handle>,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Played {
    pub status: u8,
    pub stdout: Vec<u8>,
    pub stderr: String,
    /// The reader with the card, where the run came so far.
    pub card: Option<Handle>,
}

/// Runs the program on this thread; `prepare` meets the virtual card before the first exchange.
pub(crate) fn play(words: &[String], prepare: impl FnOnce(&Handle) + 'static) -> Played {
    let stage = Stage { stdout: Vec::new(), stderr: String::new(), prepare: Some(Box::new(prepare)), card: None };
    STAGE.set(Some(stage));
    let words: Vec<OsString> =
        std::iter::once("idcard").chain(words.iter().map(String::as_str)).map(Into::into).collect();
    // Taking a command line apart is no part of what a small stack is for: it meets no card.
    let taken = words.clone();
    let parsed = std::thread::spawn(move || Cli::try_parse_from(taken)).join().unwrap();
    let exit = commands::followed(parsed, &words);
    let Stage { stdout, stderr, card, .. } = STAGE.take().unwrap();
    Played { status: exit.0, stdout, stderr, card }
}

/// Takes what goes to stdout; false where no test plays.
pub(crate) fn stdout(bytes: &[u8]) -> bool {
    on_stage(|stage| stage.stdout.extend_from_slice(bytes))
}

/// Takes what goes to stderr; false where no test plays.
pub(crate) fn stderr(text: &str) -> bool {
    on_stage(|stage| stage.stderr.push_str(text))
}

/// A virtual card was put into its reader.
pub(crate) fn opened(reader: &SimTransport) {
    let mut prepare = None;
    on_stage(|stage| {
        prepare = stage.prepare.take();
        stage.card = Some(reader.handle());
    });
    if let Some(prepare) = prepare {
        prepare(&reader.handle());
    }
}

fn on_stage(act: impl FnOnce(&mut Stage)) -> bool {
    STAGE.with_borrow_mut(|stage| stage.as_mut().map(act).is_some())
}
