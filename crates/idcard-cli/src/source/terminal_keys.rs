//! The keys of a terminal, from a file or from a program that holds them.

mod fields;
mod program;

use crate::args::Options;
use crate::exit::{Failure, Kind};
use crate::pin_entry;
use crate::regular::open_at_once;
use fields::Fields;
use idcard_core::secure::TerminalKeys;
use program::Program;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// The longest text that is looked at; four fields have some 150 bytes.
const LONGEST: usize = 4096;

/// The keys that the options name; `None` where they name none. A program is started when a card asks for its keys.
pub(crate) fn given(options: &Options, limit: Duration) -> Result<Option<Box<dyn TerminalKeys>>, Failure> {
    if options.terminal_keys.is_some() || options.terminal_keys_from.is_some() {
        pin_entry::keep_off_disk();
    }
    match (&options.terminal_keys, &options.terminal_keys_from) {
        (Some(path), _) => {
            let wrong = |what| Failure::new(Kind::BadFile, format!("{}: {what}", path.display()));
            let keys = Fields::parse(&of_file(path)?).and_then(|fields| fields.long_term()).map_err(wrong)?;
            Ok(Some(Box::new(keys)))
        }
        (None, Some(line)) => Ok(Some(Box::new(Program::new(line, limit)))),
        (None, None) => Ok(None),
    }
}

fn of_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |error| Failure::file(path, &error);
    let file = open_at_once(path).map_err(failed)?;
    pin_entry::private(path, &file)?;
    whole(file).map_err(failed)
}

fn whole(input: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // The whole capacity at once: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(LONGEST * 2));
    input.take(u64::try_from(LONGEST).unwrap_or(u64::MAX)).read_to_end(&mut text)?;
    Ok(text)
}
