//! What the channel tells besides the answer: masks, pieces that lack, turns, how the card was left.

use super::super::*;
use crate::transport::Exchange;
use std::cell::RefCell;

/// A transaction that gives each of its answers with a mark of masked bytes, takes a second for it, and notes its end.
struct Marked<'s> {
    answers: Vec<(&'static [u8], bool)>,
    pad: bool,
    seen: &'s RefCell<Vec<String>>,
}

impl Transaction for Marked<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        self.seen.borrow_mut().push(hex::encode_upper(command));
        let (bytes, redacted) = self.answers.remove(0);
        answer.clear();
        answer.extend(bytes);
        Ok(Exchange { elapsed: Duration::from_secs(1), redacted })
    }

    fn has_pad(&mut self) -> bool {
        self.pad
    }

    fn verify_on_pad(&mut self, _: &PinPad<'_>, _: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        Err(LinkError::Unlawful { what: "no pad" })
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        self.seen.borrow_mut().push("recover".into());
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.seen.borrow_mut().push("give way".into());
        Ok(())
    }

    fn end(self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.seen.borrow_mut().push(format!("{leaving:?}"));
        Ok(())
    }
}

fn marked<'s>(answers: &[(&'static [u8], bool)], pad: bool, seen: &'s RefCell<Vec<String>>) -> Channel<'s> {
    let link = Marked { answers: answers.to_vec(), pad, seen };
    Channel::new(Box::new(link), Protocol::T0, Extended::Never)
}

/// A read of 16 bytes: whether its answer counts as masked, and as cut; `None` where it is refused.
fn told(answers: &[(&'static [u8], bool)]) -> Option<(bool, bool)> {
    let seen = RefCell::new(Vec::new());
    let mut channel = marked(answers, false, &seen);
    let reply = channel.send(&Command::new(0x00, 0xB0, 0, 0).expecting(16), &"a step").ok()?;
    Some((reply.redacted, reply.cut))
}

#[test]
fn a_mask_on_any_piece_is_a_mask_on_the_answer() {
    let pieces: [&[u8]; 5] = [&[0x6C, 3], &[1, 0x61, 1], &[0x6C, 2], &[2, 3, 0x61, 1], &[0x90, 0x00]];
    let masked = |which: &[usize]| {
        let answers: Vec<_> = pieces.iter().enumerate().map(|(at, bytes)| (*bytes, which.contains(&at))).collect();
        told(&answers).unwrap().0
    };
    assert!(!masked(&[]));
    for at in 0..pieces.len() {
        assert!(masked(&[at]), "{at}");
    }
    assert!(masked(&[0, 1, 2, 3, 4]));
    assert_eq!(told(&[(&[0x90, 0x00], true)]), Some((true, false)));
}

/// C-11: 6C03 announces three bytes, however many pieces they come in.
#[test]
fn pieces_that_lack_are_told() {
    let with = |last| told(&[(&[0x6C, 3], false), (&[1, 0x61, 2], false), (last, false)]);
    assert_eq!(with(&[2, 0x90, 0x00]), Some((false, true)));
    assert_eq!(with(&[2, 3, 0x90, 0x00]), Some((false, false)));
    assert_eq!(with(&[2, 3, 4, 0x90, 0x00]), None, "more than announced");
}

#[test]
fn turns_are_counted_and_timed() {
    let seen = RefCell::new(Vec::new());
    let mut channel = marked(&[(&[0x90, 0x00][..], false); 3], false, &seen);
    let select = Command::new(0x00, 0xA4, 0x00, 0x0C).with_data(&[0x3F, 0x00]);
    channel.send(&select, &"a step").unwrap();
    channel.send(&select, &"a step").unwrap();
    assert_eq!((channel.turn(), channel.turns()), (Duration::from_secs(2), 0));
    channel.give_way(&"a step").unwrap();
    assert_eq!((channel.turn(), channel.turns()), (Duration::ZERO, 1));
    channel.send(&select, &"a step").unwrap();
    channel.recover(&"a step").unwrap();
    assert_eq!((channel.turn(), channel.turns()), (Duration::ZERO, 2));
    channel.recover(&"a step").unwrap();
    assert_eq!(channel.turns(), 3);
    channel.end(Leaving::Reset).unwrap();
    assert!(channel.send(&select, &"a step").is_err(), "it is over");
    drop(channel);
    let select = "00A4000C023F00";
    assert_eq!(seen.into_inner(), [select, select, "give way", select, "recover", "recover", "Reset"]);
}

#[test]
fn a_pad_is_the_readers_own_affair() {
    let seen = RefCell::new(Vec::new());
    for pad in [true, false] {
        assert_eq!(marked(&[], pad, &seen).has_pad(), pad);
    }
}

/// Behind the wrapper commands are short and keep their Le, whatever the card speaks.
#[test]
fn what_is_wrapped_goes_through_the_wrapper() {
    let (plain, wrapped) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let mut channel = marked(&[], false, &plain);
    channel.wrap(|_| Box::new(Marked { answers: vec![(&[0x90, 0x00], false)], pad: false, seen: &wrapped }));
    channel.send(&Command::new(0x00, 0xA4, 0x04, 0x00).with_data(&[0xA0, 0x01]).expecting(256), &"a step").unwrap();
    drop(channel);
    assert!(plain.into_inner().is_empty());
    assert_eq!(wrapped.into_inner(), ["00A4040002A00100"], "with Le, which T=0 drops");
}

#[test]
fn the_log_tells_lengths_and_words_alone() {
    assert_eq!(Answer(&[1, 2, 0x63, 0xC2]).to_string(), "2 bytes, 63C2");
    assert_eq!(Answer(&[7]).to_string(), "1 bytes, no status word");
}
