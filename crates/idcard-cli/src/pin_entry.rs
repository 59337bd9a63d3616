//! How a PIN comes in: from a file descriptor, a file, or a terminal without echo. Never an argument, never a variable.

mod lines;
mod memory;
mod terminal;

use crate::args::PinOptions;
use crate::exit::Failure;
use idcard_core::Pin;
use zeroize::Zeroizing;

pub(crate) use lines::private;
pub(crate) use terminal::is_there as terminal_is_there;

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
    pins.map(Some).map_err(|_| Failure::usage(format!("{N} lines were due where the PIN comes from")))
}

/// Asks on the terminal; `None` for an empty answer.
pub(crate) fn ask(prompt: &str) -> Result<Option<Pin>, Failure> {
    memory::keep_off_disk();
    let line = terminal::ask(prompt)?;
    if line.is_empty() { Ok(None) } else { pin(&line).map(Some) }
}

fn pin(line: &Zeroizing<Vec<u8>>) -> Result<Pin, Failure> {
    let text = std::str::from_utf8(line).map_err(|_| Failure::usage("a PIN consists of digits only"))?;
    Ok(Pin::new(text)?)
}
