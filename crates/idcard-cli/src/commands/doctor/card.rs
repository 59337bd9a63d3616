//! What a card says for itself: free files and the state of its PINs are read, nothing is presented and nothing written.

use super::cause::{Cause, Finding};
use super::clock::CardTime;
use super::speed;
use crate::args::Options;
use crate::context::Context;
use crate::exit::{Failure, Kind};
use crate::source;
use idcard_core::apdu::Status;
use idcard_core::atr::Atr;
use idcard_core::family::Generation;
use idcard_core::session::Slot;
use idcard_core::{Card, Error, LinkError, PinKind};
use idcard_crypto::Certificate;

/// A card that was looked at.
#[derive(Debug, Default)]
pub(super) struct Examined {
    pub(super) findings: Vec<Finding>,
    pub(super) time: CardTime,
    /// A page knows it.
    pub(super) ours: bool,
}

/// Looks at the card that `options` name.
///
/// # Errors
/// What is not the card's fault: the command line, a file, a signal.
pub(super) fn examine(options: &Options, context: &Context) -> Result<Examined, Failure> {
    let (_, mut card, wire) = match source::connect(options) {
        Ok(connected) => connected,
        Err(failure) => return unconnected(failure, options),
    };
    let reader = card.reader().unwrap_or(&options.card).to_owned();
    let atr = card.atr().to_vec();
    let mut examined = Examined::default();
    let surveyed = survey(&mut card, &mut examined);
    drop(card);
    let stats = wire.measured();
    context.keep(wire)?;
    if let Err(error) = surveyed {
        let contactless = is_contactless(&reader) || Atr::parse(&atr).is_ok_and(|atr| atr.is_contactless());
        examined.findings.push(trouble(error, &reader, contactless)?);
    } else if speed::is_slow(&atr, &stats) {
        examined.findings.push(Finding::of(Cause::SlowLink, reader));
    }
    Ok(examined)
}

/// Whether the name of a reader says that its cards lie on it.
pub(super) fn is_contactless(reader: &str) -> bool {
    let name = reader.to_uppercase();
    ["PICC", "CONTACTLESS", "NFC", " CL ", "-CL "].iter().any(|mark| name.contains(mark))
}

fn survey(card: &mut Card, examined: &mut Examined) -> Result<(), Error> {
    let atr = hex::encode_upper(card.atr());
    let mut session = card.session()?;
    examined.ours = true;
    if session.generation() == Generation::Unknown || !session.has_known_mark() {
        examined.findings.push(Finding::of(Cause::UnknownGeneration, format!("ATR {atr}")));
    }
    if let Some(dates) = given(session.dates())? {
        examined.time.add_dates(&dates);
    }
    if let Some(Ok(certificate)) = given(session.certificate(Slot::Sign))?.map(|der| Certificate::from_der(&der)) {
        examined.time.add(Some(certificate.not_before()), Some(certificate.not_after()));
    }
    let unfinished = match session.has_unfinished_change(PinKind::Id) {
        // It is there and cannot be read: no PIN goes to such a card.
        Err(error @ Error::PinWithheld { .. }) => {
            examined.findings.push(Finding::of(Cause::CardFaulty, error.to_string()));
            false
        }
        told => told?,
    };
    if unfinished && let Some(Some(journal)) = given(session.pin_journal(PinKind::Id))? {
        let cause = if journal.in_step() == Some(false) { Cause::PinsDisagree } else { Cause::PinChangeInterrupted };
        examined.findings.push(Finding::of(cause, ""));
    }
    for object in session.page().pins.clone() {
        let state = match session.pin_state(&object) {
            Err(Error::Refused { status: Status::UNUSABLE, .. }) => {
                examined.findings.push(Finding::of(Cause::PinUnusable, object.name));
                continue;
            }
            told => given(told)?,
        };
        let Some(state) = state else { continue };
        if state.blocked {
            examined.findings.push(Finding::of(Cause::PinBlocked, object.name));
        } else if state.tries_left == Some(1) {
            examined.findings.push(Finding::of(Cause::PinLastTry, object.name));
        }
    }
    session.end()
}

/// What the card gives; nothing where it keeps it for itself, which is its right.
fn given<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error @ (Error::Reader { .. } | Error::Garbled { .. } | Error::Malformed { .. } | Error::Limit { .. })) => {
            Err(error)
        }
        Err(_) => Ok(None),
    }
}

/// What a failure to connect means.
fn unconnected(failure: Failure, options: &Options) -> Result<Examined, Failure> {
    let reader = options.card.strip_prefix("pcsc:").unwrap_or(&options.card);
    let cause = match failure.kind {
        Kind::Busy => Cause::Busy,
        Kind::NoCard | Kind::CardRemoved if is_contactless(reader) => Cause::ContactlessPosition,
        Kind::NoCard | Kind::CardRemoved => Cause::NoCard,
        Kind::LinkLost | Kind::TimedOut if is_contactless(reader) => Cause::ContactlessPosition,
        Kind::LinkLost | Kind::TimedOut => Cause::CardMute,
        Kind::NoReader => Cause::NoReader,
        Kind::NoService => Cause::ServiceStopped,
        Kind::NoAccess => Cause::ServiceRefuses,
        _ => return Err(failure),
    };
    Ok(Examined { findings: vec![Finding::of(cause, reader)], ..Examined::default() })
}

/// What a failure on the way means.
fn trouble(error: Error, reader: &str, contactless: bool) -> Result<Finding, Failure> {
    let source = match &error {
        Error::Reader { source, .. } => source,
        Error::CardChanged => &LinkError::Changed,
        Error::Unrecognised { atr, .. } => return Ok(Finding::of(Cause::ForeignCard, format!("ATR {atr}"))),
        _ => return Ok(Finding::of(Cause::CardFaulty, error.to_string())),
    };
    let cause = match source {
        LinkError::Busy { .. } | LinkError::Reset => Cause::Busy,
        LinkError::Changed => Cause::CardChanged,
        LinkError::NoService { .. } => Cause::ServiceStopped,
        LinkError::NoAccess { .. } => Cause::ServiceRefuses,
        LinkError::NoReader { .. } => Cause::NoReader,
        LinkError::Trace { .. } | LinkError::File { .. } | LinkError::Cancelled => return Err(error.into()),
        _ if contactless => Cause::ContactlessPosition,
        LinkError::NoCard | LinkError::Removed => Cause::NoCard,
        LinkError::Mute { .. } => Cause::CardMute,
        _ => Cause::LinkLost,
    };
    Ok(Finding::of(cause, reader))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_without_contacts_are_told_by_their_names() {
        for name in
            ["ACS ACR1252 Dual Reader PICC 0", "HID OMNIKEY 5022 NFC 00 00", "Identiv uTrust 4700 F CL Reader 1"]
        {
            assert!(is_contactless(name), "{name}");
        }
        for name in ["Gemalto PC Twin Reader 00 00", "Virtual PCD 00 00", "ACS ACR39U ICC Reader 00 00", "Clipper 0"] {
            assert!(!is_contactless(name), "{name}");
        }
    }
}
