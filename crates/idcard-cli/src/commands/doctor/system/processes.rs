//! The programs at work, as `/proc` shows them to this user.

use super::System;

/// A program at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    /// The name of its file.
    pub(super) name: String,
    /// Its command line, the name left out.
    pub(super) arguments: Vec<String>,
}

impl System {
    /// All programs but this one and those that are known to live in another network: they use another service.
    pub(super) fn processes(&self) -> Vec<Process> {
        let network = |id: &str| std::fs::read_link(self.root.join(format!("proc/{id}/ns/net"))).ok();
        let (own, here) = (std::process::id(), network("self"));
        let mut found = Vec::new();
        for id in self.names("proc").iter().filter_map(|name| name.parse::<u32>().ok()) {
            let elsewhere = || here.is_some() && network(&id.to_string()).is_some_and(|there| Some(there) != here);
            if id == own || elsewhere() {
                continue;
            }
            let line = self.text(format!("proc/{id}/cmdline"));
            let mut words = line.split_terminator('\0').map(str::to_owned);
            let Some(program) = words.next() else { continue };
            let name = program.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Process { id, name, arguments: words.collect() });
        }
        found.sort_by_key(|process| process.id);
        found
    }

    /// The programs that have the client library of the service loaded, as `name (number)`; one of them holds the card.
    /// Other users' programs are shown to root alone.
    pub(in super::super) fn users_of_the_service(&self) -> Vec<String> {
        let uses = |process: &Process| {
            process.name != "pcscd" && self.text(format!("proc/{}/maps", process.id)).contains("libpcsclite")
        };
        let users = self.processes().into_iter().filter(uses);
        users.map(|process| format!("{} ({})", process.name, process.id)).collect()
    }
}
