//! Runs what may block on a thread of its own and waits only so long.

use super::super::LinkError;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// Enough for PC/SC clients, which keep an extended APDU on their stack.
const STACK: usize = 512 * 1024;

/// Starts a thread that nobody waits for.
pub(super) fn spawn(task: impl FnOnce() + Send + 'static) -> Result<(), LinkError> {
    let thread = thread::Builder::new().name("pcsc".to_owned()).stack_size(STACK).spawn(task);
    thread.map(drop).map_err(|_| LinkError::Lost { code: "SCARD_E_NO_MEMORY" })
}

/// Runs `task`; when it takes longer than `deadline` its result is dropped as soon as it comes.
pub(super) fn run<T, F>(deadline: Duration, task: F) -> Result<T, LinkError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, LinkError> + Send + 'static,
{
    let (sender, receiver) = sync_channel(1);
    spawn(move || drop(sender.send(task())))?;
    match receiver.recv_timeout(deadline) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(LinkError::TimedOut { waited: deadline }),
        Err(RecvTimeoutError::Disconnected) => Err(LinkError::Lost { code: super::scard::UNKNOWN }),
    }
}
