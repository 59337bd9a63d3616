//! The one match from the errors of the libraries to kinds.

use super::{Failure, Kind, held, persian, recording};
use idcard_core::error::KeyError;
use idcard_core::{Error, LinkError};
use idcard_crypto::sign_error::{SignError, SignFault};

/// What ends an interrupted change.
const RESUME: (&str, &str) = (
    "idcard pin status tells how far it came, idcard pin resume finishes it",
    "idcard pin status نشان می‌دهد تا کجا رسیده و idcard pin resume آن را به پایان می‌رساند",
);

impl Failure {
    /// Whether the card was left in the middle of a change of a PIN.
    pub(crate) fn leaves_work(&self) -> bool {
        [RESUME.0, OLD_OR_NEW.0].map(Some).contains(&self.hint)
    }
}

/// What to do where an object has refused one PIN of an interrupted change, and nothing proves the other.
const ONCE_MORE: (&str, &str) = (
    "be sure of both PINs and run idcard pin resume once more: the other one was not sent, so that a mistake costs one try",
    "از هر دو رمز مطمئن شوید و idcard pin resume را یک بار دیگر اجرا کنید؛ دفعهٔ دومی مصرف نشده است",
);

/// What wrong keys of a terminal mean.
const KEYS: (&str, &str) = (
    "these are the keys of another card or another terminal; without --terminal-keys the rest of the card is read",
    "این کلیدها از آنِ کارت یا پایانهٔ دیگری است؛ بدون --terminal-keys بقیهٔ کارت خوانده می‌شود",
);

/// How to find out what a single object holds.
const OLD_OR_NEW: (&str, &str) = (
    "try the new PIN with idcard pin verify, then the old one: that costs one try at most, which the right one gives back",
    "نخست رمز تازه و سپس رمز پیشین را با idcard pin verify بیازمایید: بیش از یک بار نمی‌کاهد و رمز درست آن را بازمی‌گرداند",
);

/// What a wrong PUK may come to.
const PUK: (&str, &str) = (
    "do not guess: after too many wrong tries the PUK is blocked for good; idcard pin status shows how many are left",
    "رمز بازگشایی را حدس نزنید: پس از چند بار خطا برای همیشه مسدود می‌شود؛ idcard pin status شمار باقی‌مانده را نشان می‌دهد",
);

/// Who helps where the card itself has no way left.
const OFFICE: (&str, &str) = (
    "only the issuer can help now: ask where cards are applied for, an office of the civil registration or a counter office \
     (pishkhan), and bring the card and your birth certificate (shenasnameh): what they ask for in this case is not \
     published",
    "اکنون تنها صادرکننده می‌تواند کمک کند: با کارت و شناسنامه به جایی بروید که درخواست کارت می‌پذیرد، ادارهٔ ثبت احوال یا دفتر \
     پیشخوان دولت؛ این‌که در این مورد چه می‌خواهند منتشر نشده است",
);

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        Self::of_link(&error, error.to_string()).in_persian(persian::of_link(&error, ""))
    }
}

