//! Connecting to a card, with patience where others are in the way, and letting go of it.

use super::super::link::Port;
use super::super::{code, slots};
use crate::transport::scard::{self, Step};
use crate::transport::{LinkError, Protocol};
use pcsc::{Card, Context, Disposition, Error, Protocols, ShareMode};
use std::ffi::CStr;
use std::time::{Duration, Instant};

/// The protocols that are asked for; which one is in use the service tells.
pub(super) const PROTOCOLS: Protocols = Protocols::T0.union(Protocols::T1);
/// How long is waited before the second attempt.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(10);
const LAST_WAIT: Duration = Duration::from_millis(250);

/// The wait before the next attempt, each twice as long as the one before, up to a quarter of a second.
pub(super) fn longer(wait: &mut Duration) -> Duration {
    let now = *wait;
    *wait = now.saturating_mul(2).min(LAST_WAIT);
    now
}

/// Another program is in the way.
pub(super) const fn busy(error: Error) -> bool {
    matches!(error, Error::SharingViolation | Error::ServerTooBusy)
}

/// The service or the reader has gone, perhaps to come back: handles are worth nothing.
pub(super) const fn unserved(error: Error) -> bool {
    matches!(
        error,
        Error::NoService
            | Error::ServiceStopped
            | Error::InvalidHandle
            | Error::CommError
            | Error::NoReadersAvailable
            | Error::UnknownReader
            | Error::ReaderUnavailable
    )
}

/// Attempts until it works, the error is none that is worth waiting, or `limit` is over.
pub(super) fn patiently<T>(
    limit: Duration,
    port: &Port,
    worth: impl Fn(Error) -> bool,
    mut attempt: impl FnMut() -> Result<T, Error>,
) -> Result<T, (Error, Duration)> {
    let began = Instant::now();
    let mut wait = FIRST_WAIT;
    loop {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(error) if worth(error) && began.elapsed() < limit => {
                if !port.pause(longer(&mut wait).min(limit.saturating_sub(began.elapsed()))) {
                    return Err((Error::Cancelled, began.elapsed()));
                }
            }
            Err(error) => return Err((error, began.elapsed())),
        }
    }
}

/// Connects to the card, sharing it; one that does not answer is powered off and on once.
pub(super) fn connect(context: &Context, reader: &CStr, limit: Duration, port: &Port) -> Result<Card, LinkError> {
    let mut cycled = false;
    loop {
        match patiently(limit, port, busy, || context.connect(reader, ShareMode::Shared, PROTOCOLS)) {
            Ok(card) => return Ok(card),
            Err((error, _)) if matches!(slots::connecting(error), LinkError::Mute { .. }) && !cycled => {
                cycled = true;
                power_off(context, reader);
            }
            Err((error, waited)) => {
                return Err(match slots::connecting(error) {
                    LinkError::NoReader { .. } => {
                        LinkError::NoReader { wanted: Some(reader.to_string_lossy().into_owned()) }
                    }
                    LinkError::Busy { .. } => LinkError::Busy { waited },
                    error => error,
                });
            }
        }
    }
}

/// Takes the power from the card, so that connecting starts it cold. That it may fail is told by what comes next.
fn power_off(context: &Context, reader: &CStr) {
    if let Ok(card) = context.connect(reader, ShareMode::Direct, Protocols::UNDEFINED) {
        disconnect(card, Disposition::UnpowerCard);
    }
}

/// Lets go of a card. Dropping a [`Card`] resets it, which no other program has deserved.
pub(super) fn disconnect(card: Card, disposition: Disposition) {
    if let Err((card, _)) = card.disconnect(disposition) {
        std::mem::forget(card);
    }
}

/// The answer to reset and the protocol in use. Another program may reset the card just after it was connected to: it is
/// taken up again, since nothing of its state is known yet.
pub(super) fn status(card: &mut Card, limit: Duration, port: &Port) -> Result<(Vec<u8>, Protocol), Error> {
    let began = Instant::now();
    let mut without_protocol = false;
    loop {
        let told = told(card);
        let was_reset = match told {
            Err(Error::ResetCard) => began.elapsed() < limit,
            // So the card of a program that died is left; one that has no protocol has none the second time either.
            Err(Error::ProtoMismatch) => !std::mem::replace(&mut without_protocol, true),
            _ => false,
        };
        if !was_reset {
            return told;
        }
        let left = limit.saturating_sub(began.elapsed());
        let again =
            patiently(left, port, busy, || card.reconnect(ShareMode::Shared, PROTOCOLS, Disposition::LeaveCard));
        again.map_err(|(error, _)| error)?;
    }
}

fn told(card: &Card) -> Result<(Vec<u8>, Protocol), Error> {
    let status = card.status2_owned()?;
    let protocol = match status.protocol2() {
        Some(pcsc::Protocol::T0) => Protocol::T0,
        Some(pcsc::Protocol::T1 | pcsc::Protocol::RAW) => Protocol::T1,
        None => return Err(Error::ProtoMismatch),
    };
    Ok((status.atr().to_vec(), protocol))
}

/// What a failure of the link means while a card answers.
pub(super) fn lost(error: Error, waited: Duration) -> LinkError {
    scard::link_error(code(error), Step::Answer, waited)
}
