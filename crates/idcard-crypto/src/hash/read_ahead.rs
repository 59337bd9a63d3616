//! A reader that fetches the next pieces on a thread of its own while the last one is being hashed.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::PIECE;

/// How many pieces are in memory at once.
const PIECES: usize = 3;

/// The pieces of a stream, in order.
pub(crate) struct ReadAhead {
    piece: Vec<u8>,
    at: usize,
    next: Next,
}

enum Next {
    /// Nothing follows the piece at hand.
    End,
    /// The stream failed after the piece at hand.
    Failed(io::Error),
    /// A thread reads on: full pieces come, empty ones go back.
    Thread { full: Receiver<io::Result<Vec<u8>>>, empty: Sender<Vec<u8>> },
}

/// Gives `use_pieces` the stream; the part of a long one that is ahead is read by a second thread.
///
/// A stream shorter than one piece costs no thread. The call returns when both have ended, so a stream that waits
/// for its writer is waited for.
pub(crate) fn read_ahead<T>(mut reader: impl Read + Send, use_pieces: impl FnOnce(&mut ReadAhead) -> T) -> T {
    let mut piece = Vec::new();
    let next = match fill(&mut reader, &mut piece) {
        Ok(true) => None,
        Ok(false) => Some(Next::End),
        Err(error) => Some(Next::Failed(error)),
    };
    if let Some(next) = next {
        return use_pieces(&mut ReadAhead { piece, at: 0, next });
    }
    thread::scope(|scope| {
        let (give_back, empty) = channel::<Vec<u8>>();
        let (send, full) = channel();
        for _ in 1..PIECES {
            // Cannot fail: the receiver lives in this frame.
            let _ = give_back.send(Vec::new());
        }
        let read_on = move || {
            while let Ok(mut piece) = empty.recv() {
                let filled = fill(&mut reader, &mut piece);
                let last = !matches!(filled, Ok(true));
                if send.send(filled.map(|_| piece)).is_err() || last {
                    return;
                }
            }
        };
        let next = match thread::Builder::new().name("read ahead".into()).spawn_scoped(scope, read_on) {
            Ok(_) => Next::Thread { full, empty: give_back },
            Err(error) => Next::Failed(error),
        };
        use_pieces(&mut ReadAhead { piece, at: 0, next })
    })
}

/// Reads one piece; tells whether it was filled, that is, whether more may follow.
fn fill(reader: &mut impl Read, piece: &mut Vec<u8>) -> io::Result<bool> {
    piece.clear();
    reader.by_ref().take(PIECE as u64).read_to_end(piece)?;
    Ok(piece.len() >= PIECE)
}

impl BufRead for ReadAhead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.piece.len() {
            self.at = 0;
            let used = std::mem::take(&mut self.piece);
            match std::mem::replace(&mut self.next, Next::End) {
                Next::End => {}
                Next::Failed(error) => return Err(error),
                Next::Thread { full, empty } => {
                    // The thread is gone when it has read everything; its last pieces still wait in the channel.
                    let _ = empty.send(used);
                    if let Ok(read) = full.recv() {
                        self.piece = read?;
                        self.next = Next::Thread { full, empty };
                    }
                }
            }
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount).min(self.piece.len());
    }
}

impl Read for ReadAhead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}
