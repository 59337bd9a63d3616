//! Selecting applets and files with the fewest exchanges: what is selected already is not selected again.

use super::Step;
use crate::apdu::{Command, Malformed, Status, TlvReader};
use crate::channel::Channel;
use crate::error::Error;
use crate::family::{Applet, FilePath, Find};

/// The master file, current after SELECT by AID.
const MF: u16 = 0x3F00;

/// What is selected on the card, as far as we know.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    applet: Option<String>,
    directory: Option<u16>,
    file: Option<u16>,
    /// Whether SELECT of the master file stays in the applet; it is found out when a folder is looked for from there.
    stays: Option<bool>,
    /// Which applets have answered to their AID, or refused it: that does not change with what is selected.
    answers: Vec<(Vec<u8>, bool)>,
}

impl Selection {
    /// Nothing is known any more: a reset, another program, a refusal.
    pub(crate) fn forget(&mut self) {
        self.applet = None;
        self.directory = None;
        self.file = None;
    }

    /// The card has shown that this applet is selected; in which directory is unknown.
    pub(crate) fn found_in(&mut self, applet: &str) {
        self.forget();
        self.applet = Some(applet.to_owned());
    }

    /// Whether an applet answers to its AID, where it was asked before.
    pub(crate) fn answered(&self, aid: &[u8]) -> Option<bool> {
        self.answers.iter().find(|(known, _)| known == aid).map(|(_, answered)| *answered)
    }

    fn note_answer(&mut self, aid: &[u8], answered: bool) {
        self.answers.retain(|(known, _)| *known != aid);
        self.answers.push((aid.to_vec(), answered));
    }

    /// The applet that is selected.
    pub(crate) fn applet(&self) -> Option<&str> {
        self.applet.as_deref()
    }

    fn is_at(&self, path: &FilePath, file: u16) -> bool {
        self.file == Some(file) && self.directory == of_a_file(path).map(|(directory, _)| directory)
    }

    fn entered(&mut self, applet: &str) {
        self.found_in(applet);
        self.directory = Some(MF);
    }
}

/// Selects an applet by its AID, unless it is selected.
pub(crate) fn select_applet(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
) -> Result<(), Error> {
    if selection.applet() == Some(&applet.name) {
        return Ok(());
    }
    describe_applet(channel, selection, applet).map(drop)
}

/// Selects an applet by its AID in any case, and gives what the card says of it.
pub(crate) fn describe_applet(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
) -> Result<Vec<u8>, Error> {
    selection.forget();
    let step = Step { verb: "SELECT of the AID", applet, path: None, offset: None };
    let command = Command::new(0x00, 0xA4, 0x04, answer_data(applet)).with_data(applet.aid.as_slice());
    let command = if applet.answers { command.expecting(Command::SHORT_EXPECTED) } else { command };
    let reply = match channel.expect(&command, &step) {
        Err(error @ Error::Refused { .. }) => {
            selection.note_answer(applet.aid.as_slice(), false);
            return Err(error);
        }
        answered => answered?,
    };
    foreign(reply.data, applet.aid.as_slice(), 0x84, &step)?;
    let information = reply.data.to_vec();
    selection.entered(&applet.name);
    selection.note_answer(applet.aid.as_slice(), true);
    Ok(information)
}

/// Selects the EF at `path`, from wherever the card is.
pub(crate) fn select_file(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
    path: &FilePath,
) -> Result<(), Error> {
    let Some((_, file)) = of_a_file(path) else { return Err(not_a_path(applet, path)) };
    if selection.applet() == Some(&applet.name) && selection.is_at(path, file) {
        return Ok(());
    }
    describe_file(channel, selection, applet, path).map(drop)
}

/// Selects the EF at `path` in any case, and gives what the card says of it.
pub(crate) fn describe_file(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
    path: &FilePath,
) -> Result<Vec<u8>, Error> {
    let Some((directory, file)) = of_a_file(path) else { return Err(not_a_path(applet, path)) };
    select_directory(channel, selection, applet, directory, path)?;
    let information = select(channel, selection, applet, (0x02, file), path)?;
    selection.directory = Some(directory);
    selection.file = Some(file);
    Ok(information)
}

