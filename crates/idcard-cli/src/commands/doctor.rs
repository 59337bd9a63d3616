//! `idcard doctor`: why a card, its reader or the smart-card service do not work, and what to do about it.

mod card;
mod cause;
mod clock;
#[cfg(all(unix, not(target_os = "macos")))]
mod service;
mod speed;
#[cfg(all(unix, not(target_os = "macos")))]
mod system;

use crate::args::{Doctor, Options};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::output;
use crate::source::CardSource;
use crate::terminal::Nature;
use cause::{Cause, Finding};
use clock::CardTime;
use idcard_core::LinkError;
use idcard_core::transport::pcsc::{ReaderState, Slot, readers};
use serde::Serialize;
use std::time::{Duration, SystemTime};

/// No single step takes longer, whatever `--timeout` allows.
const LONGEST: Duration = Duration::from_secs(5);

/// What became of a part of the examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Fault,
    NotChecked,
}

#[derive(Debug, Serialize)]
struct Checks {
    service: State,
    readers: State,
    card: State,
    clock: State,
    logging: State,
}

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    source: &'static str,
    checks: Checks,
    causes: Vec<Entry>,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Entry {
    cause: &'static str,
    subject: Option<String>,
    message: &'static str,
    fix: &'static str,
    exit: u8,
}

/// The examination under way.
struct Examination {
    checks: Checks,
    findings: Vec<Finding>,
    /// What the cards say about their time.
    time: CardTime,
}

impl Examination {
    fn add(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// The findings of one part, and with them its state.
    fn conclude(&mut self, findings: impl IntoIterator<Item = Finding>) -> State {
        let mut state = State::Ok;
        for finding in findings {
            state = State::Fault;
            self.add(finding);
        }
        state
    }
}

pub(super) fn run(options: &Doctor, context: &Context) -> Result<Exit, Failure> {
    let source: CardSource = context.options.card.parse()?;
    let limit = context.limit().min(LONGEST);
    let not_yet = Checks {
        service: State::NotChecked,
        readers: State::NotChecked,
        card: State::NotChecked,
        clock: State::NotChecked,
        logging: State::NotChecked,
    };
    let mut examination = Examination { checks: not_yet, findings: Vec::new(), time: CardTime::default() };
    match &source {
        CardSource::Pcsc(name) => by_reader(&mut examination, name.as_deref(), limit, context)?,
        CardSource::Sim(_) | CardSource::Replay(_) => {
            let examined = card::examine(&context.options, context)?;
            examination.time = examined.time;
            examination.checks.card = examination.conclude(examined.findings);
        }
    }
    let now = options.at.unwrap_or_else(SystemTime::now);
    let clock = clock::examine(now).or_else(|| examination.time.examine(now));
    examination.checks.clock = examination.conclude(clock);
    #[cfg(all(unix, not(target_os = "macos")))]
    if matches!(source, CardSource::Pcsc(_)) {
        let logging = service::examine_logging(&system::System::here());
        examination.checks.logging = examination.conclude(logging);
    }
    let document = document(&examination, &source, context);
    context.show(&document, || text(&examination, context))?;
    Ok(Exit(document.exit))
}

/// Service, readers, cards, as far as each is reached.
fn by_reader(
    examination: &mut Examination,
    name: Option<&str>,
    limit: Duration,
    context: &Context,
) -> Result<(), Failure> {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let found = service::examine(&system::System::here(), limit);
        examination.checks.service = examination.conclude(found);
        if examination.checks.service == State::Fault {
            return Ok(());
        }
    }
    let all = match readers(limit) {
        Ok(all) => all,
        Err(LinkError::NoReader { .. }) => Vec::new(),
        Err(error) => {
            let cause = match error {
                LinkError::TimedOut { .. } => Cause::ServiceHangs,
                LinkError::NoAccess { .. } => Cause::ServiceRefuses,
                _ => Cause::ServiceStopped,
            };
            examination.checks.service = examination.conclude([Finding { cause, subject: None }]);
            return Ok(());
        }
    };
    examination.checks.service = State::Ok;
    let meant = |reader: &&ReaderState| reader.name.contains(name.unwrap_or_default());
    let meant: Vec<_> = all.iter().filter(meant).collect();
    if meant.is_empty() {
        let lacking = match name.filter(|_| !all.is_empty()) {
            Some(name) => vec![Finding::of(Cause::NoSuchReader, name)],
            None => without_readers(),
        };
        examination.checks.readers = examination.conclude(lacking);
        return Ok(());
    }
    let silent = meant.iter().filter(|reader| reader.slot == Slot::Unavailable);
    let silent: Vec<_> = silent.map(|reader| Finding::of(Cause::ReaderSilent, &reader.name)).collect();
    examination.checks.readers = examination.conclude(silent);
    let found = cards(examination, &meant, limit, context)?;
    examination.checks.card = examination.conclude(found);
    Ok(())
}

