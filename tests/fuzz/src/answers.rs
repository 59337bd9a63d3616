//! A card whose answers are the input: a byte for the protocol, the answer to reset, then one answer after the other.
//!
//! The answer to reset is led by one byte of length, each answer by two (big-endian). `FFFF` in the place of a length is a
//! reset by another program. When the input is used up, the card is out.

use idcard_core::transport::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};
use std::collections::BTreeMap;
use std::time::Duration;

/// The most commands of one session, as the contract has it.
const MOST: usize = 4_096;

/// The reader that holds such a card.
pub struct Answers {
    atr: Vec<u8>,
    protocol: Protocol,
    rest: Vec<u8>,
    used: usize,
    exchanges: usize,
    /// How often each PIN reference of each applet and folder was presented.
    presented: BTreeMap<Vec<u8>, usize>,
    place: Vec<u8>,
}

impl Answers {
    /// Takes the input apart.
    #[must_use]
    pub fn new(input: &[u8]) -> Option<Self> {
        let (protocol, rest) = input.split_first()?;
        let (length, rest) = rest.split_first()?;
        let (atr, rest) = rest.split_at_checked(usize::from(*length))?;
        Some(Self {
            atr: atr.to_vec(),
            protocol: if protocol & 1 == 0 { Protocol::T0 } else { Protocol::T1 },
            rest: rest.to_vec(),
            used: 0,
            exchanges: 0,
            presented: BTreeMap::new(),
            place: Vec::new(),
        })
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        let rest = self.rest.get(self.used..)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        self.used += 2;
        if length == 0xFFFF {
            return Some(vec![0xFF; 0x1_0000]);
        }
        let answer = rest.get(..length)?.to_vec();
        self.used += length;
        Some(answer)
    }

    /// No command without end, no PIN twice at one place.
    fn watch(&mut self, command: &[u8]) {
        self.exchanges += 1;
        assert!(self.exchanges <= MOST, "more than 4,096 commands");
        match command {
            [_, 0xA4, 0x04, _, ..] => self.place = command.to_vec(),
            [_, 0xA4, ..] => self.place.extend_from_slice(command),
            [_, 0x20, _, reference, _, _, ..] => {
                let times = self.presented.entry([&self.place[..], &[*reference]].concat()).or_default();
                *times += 1;
                assert!(*times <= 1, "a PIN was presented twice");
            }
            [_, 0x24 | 0x2C, ..] => panic!("a PIN was about to be changed"),
            _ => {}
        }
    }
}

impl Transport for Answers {
    fn reader(&self) -> Option<&str> {
        None
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        Ok(Box::new(Talk(self)))
    }
}

struct Talk<'a>(&'a mut Answers);

impl Transaction for Talk<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        self.0.watch(command);
        match self.0.next() {
            Some(bytes) if bytes.len() == 0x1_0000 => Err(LinkError::Reset),
            Some(bytes) => {
                answer.extend_from_slice(&bytes);
                Ok(Exchange { elapsed: Duration::from_millis(20), redacted: false })
            }
            None => Err(LinkError::Removed),
        }
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
