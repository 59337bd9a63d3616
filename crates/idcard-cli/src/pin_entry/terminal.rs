//! A question on the terminal whose answer is not shown.

use crate::exit::{Failure, Kind};
use std::io::{self, IsTerminal};
use zeroize::Zeroizing;

/// Whether somebody can be asked: stdin is a terminal.
pub(crate) fn is_there() -> bool {
    io::stdin().is_terminal()
}

fn failed(error: impl Into<io::Error>) -> Failure {
    Failure::new(Kind::File, format!("the terminal: {}", error.into()))
}

/// Shows the prompt and reads a line without echo; the terminal is as before on every way out.
#[cfg(unix)]
pub(super) fn ask(prompt: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    use crate::signals::Asking;
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    use std::fs::OpenOptions;
    use std::io::{Read, Write};

    let mut tty = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(failed)?;
    let before = tcgetattr(&tty).map_err(failed)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    silent.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
    let shared = tty.try_clone().map_err(failed)?;
    let asking = {
        let silent = silent.clone();
        Asking::new(move |on| {
            // Nothing can be done about a terminal that is gone.
            let _ = tcsetattr(&shared, OptionalActions::Now, if on { &before } else { &silent });
        })
    };
    // What was typed before the question is no answer to it.
    tcsetattr(&tty, OptionalActions::Flush, &silent).map_err(failed)?;
    tty.write_all(prompt.as_bytes()).and_then(|()| tty.flush()).map_err(failed)?;
    let mut line = Zeroizing::new(vec![0u8; 256]);
    let read = loop {
        match tty.read(&mut line) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other.map_err(failed)?,
        }
    };
    drop(asking);
    if read == 0 {
        // Ctrl-D ends no line.
        let _ = tty.write_all(b"\n");
    }
    line.truncate(read);
    while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        line.pop();
    }
    Ok(line)
}

#[cfg(not(unix))]
pub(super) fn ask(prompt: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    rpassword::prompt_password(prompt).map(|line| Zeroizing::new(line.into_bytes())).map_err(failed)
}