impl Failure {
    /// A failure of the link at a step that `message` names.
    fn of_link(error: &LinkError, message: String) -> Self {
        let kind = match error {
            LinkError::NoService { .. } => Kind::NoService,
            LinkError::NoAccess { .. } => Kind::NoAccess,
            LinkError::NoReader { .. } => Kind::NoReader,
            LinkError::Ambiguous { .. } => Kind::Usage,
            LinkError::NoCard => Kind::NoCard,
            LinkError::Removed => Kind::CardRemoved,
            LinkError::Reset => Kind::CardReset,
            LinkError::Changed => Kind::CardChanged,
            LinkError::Busy { .. } => Kind::Busy,
            LinkError::TimedOut { .. } => Kind::TimedOut,
            LinkError::Cancelled => Kind::Cancelled,
            LinkError::Mute { .. } | LinkError::Lost { .. } | LinkError::Unlawful { .. } => Kind::LinkLost,
            LinkError::SecureChannel { .. } => Kind::CardMalformed,
            LinkError::Trace { .. } => Kind::BadFile,
            LinkError::File { .. } => Kind::File,
            _ => Kind::Internal,
        };
        let failure = Self::new(kind, message);
        match error {
            LinkError::SecureChannel { status, .. } => {
                failure.with_sw(status.map(|status| status.to_string()).as_deref())
            }
            LinkError::Ambiguous { .. } => {
                failure.with_hints("say which one: --card 'pcsc:NAME'", "بگویید کدام یک: --card 'pcsc:NAME'")
            }
            LinkError::Mute { .. } => failure.with_hints(
                "turn the card round, clean its contacts, put it in again",
                "کارت را برگردانید، سطح تماس آن را پاک کنید و دوباره وارد کنید",
            ),
            LinkError::Trace { path, .. } => {
                let (english, persian) = recording::advice(path);
                failure.with_hints(english, persian)
            }
            _ => failure,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::of_card(&error);
        match persian::of(&error) {
            Some(told) => failure.in_persian(told),
            None => failure,
        }
    }
}

impl Failure {
    fn of_card(error: &Error) -> Self {
        let message = error.to_string();
        let kind = match error {
            Error::Reader { source, .. } => return Self::of_link(source, message),
            Error::PinUncertain { source, tries_left, .. } => {
                let told = Self { message, ..Self::of_card(source) }.with_tries_left(*tries_left);
                return match tries_left {
                    Some(_) => told,
                    None => told.with_hints(
                        "idcard pin status tells how many tries are left",
                        "شمار دفعات باقی‌مانده را idcard pin status نشان می‌دهد",
                    ),
                };
            }
            Error::Unrecognised { .. } => Kind::UnknownCard,
            Error::Refused { status, .. } => {
                let kind = if status.is_warning() { Kind::CardMalformed } else { Kind::CardRefused };
                return Self::new(kind, message).with_sw(Some(&status.to_string()));
            }
            Error::Garbled { .. } | Error::Malformed { .. } => Kind::CardMalformed,
            Error::Absent(_)
            | Error::LayoutUnknown(_)
            | Error::SecureChannelRequired(_)
            | Error::Empty(_)
            | Error::NoSuchKey { .. }
            | Error::NoSecureChannel
            | Error::Redacted(_) => Kind::NotAvailable,
            Error::PinRequired { .. } | Error::PinForgotten { .. } => Kind::PinNotTried,
            Error::WrongPin { tries_left, .. }
            | Error::WrongPuk { tries_left, .. }
            | Error::FingerDiffers { tries_left } => {
                let failure = Self::new(Kind::PinWrong, message).with_tries_left(*tries_left);
                // The number comes from this status word (ISO/IEC 7816-4, 11.6.6).
                let failure = failure.with_sw(tries_left.map(|left| format!("63C{left:X}")).as_deref());
                return match error {
                    Error::WrongPuk { .. } => failure.with_hints(PUK.0, PUK.1),
                    _ => failure,
                };
            }
            Error::WrongPinOfObject { tries_left, fewest, .. } => {
                let sw = tries_left.map(|left| format!("63C{left:X}"));
                return Self::new(Kind::PinWrong, message).with_tries_left(Some(fewest.1)).with_sw(sw.as_deref());
            }
            Error::Locked { .. } => return Self::new(Kind::PinBlocked, message).with_tries_left(Some(0)),
            Error::PukLocked { .. } => {
                let failure = Self::new(Kind::PinBlocked, message).with_tries_left(Some(0));
                return failure.with_hints(OFFICE.0, OFFICE.1);
            }
            Error::FingerLocked => return Self::new(Kind::PinBlocked, message).with_tries_left(Some(0)),
            Error::PinUnproved { tries_left, .. } => {
                return Self::new(Kind::PinWrong, message)
                    .with_tries_left(*tries_left)
                    .with_hints(ONCE_MORE.0, ONCE_MORE.1);
            }
            Error::PinInterrupted { source, .. } if matches!(**source, Error::PinUnproved { .. }) => {
                return Self { message, ..Self::of_card(source) };
            }
            Error::PinInterrupted { source, .. } => {
                let cause = Self::of_card(source);
                return Self { message, ..cause }.with_hints(RESUME.0, RESUME.1);
            }
            Error::PinOldOrNew { source, .. } => {
                let cause = Self::of_card(source);
                return Self { message, ..cause }.with_hints(OLD_OR_NEW.0, OLD_OR_NEW.1);
            }
            Error::PinWithheld { source, .. } => return Self { message, ..Self::of_card(source) },
            Error::PinUnfinished { .. } => {
                return Self::new(Kind::PinNotTried, message).with_hints(RESUME.0, RESUME.1);
            }
            Error::NoPinChange { .. } | Error::PinNeedsChannel { .. } | Error::NoFingerComparison => Kind::NotAvailable,
            Error::PinNotTried { tries_left, .. } => return held::pin(message, *tries_left),
            Error::PukNotTried { tries_left, .. } => return held::puk(message, *tries_left),
            Error::FingerNotTried { tries_left } => return held::finger(message, *tries_left),
            Error::PadUnfit { .. } => Kind::NotAvailable,
            Error::PadCancelled { .. } => Kind::Cancelled,
            Error::PadTimedOut { .. } => Kind::TimedOut,
            Error::TerminalKeys(KeyError::CardRefused(status)) => {
                let failure = Self::new(Kind::CardRefused, message).with_sw(Some(&status.to_string()));
                return failure.with_hints(KEYS.0, KEYS.1);
            }
            Error::TerminalKeys(KeyError::CardNotProved(_)) => Kind::NotGenuine,
            Error::TerminalKeys(KeyError::Form(_)) => Kind::BadFile,
            Error::TerminalKeys(KeyError::Unavailable) => Kind::NotAvailable,
            Error::TerminalKeys(KeyError::TimedOut) => Kind::TimedOut,
            Error::PinRule { .. } | Error::PinLength { .. } => Kind::Usage,
            Error::CardChanged => Kind::CardChanged,
            Error::Limit { .. } => Kind::Limit,
            Error::Page { .. } => Kind::BadFile,
            _ => Kind::Internal,
        };
        Self::new(kind, message)
    }
}

impl From<idcard_crypto::Error> for Failure {
    fn from(error: idcard_crypto::Error) -> Self {
        use idcard_crypto::error::FileFault;
        let message = error.to_string();
        match &error {
            idcard_crypto::Error::File {
                fault: FileFault::Certificate(_) | FileFault::NoList | FileFault::Key(_),
                ..
            } => Self::new(Kind::BadFile, message),
            idcard_crypto::Error::File { .. } => Self::new(Kind::File, message),
            _ => Self::new(Kind::VerificationFailed, message),
        }
    }
}

/// A fault around the key as the end of a run.
impl From<SignFault> for Failure {
    fn from(fault: SignFault) -> Self {
        let kind = match &fault {
            SignFault::Read(_) | SignFault::Write(_) | SignFault::ContentChanged => Kind::File,
            SignFault::Certificate(_) | SignFault::Key(_) => Kind::CardMalformed,
            SignFault::Scheme { .. }
            | SignFault::Algorithm(_)
            | SignFault::WeakHash(_)
            | SignFault::AttributesAsContent => Kind::Usage,
            SignFault::OtherCertificate => Kind::CardChanged,
            SignFault::NotGenuine(_) => Kind::NotGenuine,
            _ => Kind::Internal,
        };
        Self::new(kind, fault.to_string())
    }
}

/// The key's own reason is told whole.
impl From<SignError<Error>> for Failure {
    fn from(error: SignError<Error>) -> Self {
        match error {
            SignError::Signer(error) => error.into(),
            SignError::Fault(fault) => fault.into(),
        }
    }
}
