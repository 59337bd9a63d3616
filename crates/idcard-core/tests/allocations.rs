//! Reading a file takes no memory of its own for each READ BINARY: buffers go round, only what is read grows.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use idcard_core::Card;
use idcard_core::session::Slot;
use idcard_core::transport::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};
use std::time::Duration;

/// The answer to reset of the specimen on T=0: no extended length.
const ATR: [u8; 16] = [0x3B, 0x7B, 0x96, 0x00, 0x00, 0x80, 0x13, 0x53, 0x50, 0x43, 0x73, 0x96, 0x71, 0x1B, 0x91, 0x30];

/// A card with one file, which answers every SELECT and gives the file to every READ BINARY, without taking memory.
struct OneFile {
    file: Vec<u8>,
}

impl Transport for OneFile {
    fn reader(&self) -> Option<&str> {
        None
    }

    fn atr(&self) -> &[u8] {
        &ATR
    }

    fn protocol(&self) -> Protocol {
        Protocol::T0
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        Ok(Box::new(Talk(&self.file)))
    }
}

struct Talk<'a>(&'a [u8]);

impl Transaction for Talk<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        if command[1] == 0xB0 {
            let at = usize::from(u16::from_be_bytes([command[2], command[3]]));
            let length = if command[4] == 0 { 256 } else { usize::from(command[4]) };
            answer.extend_from_slice(&self.0[at..self.0.len().min(at + length)]);
        }
        answer.extend_from_slice(&[0x90, 0x00]);
        Ok(Exchange { elapsed: Duration::from_micros(1), redacted: false })
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn end(self: Box<Self>, _leaving: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

/// Exchanges and allocations of reading a file of `length` bytes.
fn reading(length: u16) -> (u64, u64) {
    let [high, low] = (length - 4).to_be_bytes();
    let mut file = vec![0x30, 0x82, high, low];
    file.resize(usize::from(length), 0x5A);
    let mut card = Card::open(OneFile { file }).unwrap();
    let mut session = card.session().unwrap();
    let before = session.exchanges();
    let measured = allocation_counter::measure(|| {
        let read = session.certificate(Slot::Sign).unwrap();
        assert_eq!(read.len(), usize::from(length));
    });
    (u64::from(session.exchanges() - before), measured.count_total)
}

#[test]
fn a_read_allocates_nothing() {
    let ((few, first), (many, second)) = (reading(8 * 256), reading(112 * 256));
    assert_eq!(many - few, 104, "READ BINARY of 256 bytes each");
    // From 2 KiB to 28 KiB the content doubles four times, wherever it grows; 104 more commands add nothing to that.
    assert!(second - first <= 8, "{first} allocations for {few} exchanges, {second} for {many}");
}
