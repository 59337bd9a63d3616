//! Replay: what the trace says happens, and everything else is refused.

use super::*;
use crate::transport::Exchange;
use std::time::Duration;

const SELECT: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
const READ: [u8; 5] = [0x00, 0xB0, 0x00, 0x00, 0x04];

fn replay(lines: &str) -> Replay {
    Replay::new(Trace::parse(format!("# idcard trace 1\n{lines}").as_bytes()).unwrap())
}

fn told(error: LinkError) -> (usize, String) {
    match error {
        LinkError::Trace { line, what, .. } => (line, what),
        other => panic!("{other:?}"),
    }
}

#[test]
fn card_and_unfinished_end_are_told() {
    let replay = replay("atr 3B 80 80 01 01\nprotocol T=0\nbegin\nend\n");
    assert_eq!((replay.atr(), replay.protocol()), (&[0x3B, 0x80, 0x80, 0x01, 0x01][..], Protocol::T0));
    assert_eq!(told(replay.to_the_end().unwrap_err()), (4, "recorded begin; the program asked no more".to_owned()));
}

#[test]
fn answers_times_and_redactions_come_back() {
    let mut replay = replay("begin\n> 00A4000C023F00\n< 9000 @12.3ms\n> 00B0000004\n< 01 ** ** 04 90 00\nend\n");
    let mut answer = vec![0xFF; 10];
    let mut card = replay.begin().unwrap();
    let first = card.transmit(&SELECT, &mut answer).unwrap();
    assert_eq!(first, Exchange { elapsed: Duration::from_micros(12_300), redacted: false });
    assert_eq!(answer, [0x90, 0x00]);
    assert!(card.transmit(&READ, &mut answer).unwrap().redacted);
    assert_eq!(answer, [0x01, 0x00, 0x00, 0x04, 0x90, 0x00]);
    card.end(Leaving::Keep).unwrap();
    replay.to_the_end().unwrap();
}

#[test]
fn the_first_difference_names_line_and_both_commands_and_stays() {
    let mut replay = replay("begin\n> 00A4000C023F00\n< 9000\nend\n");
    let ending = replay.ending();
    let mut card = replay.begin().unwrap();
    let error = card.transmit(&READ, &mut Vec::new()).unwrap_err();
    assert_eq!(told(error.clone()), (3, "recorded > 00 A4 00 0C 02 3F 00; sent > 00 B0 00 00 04".to_owned()));
    assert_eq!(card.transmit(&SELECT, &mut Vec::new()).unwrap_err(), error);
    drop(card);
    assert_eq!(ending.reached().unwrap_err(), error);
    assert_eq!(replay.begin().err().unwrap(), error);
}

#[test]
fn a_difference_never_shows_a_secret() {
    let mut replay = replay("begin\n> 00 20 00 81 04 35 36 37 38\n< 9000\nend\n");
    assert!(replay.unmasked_secrets());
    let mut card = replay.begin().unwrap();
    let verify = [0x00, 0x20, 0x00, 0x82, 0x04, 0x31, 0x32, 0x33, 0x34];
    let (_, what) = told(card.transmit(&verify, &mut Vec::new()).unwrap_err());
    assert_eq!(what, "recorded > 00 20 00 81 04 ** ** ** **; sent > 00 20 00 82 04 ** ** ** **");
}

#[test]
fn a_masked_secret_matches_any() {
    let mut replay = replay("begin\n> 00 20 00 81 02 ** **\n< 63C2\nend\n");
    let mut answer = Vec::new();
    let mut card = replay.begin().unwrap();
    card.transmit(&[0x00, 0x20, 0x00, 0x81, 0x02, 0x39, 0x39], &mut answer).unwrap();
    assert_eq!(answer, [0x63, 0xC2]);
}

#[test]
fn begin_and_end_are_checked() {
    let unasked = replay("begin\n> 00A4000C023F00\n< 9000\nend\nbegin\nend\n");
    let ending = unasked.ending();
    let mut unasked = unasked;
    let mut card = unasked.begin().unwrap();
    card.transmit(&SELECT, &mut Vec::new()).unwrap();
    drop(card);
    assert_eq!(told(ending.reached().unwrap_err()), (6, "recorded begin; the program asked no more".to_owned()));

    let mut early = replay("begin\n> 00A4000C023F00\n< 9000\nend\n");
    let early_ending = early.ending();
    drop(early.begin().unwrap());
    assert_eq!(told(early_ending.reached().unwrap_err()).0, 3);

    let mut late = replay("begin\nend\n");
    let mut card = late.begin().unwrap();
    assert_eq!(told(card.transmit(&SELECT, &mut Vec::new()).unwrap_err()).0, 3);

    let mut split = replay("begin\nend\nbegin\nend\n");
    let mut card = split.begin().unwrap();
    card.give_way().unwrap();
    card.end(Leaving::Keep).unwrap();
    assert!(split.begin().is_err());
}

