//! How a PIN comes in: from a file descriptor, a file, a terminal without echo, or past us over the reader's own pin pad.
//! Never an argument, never a variable.

mod inherited;
mod lines;
mod memory;
mod on_pad;
mod terminal;

use crate::args::PinOptions;
use crate::context::Context;
use crate::exit::Failure;
use crate::lang::{Lang, Word};
use idcard_core::Pin;
use idcard_core::data::digits::counted;
use idcard_core::pin::{Pad, PinEntry};
use zeroize::Zeroizing;

pub(crate) use lines::private;
pub(crate) use memory::keep_off_disk;
pub(crate) use on_pad::{pad, point_to_pad};
pub(crate) use terminal::is_there as terminal_is_there;

/// What the holder gave: the digits, or the word to type them on the reader's pin pad when it asks.
pub(crate) enum Entered {
    Digits(Pin),
    OnPad(Pad),
}

impl Entered {
    /// For the session that presents it.
    pub(crate) const fn entry(&self) -> PinEntry<'_> {
        match self {
            Self::Digits(pin) => PinEntry::Typed(pin),
            Self::OnPad(pad) => PinEntry::OnPad(*pad),
        }
    }
}

/// `tries left: 3`, for the question.
pub(crate) fn tries_left(left: Option<u8>, lang: Lang) -> String {
    let left = left.map_or_else(|| Word::Unknown.text(lang).to_owned(), |left| left.to_string());
    format!("{}: {}", Word::TriesLeft.text(lang), lang.digits(&left))
}

/// The PINs that a file descriptor or a file gives, one a line; `None` where neither was named.
///
/// They are read before the card is held: a pipe may give nothing for a long time.
pub(crate) fn given<const N: usize>(options: &PinOptions) -> Result<Option<[Pin; N]>, Failure> {
    let lines = match (options.pin_fd, &options.pin_file) {
        (Some(number), _) => {
            memory::keep_off_disk();
            lines::of_descriptor(number, N)?
        }
        (None, Some(path)) => {
            memory::keep_off_disk();
            lines::of_file(path, N)?
        }
        (None, None) => return Ok(None),
    };
    let pins: Vec<Pin> = lines.iter().map(pin).collect::<Result<_, _>>()?;
    let pins = <[Pin; N]>::try_from(pins);
    pins.map(Some).map_err(|_| {
        Failure::usage(format!("{} due where the PIN comes from", counted(N, "line is", "lines are")))
            .in_persian(format!("جایی که رمز از آن می‌آید باید {} سطر داشته باشد", Lang::Fa.digits(&N.to_string())))
    })
}

/// Asks on the terminal; `None` for an empty answer.
pub(crate) fn ask(words: &str, context: &Context) -> Result<Option<Pin>, Failure> {
    memory::keep_off_disk();
    let line = terminal::ask(&context.terminal.question(words))?;
    if line.is_empty() { Ok(None) } else { pin(&line).map(Some) }
}

fn pin(line: &Zeroizing<Vec<u8>>) -> Result<Pin, Failure> {
    let text = std::str::from_utf8(line)
        .map_err(|_| Failure::usage("a PIN consists of digits only").in_persian("رمز تنها از رقم ساخته می‌شود"))?;
    if text.starts_with('\u{FEFF}') {
        return Err(Failure::usage("a byte-order mark stands before the PIN; save the file without one")
            .in_persian("پیش از رمز نشانهٔ ترتیب بایت (BOM) آمده است؛ پرونده را بدون آن ذخیره کنید"));
    }
    Ok(Pin::new(text)?)
}
