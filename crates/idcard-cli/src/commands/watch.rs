//! `idcard watch`: readers and cards as they come and go, one line an event, until a signal or a closed stdout.

mod command;
mod line;

use crate::args::Watch;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::output;
#[cfg(unix)]
use crate::signals;
use crate::source::{self, CardSource};
use idcard_core::transport::pcsc::{Event, Watcher};
use line::Line;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::SystemTime;

/// What ends a wait.
#[cfg_attr(not(unix), allow(dead_code, reason = "elsewhere the system ends the run"))]
enum Told {
    Event(Event),
    /// A signal asks the run to end.
    Stop,
    /// Nobody reads stdout any more.
    Closed,
}

pub(super) fn run(options: &Watch, context: &Context) -> Result<Exit, Failure> {
    let CardSource::Pcsc(name) = context.options.card.parse()? else {
        let failure = Failure::usage(format!("--card {}: only readers can be watched", context.options.card));
        return Err(failure.with_hint("--card pcsc: watches all readers, --card 'pcsc:NAME' those of that name"));
    };
    let roster = source::roster(&context.options)?;
    let (sender, told) = channel();
    on_signals(&sender);
    on_closed_stdout(&sender)?;
    let watcher = Watcher::start()?;
    spawn(move || {
        for event in watcher {
            if sender.send(Told::Event(event)).is_err() {
                break;
            }
        }
    })?;
    let mut left = options.count.map(std::num::NonZeroU64::get);
    for told in told {
        let event = match told {
            Told::Event(event) => event,
            Told::Stop => return Ok(Exit::DONE),
            Told::Closed => return Ok(Exit::CLOSED),
        };
        let Some(line) = Line::of(&event, SystemTime::now(), name.as_deref(), &roster) else { continue };
        show(&line, context)?;
        if let Some(command) = &options.exec {
            command::run(command, &line, context);
        }
        left = left.map(|left| left.saturating_sub(1));
        if left == Some(0) {
            break;
        }
    }
    Ok(Exit::DONE)
}

fn show(line: &Line, context: &Context) -> Result<(), Failure> {
    let text = if context.options.wants_json() { output::document_line(line)? } else { line.text(context) };
    output::stdout(text.as_bytes())
}

fn spawn(task: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let thread = thread::Builder::new().name("watch".to_owned()).spawn(task);
    thread.map(drop).map_err(|error| Failure::new(Kind::Internal, format!("no thread can be started: {error}")))
}

/// A signal ends the wait; where none is caught the system ends the run, which holds nothing.
fn on_signals(told: &Sender<Told>) {
    #[cfg(unix)]
    {
        let told = told.clone();
        signals::interrupting(move || drop(told.send(Told::Stop)));
    }
    #[cfg(not(unix))]
    let _ = told;
}

/// A pipe that nobody reads any more is noticed at once and not only when the next event is written.
fn on_closed_stdout(told: &Sender<Told>) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, poll};
        let told = told.clone();
        spawn(move || {
            loop {
                let out = rustix::stdio::stdout();
                // Only what is told unasked: that the other end has gone.
                let mut watched = [PollFd::new(&out, PollFlags::empty())];
                match poll(&mut watched, None) {
                    Err(rustix::io::Errno::INTR) => {}
                    Err(_) => return,
                    Ok(_) => break,
                }
            }
            let _ = told.send(Told::Closed);
        })?;
    }
    #[cfg(not(unix))]
    let _ = told;
    Ok(())
}
