//! The questions for PINs and PUK on the terminal; the new PIN is asked for twice.

use crate::context::Context;
use crate::exit::{Failure, Kind};
use crate::lang::Word;
use crate::pin_entry;
use idcard_core::{Pin, PinKind};

/// Makes sure that somebody can be asked.
///
/// # Errors
/// Nobody can.
pub(super) fn somebody_is_there() -> Result<(), Failure> {
    if pin_entry::terminal_is_there() {
        return Ok(());
    }
    let failure = Failure::new(Kind::PinNotTried, "no PIN was given, and there is no terminal to ask for it");
    let failure = failure.in_persian("رمزی داده نشد و پایانه‌ای برای پرسیدن آن نیست");
    Err(failure.with_hints(
        "give it with --pin-fd N or --pin-file FILE, one secret a line",
        "آن را با --pin-fd N یا --pin-file FILE بدهید، هر رمز در یک سطر",
    ))
}

/// Asks for what entitles to the operation: the present PIN, the old one, the PUK.
///
/// # Errors
/// Nothing was entered, or something that is no PIN.
pub(super) fn ask(name: &str, tries_left: Option<u8>, context: &Context) -> Result<Pin, Failure> {
    let tries = pin_entry::tries_left(tries_left, context.lang);
    entered(pin_entry::ask(&format!("{name} ({tries})"), context)?)
}

/// Asks for it where the tries differ from object to object.
///
/// # Errors
/// Nothing was entered, or something that is no PIN.
pub(super) fn ask_once(name: &str, context: &Context) -> Result<Pin, Failure> {
    entered(pin_entry::ask(name, context)?)
}

/// Asks twice for the new PIN.
///
/// # Errors
/// The two entries differ, or one is no PIN.
pub(super) fn ask_new(kind: PinKind, context: &Context) -> Result<Pin, Failure> {
    let lang = context.lang;
    let name = [Word::of_pin(kind), Word::NewPin].map(|word| word.text(lang)).join(lang.comma());
    let new = entered(pin_entry::ask(&name, context)?)?;
    let again = entered(pin_entry::ask(&format!("{name} ({})", Word::Again.text(lang)), context)?)?;
    if new.is(&again) {
        return Ok(new);
    }
    Err(Failure::usage("the two entries of the new PIN differ; nothing was sent to the card")
        .in_persian("دو بار رمز تازه یکسان نبود؛ چیزی به کارت فرستاده نشد"))
}

fn entered(answer: Option<Pin>) -> Result<Pin, Failure> {
    answer.ok_or_else(|| {
        Failure::new(Kind::Cancelled, "nothing was entered; nothing was sent to the card")
            .in_persian("چیزی وارد نشد و چیزی به کارت فرستاده نشد")
    })
}
