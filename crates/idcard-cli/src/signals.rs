//! SIGINT, SIGTERM, SIGHUP: the transaction with the card is ended in order, the terminal left as it was.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::time::Duration;

/// How long the run has to end in order before it is ended all the same.
const GRACE: Duration = Duration::from_secs(3);

static CAUGHT: AtomicI32 = AtomicI32::new(0);
static LEAVING: OnceLock<fn()> = OnceLock::new();
static ROOM: Mutex<Room> = Mutex::new(Room { interrupt: None, echo: None });

/// Switches the echo of the terminal back on (true) or off again.
type Echo = Box<dyn Fn(bool) + Send>;

/// What is under way and has to be broken off or put in order.
struct Room {
    /// Breaks off what a link waits for.
    interrupt: Option<Box<dyn Fn() + Send>>,
    /// A PIN is being asked for. No card is held then.
    echo: Option<Echo>,
}

/// The signal that asked this run to end.
pub(crate) fn caught() -> Option<i32> {
    match CAUGHT.load(Ordering::SeqCst) {
        0 => None,
        signal => Some(signal),
    }
}

/// From now on signals are caught, and `interrupt` breaks off what a link waits for.
pub(crate) fn interrupting(interrupt: impl Fn() + Send + 'static) {
    watch();
    room().interrupt = Some(Box::new(interrupt));
}

/// Signals are caught from now on.
pub(crate) fn watch() {
    static STARTED: Once = Once::new();
    // Where no handler can be set the system's own ends the run; pcscd lets go of the card then.
    STARTED.call_once(|| drop(platform::start()));
}

/// Signals are caught from now on, and whatever ends the run calls this first; the run ends behind it.
pub(crate) fn before_leaving(put_in_order: fn()) {
    let _ = LEAVING.set(put_in_order);
    watch();
}

/// While this lives, signals switch the echo on before they end or stop the run.
pub(crate) struct Asking;

impl Asking {
    pub(crate) fn new(echo: impl Fn(bool) + Send + 'static) -> Self {
        watch();
        room().echo = Some(Box::new(echo));
        Self
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(echo) = room().echo.take() {
            echo(true);
        }
    }
}

fn room() -> MutexGuard<'static, Room> {
    ROOM.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end_by(signal: i32) {
    let again = CAUGHT.swap(signal, Ordering::SeqCst) != 0;
    let room = room();
    if let Some(echo) = &room.echo {
        echo(true);
        leave(signal);
    }
    match &room.interrupt {
        Some(interrupt) if !again => interrupt(),
        _ => leave(signal),
    }
    drop(room);
    // What does not look at the link (a pipe that gives nothing, a disk) does not see that it was broken off.
    let _ = std::thread::Builder::new().spawn(move || {
        std::thread::sleep(GRACE);
        leave(signal);
    });
}

fn leave(signal: i32) -> ! {
    put_in_order();
    crate::exit::Exit::of_signal(signal).leave()
}

fn put_in_order() {
    if let Some(put_in_order) = LEAVING.get() {
        put_in_order();
    }
}

#[cfg(unix)]
mod platform {
    use super::{end_by, put_in_order, room};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    pub(super) fn start() -> std::io::Result<()> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGXFSZ])?;
        std::thread::Builder::new().spawn(move || {
            for signal in signals.forever() {
                match signal {
                    SIGTSTP => stop(),
                    // The write that was too long fails, and says so.
                    SIGXFSZ => {}
                    SIGQUIT if room().echo.is_none() => {
                        put_in_order();
                        let _ = emulate_default_handler(signal);
                        crate::exit::Exit::of_signal(signal).leave();
                    }
                    _ => end_by(signal),
                }
            }
        })?;
        Ok(())
    }

    /// Stops the whole process; it goes on behind the call.
    fn stop() {
        let echo = |on: bool| {
            if let Some(echo) = &room().echo {
                echo(on);
            }
        };
        echo(true);
        let _ = emulate_default_handler(SIGTSTP);
        echo(false);
    }
}

#[cfg(not(unix))]
mod platform {
    use super::CAUGHT;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use std::sync::atomic::Ordering;

    pub(super) fn start() -> std::io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, std::sync::Arc::default())?;
        }
        let _ = CAUGHT.load(Ordering::SeqCst);
        Ok(())
    }
}
