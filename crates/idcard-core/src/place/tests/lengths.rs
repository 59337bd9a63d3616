//! Lengths that a card or a link refuses: shorter ones, extended ones, and links that fail at them.

use super::super::*;
use super::odd::{AT_ONCE, Visit, photo_of, quiet};
use std::cell::RefCell;
use std::rc::Rc;

/// `performance.md` 1.2: what a frame carries on each link.
#[test]
fn each_link_has_its_le() {
    let le = |protocol, contactless| Habits::new(protocol, contactless).chunk;
    assert_eq!([le(Protocol::T0, false), le(Protocol::T1, false), le(Protocol::T1, true)], [256, 252, 251]);
    // Where offsets count words, Le is a whole number of them.
    let mut visit = Visit::new(Extended::Never, quiet(photo_of(600), 4), AT_ONCE);
    visit.habits.chunk = 251;
    let (read, sent) = visit.fetch(ItemName::Photo, 4);
    assert_eq!(read.unwrap().bytes, photo_of(600));
    assert_eq!(sent, ["00B00000F8", "00B0003EF8", "00B0007C6C"]);
}

/// ISO/IEC 7816-4, table 6: 6700 asks for another length; the longest that works is kept for the session.
#[test]
fn a_refused_length_is_shortened_and_remembered() {
    for longest in [252, 248, 244, 231, 192, 128] {
        let mut card = quiet(photo_of(600), 1);
        let answer = move |command: &[u8]| match command[4] {
            le if usize::from(le) > longest => Ok((vec![0x67, 0x00], false)),
            _ => card(command),
        };
        let mut visit = Visit::new(Extended::Never, answer, AT_ONCE);
        let (read, sent) = visit.fetch(ItemName::Photo, 1);
        assert_eq!(read.unwrap().bytes, photo_of(600), "{longest}");
        let refused = sent.iter().filter(|sent| usize::from(u8::from_str_radix(&sent[8..], 16).unwrap()) > longest);
        let steps = [252, 248, 244, 231, 192, 128].iter().filter(|&&step| step > longest).count();
        assert_eq!(refused.count(), steps, "{longest}: {sent:?}");
        assert_eq!(visit.habits.chunk as usize, longest);
    }
    let mut visit = Visit::new(Extended::Never, |_| Ok((vec![0x67, 0x00], false)), AT_ONCE);
    let (read, sent) = visit.fetch(ItemName::Photo, 1);
    assert!(matches!(read, Err(Error::Refused { status: Status::WRONG_LENGTH, .. })), "{read:?}");
    assert_eq!(sent, ["00B00000FC", "00B00000F8", "00B00000F4", "00B00000E7", "00B00000C0", "00B0000080"]);
}

/// C-23: each way in which extended length is refused leads to one more command; any other word is an answer.
#[test]
fn extended_length_is_tried_once() {
    for (word, again) in [
        (0x6700_u16, true),
        (0x6883, true),
        (0x6884, true),
        (0x6D00, true),
        (0x6E00, true),
        (0x6F00, true),
        (0x6982, false),
        (0x6881, false),
        (0x6581, false),
    ] {
        let mut card = quiet(photo_of(100), 1);
        let answer = move |command: &[u8]| match command.len() {
            7 => Ok((word.to_be_bytes().to_vec(), false)),
            _ => card(command),
        };
        let mut visit = Visit::new(Extended::Untried, answer, AT_ONCE);
        let (read, sent) = visit.fetch(ItemName::Photo, 1);
        assert_eq!(read.is_ok(), again, "{word:04X}");
        assert_eq!(sent.len(), if again { 2 } else { 1 }, "{word:04X}");
        assert_eq!(visit.channel.extended == Extended::Never, again, "{word:04X}");
    }
}

#[test]
fn a_link_that_fails_at_extended_length_is_taken_up_again_once() {
    let lost = || LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" };
    let silent = || LinkError::TimedOut { waited: Duration::from_secs(1) };
    let broken = || LinkError::Unlawful { what: "odd" };
    let failures: [(fn() -> LinkError, bool); 3] = [(lost, true), (silent, true), (broken, false)];
    for (failure, again) in failures {
        for extended in [Extended::Untried, Extended::Proved, Extended::Never] {
            let mut card = quiet(photo_of(100), 1);
            let mut failed = false;
            let answer =
                move |command: &[u8]| if std::mem::replace(&mut failed, true) { card(command) } else { Err(failure()) };
            let mut visit = Visit::new(extended, answer, AT_ONCE);
            let (read, sent) = visit.fetch(ItemName::Photo, 1);
            let again = again && extended == Extended::Untried;
            assert_eq!(read.is_ok(), again, "{extended:?}");
            assert_eq!(sent.contains(&"recover".to_owned()), again, "{sent:?}");
            if again {
                assert_eq!((sent.len(), visit.channel.extended), (3, Extended::Never));
            }
        }
    }
}

