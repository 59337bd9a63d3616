//! The channel against cards that lie, loop, cut short and say too much.

mod counts;

use super::*;
use crate::transport::Exchange;

/// A transaction that answers from a closure, which sees the number of the exchange and the raw command.
pub(crate) struct Fake<F>(pub F, pub usize);

impl<F: FnMut(usize, &[u8]) -> Vec<u8>> Transaction for Fake<F> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        assert!(command.len() >= 4, "never an APDU under four bytes");
        answer.clear();
        answer.extend((self.0)(self.1, command));
        self.1 += 1;
        Ok(Exchange::default())
    }

    fn verify_on_pad(&mut self, pad: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        self.transmit(pad.command, answer)
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn end(self: Box<Self>, _: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

fn channel<'t>(protocol: Protocol, answer: impl FnMut(usize, &[u8]) -> Vec<u8> + 't) -> Channel<'t> {
    Channel::new(Box::new(Fake(answer, 0)), protocol, Extended::Never)
}

fn read(le: u32) -> Command {
    Command::new(0x00, 0xB0, 0, 0).expecting(le)
}

fn verify() -> Command {
    Command::new(0x00, 0x20, 0x00, 0x81).with_data(&[0x31, 0x32, 0x33, 0x34])
}

/// Sends one command to a card with a fixed script (the last answer is repeated) and counts the exchanges.
fn run(command: &Command, script: &[&[u8]]) -> (Result<(Vec<u8>, u16), Error>, u32) {
    let mut channel = channel(Protocol::T0, |index, _| script[index.min(script.len() - 1)].to_vec());
    let result = channel.send(command, &"a step").map(|reply| (reply.data.to_vec(), reply.status.0));
    (result, channel.exchanges())
}

#[test]
fn answers_without_a_status_word_are_garbled() {
    for answer in [&[][..], &[0x90], &[0x00, 0x00], &[0xFF, 0xFF], &[0x60, 0x00]] {
        let (result, exchanges) = run(&read(16), &[answer]);
        assert!(matches!(result, Err(Error::Garbled { .. })), "{answer:02X?}");
        assert_eq!(exchanges, 1);
    }
}

#[test]
fn pieces_are_joined_and_the_last_one_may_be_short() {
    let (result, exchanges) = run(&read(8), &[&[1, 2, 0x61, 0x20], &[3, 0x61, 0x02], &[4, 5, 0x90, 0x00]]);
    assert_eq!(result.unwrap(), (vec![1, 2, 3, 4, 5], 0x9000));
    assert_eq!(exchanges, 3);
}

#[test]
fn pieces_are_fetched_in_the_clear_and_never_hold_more_than_asked_for() {
    let mut sent = Vec::new();
    let mut channel = channel(Protocol::T0, |_, command| {
        sent.push(command.to_vec());
        if sent.len() == 1 { vec![0x61, 0x02] } else { vec![3, 4, 0x90, 0x00] }
    });
    let command = Command::new(0x8D, 0xCA, 0x01, 0x02).expecting(2);
    assert_eq!(channel.send(&command, &"a step").unwrap().data, [3, 4]);
    drop(channel);
    assert_eq!(sent, [[0x8D, 0xCA, 0x01, 0x02, 0x02], [0x01, 0xC0, 0x00, 0x00, 0x02]], "the logical channel alone");
    let (result, _) = run(&read(3), &[&[1, 2, 0x61, 0x02], &[3, 4, 0x90, 0x00]]);
    assert!(matches!(result, Err(Error::Garbled { .. })), "{result:?}");
}

#[test]
fn endless_chains_end() {
    let (result, exchanges) = run(&read(256), &[&[0x61, 0x10]]);
    assert!(matches!(result, Err(Error::Garbled { .. })), "no progress");
    assert_eq!(exchanges, 2);
    let piece = [vec![7; 16], vec![0x61, 0x10]].concat();
    let (result, exchanges) = run(&read(256), &[&piece]);
    assert!(matches!(result, Err(Error::Limit { .. })));
    assert!(exchanges <= 301, "{exchanges}");
}

