//! SELECT (ISO/IEC 7816-4, 11.2.2; `specimen.md` 2, 8).

use super::Card;
use super::command::Command;
use super::sw::{Answer, Sw};
use crate::image::{Applet, Profile};

const MASTER: u16 = 0x3F00;

/// What is selected inside an applet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Master,
    Folder(u16),
    /// Its folder and its place among the applet's files.
    File(Option<u16>, usize),
}

impl Card {
    pub(super) fn select(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if !matches!(command.p2, 0x00 | 0x04 | 0x0C) {
            return Err(Sw::BAD_P1P2);
        }
        if command.p1 == 0x04 {
            return self.select_applet(command);
        }
        let applet = self.applet().map_err(|_| Sw::NOT_FOUND)?;
        let target = match applet.profile {
            Profile::Manager => return Err(Sw::NOT_FOUND),
            Profile::Mpcos => self.child_target(applet, command)?,
            Profile::Classic | Profile::Pardis => self.any_target(applet, command)?,
        };
        let information = describe(applet, target, command.p2, None);
        match target {
            Target::Master => (self.state.folder, self.state.file) = (None, None),
            Target::Folder(folder) => (self.state.folder, self.state.file) = (Some(folder), None),
            Target::File(folder, at) => (self.state.folder, self.state.file) = (folder, Some(at)),
        }
        Ok(Answer::data(information))
    }

    fn select_applet(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        let name = command.data;
        if name.is_empty() || name.len() > 16 {
            return Err(Sw::WRONG_LENGTH);
        }
        let found = self
            .image
            .applets
            .iter()
            .position(|applet| name.len() >= applet.shortest && applet.aid.starts_with(name))
            .ok_or(Sw::NOT_FOUND)?;
        if self.state.applet != Some(found) {
            self.state.verified.clear();
        }
        self.state.applet = Some(found);
        (self.state.folder, self.state.file) = (None, None);
        (self.state.environment, self.state.hash, self.state.challenge) = (None, None, None);
        let applet = self.applet()?;
        Ok(Answer::data(describe(applet, Target::Master, command.p2, Some(&applet.aid))))
    }

    /// MPCOS: the master file, a child of the current folder, a file of the current folder; nothing else.
    fn child_target(&self, applet: &Applet, command: &Command<'_>) -> Result<Target, Sw> {
        let fid = identifier(command)?;
        match command.p1 {
            0x00 if fid == MASTER => Ok(Target::Master),
            0x00 => Err(Sw::NOT_FOUND),
            0x01 => self.child_folder(applet, fid),
            0x02 => self.child_file(applet, fid),
            _ => Err(Sw::BAD_P1P2),
        }
    }

    /// Classic: folders are found from anywhere, paths are followed.
    fn any_target(&self, applet: &Applet, command: &Command<'_>) -> Result<Target, Sw> {
        match command.p1 {
            0x00 if command.data.is_empty() => Ok(Target::Master),
            0x00 => match identifier(command)? {
                MASTER => Ok(Target::Master),
                fid if applet.has_folder(fid) => Ok(Target::Folder(fid)),
                fid => self.child_file(applet, fid),
            },
            0x01 => self.child_folder(applet, identifier(command)?),
            0x02 => self.child_file(applet, identifier(command)?),
            0x03 if command.data.is_empty() => Ok(Target::Master),
            0x08 => path_target(applet, None, command.data),
            0x09 => path_target(applet, self.state.folder, command.data),
            _ => Err(Sw::BAD_P1P2),
        }
    }

    fn child_folder(&self, applet: &Applet, fid: u16) -> Result<Target, Sw> {
        if self.state.folder.is_none() && applet.has_folder(fid) { Ok(Target::Folder(fid)) } else { Err(Sw::NOT_FOUND) }
    }

    fn child_file(&self, applet: &Applet, fid: u16) -> Result<Target, Sw> {
        let folder = self.state.folder;
        let path: Vec<u16> = folder.into_iter().chain([fid]).collect();
        applet.position(&path).map(|at| Target::File(folder, at)).ok_or(Sw::NOT_FOUND)
    }
}

/// A path of two-byte identifiers, from the master file or from a folder.
fn path_target(applet: &Applet, from: Option<u16>, data: &[u8]) -> Result<Target, Sw> {
    let (ids, rest) = data.as_chunks::<2>();
    if ids.is_empty() || !rest.is_empty() {
        return Err(Sw::WRONG_LENGTH);
    }
    let mut path: Vec<u16> = from.into_iter().chain(ids.iter().map(|id| u16::from_be_bytes(*id))).collect();
    if from.is_none() && path.first() == Some(&MASTER) {
        path.remove(0);
    }
    match path.as_slice() {
        [] => Ok(Target::Master),
        [folder] if applet.has_folder(*folder) => Ok(Target::Folder(*folder)),
        [.., _] => {
            let folder = if path.len() > 1 { path.first().copied() } else { None };
            applet.position(&path).map(|at| Target::File(folder, at)).ok_or(Sw::NOT_FOUND)
        }
    }
}

fn identifier(command: &Command<'_>) -> Result<u16, Sw> {
    command.data.try_into().map(u16::from_be_bytes).map_err(|_| Sw::WRONG_LENGTH)
}

/// File control information where P2 asks for it: size, kind and identifier, and the name of an applet.
fn describe(applet: &Applet, target: Target, p2: u8, name: Option<&[u8]>) -> Vec<u8> {
    let template = match p2 {
        0x00 => 0x6F,
        0x04 => 0x62,
        _ => return Vec::new(),
    };
    let file = match target {
        Target::File(_, at) => applet.files.get(at),
        Target::Master | Target::Folder(_) => None,
    };
    let size = file.and_then(|file| u16::try_from(file.content.len()).ok()).unwrap_or(0);
    let kind = if file.is_some() { 0x01 } else { 0x38 };
    let fid = match target {
        Target::Master => MASTER,
        Target::Folder(folder) => folder,
        Target::File(..) => file.and_then(|file| file.path.last().copied()).unwrap_or(0),
    };
    let mut objects = vec![0x80, 0x02];
    objects.extend(size.to_be_bytes());
    objects.extend([0x82, 0x01, kind, 0x83, 0x02]);
    objects.extend(fid.to_be_bytes());
    if let Some(name) = name {
        objects.extend([0x84, u8::try_from(name.len()).unwrap_or(0)]);
        objects.extend(name);
    }
    let mut information = vec![template, u8::try_from(objects.len()).unwrap_or(0)];
    information.extend(objects);
    information
}