/// A link that was lost has lost what was selected: every SELECT is sent again.
#[test]
fn a_link_that_was_taken_up_again_has_nothing_selected() {
    let mut card = quiet(photo_of(100), 1);
    let answer = move |command: &[u8]| match command.len() {
        7 => Err(LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" }),
        _ => card(command),
    };
    let mut visit = Visit::new(Extended::Untried, answer, AT_ONCE);
    let log = Rc::clone(&visit.log);
    let item = visit.page.item(ItemName::Photo).unwrap();
    let applet = visit.page.applet(&item.applet).unwrap();
    let mut reading = Reading {
        channel: &mut visit.channel,
        selection: &mut visit.selection,
        habits: &mut visit.habits,
        may_give_way: true,
    };
    let mut file = Fetched { bytes: Vec::new(), redacted: false };
    fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {}).unwrap();
    let sent = log.take();
    let selects = |sent: &[String]| sent.iter().filter(|sent| sent.starts_with("00A4")).cloned().collect::<Vec<_>>();
    let lost = sent.iter().position(|sent| sent == "recover").unwrap();
    assert_eq!(selects(&sent[..lost]), selects(&sent[lost..]));
    assert!(selects(&sent[lost..])[0].starts_with("00A404"), "{sent:?}");
}

/// A short command says nothing of extended length, whether it is answered or refused.
#[test]
fn short_commands_leave_extended_length_untried() {
    let mut visit = Visit::new(Extended::Untried, quiet(vec![7; 32], 1), AT_ONCE);
    let (read, sent) = visit.fetch(ItemName::Journal, 1);
    assert_eq!(read.unwrap().bytes, [7; 32]);
    assert_eq!((sent.len(), visit.channel.extended), (1, Extended::Untried));
    let mut visit = Visit::new(Extended::Untried, |_| Ok((vec![0x67, 0x00], false)), AT_ONCE);
    let (read, sent) = visit.fetch(ItemName::Journal, 1);
    assert!(matches!(read, Err(Error::Refused { status: Status::WRONG_LENGTH, .. })), "{read:?}");
    assert_eq!((sent.len(), visit.channel.extended), (1, Extended::Untried));
}

/// The longest short command is a short one: refused for another reason than its length, it is not asked for again.
#[test]
fn a_refusal_of_a_short_command_is_one() {
    let mut visit = Visit::new(Extended::Untried, |_| Ok((vec![0x6D, 0x00], false)), AT_ONCE);
    let (read, sent) = visit.fetch_length(256);
    assert!(matches!(read, Err(Error::Refused { .. })), "{read:?}");
    assert_eq!((sent, visit.channel.extended), (vec!["00B0000000".to_owned()], Extended::Untried));
}

/// What was proved once is not doubted: a link that fails later has failed.
#[test]
fn extended_length_that_worked_is_proved() {
    let (mut card, mut reads) = (quiet(photo_of(2_000), 1), 0);
    let answer = move |command: &[u8]| {
        reads += 1;
        match reads {
            // Fewer bytes than asked for: the rest is another read.
            1 => card(command).map(|(bytes, _)| ([&bytes[..1_000], &[0x90, 0x00]].concat(), false)),
            _ => Err(LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" }),
        }
    };
    let mut visit = Visit::new(Extended::Untried, answer, AT_ONCE);
    let (read, sent) = visit.fetch(ItemName::Photo, 1);
    assert!(matches!(read, Err(Error::Reader { .. })), "{read:?}");
    assert_eq!((sent.len(), visit.channel.extended), (2, Extended::Proved), "{sent:?}");
}

/// A refusal of the length leads to shorter answers, whatever was believed or proved of extended length.
#[test]
fn a_refused_length_is_not_asked_for_again() {
    // A whole short answer, where extended length was not tried; a long answer, where it was proved before.
    for (length, extended, first) in [(256, Extended::Untried, "00B0000000"), (300, Extended::Proved, "00B0000000012C")]
    {
        let answer = |command: &[u8]| match command[4] {
            0 => Ok((vec![0x67, 0x00], false)),
            le => Ok(([vec![7; usize::from(le)], vec![0x90, 0x00]].concat(), false)),
        };
        let mut visit = Visit::new(extended, answer, AT_ONCE);
        let (read, sent) = visit.fetch_length(length);
        assert_eq!(read.unwrap().bytes, vec![7; usize::from(length)]);
        assert_eq!(sent[..2], [first, "00B00000FC"]);
        assert_eq!((sent.len(), visit.channel.extended), (3, Extended::Never), "{sent:?}");
    }
}

/// The unit that a second answer proved holds for the files after it, though their bytes come again.
#[test]
fn a_unit_that_was_proved_is_not_doubted() {
    // The second answer about the other one, from byte 244 on, repeats what came from byte 61 on.
    let plain = photo_of(423);
    let repeating = [&plain[..244], &plain[61..244]].concat();
    let files = Rc::new(RefCell::new(vec![plain.clone(), repeating.clone()]));
    let left = Rc::clone(&files);
    let answer = move |command: &[u8]| quiet(left.borrow()[0].clone(), 4)(command);
    let mut visit = Visit::new(Extended::Never, answer, AT_ONCE);
    visit.habits.chunk = 244;
    assert_eq!(visit.fetch(ItemName::Photo, 4).0.unwrap().bytes, plain);
    files.borrow_mut().remove(0);
    assert_eq!(visit.fetch(ItemName::Photo, 4).0.unwrap().bytes, repeating);
}