/// A protected command, whose Le counts other bytes than its answer has; the answer comes in `pieces` of so many bytes.
fn chained(pieces: &[usize]) -> (Result<usize, Error>, u32) {
    let mut channel = channel(Protocol::T0, |index, _| {
        let more: [u8; 2] = if index + 1 < pieces.len() { [0x61, 0x00] } else { [0x90, 0x00] };
        [&vec![7; pieces[index]][..], &more].concat()
    });
    let read = Command::new(0x0C, 0xB0, 0, 0).expecting(256);
    let result = channel.send(&read, &"a step").map(|reply| reply.data.len());
    (result, channel.exchanges())
}

/// C-08: 300 links, 64 KiB.
#[test]
fn chains_are_followed_up_to_their_bounds_and_no_further() {
    assert!(matches!(chained(&[1; 300]), (Ok(300), 300)));
    assert!(matches!(chained(&[1; 301]), (Err(Error::Limit { .. }), 301)));
    assert!(matches!(chained(&[256; 256]), (Ok(65_536), 256)));
    let over = [vec![256; 256], vec![1]].concat();
    assert!(matches!(chained(&over), (Err(Error::Limit { .. }), 257)));
}

/// C-05: 65,536 bytes of data and the status word are the longest answer.
#[test]
fn the_longest_answer_is_taken_and_a_longer_one_is_a_failure_of_the_link() {
    for (length, taken) in [(65_536, true), (65_537, false), (69_998, false)] {
        let answer = [vec![0x5A; length], vec![0x90, 0x00]].concat();
        let link = Fake(move |_: usize, _: &[u8]| answer.clone(), 0);
        let mut channel = Channel::new(Box::new(link), Protocol::T1, Extended::Proved);
        match channel.send(&read(65_536), &"a step") {
            Ok(reply) => assert!(taken && reply.data.len() == length, "{length}"),
            Err(Error::Reader { source: LinkError::Unlawful { .. }, .. }) => assert!(!taken, "{length}"),
            Err(other) => panic!("{length}: {other}"),
        }
    }
}

#[test]
fn three_resets_are_borne() {
    let mut channel = channel(Protocol::T1, |_, _| vec![0x90, 0x00]);
    assert_eq!((0..10).take_while(|_| channel.recover(&"a step").is_ok()).count(), 3);
    assert!(matches!(channel.recover(&"a step"), Err(Error::Limit { .. })));
}

#[test]
fn another_length_is_tried_once() {
    let (result, exchanges) = run(&read(256), &[&[0x6C, 0x02], &[1, 2, 0x90, 0x00]]);
    assert_eq!((result.unwrap(), exchanges), ((vec![1, 2], 0x9000), 2));
    let (result, exchanges) = run(&read(256), &[&[0x6C, 0x02], &[0x6C, 0x03]]);
    assert!(matches!(result, Err(Error::Garbled { .. })));
    assert_eq!(exchanges, 2);
    let (result, exchanges) = run(&read(2), &[&[0x6C, 0x02]]);
    assert!(matches!(result, Err(Error::Garbled { .. })), "the same length again leads nowhere");
    assert_eq!(exchanges, 1);
    let (result, _) = run(&read(16), &[&[0x6C, 0x00], &[&[9; 256][..], &[0x90, 0x00]].concat()]);
    assert_eq!(result.unwrap().0.len(), 256, "6C00 asks for 256");
}

/// C-11 behind a 6Cxx: what was announced and did not come is still to come.
#[test]
fn fewer_bytes_than_announced_are_a_cut_answer() {
    for (given, cut) in [(2, false), (1, true)] {
        let mut channel = channel(Protocol::T0, |index, _| match index {
            0 => vec![0x6C, 0x02],
            _ => [&vec![7; given][..], &[0x90, 0x00]].concat(),
        });
        assert_eq!(channel.send(&read(256), &"a step").unwrap().cut, cut, "{given}");
    }
}

#[test]
fn a_pin_is_sent_once_whatever_the_card_says() {
    for answer in [&[0x6C, 0x10][..], &[0x61, 0x10], &[], &[0x90]] {
        let (result, exchanges) = run(&verify(), &[answer, &[0x90, 0x00]]);
        assert!(matches!(result, Err(Error::Garbled { .. })), "{answer:02X?}");
        assert_eq!(exchanges, 1, "{answer:02X?}");
    }
}

