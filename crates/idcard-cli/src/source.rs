//! Where the card is: `pcsc:`, `pcsc:NAME`, `sim:IMAGE`, `replay:FILE`, each as a counted and perhaps recorded link.

mod memory;
mod record;
mod terminal_keys;

use crate::args::Options;
use crate::exit::Failure;
use crate::lang::{Lang, Word};
use crate::output;
use crate::page_file;
use crate::signals;
use crate::terminal::plain;
use idcard_core::family::Roster;
use idcard_core::secure::TerminalKeys;
use idcard_core::transport::clock::{Link, Reader as Usual};
use idcard_core::transport::meter::{Meter, Reading, Stats};
use idcard_core::transport::pcsc::{Reader, ReaderState, Selection, Timeouts};
use idcard_core::transport::record::Record;
use idcard_core::transport::replay::Replay;
use idcard_core::{Card, Transport};
pub(crate) use memory::Memory;
use record::Recorded;
use serde::Serialize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Where the card is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CardSource {
    /// A reader of the system, by a part of its name or the only one with a card.
    Pcsc(Option<String>),
    /// A virtual card, with its faults.
    Sim(String),
    /// A recorded trace.
    Replay(PathBuf),
}

impl FromStr for CardSource {
    type Err = Failure;

    fn from_str(spec: &str) -> Result<Self, Failure> {
        match spec.split_once(':') {
            Some(("pcsc", "")) => Ok(Self::Pcsc(None)),
            Some(("pcsc", name)) => Ok(Self::Pcsc(Some(name.to_owned()))),
            Some(("sim", image)) if !image.is_empty() => Ok(Self::Sim(image.to_owned())),
            Some(("replay", file)) if !file.is_empty() => Ok(Self::Replay(file.into())),
            None if spec.is_empty() => Ok(Self::Pcsc(None)),
            _ => {
                let failure = Failure::usage(format!("--card {spec}: this names no place of a card"))
                    .in_persian(format!("--card {spec}: این نام جای هیچ کارتی نیست"));
                Err(failure.with_hints(
                    "pcsc:, pcsc:NAME, sim:IMAGE or replay:FILE; idcard readers lists the readers",
                    "pcsc:, pcsc:NAME, sim:IMAGE یا replay:FILE؛ کارت‌خوان‌ها را idcard readers نشان می‌دهد",
                ))
            }
        }
    }
}

impl CardSource {
    /// The word of documents.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Pcsc(_) => "pcsc",
            Self::Sim(_) => "sim",
            Self::Replay(_) => "replay",
        }
    }
}

/// What is left to do when the command is done: the count of the link, the trace.
pub(crate) struct Wire {
    reading: Reading,
    recorded: Option<Recorded>,
}

impl Wire {
    /// What went over the link.
    pub(crate) fn stats(&self) -> StatsLine {
        StatsLine::from(self.reading.stats())
    }

    /// The same as a value.
    pub(crate) fn measured(&self) -> Stats {
        self.reading.stats()
    }

    /// Puts the trace in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.recorded.map_or(Ok(()), Recorded::finish)
    }
}

/// The line of `--stats`.
#[derive(Debug, Serialize)]
pub(crate) struct StatsLine {
    apdus: u64,
    command_bytes: u64,
    response_bytes: u64,
    retries: u64,
    link_ms: f64,
}

