//! What was held back, since it would have been the last try or nobody knows whether it is: what to do about each.

use super::{Failure, Kind};

/// What to do about something that was held back: where one try is left, and where the card tells no number.
struct Held {
    last: (&'static str, &'static str),
    unknown: (&'static str, &'static str),
}

const PIN: Held = Held {
    last: (
        "be sure of the PIN, then give it with --last-try; a wrong one blocks it, and only the PUK or the issuer unblocks it",
        "از رمز مطمئن شوید و سپس آن را با --last-try بدهید؛ رمز نادرست آن را مسدود می‌کند و تنها PUK یا صادرکننده بازش می‌کند",
    ),
    unknown: (
        "the card does not tell whether this would be the last try; --last-try sends the PIN all the same",
        "کارت نمی‌گوید که این آخرین فرصت است یا نه؛ --last-try رمز را با این همه می‌فرستد",
    ),
};

const PUK: Held = Held {
    last: (
        "be sure of the PUK, then give it with --last-try; a wrong one blocks it for good, and nothing on the card unblocks it",
        "از رمز بازگشایی (PUK) مطمئن شوید و سپس آن را با --last-try بدهید؛ PUK نادرست برای همیشه مسدود می‌شود",
    ),
    unknown: (
        "the card does not tell how many tries the PUK has; --last-try sends it all the same, and a PUK that is blocked \
         stays so",
        "کارت نمی‌گوید PUK چند فرصت دارد؛ --last-try آن را با این همه می‌فرستد، و PUK مسدودشده دیگر باز نمی‌شود",
    ),
};

/// No command of this program sends a finger: who calls the library decides.
const FINGER: Held = Held {
    last: (
        "a finger that does not match would block the comparison; use the PIN",
        "انگشت ناسازگار مقایسه را مسدود می‌کند؛ رمز را به کار ببرید",
    ),
    unknown: (
        "the card does not tell whether this would be the last comparison; use the PIN",
        "کارت نمی‌گوید که این آخرین مقایسه است یا نه؛ رمز را به کار ببرید",
    ),
};

/// A PIN was not sent.
pub(super) fn pin(message: String, tries_left: Option<u8>) -> Failure {
    PIN.failure(message, tries_left)
}

/// A PUK was not sent.
pub(super) fn puk(message: String, tries_left: Option<u8>) -> Failure {
    PUK.failure(message, tries_left)
}

/// A finger was not sent.
pub(super) fn finger(message: String, tries_left: Option<u8>) -> Failure {
    FINGER.failure(message, tries_left)
}

impl Held {
    fn failure(&self, message: String, tries_left: Option<u8>) -> Failure {
        let (english, persian) = if tries_left.is_some() { self.last } else { self.unknown };
        Failure::new(Kind::PinNotTried, message).with_tries_left(tries_left).with_hints(english, persian)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use idcard_core::{Error, PinKind};

    /// A signal ends a run without a word, but for this.
    #[test]
    fn a_change_that_was_broken_off_is_work_to_be_done() {
        let lost = || Box::new(Error::Reader { step: String::new(), source: idcard_core::LinkError::Cancelled });
        let kind = PinKind::Id;
        assert!(Failure::from(Error::PinInterrupted { kind, source: lost() }).leaves_work());
        assert!(Failure::from(Error::PinOldOrNew { kind, source: lost() }).leaves_work());
        assert!(!Failure::from(*lost()).leaves_work());
    }

    #[test]
    fn each_is_called_by_its_name_and_lasts_as_it_does() {
        let kind = PinKind::Id;
        let of = |error: Error| Failure::from(error);
        for (tries_left, last) in [(Some(1), true), (None, false)] {
            for (failure, name, option) in [
                (of(Error::PinNotTried { kind, tries_left }), "PIN", true),
                (of(Error::PukNotTried { kind, tries_left }), "PUK", true),
                // Nothing that this program is asked for sends a finger.
                (of(Error::FingerNotTried { tries_left }), "finger", false),
            ] {
                let (message, hint) = (failure.message(Lang::En), failure.hint(Lang::En).unwrap());
                assert_eq!(failure.kind, Kind::PinNotTried);
                assert!(message.contains(name) && message.contains("was not sent"), "{message}");
                assert_eq!(hint.contains("--last-try"), option, "{hint}");
                // Where no number is told, none is promised.
                assert_eq!(message.contains("1 try left"), last, "{message}");
                assert_eq!(hint.starts_with("the card does not tell"), !last, "{hint}");
                assert_ne!(failure.hint(Lang::Fa), Kind::PinNotTried.hint(Lang::Fa));
            }
        }
        let for_good = of(Error::PukNotTried { kind, tries_left: Some(1) });
        assert!(for_good.hint(Lang::En).unwrap().contains("for good"));
    }
}
