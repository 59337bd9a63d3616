//! The program `idcard`: reads its arguments, calls the library, prints what came of it.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stderr))]

mod args;
mod clock;
mod commands;
mod content;
mod context;
mod exit;
mod lang;
mod logger;
#[cfg(test)]
mod matrix;
mod output;
mod page_file;
mod pin_entry;
mod progress;
mod regular;
mod signals;
mod source;
#[cfg(test)]
mod stage;
mod terminal;
mod trust;

fn main() {
    commands::main().leave()
}
