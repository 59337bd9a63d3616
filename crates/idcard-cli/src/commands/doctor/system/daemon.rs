//! Whether the service logs the commands that go to cards: by its command line, its settings, its driver's log level.

use super::System;
use super::processes::Process;
use std::path::Path;

/// Where the options of the service are set, for its next start at the latest.
const SETTINGS: [&str; 6] = [
    "etc/default/pcscd",
    "etc/sysconfig/pcscd",
    "etc/conf.d/pcscd",
    "etc/systemd/system/pcscd.service",
    "run/systemd/system/pcscd.service",
    "usr/lib/systemd/system/pcscd.service",
];
/// Settings in pieces.
const FOLDERS: [&str; 3] = [
    "etc/systemd/system/pcscd.service.d",
    "run/systemd/system/pcscd.service.d",
    "usr/lib/systemd/system/pcscd.service.d",
];
/// The log level of the CCID driver.
const DRIVER: &str = "usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist";
/// The bit of that level by which the driver writes down what it exchanges with a reader.
const EXCHANGES: u32 = 0x0004;

/// What the options of the service say about its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Logging {
    /// Commands and answers are logged.
    pub(super) commands: bool,
    /// The lowest level is logged, to which drivers write.
    pub(super) debug: bool,
}

impl Logging {
    /// Reads options as getopt does: long ones by any beginning that is unambiguous, short ones in clusters.
    pub(super) fn of<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut logging = Self::default();
        let mut words = arguments.into_iter();
        while let Some(word) = words.next() {
            if let Some(name) = word.strip_prefix("--") {
                let is = |option: &str, least: usize| name.len() >= least && option.starts_with(name);
                logging.commands |= is("apdu", 2);
                logging.debug |= is("debug", 1);
                continue;
            }
            let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
            while let Some(letter) = letters.next() {
                match letter {
                    'a' => logging.commands = true,
                    'd' => logging.debug = true,
                    // These take a value: the rest of the word, or the next one.
                    'c' | 't' | 's' | 'r' => {
                        if letters.as_str().is_empty() {
                            let _ = words.next();
                        }
                        break;
                    }
                    _ => {}
                }
            }
        }
        logging
    }
}

impl System {
    /// What shows that the service behind this socket logs the commands to cards: its process, or its settings.
    pub(in super::super) fn logging_of_commands(&self, socket: &Path) -> Option<String> {
        let listening = self.listening(socket);
        let serves = |process: &Process| process.name == "pcscd" && self.may_hold(process, listening.as_deref());
        for daemon in self.processes().into_iter().filter(serves) {
            let logging = Logging::of(daemon.arguments.iter().map(String::as_str));
            let environment = self.text(format!("proc/{}/environ", daemon.id));
            if logging.commands || (logging.debug && self.driver_tells(&environment)) {
                return Some(format!("pcscd ({})", daemon.id));
            }
        }
        let pieces = FOLDERS.iter().flat_map(|folder| {
            let names = self.names(folder).into_iter().filter(|name| name.ends_with(".conf"));
            names.map(move |name| format!("{folder}/{name}"))
        });
        let mut files = SETTINGS.iter().map(|file| (*file).to_owned()).chain(pieces);
        files.find(|file| self.is_set_to_log(file)).map(|file| format!("/{file}"))
    }

    /// The listening socket of this path, in the words of `/proc`: `socket:[NUMBER]`.
    fn listening(&self, socket: &Path) -> Option<String> {
        const ACCEPTS: &str = "00010000";
        let socket = socket.to_str()?;
        let table = self.text("proc/net/unix");
        // Num RefCount Protocol Flags Type St Inode Path
        let row = table.lines().find(|line| line.ends_with(socket) && line.split_whitespace().nth(3) == Some(ACCEPTS));
        Some(format!("socket:[{}]", row?.split_whitespace().nth(6)?))
    }

    /// Whether the process holds this file, as far as it can be told: what other users hold is shown to root alone.
    fn may_hold(&self, process: &Process, file: Option<&str>) -> bool {
        let folder = format!("proc/{}/fd", process.id);
        let held = self.names(&folder);
        let link = |name: &String| std::fs::read_link(self.root.join(&folder).join(name)).ok();
        let Some(file) = file.filter(|_| !held.is_empty()) else { return true };
        held.iter().filter_map(link).any(|target| target.to_str() == Some(file))
    }

    /// Whether the driver's log level has exchanges in it.
    fn driver_tells(&self, environment: &str) -> bool {
        let set = environment.split('\0').find_map(|variable| variable.strip_prefix("LIBCCID_ifdLogLevel="));
        let plist = self.text(DRIVER);
        let level = set.map(str::to_owned).or_else(|| {
            let (_, behind) = plist.split_once("<key>ifdLogLevel</key>")?;
            let (_, value) = behind.split_once("<string>")?;
            Some(value.split_once('<')?.0.to_owned())
        });
        let level = level.and_then(|level| match level.trim().strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => level.trim().parse().ok(),
        });
        level.is_some_and(|level| level & EXCHANGES != 0)
    }

    /// Whether a file of settings gives the service an option by which it logs commands.
    fn is_set_to_log(&self, file: &str) -> bool {
        let text = self.text(file).replace("\\\n", " ");
        let settings = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
        let about = ["ExecStart", "Environment", "PCSCD_", "DAEMON_ARGS", "OPTIONS"];
        let mut settings = settings.filter(|line| about.iter().any(|name| line.trim_start().starts_with(name)));
        settings.any(|line| {
            let words = line.split(|letter: char| letter.is_whitespace() || ['=', '"', '\''].contains(&letter));
            Logging::of(words).commands
        })
    }
}
