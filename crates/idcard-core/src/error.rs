//! The one error of the library: it says who is at fault.

mod keys;

pub use keys::KeyError;

use crate::apdu::{Malformed, Status};
use crate::data::digits::counted;
use crate::family::{ItemName, KeyName, PinKind};
use crate::transport::LinkError;
use std::path::PathBuf;
use thiserror::Error;

/// What went wrong between a question to the card and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The reader, the service or the link failed.
    #[error("{step}: {source}")]
    Reader {
        /// What was being done.
        step: String,
        /// The failure.
        source: LinkError,
    },
    /// No page knows this card.
    #[error("this is no card that idcard knows: ATR {atr}, {}", counted(*exchanges, "exchange", "exchanges"))]
    Unrecognised {
        /// The answer to reset, upper-case hex.
        atr: String,
        /// How many exchanges were spent to find out.
        exchanges: u32,
    },
    /// The card answered with a status word that ends the step.
    #[error("{step}: the card answered {}", status.in_words())]
    Refused {
        /// The step, with applet and file.
        step: String,
        /// The status word.
        status: Status,
    },
    /// The card answered against its protocol: too short, too long, without progress.
    #[error("{step}: {source}")]
    Garbled {
        /// The step, with applet and file.
        step: String,
        /// What was wrong with the answer.
        source: Malformed,
    },
    /// An item was read, and its content has not the form that the page tells.
    #[error("{item}: {source}")]
    Malformed {
        /// The item.
        item: ItemName,
        /// What is wrong, and where.
        source: Malformed,
    },
    /// The page has no such item, or the card has no such file.
    #[error("{0} is not on this card")]
    Absent(ItemName),
    /// The place or the layout of the item is not published.
    #[error("where {0} lies on this card, or how it is laid out, is not published")]
    LayoutUnknown(ItemName),
    /// The item is known and opens only inside a secure channel.
    #[error("{0} opens only through a secure channel, whose keys the issuer holds")]
    SecureChannelRequired(ItemName),
    /// The file is there and holds nothing.
    #[error("the file of {0} is empty")]
    Empty(ItemName),
    /// The card has no key by that name, or none that computes what was asked for.
    #[error("the {key} key of this card does not compute that: {what}")]
    NoSuchKey {
        /// The key.
        key: KeyName,
        /// What was asked for.
        what: &'static str,
    },
    /// The item is guarded by a PIN that was not presented.
    #[error("{item} is guarded by the {kind} PIN")]
    PinRequired {
        /// The item.
        item: ItemName,
        /// The PIN that opens it.
        kind: PinKind,
    },
    /// The item comes from a redacted trace.
    #[error("{0} was redacted in this trace")]
    Redacted(ItemName),
    /// The PIN was wrong.
    #[error("the {kind} PIN is wrong{}", match tries_left { Some(n) => format!(", {}", tries(*n)), None => String::new() })]
    WrongPin {
        /// Which PIN.
        kind: PinKind,
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// The PIN was wrong for one of its objects, and another one has fewer tries left.
    #[error(
        "the {kind} PIN is wrong for its object {object}{}; its object {} has {}",
        match tries_left { Some(n) => format!(", {}", tries(*n)), None => String::new() },
        fewest.0, tries(fewest.1)
    )]
    WrongPinOfObject {
        /// Which PIN.
        kind: PinKind,
        /// The object that refused it, by its name on the page.
        object: String,
        /// How many tries the card says are left of it.
        tries_left: Option<u8>,
        /// The object with the fewest tries left, and how many.
        fewest: (String, u8),
    },
    /// The PIN is blocked.
    #[error("the {kind} PIN is blocked")]
    Locked {
        /// Which PIN.
        kind: PinKind,
    },
    /// The PIN was not sent, because it would have been the last try or the count is unknown.
    #[error("the {kind} PIN was not sent: {}", match tries_left { Some(n) => tries(*n), None => "the number of tries left is unknown".to_owned() })]
    PinNotTried {
        /// Which PIN.
        kind: PinKind,
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// The PIN breaks the rules of its kind; nothing was sent.
    #[error("{what}")]
    PinRule {
        /// The rule.
        what: &'static str,
    },
    /// The PIN has fewer or more digits than its kind may have; nothing was sent.
    #[error("the {kind} PIN has {minimum} to {maximum} digits")]
    PinLength {
        /// Which PIN.
        kind: PinKind,
        /// The fewest digits.
        minimum: u8,
        /// The most digits.
        maximum: u8,
    },
    /// A PIN had gone out, and the link failed, or the card answered something that is neither yes nor no.
    #[error("{source}; {}", match tries_left { Some(n) => format!("the {kind} PIN has {}", tries(*n)), None => format!("whether the {kind} PIN was counted is unknown") })]
    PinUncertain {
        /// Which PIN.
        kind: PinKind,
        /// How many tries the card says are left since; `None` where it could not be asked.
        tries_left: Option<u8>,
        /// What happened.
        source: Box<Error>,
    },
    /// Another program reset the card, which forgets its PINs; it is not sent a second time.
    #[error("another program reset the card, which forgets the {kind} PIN; it is not sent a second time")]
    PinForgotten {
        /// Which PIN.
        kind: PinKind,
    },
    /// The holder cancelled at the reader's pin pad; the card has seen no PIN.
    #[error("the {kind} PIN was not entered: cancelled on the pin pad")]
    PadCancelled {
        /// Which PIN.
        kind: PinKind,
    },
    /// The PIN lies in several objects, or is not written in ASCII: a pin pad cannot change it and keep them in step.
    #[error("the {kind} PIN cannot be changed on a pin pad")]
    PadUnfit {
        /// Which PIN.
        kind: PinKind,
    },
    /// The reader's pin pad waited in vain for the holder; the card has seen no PIN.
    #[error("the {kind} PIN was not entered on the pin pad in time")]
    PadTimedOut {
        /// Which PIN.
        kind: PinKind,
    },
    /// The PUK was wrong.
    #[error("the PUK of the {kind} PIN is wrong{}", match tries_left { Some(n) => format!(", {}", tries(*n)), None => String::new() })]
    WrongPuk {
        /// The PIN that it was to unblock.
        kind: PinKind,
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// The PUK is blocked: nothing on the card unblocks the PIN any more.
    #[error("the PUK of the {kind} PIN is blocked")]
    PukLocked {
        /// The PIN that it was to unblock.
        kind: PinKind,
    },
    /// The PUK was not sent, because it would have been the last try or the count is unknown.
    #[error("the PUK of the {kind} PIN was not sent: {}", match tries_left { Some(n) => tries(*n), None => "the number of tries left is unknown".to_owned() })]
    PukNotTried {
        /// The PIN that it was to unblock.
        kind: PinKind,
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// How this PIN is changed or unblocked on this card is not known.
    #[error("how the {kind} PIN of this card is {what} is not published")]
    NoPinChange {
        /// Which PIN.
        kind: PinKind,
        /// What was to be done.
        what: &'static str,
    },
    /// The card is sealed: no PIN is sent to it in clear.
    #[error(
        "the {kind} PIN is not sent in clear to a sealed card, and the issuer holds the keys of its secure channel"
    )]
    PinNeedsChannel {
        /// Which PIN.
        kind: PinKind,
    },
    /// The PIN was not sent, since the card did not tell what has to be known before.
    #[error("the {kind} PIN was not sent, since {why}: {source}")]
    PinWithheld {
        /// Which PIN.
        kind: PinKind,
        /// What is not known.
        why: &'static str,
        /// What the card gave instead.
        source: Box<Error>,
    },
    /// An earlier change did not end, so that the objects of the PIN may differ; nothing was sent.
    #[error("an earlier change of the {kind} PIN was interrupted")]
    PinUnfinished {
        /// Which PIN.
        kind: PinKind,
    },
    /// A change was begun and did not end: the objects of the PIN may differ until it is resumed.
    #[error("the change of the {kind} PIN did not end: {source}")]
    PinInterrupted {
        /// Which PIN.
        kind: PinKind,
        /// What stopped it.
        source: Box<Error>,
    },
    /// An object refused one of the two PINs of an interrupted change. The other was not sent: no object has accepted it, and
    /// a second mistake would cost a second try.
    #[error("an object of the {kind} PIN refused the {refused} one{}", match tries_left { Some(n) => format!(", {}", tries(*n)), None => String::new() })]
    PinUnproved {
        /// Which PIN.
        kind: PinKind,
        /// Which of the two was refused: `old` or `new`.
        refused: &'static str,
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// The link failed while a PIN of one object was replaced: it is the old one or the new one, and never half.
    #[error("whether the {kind} PIN is the old one or the new one is not known: {source}")]
    PinOldOrNew {
        /// Which PIN.
        kind: PinKind,
        /// What stopped it.
        source: Box<Error>,
    },
    /// The card compared the finger, and it is not the one that is enrolled.
    #[error("the finger is not the enrolled one{}", match tries_left { Some(n) => format!(", {}", tries(*n)), None => String::new() })]
    FingerDiffers {
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// The comparison of this finger is blocked.
    #[error("the comparison of this finger is blocked")]
    FingerLocked,
    /// The finger was not sent, because it would have been the last try or the count is unknown.
    #[error("the finger was not sent: {}", match tries_left { Some(n) => tries(*n), None => "the number of tries left is unknown".to_owned() })]
    FingerNotTried {
        /// How many tries the card says are left.
        tries_left: Option<u8>,
    },
    /// The page knows of no comparison of fingers on this card.
    #[error("no comparison of fingers is known for this card")]
    NoFingerComparison,
    /// The page knows of no secure channel.
    #[error("no secure channel is known for this card")]
    NoSecureChannel,
    /// The terminal's keys are not there, or the card did not prove that it has the same.
    #[error("the secure channel was not opened: {0}")]
    TerminalKeys(KeyError),
    /// The card in the reader is not the one the session began with.
    #[error("another card is in the reader than before")]
    CardChanged,
    /// A bound that protects us was reached.
    #[error("{step}: stopped at {bound}")]
    Limit {
        /// The step.
        step: String,
        /// The bound, in words.
        bound: &'static str,
    },
    /// A card page is not valid.
    #[error("{}: {what}", path.display())]
    Page {
        /// The page.
        path: PathBuf,
        /// What is wrong, with its line.
        what: String,
    },
}

/// `1 try left`, `2 tries left`.
fn tries(left: u8) -> String {
    counted(left, "try left", "tries left")
}
