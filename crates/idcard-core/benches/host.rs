//! What the host's own part of a reading costs: an exchange with a card that answers at once, and taking apart what came.
//!
//! `.ci/bench rates` runs it and holds it to the goals; each line is a name and a number, the least of many rounds.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use idcard_core::Card;
use idcard_core::data::{identity, photo};
use idcard_core::session::Slot;
use idcard_core::transport::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The answer to reset of the specimen on T=0: no extended length.
const ATR: [u8; 16] = [0x3B, 0x7B, 0x96, 0x00, 0x00, 0x80, 0x13, 0x53, 0x50, 0x43, 0x73, 0x96, 0x71, 0x1B, 0x91, 0x30];
/// Rounds; the machine may do other things in most of them.
const ROUNDS: u32 = 400;

/// A card with one file: every SELECT is right, every READ BINARY brings its part.
struct OneFile(Vec<u8>);

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
        Ok(Box::new(Talk(&self.0)))
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

/// The least time of a call, in nanoseconds.
#[allow(clippy::cast_precision_loss)] // nanoseconds of one call
fn least(mut call: impl FnMut()) -> f64 {
    let once = |call: &mut dyn FnMut()| {
        let begun = Instant::now();
        call();
        begun.elapsed().as_nanos()
    };
    (0..ROUNDS).map(|_| once(&mut call)).min().unwrap() as f64
}

/// A data object: one byte of tag or two, a length, contents.
fn object(tag: &[u8], contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
    [tag, &[0x82], &length, contents].concat()
}

/// A template 75 with a facial record of 15 KB around a JPEG whose size stands behind other segments.
fn face() -> Vec<u8> {
    let segment = [&[0xFF, 0xE1, 0x03, 0xE8][..], &[0; 998]].concat();
    let frame = [0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x01, 0x40, 0x00, 0xF0, 0x01, 0x01, 0x11, 0x00];
    let mut image = [&[0xFF, 0xD8][..], &segment.repeat(4), &frame].concat();
    image.resize(15_000, 0x5A);
    object(&[0x75], &object(&[0x5F, 0x2E], &image))
}

/// A template of unknown objects, which are stepped over, in the length of a long file.
fn objects() -> Vec<u8> {
    let one = object(&[0x5F, 0x7E], &[0x41; 60]);
    object(&[0x70], &one.repeat(400))
}

fn main() {
    let mut file = vec![0x30, 0x82, 0x6F, 0xFC];
    file.resize(112 * 256, 0x5A);
    let mut card = Card::open(OneFile(file)).unwrap();
    let mut exchanges = 0;
    let visit = least(|| {
        let mut session = card.session().unwrap();
        black_box(session.certificate(Slot::Sign).unwrap());
        exchanges = session.exchanges();
    });
    println!("exchange_us {:.3}", visit / f64::from(exchanges) / 1_000.0);

    let face = face();
    assert_eq!(photo::decode(&face).unwrap().height(), Some(320));
    println!("photo_us {:.3}", least(|| drop(black_box(photo::decode(black_box(&face)).unwrap()))) / 1_000.0);

    let objects = objects();
    let whole = f64::from(u32::try_from(objects.len()).unwrap());
    let taken = least(|| drop(black_box(identity::decode(black_box(&objects)).unwrap())));
    println!("objects_ns_per_byte {:.3}", taken / whole);
}