#[test]
fn a_pin_pad_gives_a_status_word_and_nothing_else() {
    for (answer, taken) in
        [(&[0x63, 0xC1][..], true), (&[0, 0x90, 0x00], false), (&[0x61, 1], false), (&[0x6C, 1], false)]
    {
        let mut channel = channel(Protocol::T0, |_, _| answer.to_vec());
        let timeout = Duration::ZERO;
        let status = channel.send_by_pad(&verify(), &"a step", |command| PinPad {
            command,
            shortest: 4,
            longest: 8,
            timeout,
            language: 0,
            new_pin: None,
        });
        assert_eq!(status.is_ok(), taken, "{answer:02X?}");
        assert!(channel.raw.is_empty(), "the command is wiped");
    }
}

#[test]
fn whatever_presents_or_replaces_a_pin_is_sent_once() {
    for instruction in [0x20, 0x21, 0x24, 0x25, 0x2C, 0x2D] {
        let command = Command::new(0x00, instruction, 0x00, 0x81).with_data(&[0x31; 8]);
        for answer in [[0x61, 0x10], [0x6C, 0x10]] {
            let (result, exchanges) = run(&command, &[&answer, &[0x90, 0x00]]);
            assert!(matches!(result, Err(Error::Garbled { .. })), "{command:?} {answer:02X?}");
            assert_eq!(exchanges, 1, "{command:?} {answer:02X?}");
        }
    }
}

/// SELECT, READ BINARY, GET RESPONSE and GET DATA; under secure messaging a second one would have another counter.
#[test]
fn only_what_leaves_no_trace_is_sent_with_another_length() {
    let repeated = |command: Command| match run(&command, &[&[0x6C, 0x02], &[1, 2, 0x90, 0x00]]) {
        (Ok(_), 2) => true,
        (Err(Error::Garbled { .. }), 1) => false,
        other => panic!("{command:?}: {other:?}"),
    };
    for instruction in 0..=0xFF {
        let lawful = [0xA4, 0xB0, 0xB1, 0xC0, 0xCA, 0xCB].contains(&instruction);
        assert_eq!(repeated(Command::new(0x00, instruction, 0, 0).expecting(256)), lawful, "{instruction:02X}");
    }
    assert!(!repeated(Command::new(0x0C, 0xA4, 0, 0).with_data(&[0x3F, 0x00]).expecting(256)));
}

#[test]
fn a_signature_is_computed_once_whatever_the_card_says() {
    let sign = Command::new(0x00, 0x2A, 0x9E, 0x9A).expecting(256);
    let (result, exchanges) = run(&sign, &[&[0x6C, 0x80], &[0x90, 0x00]]);
    assert!(matches!(result, Err(Error::Garbled { .. })));
    assert_eq!(exchanges, 1);
}

#[test]
fn more_than_asked_for_is_refused_and_data_unasked_is_left_aside() {
    let (result, _) = run(&read(2), &[&[1, 2, 3, 0x90, 0x00]]);
    assert!(matches!(result, Err(Error::Garbled { .. })));
    let select = Command::new(0x00, 0xA4, 0x00, 0x0C).with_data(&[0x3F, 0x00]);
    let (result, _) = run(&select, &[&[0x6F, 0x00, 0x90, 0x00]]);
    assert!(result.is_ok());
}

#[test]
fn sessions_have_a_bound() {
    let mut channel = channel(Protocol::T1, |_, _| vec![0x90, 0x00]);
    let command = Command::new(0x00, 0xA4, 0x00, 0x0C).with_data(&[0x3F, 0x00]);
    let sent = (0..5_000).take_while(|_| channel.send(&command, &"a step").is_ok()).count();
    assert_eq!(sent, 4_096);
}

#[test]
fn lengths_beyond_the_link_are_never_sent() {
    let mut channel = channel(Protocol::T0, |_, _| panic!("nothing may be sent"));
    let long = Command::new(0x00, 0xB0, 0, 0).expecting(4_096);
    assert!(matches!(channel.send(&long, &"a step"), Err(Error::Reader { source: LinkError::Unlawful { .. }, .. })));
}