/// Why there is no reader.
fn without_readers() -> Vec<Finding> {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let on_usb = system::System::here().usb_readers();
        if !on_usb.is_empty() {
            let finding = |reader: system::UsbReader| match reader.taken_by {
                Some(driver) => Finding::of(Cause::ReaderTaken, format!("{}; {driver}", reader.name)),
                None => Finding::of(Cause::ReaderDriver, reader.name),
            };
            return on_usb.into_iter().map(finding).collect();
        }
    }
    vec![Finding { cause: Cause::NoReader, subject: None }]
}

/// The cards in these readers. Cards that no page knows are at fault only where no other is there.
fn cards(
    examination: &mut Examination,
    readers: &[&ReaderState],
    limit: Duration,
    context: &Context,
) -> Result<Vec<Finding>, Failure> {
    let (mut found, mut foreign, mut ours) = (Vec::new(), Vec::new(), false);
    let mut looked_at = 0_usize;
    for reader in readers {
        let name = reader.name.as_str();
        match reader.slot {
            Slot::Empty | Slot::Unavailable => {}
            Slot::Mute if card::is_contactless(name) => found.push(Finding::of(Cause::ContactlessPosition, name)),
            Slot::Mute => found.push(Finding::of(Cause::CardMute, name)),
            Slot::Card if reader.exclusive => found.push(named(Finding::of(Cause::Busy, name))),
            Slot::Card => {
                let options = Options {
                    card: format!("pcsc:{name}"),
                    timeout: limit.as_secs_f64(),
                    // A trace holds one card: the others go into files beside it.
                    record: context.options.record.as_deref().map(|path| output::numbered(path, looked_at)),
                    ..context.options.clone()
                };
                looked_at = looked_at.saturating_add(1);
                let examined = card::examine(&options, context)?;
                ours |= examined.ours;
                if examined.ours {
                    examination.time = examined.time;
                }
                let (strange, own): (Vec<_>, Vec<_>) =
                    examined.findings.into_iter().partition(|finding| finding.cause == Cause::ForeignCard);
                foreign.extend(strange);
                found.extend(own.into_iter().map(named));
            }
        }
    }
    if !ours {
        found.extend(foreign);
    }
    if readers.iter().all(|reader| reader.slot == Slot::Empty) {
        found.push(Finding { cause: Cause::NoCard, subject: None });
    }
    Ok(found)
}

/// The programs that may hold a card, beside the reader that they hold it in.
fn named(finding: Finding) -> Finding {
    #[cfg(all(unix, not(target_os = "macos")))]
    if finding.cause == Cause::Busy {
        let users = system::System::here().users_of_the_service();
        let subject = finding.subject.into_iter().chain(users).collect::<Vec<_>>().join("; ");
        return Finding::of(Cause::Busy, subject);
    }
    finding
}

fn document(examination: &Examination, source: &CardSource, context: &Context) -> Document {
    let Examination { checks, findings, .. } = examination;
    let Checks { service, readers, card, clock, logging } = *checks;
    let entry = |finding: &Finding| Entry {
        cause: finding.cause.word(),
        subject: finding.subject.clone(),
        message: finding.cause.fact(context.lang),
        fix: finding.cause.fix(context.lang),
        exit: finding.cause.kind().status(),
    };
    let causes: Vec<_> = findings.iter().map(entry).collect();
    Document {
        schema: "idcard.doctor/1",
        source: source.word(),
        checks: Checks { service, readers, card, clock, logging },
        exit: causes.first().map_or(0, |first| first.exit),
        causes,
    }
}

fn text(examination: &Examination, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let Examination { checks, findings, .. } = examination;
    if findings.is_empty() {
        let parts = [
            (checks.service, Word::PartService),
            (checks.readers, Word::PartReaders),
            (checks.card, Word::PartCard),
            (checks.clock, Word::PartClock),
            (checks.logging, Word::PartLogging),
        ];
        let looked_at = parts.iter().filter(|(state, _)| *state == State::Ok).map(|(_, part)| part.text(lang));
        let looked_at = looked_at.collect::<Vec<_>>().join(lang.comma());
        return terminal.pair(Word::NothingWrong.text(lang), &looked_at, Nature::Words);
    }
    let line = |finding: &Finding| terminal.pair(&finding.fact(lang), finding.cause.fix(lang), Nature::Words);
    findings.iter().map(line).collect()
}
