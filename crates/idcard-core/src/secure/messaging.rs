//! Protecting a command and taking the protection off an answer (ICAO Doc 9303-11, 9.8; ISO/IEC 7816-4, clause 10).

use super::suite::{Suite, pad, unpad};
use crate::apdu::{Status, TlvReader};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A plain command in its parts.
pub(crate) struct Plain<'a> {
    pub header: [u8; 4],
    pub data: &'a [u8],
    pub expected: Option<u8>,
}

impl<'a> Plain<'a> {
    /// Takes a raw short command apart; `None` where it is none.
    pub(crate) fn parse(raw: &'a [u8]) -> Option<Self> {
        let (&header, body) = raw.split_first_chunk::<4>()?;
        let (data, expected) = match body {
            [] => (&[][..], None),
            [expected] => (&[][..], Some(*expected)),
            [length, rest @ ..] => {
                let (data, rest) = rest.split_at_checked(usize::from(*length))?;
                match rest {
                    [] => (data, None),
                    [expected] => (data, Some(*expected)),
                    _ => return None,
                }
            }
        };
        Some(Self { header, data, expected })
    }
}

/// The state of an open channel: the suite's keys and the send sequence counter.
pub(crate) struct Messaging {
    suite: Box<dyn Suite>,
    counter: Vec<u8>,
}

impl Messaging {
    pub(crate) fn new(suite: Box<dyn Suite>, counter: &[u8]) -> Self {
        Self { suite, counter: counter.to_vec() }
    }

    /// The counter grows by one before each command's and each answer's MAC.
    fn count(&mut self) {
        for byte in self.counter.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
    }

    /// The protected header and the data objects of a command.
    pub(crate) fn protect(&mut self, plain: &Plain<'_>) -> ([u8; 4], Vec<u8>) {
        self.count();
        let [class, instruction, p1, p2] = plain.header;
        let header = [class | 0x0C, instruction, p1, p2];
        let mut objects = Vec::new();
        if !plain.data.is_empty() {
            let mut blocks = pad(plain.data, self.suite.block());
            self.suite.encrypt(&self.counter, &mut blocks);
            object(&mut objects, 0x87, &[&[0x01], &blocks[..]].concat());
        }
        if let Some(expected) = plain.expected {
            object(&mut objects, 0x97, &[expected]);
        }
        let mut message = pad(&header, self.suite.block()).to_vec();
        message.extend_from_slice(&objects);
        // A command without objects is authenticated by its padded header alone, which is padded already.
        let mac = if objects.is_empty() {
            self.suite.mac(&self.counter, &header)
        } else {
            self.suite.mac(&self.counter, &message)
        };
        object(&mut objects, 0x8E, &mac);
        (header, objects)
    }

    /// The plain data and status word of a protected answer; `None` where its protection does not hold.
    ///
    /// `outer` is the status word that came beside the objects, which the protected one has to equal.
    pub(crate) fn unprotect(&mut self, objects: &[u8], outer: Status) -> Option<(Zeroizing<Vec<u8>>, Status)> {
        self.count();
        let (mut cryptogram, mut status, mut mac, mut covered) = (None, None, None, 0);
        for object in TlvReader::new(objects) {
            let object = object.ok()?;
            // Nothing may stand between or behind the objects, and none may come twice or out of order.
            if object.offset != covered || mac.is_some() {
                return None;
            }
            match object.tag {
                0x87 if cryptogram.is_none() && status.is_none() => cryptogram = Some(object.value),
                0x99 if status.is_none() => status = Some(<[u8; 2]>::try_from(object.value).ok()?),
                0x8E => mac = Some((<[u8; 8]>::try_from(object.value).ok()?, object.offset)),
                _ => return None,
            }
            covered = object.value_offset().checked_add(object.value.len())?;
        }
        let ((mac, end), status) = (mac?, Status(u16::from_be_bytes(status?)));
        let expected = self.suite.mac(&self.counter, objects.get(..end)?);
        if !bool::from(expected.ct_eq(&mac)) || status != outer || covered != objects.len() {
            return None;
        }
        let Some(cryptogram) = cryptogram else { return Some((Zeroizing::default(), status)) };
        let (&0x01, blocks) = cryptogram.split_first()? else { return None };
        if blocks.is_empty() || blocks.len() % self.suite.block() != 0 {
            return None;
        }
        let mut plain = Zeroizing::new(blocks.to_vec());
        self.suite.decrypt(&self.counter, &mut plain);
        let length = unpad(&plain)?.len();
        plain.truncate(length);
        Some((plain, status))
    }
}

/// Appends a data object with a DER length of one or two bytes.
fn object(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    match u8::try_from(value.len()) {
        Ok(length) if length < 0x80 => out.push(length),
        Ok(length) => out.extend_from_slice(&[0x81, length]),
        Err(_) => out
            .extend_from_slice(&[&[0x82], &u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes()[..]].concat()),
    }
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests;