/// The folder and the file that a path names.
fn of_a_file(path: &FilePath) -> Option<(u16, u16)> {
    match *path.identifiers() {
        [MF, file] => Some((MF, file)),
        [MF, directory, file] => Some((directory, file)),
        _ => None,
    }
}

/// Selects the DF that `path`, which names a DF, leads to.
pub(crate) fn select_df(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
    path: &FilePath,
) -> Result<(), Error> {
    let directory = match *path.identifiers() {
        [MF] => MF,
        [MF, directory] => directory,
        _ => return Err(not_a_path(applet, path)),
    };
    select_directory(channel, selection, applet, directory, path)
}

fn select_directory(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
    directory: u16,
    path: &FilePath,
) -> Result<(), Error> {
    select_applet(channel, selection, applet)?;
    if selection.directory == Some(directory) {
        return Ok(());
    }
    let below = directory != MF && applet.find == Find::Child;
    if !below && applet.find == Find::Child && selection.stays != Some(true) {
        // Only SELECT by AID is sure to lead to the applet's own master file.
        return describe_applet(channel, selection, applet).map(drop);
    }
    let by_file = below && selection.directory != Some(MF) && selection.stays != Some(false);
    if by_file {
        select(channel, selection, applet, (0x00, MF), path)?;
    } else if below && selection.directory != Some(MF) {
        describe_applet(channel, selection, applet)?;
    }
    let p1 = u8::from(below); // a DF below this one, or anything by its identifier
    match select(channel, selection, applet, (p1, directory), path) {
        Ok(_) if by_file => selection.stays = Some(true),
        // On some cards the master file lies outside of the applet: then SELECT by AID is the way to its own.
        Err(Error::Refused { .. }) if by_file && selection.stays.is_none() => {
            describe_applet(channel, selection, applet)?;
            select(channel, selection, applet, (p1, directory), path)?;
            selection.stays = Some(false);
        }
        selected => drop(selected?),
    }
    selection.directory = Some(directory);
    Ok(())
}

fn select(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    applet: &Applet,
    (p1, identifier): (u8, u16),
    path: &FilePath,
) -> Result<Vec<u8>, Error> {
    // A SELECT that fails leaves the card where we cannot know.
    selection.directory = None;
    selection.file = None;
    let step = Step { verb: "SELECT", applet, path: Some(path), offset: None };
    let identifier = identifier.to_be_bytes();
    let command = Command::new(0x00, 0xA4, p1, answer_data(applet)).with_data(&identifier);
    let reply = channel.expect(&command, &step)?;
    foreign(reply.data, &identifier, 0x83, &step)?;
    Ok(reply.data.to_vec())
}

const fn answer_data(applet: &Applet) -> u8 {
    if applet.silent { 0x0C } else { 0x00 }
}

/// File control information that names another file or applet than the one asked for is a contradiction.
fn foreign(data: &[u8], wanted: &[u8], tag: u32, step: &Step<'_>) -> Result<(), Error> {
    let mut outer = TlvReader::new(data);
    let Some(Ok(template)) = outer.next() else { return Ok(()) };
    if !matches!(template.tag, 0x62 | 0x64 | 0x6F) {
        return Ok(());
    }
    let named = template.children(&outer).flatten().find(|object| object.tag == tag);
    match named {
        Some(object) if !wanted.starts_with(object.value) && !object.value.starts_with(wanted) => {
            let source = Malformed::new("file control information of another file", object.offset);
            Err(Error::Garbled { step: step.to_string(), source })
        }
        _ => Ok(()),
    }
}

fn not_a_path(applet: &Applet, path: &FilePath) -> Error {
    let step = Step { verb: "SELECT", applet, path: Some(path), offset: None };
    Error::Refused { step: step.to_string(), status: Status::NOT_FOUND }
}

#[cfg(test)]
mod tests;
