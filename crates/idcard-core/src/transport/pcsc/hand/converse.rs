//! What is done inside one transaction.

use super::super::link::{Port, Reply, Request};
use super::super::{code, slots};
use super::{Next, connecting, keys};
use crate::transport::pad::VERIFY_DIRECT;
use crate::transport::scard::{self, Step};
use crate::transport::{Leaving, LinkError};
use pcsc::{Context, Disposition, Error, Transaction};
use std::ffi::CString;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use zeroize::{Zeroize, Zeroizing};

/// How long after a lost answer a reader may take to report that its card was taken out.
const REMOVAL: Duration = Duration::from_secs(1);

/// Serves requests inside a transaction until it is over.
pub(super) fn converse(
    transaction: Transaction<'_>,
    place: (&Context, &CString),
    port: &Port,
    buffer: &mut [u8],
) -> Next {
    loop {
        match port.requests.recv() {
            Ok(Request::Exchange { command, answer }) => exchange(&transaction, place, port, buffer, (command, answer)),
            Ok(Request::End(leaving)) => {
                let error = end(transaction, disposition(leaving)).err();
                send(port, Reply { error, ..Reply::default() });
                return Next::Idle;
            }
            // That the end fails tells no more than the beginning that follows.
            Ok(Request::GiveWay) => {
                let _ = end(transaction, Disposition::LeaveCard);
                return Next::GiveWay;
            }
            Ok(Request::Recover) => {
                let _ = end(transaction, Disposition::LeaveCard);
                return Next::Recover;
            }
            Ok(Request::FindPad) => {
                let error = keys::code_of_pad(&transaction, VERIFY_DIRECT, buffer).err();
                send(port, Reply { error, ..Reply::default() });
            }
            Ok(Request::Pad { feature, structure, mut answer }) => {
                let asked = Instant::now();
                let result = keys::ask(&transaction, feature, &structure, buffer);
                let elapsed = asked.elapsed();
                let error = result.map(|bytes| answer.extend_from_slice(bytes)).err();
                send(port, Reply { answer, elapsed, error, ..Reply::default() });
            }
            Ok(Request::Begin) => send(port, Reply { error: Some(OUTSIDE), ..Reply::default() }),
            Err(_) => {
                let _ = end(transaction, leaving(port));
                return Next::Gone;
            }
        }
    }
}

/// A request that does not belong there.
pub(super) const OUTSIDE: LinkError = LinkError::Lost { code: "SCARD_E_NOT_TRANSACTED" };

fn exchange(
    transaction: &Transaction<'_>,
    (context, reader): (&Context, &CString),
    port: &Port,
    buffer: &mut [u8],
    (command, mut answer): (Zeroizing<Vec<u8>>, Vec<u8>),
) {
    let sent = Instant::now();
    let result = transaction.transmit2(&command, buffer);
    let elapsed = sent.elapsed();
    let error = match result {
        // Some drivers report a card that was pulled out as an answer of no bytes.
        Ok([]) if slots::card_leaves(context, reader, REMOVAL) => Some(LinkError::Removed),
        Ok(bytes) => {
            answer.extend_from_slice(bytes);
            None
        }
        Err((error, _)) if vague(error) && slots::card_leaves(context, reader, REMOVAL) => Some(LinkError::Removed),
        Err((error, _)) => Some(connecting::lost(error, elapsed)),
    };
    give_back(port, command, answer, elapsed, error);
}

/// Errors by which a reader may report that the card was pulled out in the middle of an exchange.
const fn vague(error: Error) -> bool {
    matches!(
        error,
        Error::NotTransacted
            | Error::CommError
            | Error::CommDataLost
            | Error::InternalError
            | Error::UnknownError
            | Error::UnresponsiveCard
            | Error::UnpoweredCard
            | Error::NoSmartcard
    )
}

/// Replies to an exchange; the command may hold a PIN and is wiped before its buffer goes back.
pub(super) fn give_back(
    port: &Port,
    mut command: Zeroizing<Vec<u8>>,
    answer: Vec<u8>,
    elapsed: Duration,
    error: Option<LinkError>,
) {
    command.zeroize();
    send(port, Reply { command, answer, elapsed, error, ..Reply::default() });
}

pub(super) fn send(port: &Port, reply: Reply) {
    // Nobody may be waiting any more; then the next request tells so.
    let _ = port.replies.try_send(reply);
}

/// Replies that there is no transaction.
pub(super) fn refuse(port: &Port, error: LinkError) -> Next {
    send(port, Reply { error: Some(error), ..Reply::default() });
    Next::Idle
}

fn end(transaction: Transaction<'_>, disposition: Disposition) -> Result<(), LinkError> {
    let ended = transaction.end(disposition).map_err(|(_, error)| error);
    match ended {
        // A reset by others ends the transaction as well.
        Ok(()) | Err(Error::ResetCard) => Ok(()),
        Err(error) => Err(scard::link_error(code(error), Step::Hold, Duration::ZERO)),
    }
}

const fn disposition(leaving: Leaving) -> Disposition {
    match leaving {
        Leaving::Keep => Disposition::LeaveCard,
        Leaving::Reset => Disposition::ResetCard,
    }
}

/// How the card is left when the caller is gone.
pub(super) fn leaving(port: &Port) -> Disposition {
    disposition(if port.reset.load(Ordering::SeqCst) { Leaving::Reset } else { Leaving::Keep })
}
