//! Secure messaging inside the open channel (`specimen.md` 2.1; framing of ICAO Doc 9303-11 with triple DES).

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::command::Command;
use super::sw::{Answer, Sw};
use super::{Card, tdes, tlv};
use crate::image::Profile;

/// The most plain bytes that a protected answer carries: with them it has 250 bytes of data.
const ROOM: usize = 231;
/// The same in whole words.
const ROOM_IN_WORDS: usize = 228;

/// Session keys and send sequence counter.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct Channel {
    pub(super) kenc: [u8; 16],
    pub(super) kmac: [u8; 16],
    pub(super) ssc: u64,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").finish_non_exhaustive()
    }
}

/// What a protected command carries.
struct Inner {
    data: Zeroizing<Vec<u8>>,
    le: Option<usize>,
}

impl Card {
    /// Runs a command while the channel is open; anything that does not fit closes it.
    pub(super) fn execute_in(&mut self, mut channel: Channel, command: &Command<'_>) -> Answer {
        let protected = matches!(command.cla, 0x0C | 0x8C);
        if protected && command.extended {
            self.state.channel = Some(channel);
            return Sw::WRONG_LENGTH.into();
        }
        let Some(inner) = channel.open(command).filter(|_| protected) else { return self.close_channel() };
        let plain = Command { cla: command.cla & 0x80, data: &inner.data, le: inner.le, ..*command };
        self.state.protected = true;
        let room = self.room();
        let mut answer: Answer = self.run(&plain).into();
        self.state.protected = false;
        if answer.data.len() > room && !computes(&plain) {
            answer = Sw::WRONG_LENGTH.into();
        }
        let answer = channel.close(&answer);
        self.state.channel.get_or_insert(channel);
        answer
    }

    /// Ends the channel and what was verified in it: `6988` once.
    pub(super) fn close_channel(&mut self) -> Answer {
        self.state.channel = None;
        self.state.verified.clear();
        Sw::BAD_SECURE_MESSAGING.into()
    }

    /// The most bytes that the present command may answer with.
    pub(super) fn room(&self) -> usize {
        match self.applet() {
            _ if !self.state.protected => usize::MAX,
            Ok(applet) if applet.profile == Profile::Mpcos => ROOM_IN_WORDS,
            _ => ROOM,
        }
    }
}

/// Whether a private key computes: its result cannot be asked for in parts, so that it comes whole, by 61xx and GET
/// RESPONSE where it is longer than one answer (`nid-card.md` 7, step 13).
fn computes(command: &Command<'_>) -> bool {
    matches!((command.ins, command.p1, command.p2), (0x88, ..) | (0x2A, 0x9E, 0x9A))
}

impl Channel {
    /// Checks a protected command and takes the protection off; the objects come in the order 87, 97, 8E.
    fn open(&mut self, command: &Command<'_>) -> Option<Inner> {
        self.ssc = self.ssc.wrapping_add(1);
        let objects = tlv::all(command.data)?;
        let ((_, mac), rest) = objects.split_last().filter(|((tag, _), _)| *tag == 0x8E)?;
        let (cryptogram, le) = match rest {
            [] => (None, None),
            [(0x87, cryptogram)] => (Some(*cryptogram), None),
            [(0x97, le)] => (None, Some(*le)),
            [(0x87, cryptogram), (0x97, le)] => (Some(*cryptogram), Some(*le)),
            _ => return None,
        };
        let header = tdes::pad(&[command.cla, command.ins, command.p1, command.p2]);
        let body = command.data.len().checked_sub(mac.len().checked_add(2)?)?;
        let message = [&self.ssc.to_be_bytes()[..], &header, command.data.get(..body)?].concat();
        let mut right: bool = tdes::mac(&self.kmac, &message).ct_eq(mac).into();
        if rest.is_empty() {
            // With no object between them, some pad the padded header once more and some do not.
            right |= bool::from(tdes::mac_of_blocks(&self.kmac, &message).ct_eq(mac));
        }
        if !right {
            return None;
        }
        let data = match cryptogram {
            None => Zeroizing::new(Vec::new()),
            Some([0x01, blocks @ ..]) if !blocks.is_empty() && blocks.len() % 8 == 0 => {
                let padded = Zeroizing::new(tdes::decrypt(&self.kenc, blocks));
                Zeroizing::new(tdes::unpad(&padded)?.to_vec())
            }
            Some(_) => return None,
        };
        let le = match le {
            None => None,
            Some([0]) => Some(256),
            Some([le]) => Some(usize::from(*le)),
            Some(_) => return None,
        };
        Some(Inner { data, le })
    }

    /// Protects an answer; the outer status word is that of object 99.
    fn close(&mut self, answer: &Answer) -> Answer {
        self.ssc = self.ssc.wrapping_add(1);
        let mut data = Vec::new();
        if !answer.data.is_empty() {
            let cryptogram = tdes::encrypt(&self.kenc, &tdes::pad(&answer.data));
            data = tlv::object(0x87, &[&[0x01][..], &cryptogram].concat());
        }
        data.extend(tlv::object(0x99, &answer.sw.0.to_be_bytes()));
        let mac = tdes::mac(&self.kmac, &[&self.ssc.to_be_bytes()[..], &data].concat());
        data.extend(tlv::object(0x8E, &mac));
        Answer { data, sw: answer.sw }
    }
}
