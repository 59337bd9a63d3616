//! `idcard sim`: the virtual cards, in the process or behind a virtual reader, and their certification authority.

use crate::args::{SimCommand, SimList, SimPki, SimServe};
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::source;
use crate::terminal::Nature;
use idcard_core::data::digits::counted;
use idcard_sim::Fault;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct List {
    schema: &'static str,
    images: Vec<Image>,
    faults: Option<Vec<Misbehaviour>>,
}

/// What `+fault=` takes.
#[derive(Debug, Serialize)]
struct Misbehaviour {
    name: &'static str,
    what: &'static str,
}

#[derive(Debug, Serialize)]
struct Image {
    name: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct Written {
    schema: &'static str,
    directory: String,
    files: Vec<String>,
}

/// Runs one of the commands.
pub(super) fn run(command: &SimCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        SimCommand::List(options) => list(options, context),
        SimCommand::Serve(options) => serve(options, context),
        SimCommand::Pki(options) => pki(options, context),
    }
}

fn list(options: &SimList, context: &Context) -> Result<Exit, Failure> {
    let images = idcard_sim::list().into_iter().map(|(name, title)| Image { name, title }).collect();
    let faults = options.faults.then(|| Fault::all().map(|(name, what)| Misbehaviour { name, what }).collect());
    let document = List { schema: "idcard.sim_list/1", images, faults };
    context.show(&document, || {
        let pair = |label: &str, value: &str| context.terminal.pair(label, value, Nature::Words);
        let images = document.images.iter().map(|image| pair(&format!("sim:{}", image.name), &image.title));
        let faults = document.faults.iter().flatten().map(|fault| pair(&format!("+fault={}", fault.name), fault.what));
        images.chain(faults).collect()
    })?;
    Ok(Exit::DONE)
}

fn serve(options: &SimServe, context: &Context) -> Result<Exit, Failure> {
    let card = idcard_sim::open(&options.image).map_err(|error| source::unknown_image(error.to_string()))?;
    let played = idcard_sim::serve::connect(&options.host, options.port).and_then(|stream| {
        let place = format!("{}:{}", options.host, options.port);
        context.note(&format!("the card {} is in the reader at {place}", options.image));
        idcard_sim::serve::play(&card, stream)
    });
    match played {
        Ok(served) => {
            let commands = counted(served.commands, "command", "commands");
            context.note(&format!("the reader was closed after {commands}"));
            Ok(Exit::DONE)
        }
        Err(error @ idcard_sim::serve::ServeError::Connect { .. }) => {
            let failure = Failure::new(Kind::NoReader, error.to_string());
            Err(failure.with_hints(
                "start pcscd with the vpcd driver of vsmartcard; its first reader listens on port 35963",
                "pcscd را با راه‌انداز vpcd از vsmartcard راه بیندازید؛ نخستین کارت‌خوان آن روی درگاه 35963 است",
            ))
        }
        Err(error) => Err(Failure::new(Kind::LinkLost, error.to_string())),
    }
}

fn pki(options: &SimPki, context: &Context) -> Result<Exit, Failure> {
    let files = idcard_sim::pki::write(&options.output).map_err(|error| Failure::new(Kind::File, error.to_string()))?;
    let name = |path: &std::path::PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let document = Written {
        schema: "idcard.sim_pki/1",
        directory: options.output.to_string_lossy().into_owned(),
        files: files.iter().map(name).collect(),
    };
    context.show(&document, || document.files.iter().map(|file| context.terminal.line(file)).collect())?;
    Ok(Exit::DONE)
}
