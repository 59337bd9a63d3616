//! The command line: options for every command, and one room for the options of each command.

mod auth;
mod ca;
mod card;
mod certificates;
mod check;
mod doctor;
pub(crate) mod named;
mod page;
mod pin;
mod pkcs11;
mod probe;
mod read;
mod schema;
mod shell;
mod sign;
mod sim;
mod trace;
mod verify;
mod watch;

pub(crate) use auth::{AuthCommand, AuthRespond, AuthVerify, ChallengeOptions};
pub(crate) use ca::{CaCheck, CaCommand, CaImport};
pub(crate) use card::Info;
pub(crate) use certificates::{CertCommand, CertExport};
pub(crate) use check::{CheckAge, CheckCommand, CheckValue};
pub(crate) use doctor::Doctor;
pub(crate) use page::{PageCheck, PageCommand, PageSuggest};
pub(crate) use pin::{PinCommand, PinOptions, PinResume, PinStatus, PinUse};
pub(crate) use pkcs11::Pkcs11Command;
pub(crate) use probe::Probe;
pub(crate) use read::{Read, Section};
pub(crate) use schema::Schema;
pub(crate) use shell::Completions;
pub(crate) use sign::{HashName, SchemeName, Sign, SignatureType};
pub(crate) use sim::{SimCommand, SimList, SimPki, SimServe};
pub(crate) use trace::{TraceCommand, TraceImport, TraceRedact, TraceReplay, TraceShow};
pub(crate) use verify::{PurposeName, TrustOptions, Verify};
pub(crate) use watch::Watch;

use crate::lang::Lang;
use crate::terminal::Bidi;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Reads and uses Iran's national smart card.
#[derive(Debug, Parser)]
#[command(name = "idcard", version, max_term_width = 100, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command; they may stand before or after its name.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Options {
    /// Where the card is: pcsc:, pcsc:NAME, sim:IMAGE[+fault=NAME], replay:FILE
    #[arg(
        long,
        global = true,
        env = "IDCARD_CARD",
        hide_env_values = true,
        default_value = "pcsc:",
        value_name = "SPEC"
    )]
    pub card: String,
    /// Write what goes over the link as a trace, secrets masked
    #[arg(long, global = true, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Print on stderr, as one line of JSON, what went over the link
    #[arg(long, global = true)]
    pub stats: bool,
    /// The most that is waited for a card, for a busy reader, for one answer
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10.0, allow_negative_numbers = true, value_parser = seconds)]
    pub timeout: f64,
    /// Add a card page, or put it in the place of the one of the same family
    #[arg(long = "page", global = true, value_name = "FILE")]
    pub pages: Vec<PathBuf>,
    /// Keys of a terminal, which open sealed cards: JSON, mode 0600
    #[arg(long, global = true, value_name = "FILE")]
    pub terminal_keys: Option<PathBuf>,
    /// A command that holds these keys: it gets the card's serial number and challenge as JSON on stdin
    #[arg(long, global = true, value_name = "CMD", conflicts_with = "terminal_keys")]
    pub terminal_keys_from: Option<String>,
    /// How the result is printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Short for --format json
    #[arg(long, global = true)]
    pub json: bool,
    /// The language of texts; the locale's by default
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// How right-to-left text is put out
    #[arg(long, global = true, value_enum, default_value_t = Bidi::Auto)]
    pub bidi: Bidi,
    /// Say on stderr what is done; twice: every exchange
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Options {
    /// Whether documents are asked for.
    pub(crate) fn wants_json(&self) -> bool {
        self.json || self.format == Format::Json
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the readers and what is in them
    Readers,
    /// Show what card this is: family, versions, applets, state of its PINs
    Info(Info),
    /// Read all that the card gives, and say why not where it does not
    Read(Read),
    /// List or export the certificates of the card
    #[command(subcommand)]
    Cert(CertCommand),
    /// Show, present, change and unblock the PINs
    #[command(subcommand)]
    Pin(PinCommand),
    /// Check numbers and dates without a card
    #[command(subcommand)]
    Check(CheckCommand),
    /// Virtual cards
    #[command(subcommand)]
    Sim(SimCommand),
    /// Sign documents with the signing key
    Sign(Sign),
    /// Check a signed document, without any card
    Verify(Verify),
    /// Prove presence to a site, or check such a proof
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Trust anchors and where they come from
    #[command(subcommand)]
    Ca(CaCommand),
    /// Survey a card without a PIN and without a try: what matches its page, what differs, what is new
    Probe(Probe),
    /// Show, redact, replay a recorded trace, or make one of a log
    #[command(subcommand)]
    Trace(TraceCommand),
    /// Card pages
    #[command(subcommand)]
    Page(PageCommand),
    /// Find out why a card, its reader or the smart-card service do not work, and what to do about it
    Doctor(Doctor),
    /// Tell readers and cards as they come and go, one line an event
    Watch(Watch),
    /// The module that lets browsers, ssh, OpenSSL and others use the keys of the card
    #[command(subcommand)]
    Pkcs11(Pkcs11Command),
    /// Print the JSON Schema of a document
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("a number of seconds between 0 and 86400 is due".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_of_every_command_stand_before_or_after_it() {
        for words in [["idcard", "--card", "sim:mav2", "read"], ["idcard", "read", "--card", "sim:mav2"]] {
            assert_eq!(Cli::try_parse_from(words).unwrap().options.card, "sim:mav2");
        }
    }

    #[test]
    fn a_time_is_a_number_of_seconds() {
        let parse = |text| Cli::try_parse_from(["idcard", "--timeout", text, "readers"]).map(|cli| cli.options.timeout);
        assert!((parse("0.5").unwrap() - 0.5).abs() < f64::EPSILON);
        for text in ["-1", "NaN", "inf", "90000", "soon"] {
            let refused = parse(text).unwrap_err().to_string();
            assert!(refused.contains("a number of seconds between 0 and 86400 is due"), "{refused}");
        }
    }
}
