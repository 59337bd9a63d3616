//! The caller's end of the thread that owns the handles: one request, one reply, and never longer than the deadline.

use super::super::{Leaving, LinkError, Protocol, scard};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;
use zeroize::Zeroizing;

/// What the thread is asked to do.
pub(super) enum Request {
    Begin,
    Exchange {
        command: Zeroizing<Vec<u8>>,
        answer: Vec<u8>,
    },
    /// Whether the reader has a pin pad: no error says yes.
    FindPad,
    Pad {
        feature: u8,
        structure: Vec<u8>,
        answer: Vec<u8>,
    },
    Recover,
    GiveWay,
    End(Leaving),
}

/// What it did. The buffers go back and forth, so that no exchange needs new ones; wherever a command is dropped, it is
/// wiped.
#[derive(Default)]
pub(super) struct Reply {
    pub(super) command: Zeroizing<Vec<u8>>,
    pub(super) answer: Vec<u8>,
    pub(super) elapsed: Duration,
    pub(super) protocol: Option<Protocol>,
    pub(super) error: Option<LinkError>,
    /// The thread has ended.
    pub(super) last: bool,
}

/// The thread's end.
pub(super) struct Port {
    pub(super) requests: Receiver<Request>,
    pub(super) replies: SyncSender<Reply>,
    /// The card is to be reset when the caller is gone.
    pub(super) reset: Arc<AtomicBool>,
    /// Its end tells the caller that the handles are released.
    _released: SyncSender<()>,
}

impl Drop for Port {
    /// Even a thread that panics leaves nobody waiting for its reply.
    fn drop(&mut self) {
        let _ = self.replies.try_send(Reply { last: true, ..Reply::default() });
    }
}

impl Port {
    /// Waits; false when the caller is gone.
    pub(super) fn pause(&self, time: Duration) -> bool {
        matches!(self.requests.recv_timeout(time), Err(RecvTimeoutError::Timeout))
    }
}

/// The caller's end.
pub(super) struct Link {
    requests: Option<SyncSender<Request>>,
    replies: Receiver<Reply>,
    released: Receiver<()>,
    interrupt: Interrupt,
    pub(super) reset: Arc<AtomicBool>,
    /// Why nothing can be asked any more.
    dead: Option<LinkError>,
    /// The process that started the thread: in a forked child there is no such thread.
    process: u32,
}

/// Breaks off what a transport waits for, from another thread; any number of clones may be kept.
///
/// What runs in the card goes on; the thread that owns the handles ends the transaction when it is over.
#[derive(Clone)]
pub struct Interrupt {
    replies: SyncSender<Reply>,
    raised: Arc<AtomicBool>,
}

impl Interrupt {
    /// Makes the call that waits, and all that follow, return [`LinkError::Cancelled`].
    pub fn raise(&self) {
        if !self.raised.swap(true, Ordering::SeqCst) {
            // There is room for one more reply than requests.
            let _ = self.replies.try_send(Reply { error: Some(LinkError::Cancelled), ..Reply::default() });
        }
    }
}

pub(super) fn pair() -> (Link, Port) {
    let (requests, asked) = sync_channel(1);
    let (replies, replied) = sync_channel(2);
    let (held_open, released) = sync_channel(0);
    let reset = Arc::new(AtomicBool::new(false));
    let interrupt = Interrupt { replies: replies.clone(), raised: Arc::default() };
    let port = Port { requests: asked, replies, reset: Arc::clone(&reset), _released: held_open };
    let process = std::process::id();
    (Link { requests: Some(requests), replies: replied, released, interrupt, reset, dead: None, process }, port)
}

impl Link {
    pub(super) fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Asks and waits for the reply at most `limit`; `late` is the error when it does not come. A reset that can no longer
    /// be asked for is left to the thread, which lets the card go when it is free: a PIN may be presented there.
    pub(super) fn call(&mut self, request: Request, limit: Duration, late: LinkError) -> Result<Reply, LinkError> {
        let guarded = matches!(request, Request::End(Leaving::Reset));
        let result = self.ask(request, limit, late);
        if guarded && result.is_err() {
            self.reset.store(true, Ordering::SeqCst);
        }
        result
    }

    fn ask(&mut self, request: Request, limit: Duration, late: LinkError) -> Result<Reply, LinkError> {
        if self.process != std::process::id() {
            return Err(LinkError::Lost { code: "SCARD_E_INVALID_HANDLE" });
        }
        if let Some(dead) = &self.dead {
            return Err(dead.clone());
        }
        if self.interrupt.raised.load(Ordering::SeqCst) {
            return Err(self.die(LinkError::Cancelled));
        }
        if self.requests.as_ref().is_none_or(|requests| requests.try_send(request).is_err()) {
            return Err(self.die(LinkError::Lost { code: scard::UNKNOWN }));
        }
        match self.replies.recv_timeout(limit) {
            Ok(_) if self.interrupt.raised.load(Ordering::SeqCst) => Err(self.die(LinkError::Cancelled)),
            Ok(Reply { last: true, .. }) => Err(self.die(LinkError::Lost { code: scard::UNKNOWN })),
            Ok(reply) => Ok(reply),
            Err(RecvTimeoutError::Timeout) => Err(self.die(late)),
            Err(RecvTimeoutError::Disconnected) => Err(self.die(LinkError::Lost { code: scard::UNKNOWN })),
        }
    }

    /// Gives up a thread that is caught in a call.
    pub(super) fn abandon(mut self, error: LinkError) -> LinkError {
        self.die(error)
    }

    /// Lets the thread go and gives it `limit` to release the handles in order.
    fn let_go(&mut self, limit: Duration) {
        self.requests = None;
        if self.process == std::process::id() {
            let _ = self.released.recv_timeout(limit);
        }
    }

    fn die(&mut self, error: LinkError) -> LinkError {
        self.dead.get_or_insert(error).clone()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.let_go(match self.dead {
            // It is caught in a call that did not return in time; it would not now.
            Some(LinkError::TimedOut { .. } | LinkError::Busy { .. }) => Duration::ZERO,
            _ => Duration::from_secs(2),
        });
    }
}
