//! What the system tells of itself in files: programs at work, devices on USB, settings. Only read, and never long.

mod daemon;
mod processes;
mod usb;

pub(super) use usb::UsbReader;

use super::cause::Cause;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The longest file that is looked at, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;
/// The most entries of a folder that are looked at.
const ENTRIES: usize = 1 << 16;

/// A variable of the environment by its name.
type Environment = Box<dyn Fn(&str) -> Option<OsString>>;

/// The system, as far as its files tell: below a folder and with an environment that tests choose.
pub(super) struct System {
    root: PathBuf,
    environment: Environment,
}

impl System {
    /// The one that this program runs on.
    pub(super) fn here() -> Self {
        Self { root: PathBuf::from("/"), environment: Box::new(|name| std::env::var_os(name)) }
    }

    /// A variable of this program's environment, where it is set to something.
    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }

    /// The sandbox around this program, where there is one. A container in which the service is installed is none:
    /// there it should run.
    pub(super) fn sandbox(&self) -> Option<Cause> {
        if self.has(".flatpak-info") {
            return Some(Cause::Flatpak);
        }
        if self.variable("SNAP").is_some() {
            return Some(Cause::Snap);
        }
        let container = self.has(".dockerenv") || self.has("run/.containerenv") || self.variable("container").is_some();
        (container && !self.has_service()).then_some(Cause::Container)
    }

    /// Whether the service is installed.
    pub(super) fn has_service(&self) -> bool {
        let folders = ["usr/sbin", "usr/bin", "sbin", "usr/local/sbin", "run/current-system/sw/bin"];
        folders.iter().any(|folder| self.has(&format!("{folder}/pcscd")))
            || self.has("usr/lib/systemd/system/pcscd.socket")
            || self.has("etc/systemd/system/pcscd.socket")
    }

    fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The beginning of a file; empty where it cannot be read.
    fn text(&self, path: impl AsRef<Path>) -> String {
        let mut bytes = Vec::new();
        if let Ok(file) = File::open(self.root.join(path)) {
            // Whatever was read before an error is worth as much.
            let _ = file.take(LONGEST).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The names in a folder, in order; none where it cannot be read.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten().take(ENTRIES);
        let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests;
