//! Why the service cannot be reached: its own error tells these causes not apart.

use super::{LinkError, bounded, slots};
use std::fmt;
use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// Where pcsc-lite listens, unless `PCSCLITE_CSOCK_NAME` tells its clients another place.
pub const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// How it stands with pcsc-lite's service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// It answers.
    Answers,
    /// There is no socket: it is not installed or was never started.
    Absent,
    /// The socket is there and nobody listens: the service has died.
    Dead,
    /// The rights of the socket keep this user out.
    NoRights,
    /// The service takes the call and hangs up: its policy (polkit) keeps this user out.
    Refuses,
    /// The service speaks another version than the client library.
    Mismatch,
    /// The service takes the call and does not answer in time.
    Hangs,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answers => "the smart-card service answers",
            Self::Absent => "the smart-card service is not running: its socket does not exist",
            Self::Dead => "the smart-card service is not running: nobody listens at its socket",
            Self::NoRights => "this user may not open the socket of the smart-card service",
            Self::Refuses => "the smart-card service turns this user away",
            Self::Mismatch => "the smart-card service and its client library are of different versions",
            Self::Hangs => "the smart-card service does not answer",
        })
    }
}

/// Finds out how it stands with the service whose socket is `socket`, [`SOCKET`] by default.
///
/// The client library finds its socket by itself: the caller has to name the same one.
#[must_use]
pub fn service(socket: &Path, deadline: Duration) -> Service {
    let socket = socket.to_owned();
    let reached = bounded::run(deadline, move || {
        Ok(match UnixStream::connect(socket).map_err(|error| error.kind()) {
            Ok(_) => None,
            Err(ErrorKind::PermissionDenied) => Some(Service::NoRights),
            Err(ErrorKind::ConnectionRefused) => Some(Service::Dead),
            Err(_) => Some(Service::Absent),
        })
    });
    match reached {
        Ok(Some(trouble)) => return trouble,
        Ok(None) => {}
        Err(_) => return Service::Hangs,
    }
    match bounded::run(deadline, || slots::context().map(drop)) {
        Ok(()) => Service::Answers,
        Err(LinkError::TimedOut { .. }) => Service::Hangs,
        // This is how pcscd tells a client of another version so; one that it turns away it tells nothing.
        Err(LinkError::NoService { code: "SCARD_E_SERVICE_STOPPED" }) => Service::Mismatch,
        Err(_) => Service::Refuses,
    }
}
