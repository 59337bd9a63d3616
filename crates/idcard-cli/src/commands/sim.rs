//! `idcard sim`: the virtual cards, in the process or behind a virtual reader, and their certification authority.

use crate::args::{SimCommand, SimPki, SimServe};
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::terminal::Nature;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct List {
    schema: &'static str,
    images: Vec<Image>,
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
        SimCommand::List => list(context),
        SimCommand::Serve(options) => serve(options, context),
        SimCommand::Pki(options) => pki(options, context),
    }
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let images = idcard_sim::list().into_iter().map(|(name, title)| Image { name, title }).collect();
    let document = List { schema: "idcard.sim_list/1", images };
    context.show(&document, || {
        let pair = |image: &Image| context.terminal.pair(&format!("sim:{}", image.name), &image.title, Nature::Words);
        document.images.iter().map(pair).collect()
    })?;
    Ok(Exit::DONE)
}

fn serve(options: &SimServe, context: &Context) -> Result<Exit, Failure> {
    let card = idcard_sim::open(&options.image).map_err(|error| Failure::usage(error.to_string()))?;
    context.note(&format!("the card {} is put into the reader at {}:{}", options.image, options.host, options.port));
    match idcard_sim::serve::serve(&card, &options.host, options.port) {
        Ok(served) => {
            context.note(&format!("the reader was closed after {} commands", served.commands));
            Ok(Exit::DONE)
        }
        Err(error @ idcard_sim::serve::ServeError::Connect { .. }) => {
            let hint = "start pcscd with the vpcd driver of vsmartcard; its first reader listens on port 35963";
            Err(Failure::new(Kind::NoReader, error.to_string()).with_hint(hint))
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
