//! From arguments to a command and back to an exit status: one file for each command.

mod auth;
mod ca;
mod cert;
mod certificate;
mod check;
mod doctor;
mod holder_key;
mod info;
mod page;
mod pin;
mod pkcs11;
mod probe;
mod pseudonyms;
mod read;
mod readers;
mod schema;
mod section;
mod shell;
mod sign;
mod sim;
mod trace;
mod verdict;
mod verify;
mod watch;

use crate::args::{self, CertCommand, Cli, Command};
use crate::context::{Context, report};
use crate::exit::{Exit, Failure, Kind};
use crate::lang::{Lang, Word};
use crate::terminal::{Bidi, Terminal};
use crate::{logger, output, signals};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;

/// Runs the program.
pub(crate) fn main() -> Exit {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let exit = match arguments.as_slice() {
        // Programs ask this to learn whether we are there: no command line has to be taken apart for it.
        [_, only] if only == "--version" || only == "-V" => shown(VERSION),
        _ => parsed(&arguments),
    };
    signals::caught().map_or(exit, Exit::of_signal)
}

/// The answer to `--version`, as the command line would give it.
const VERSION: &str = concat!("idcard ", env!("CARGO_PKG_VERSION"), "\n");

/// Runs the command that a whole command line asks for.
pub(crate) fn parsed(arguments: &[OsString]) -> Exit {
    let taken = Cli::command().try_get_matches_from(arguments).and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))?;
        Ok((cli, args::named::refused(&matches)))
    });
    match taken {
        Ok((cli, Some(failure))) => Context::new(cli.options).finish(Err(failure)),
        taken => followed(taken.map(|(cli, _)| cli), arguments),
    }
}

/// Does what a command line asks for, once it is taken apart.
pub(crate) fn followed(parsed: Result<Cli, clap::Error>, arguments: &[OsString]) -> Exit {
    match parsed {
        Ok(Cli { options, command }) => {
            logger::start(options.verbose);
            let context = Context::new(options);
            let result = run(command, &context);
            context.finish(result)
        }
        Err(error) => unparsed(&error, arguments),
    }
}

/// Text on stdout that was asked for.
fn shown(text: &str) -> Exit {
    match output::stdout(text.as_bytes()) {
        Ok(()) => Exit::DONE,
        Err(failure) => report(&failure, false, &Terminal::plain()),
    }
}

fn run(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Readers => readers::run(context),
        Command::Info(options) => info::run(&options, context),
        Command::Read(options) => read::run(&options, context),
        Command::Cert(CertCommand::List) => cert::list(context),
        Command::Cert(CertCommand::Export(options)) => cert::export(&options, context),
        Command::Pin(command) => pin::run(&command, context),
        Command::Check(command) => check::run(&command, context),
        Command::Sim(command) => sim::run(&command, context),
        Command::Sign(options) => sign::run(&options, context),
        Command::Verify(options) => verify::run(&options, context),
        Command::Auth(command) => auth::run(&command, context),
        Command::Ca(command) => ca::run(&command, context),
        Command::Page(command) => page::run(&command, context),
        Command::Probe(options) => probe::run(&options, context),
        Command::Trace(command) => trace::run(&command, context),
        Command::Doctor(options) => doctor::run(&options, context),
        Command::Watch(options) => watch::run(&options, context),
        Command::Pkcs11(command) => pkcs11::run(&command, context),
        Command::Schema(options) => schema::run(&options),
        Command::Completions(options) => shell::completions(&options),
        Command::Man => shell::man(),
    }
}

/// Help that was asked for, or a command line that cannot be followed.
fn unparsed(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let told = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty())
                || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
            let help = if !plain && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
                error.render().ansi().to_string()
            } else {
                error.render().to_string()
            };
            return shown(&help);
        }
        _ => error.render().to_string(),
    };
    let terminal = Terminal::new(Bidi::Auto, wanted_language(arguments));
    if wants_json(arguments) {
        let what = told.lines().next().unwrap_or_default().trim_start_matches("error: ");
        return report(&Failure::usage(what), true, &terminal);
    }
    if terminal.lang() == Lang::Fa && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        output::stderr(&terminal.aside(&format!("idcard: {}: {}", Word::Error.text(Lang::Fa), Kind::Usage.fact())));
    }
    output::stderr(&told);
    Exit(2)
}

/// The language that a command line that could not be read asks for, or else the locale's.
fn wanted_language(arguments: &[OsString]) -> Lang {
    match value_of(arguments, "--lang").as_deref() {
        Some("fa") => Lang::Fa,
        Some("en") => Lang::En,
        _ => Lang::of_locale(),
    }
}

/// Whether a command line that could not be read asks for documents.
fn wants_json(arguments: &[OsString]) -> bool {
    words(arguments).any(|word| word == "--json")
        || value_of(arguments, "--format").is_some_and(|value| value == "json")
}

/// What may be options.
fn words(arguments: &[OsString]) -> impl Iterator<Item = &OsString> {
    arguments.iter().skip(1).take_while(|word| *word != "--")
}

/// The value of an option, as a word of its own or behind an equals sign.
fn value_of(arguments: &[OsString], option: &str) -> Option<String> {
    let apart = words(arguments).zip(words(arguments).skip(1)).find(|(word, _)| *word == option);
    let joined = || words(arguments).find_map(|word| word.to_str()?.strip_prefix(option)?.strip_prefix('='));
    apart.and_then(|(_, value)| value.to_str()).or_else(joined).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn the_version_is_the_one_of_the_command_line() {
        let error = Cli::try_parse_from(["idcard", "--version"]).unwrap_err();
        assert_eq!(error.render().to_string(), VERSION);
    }

    #[test]
    fn documents_are_asked_for_in_every_spelling() {
        let asks = |words: &[&str]| wants_json(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert!(asks(&["idcard", "nothing", "--json"]));
        assert!(asks(&["idcard", "--format", "json", "nothing"]));
        assert!(asks(&["idcard", "--format=json"]));
        assert!(!asks(&["idcard", "--format", "text", "json"]));
        assert!(!asks(&["idcard", "--formats=json"]));
        assert!(!asks(&["idcard", "sign", "--", "--json"]));
    }
}
