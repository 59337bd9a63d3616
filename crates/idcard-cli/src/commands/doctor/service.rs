//! How it stands with the smart-card service, and with what is said about it in the system's files.

use super::cause::{Cause, Finding};
use super::system::System;
use idcard_core::transport::pcsc::{SOCKET, Service, service};
use std::path::PathBuf;
use std::time::Duration;

/// Why the service cannot be reached; nothing where it answers.
pub(super) fn examine(system: &System, limit: Duration) -> Option<Finding> {
    let other = other_socket(system);
    let socket = other.clone().unwrap_or_else(|| PathBuf::from(SOCKET));
    let cause = match service(&socket, limit) {
        Service::Answers => return None,
        Service::Absent => system.sandbox().unwrap_or_else(|| installed(system)),
        Service::Dead => Cause::ServiceNotRunning,
        Service::NoRights => Cause::ServiceNoRights,
        Service::Refuses => Cause::ServiceRefuses,
        Service::Mismatch => Cause::ServiceVersion,
        Service::Hangs => Cause::ServiceHangs,
    };
    // Another place than the usual one may be the very mistake.
    let named = other.map(|path| format!("PCSCLITE_CSOCK_NAME={}", path.display()));
    Some(Finding { cause, subject: named })
}

/// Where the client library is told to look for the socket, where that is not the usual place.
fn other_socket(system: &System) -> Option<PathBuf> {
    system.variable("PCSCLITE_CSOCK_NAME").map(PathBuf::from)
}

fn installed(system: &System) -> Cause {
    if system.has_service() { Cause::ServiceNotRunning } else { Cause::ServiceMissing }
}

/// Who writes down what goes to the card.
pub(super) fn examine_logging(system: &System) -> Option<Finding> {
    let spied = system.variable("LD_PRELOAD").is_some_and(|value| value.to_string_lossy().contains("pcscspy"));
    if spied {
        return Some(Finding { cause: Cause::LinkSpied, subject: None });
    }
    let socket = other_socket(system).unwrap_or_else(|| PathBuf::from(SOCKET));
    system.logging_of_commands(&socket).map(|who| Finding::of(Cause::CommandsLogged, who))
}