impl From<Stats> for StatsLine {
    fn from(stats: Stats) -> Self {
        let Stats { apdus, command_bytes, response_bytes, retries, link } = stats;
        // Microseconds are as fine as a link can be measured.
        let link_ms = (link.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
        Self { apdus, command_bytes, response_bytes, retries, link_ms }
    }
}

/// The pages at hand, those of the user among them.
pub(crate) fn roster(options: &Options) -> Result<Roster, Failure> {
    let mut roster = Roster::built_in()?;
    for page in &options.pages {
        roster.add_page(page_file::read(page)?);
    }
    Ok(roster)
}

/// The card that is meant, and what counts its link.
pub(crate) fn connect(options: &Options) -> Result<(CardSource, Card, Wire), Failure> {
    let source: CardSource = options.card.parse()?;
    let roster = roster(options)?;
    let link = link(&source, &roster, options)?;
    let (card, wire) = counted(link, &source, roster, options)?;
    Ok((source, card, wire))
}

/// The same, and what goes over the link is kept in memory as well.
pub(crate) fn connect_and_keep(options: &Options) -> Result<(CardSource, Card, Wire, Memory), Failure> {
    let source: CardSource = options.card.parse()?;
    let roster = roster(options)?;
    let memory = Memory::default();
    let record = Record::new(link(&source, &roster, options)?, memory.clone());
    let memory = memory.by(record.recording());
    let (card, wire) = counted(Box::new(record), &source, roster, options)?;
    Ok((source, card, wire, memory))
}

fn counted(
    link: Box<dyn Transport>,
    source: &CardSource,
    roster: Roster,
    options: &Options,
) -> Result<(Card, Wire), Failure> {
    let modelled = !matches!(source, CardSource::Pcsc(_));
    let (link, recorded): (Box<dyn Transport>, _) = match &options.record {
        Some(path) => {
            let (recorded, sink) = Recorded::begin(path)?;
            let record = Record::new(link, sink);
            let recorded = recorded.by(record.recording());
            (Box::new(record), Some(recorded))
        }
        None => (link, None),
    };
    let model = Link::new(link.atr(), link.protocol(), &Usual::USUAL);
    let meter = Meter::new(link);
    let meter = if modelled { meter.with_model(move |command, answer| model.exchange(command, answer)) } else { meter };
    let wire = Wire { reading: meter.reading(), recorded };
    Ok((Card::with_roster(Box::new(meter), roster), wire))
}

fn link(source: &CardSource, roster: &Roster, options: &Options) -> Result<Box<dyn Transport>, Failure> {
    match source {
        CardSource::Pcsc(name) => {
            signals::watch();
            let recognise = |transport: &mut dyn Transport| Card::is_known(transport, roster).unwrap_or(false);
            let selection = Selection { name: name.as_deref(), recognise: Some(&recognise) };
            let transport = Reader::connect(&selection, Timeouts::all(limit(options)))?;
            let interrupt = transport.interrupt();
            signals::interrupting(move || interrupt.raise());
            Ok(Box::new(transport))
        }
        CardSource::Sim(image) => match idcard_sim::open(image) {
            Ok(transport) => {
                transport.handle().set_patience(limit(options));
                #[cfg(test)]
                crate::stage::opened(&transport);
                Ok(Box::new(transport))
            }
            Err(error) => Err(unknown_image(format!("--card sim:{image}: {error}"))),
        },
        CardSource::Replay(path) => {
            // Nothing was replayed yet: that commands have to be the same is no advice.
            let replay = Replay::open(path).map_err(|error| Failure::from(error).without_hint())?;
            if replay.unmasked_secrets() {
                let lang = options.lang.unwrap_or_else(Lang::of_locale);
                let warning = format!("{}: {}", path.display(), Word::HoldsSecrets.text(lang));
                if options.wants_json() {
                    log::warn!("{warning}");
                } else {
                    output::stderr(&format!("idcard: {}\n", plain(&warning)));
                }
            }
            Ok(Box::new(replay))
        }
    }
}

/// No virtual card answers to what was named.
pub(crate) fn unknown_image(what: String) -> Failure {
    let persian = format!("این کارت مجازی در دسترس نیست ({what})");
    Failure::usage(what).in_persian(persian).with_hints(
        "idcard sim list shows the virtual cards, with --faults also how they can misbehave",
        "کارت‌های مجازی را idcard sim list نشان می‌دهد و خطاهای آن‌ها را idcard sim list --faults",
    )
}

/// The keys of a terminal that the options name.
pub(crate) fn terminal_keys(options: &Options) -> Result<Option<Box<dyn TerminalKeys>>, Failure> {
    terminal_keys::given(options, limit(options))
}

/// The readers of the system.
pub(crate) fn readers(options: &Options) -> Result<Vec<ReaderState>, Failure> {
    Ok(idcard_core::transport::pcsc::readers(limit(options))?)
}

/// The most that is waited.
pub(crate) fn limit(options: &Options) -> Duration {
    Duration::try_from_secs_f64(options.timeout).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_by_its_scheme() {
        let source = |spec: &str| spec.parse::<CardSource>().ok();
        assert_eq!(source("pcsc:"), Some(CardSource::Pcsc(None)));
        assert_eq!(source(""), Some(CardSource::Pcsc(None)));
        assert_eq!(source("pcsc:ACS ACR39U: 00"), Some(CardSource::Pcsc(Some("ACS ACR39U: 00".to_owned()))));
        assert_eq!(source("sim:specimen+fault=x"), Some(CardSource::Sim("specimen+fault=x".to_owned())));
        assert_eq!(source("replay:/tmp/a:b.apdu"), Some(CardSource::Replay("/tmp/a:b.apdu".into())));
        for spec in ["pcsc", "sim:", "replay:", "usb:1", ":", "Sim:specimen"] {
            assert_eq!(source(spec), None, "{spec}");
        }
    }
}
