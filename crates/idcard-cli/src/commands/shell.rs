//! `idcard completions` and `idcard man`: what a shell and a reader of manuals want to know of the program.

use crate::args::{Cli, Completions};
use crate::exit::{Exit, Failure};
use crate::output;
use clap::CommandFactory;

/// Completions for one shell.
pub(super) fn completions(options: &Completions) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "idcard", &mut text);
    output::stdout(&text)?;
    Ok(Exit::DONE)
}

/// The manual page, and behind it one of each command and of each of its own commands.
pub(super) fn man() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let mut program = Cli::command();
    program.build();
    render(&program, &mut text).map_err(|error| Failure::stdout(&error))?;
    output::stdout(&text)?;
    Ok(Exit::DONE)
}

/// Subcommands are listed in the page of their command; the pages of the commands follow one another.
fn render(command: &clap::Command, text: &mut Vec<u8>) -> std::io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(text)?;
    let mut parts = command.get_subcommands().filter(|part| part.get_name() != "help");
    parts.try_for_each(|part| render(part, text))
}