#[test]
fn a_reset_by_us_is_checked_on_either_side_of_the_end() {
    for lines in ["begin\nreset\nend\n", "begin\nend\nreset\n"] {
        let mut right = replay(lines);
        right.begin().unwrap().end(Leaving::Reset).unwrap();
        right.to_the_end().unwrap();
        let mut forgotten = replay(lines);
        let end = forgotten.begin().unwrap().end(Leaving::Keep);
        assert!(end.is_err() || forgotten.to_the_end().is_err(), "{lines}");
    }
    assert!(replay("begin\nend\n").begin().unwrap().end(Leaving::Reset).is_err());
}

#[test]
fn faults_of_the_link_come_back() {
    let mut replay = replay(
        "begin\n> 00A4000C023F00\nreset\nbegin\n> 00A4000C023F00\nerror COMM_DATA_LOST\n> 00A4000C023F00\nerror TIMEOUT @10000ms\n> 00A4000C023F00\nremoved\n",
    );
    let ending = replay.ending();
    let mut card = replay.begin().unwrap();
    let mut answer = Vec::new();
    assert_eq!(card.transmit(&SELECT, &mut answer).unwrap_err(), LinkError::Reset);
    card.recover().unwrap();
    let lost = LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" };
    assert_eq!(card.transmit(&SELECT, &mut answer).unwrap_err(), lost);
    let late = LinkError::TimedOut { waited: Duration::from_secs(10) };
    assert_eq!(card.transmit(&SELECT, &mut answer).unwrap_err(), late);
    assert_eq!(card.transmit(&SELECT, &mut answer).unwrap_err(), LinkError::Removed);
    drop(card); // after a fault an end need not be recorded
    ending.reached().unwrap();
}

#[test]
fn a_begin_may_fail_and_others_may_reset_in_between() {
    let mut replay = replay("begin\nerror SHARING_VIOLATION\nreset\nbegin\nend\nremoved\n");
    assert!(matches!(replay.begin().err(), Some(LinkError::Busy { .. })));
    replay.begin().unwrap().end(Leaving::Keep).unwrap();
    assert_eq!(replay.begin().err(), Some(LinkError::Removed));
}

#[test]
fn a_reset_may_come_before_the_next_command() {
    let mut replay = replay("begin\nreset\nbegin\n> 00B0000004\n< 9000\nend\n");
    let mut card = replay.begin().unwrap();
    assert_eq!(card.transmit(&READ, &mut Vec::new()).unwrap_err(), LinkError::Reset);
    card.recover().unwrap();
    card.transmit(&READ, &mut Vec::new()).unwrap();
    card.end(Leaving::Keep).unwrap();
    replay.to_the_end().unwrap();
}

#[test]
fn traces_without_transactions_accept_any() {
    let mut replay = replay("> 00A4000C023F00\n< 9000\n> 00B0000004\n< 6982\n");
    let mut answer = Vec::new();
    let mut card = replay.begin().unwrap();
    card.transmit(&SELECT, &mut answer).unwrap();
    card.end(Leaving::Reset).unwrap();
    replay.begin().unwrap().transmit(&READ, &mut answer).unwrap();
    assert_eq!(answer, [0x69, 0x82]);
    replay.to_the_end().unwrap();
}

#[test]
fn another_card_may_follow() {
    let mut replay = replay("atr 3B 00\nprotocol T=0\nbegin\nend\natr 3B 80 01 81\nprotocol T=1\nbegin\nend\n");
    drop(replay.begin().unwrap());
    drop(replay.begin().unwrap());
    assert_eq!((replay.atr(), replay.protocol()), (&[0x3B, 0x80, 0x01, 0x81][..], Protocol::T1));
    replay.to_the_end().unwrap();
}

#[test]
fn without_a_protocol_line_the_answer_to_reset_tells() {
    let t0 = "atr 3B02 1450\n"; // no TD1: T=0 alone
    assert_eq!(replay(t0).protocol(), Protocol::T0);
    assert_eq!(replay("atr 3BDB96008131FE8580135350437396715B91303B\n").protocol(), Protocol::T1);
    assert_eq!(replay("").protocol(), Protocol::T1);
    assert_eq!(replay("atr 3BDB96008131FE8580135350437396715B91303B\nprotocol T=0\n").protocol(), Protocol::T0);
}

#[test]
fn unlawful_commands_are_refused() {
    let mut replay = replay("begin\n> 00A4000C023F00\n< 9000\nend\n");
    let mut card = replay.begin().unwrap();
    assert!(matches!(card.transmit(&[0x00], &mut Vec::new()), Err(LinkError::Unlawful { .. })));
}

#[test]
fn files_are_opened_and_their_faults_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("story.apdu");
    assert!(matches!(Replay::open(&path), Err(LinkError::File { .. })));
    assert!(matches!(Replay::open(folder.path()), Err(LinkError::File { .. })));
    std::fs::write(&path, "# idcard trace 1\nbegin\n> 00A4\n").unwrap();
    let Err(error) = Replay::open(&path) else { panic!() };
    assert!(error.to_string().contains("story.apdu:3: "), "{error}");
}
